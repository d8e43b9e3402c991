;; How many primes there are below a limit, by trial division: plain, and slow enough to be worth keeping. Knows no cache.
(module
  (func (export "countPrimes") (param $limit i32) (result i32)
    (local $candidate i32)
    (local $count i32)
    ;; 2 is the only even one.
    (local.set $count (i32.gt_u (local.get $limit) (i32.const 2)))
    (local.set $candidate (i32.const 3))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $candidate) (local.get $limit)))
        (local.set $count (i32.add (local.get $count) (call $isPrime (local.get $candidate))))
        (local.set $candidate (i32.add (local.get $candidate) (i32.const 2)))
        (br $next)))
    (local.get $count))

  (func $isPrime (param $odd i32) (result i32)
    (local $divisor i32)
    (local.set $divisor (i32.const 3))
    (loop $next
      (if (i32.gt_u (i32.mul (local.get $divisor) (local.get $divisor)) (local.get $odd)) (then (return (i32.const 1))))
      (if (i32.eqz (i32.rem_u (local.get $odd) (local.get $divisor))) (then (return (i32.const 0))))
      (local.set $divisor (i32.add (local.get $divisor) (i32.const 2)))
      (br $next))
    (unreachable)))
