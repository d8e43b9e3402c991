//! Keys and calls: arguments of every kind, options of one call, and the methods of the enum.

use std::path::Path;

use cachier::{CallOptions, Outcome, cachier};
use serde::Serialize;

use super::Runs;

#[test]
fn equal_arguments_are_calculated_once() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn report(year: u32, region: &str) -> String {
        RUNS.next();
        format!("{region} in {year}")
    }
    assert_eq!(report(2024, "eu"), "eu in 2024");
    assert_eq!(report(2024, &String::from("eu")), "eu in 2024");
    assert_eq!(RUNS.count(), 1);
    assert_eq!(report(2024, "us"), "us in 2024");
    assert_eq!(RUNS.count(), 2);
}

#[test]
fn a_function_without_arguments_is_calculated_once() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn answer() -> u32 {
        RUNS.next() + 41
    }
    assert_eq!((answer(), answer()), (42, 42));
    assert_eq!(answer::key_of().unwrap().diagnostic(), "[]");
}

#[test]
fn borrowed_arguments_of_every_kind_make_a_key() {
    #[cachier(core = memory)]
    fn total(
        path: &Path,
        bytes: &[u8],
        words: &[String],
        pair: (&str, Option<&str>),
        array: [u8; 2],
    ) -> usize {
        let words: usize = words.iter().map(String::len).sum();
        let pair = pair.0.len() + pair.1.map_or(0, str::len);
        path.as_os_str().len() + bytes.len() + words + pair + array.len()
    }
    let (path, words) = (Path::new("/tmp"), [String::from("ab")]);
    assert_eq!(total(path, &[1, 2, 3], &words, ("x", None), [0, 0]), 12);
    let key = total::key_of(path, &[1, 2, 3], &words, ("x", None), [0, 0]).unwrap();
    assert_eq!(
        key.diagnostic(),
        r#"["/tmp", [1, 2, 3], ["ab"], ["x", null], [0, 0]]"#
    );
    assert!(total::is_fresh(
        path,
        &[1, 2, 3],
        &words,
        ("x", None),
        [0, 0]
    ));
}

#[test]
fn patterns_and_mutable_arguments_are_the_bodys_own() {
    #[cachier(core = memory)]
    fn sum((a, b): (u32, u32), mut c: u32, _: bool, [first, .., last]: [u32; 3]) -> u32 {
        c += a + b;
        c + first + last
    }
    assert_eq!(sum((1, 2), 3, true, [10, 0, 20]), 36);
    assert_eq!(
        sum::trace((1, 2), 3, true, [10, 0, 20]).outcome,
        Outcome::Hit
    );
    assert_eq!(
        sum::trace((1, 2), 3, false, [10, 0, 20]).outcome,
        Outcome::Computed
    );
}

#[test]
fn named_lifetimes_and_where_clauses_are_kept() {
    #[cachier(core = memory)]
    fn longest<'a, 'b: 'a>(first: &'a str, second: &'b str) -> usize
    where
        'a: 'a,
    {
        first.len().max(second.len())
    }
    let local = String::from("four");
    assert_eq!(longest(&local, "six"), 4);
    assert_eq!(
        longest::peek(&local, "six").map(|entry| entry.value),
        Some(4)
    );
}

#[test]
fn a_function_with_many_arguments_is_memoized() {
    #[cachier(core = memory)]
    #[allow(clippy::too_many_arguments)]
    fn sum(
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
    ) -> u32 {
        [a, b, c, d, e, f, g, h, i, j, k, l]
            .map(u32::from)
            .iter()
            .sum()
    }
    assert_eq!(sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 78);
    assert!(sum::is_fresh(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

/// Neither `Clone` nor `Serialize`.
struct Client(u32);

#[test]
fn arguments_can_be_left_out_of_the_key() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, ignore(client, _verbose))]
    fn page(client: &Client, number: u32, _verbose: bool) -> u32 {
        RUNS.next();
        client.0 + number
    }
    assert_eq!(page(&Client(10), 1, true), 11);
    assert_eq!(page(&Client(20), 1, false), 11);
    assert_eq!(RUNS.count(), 1);
    assert_eq!(
        page::key_of(&Client(0), 1, true).unwrap().diagnostic(),
        "[1]"
    );
}

#[test]
fn a_key_can_be_made_of_the_arguments() {
    struct User {
        id: u32,
        name: &'static str,
    }
    #[cachier(core = memory, key = |user, n| (user.id, *n % 10))]
    fn greet(user: &User, n: u32) -> String {
        format!("{} {n}", user.name)
    }
    let user = |name| User { id: 7, name };
    assert_eq!(greet(&user("Ann"), 1), "Ann 1");
    assert_eq!(greet(&user("Bob"), 11), "Ann 1");
    assert_eq!(
        greet::key_of(&user("Eve"), 25).unwrap().diagnostic(),
        "[7, 5]"
    );
}

#[test]
fn a_key_is_made_of_what_its_closure_calls_the_arguments() {
    #[cachier(core = memory, key = |b, a: &u32| b * 10 + a % 10)]
    fn product(a: u32, b: u32) -> u32 {
        a * b
    }
    assert_eq!(product(2, 13), 26);
    assert_eq!(product::key_of(2, 13).unwrap().diagnostic(), "[23]");
    assert_eq!(product(2, 23), 26);
}

#[test]
fn a_key_can_be_made_by_a_function() {
    fn lower(text: &str) -> String {
        text.to_lowercase()
    }
    #[cachier(core = memory, key = lower)]
    fn echo(text: &str) -> String {
        text.to_owned()
    }
    assert_eq!(echo("Tea"), "Tea");
    assert_eq!(echo("TEA"), "Tea");
}

#[test]
fn arguments_that_cannot_be_keyed_run_uncached_and_are_an_error_where_asked() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("broken"))
        }
    }
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn count(_argument: &Broken) -> u32 {
        RUNS.next()
    }
    assert_eq!((count(&Broken), count(&Broken)), (1, 2));
    assert!(count::try_call(&Broken).unwrap_err().is_argument());
    assert_eq!(RUNS.count(), 2);
}

#[test]
fn what_hangs_on_a_function_is_on_its_enum() {
    #[cachier(core = memory, enable_metrics)]
    fn double(n: u32) -> u32 {
        n * 2
    }
    assert_eq!(double::precache_value(4, 9).unwrap(), 9);
    assert_eq!(double(4), 9);
    assert_eq!(double::try_call(4).unwrap(), 9);
    assert_eq!(double::peek(4).map(|entry| entry.value), Some(9));
    assert!(double::remove(4).unwrap());
    assert!(!double::remove(4).unwrap());
    assert_eq!(double(4), 8);
    assert_eq!(double::entries().unwrap().len(), 1);
    double::clear_being_calculated();
    assert!(double::is_fresh(4));
    double::clear_cache();
    assert!(!double::is_fresh(4));
    double::drain();
    assert_eq!(double::cache_dpath(), None);
    let metrics = double::metrics().unwrap();
    assert_eq!((metrics.hits, metrics.computed), (2, 1));
}

#[test]
fn one_call_has_options_of_its_own() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn count(_n: &str) -> u32 {
        RUNS.next()
    }
    assert_eq!(count("a"), 1);
    assert_eq!(
        count::with(CallOptions::new().skip_cache(true)).call("a"),
        2
    );
    assert_eq!(count("a"), 1);
    let anew = count::with(CallOptions::new().overwrite_cache(true));
    assert_eq!(anew.trace("a").outcome, Outcome::Computed);
    assert_eq!(count("a"), 3);
    let strict = CallOptions::new().max_age(-1).unwrap();
    assert_eq!(count::with(strict).call("a"), 4);
}

#[test]
fn a_scope_is_part_of_the_key() {
    use std::sync::Mutex;
    static USER: Mutex<&str> = Mutex::new("ann");
    #[cachier(core = memory, scope = || *USER.lock().unwrap())]
    fn greet(greeting: &str) -> String {
        format!("{greeting} {}", USER.lock().unwrap())
    }
    #[cachier(core = memory, scope = USER.lock().unwrap().to_string())]
    fn part(greeting: &str) -> String {
        format!("{greeting} {}", USER.lock().unwrap())
    }
    assert_eq!(
        (greet("hi"), part("bye")),
        ("hi ann".into(), "bye ann".into())
    );
    *USER.lock().unwrap() = "bob";
    assert_eq!(
        (greet("hi"), part("bye")),
        ("hi bob".into(), "bye bob".into())
    );
    *USER.lock().unwrap() = "ann";
    assert_eq!(greet::trace("hi").outcome, Outcome::Hit);
}

#[test]
fn a_function_that_calls_itself_goes_through_the_cache() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn fib(n: u64) -> u64 {
        RUNS.next();
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }
    assert_eq!(fib(80), 23_416_728_348_467_685);
    assert_eq!(RUNS.count(), 81);
}

#[test]
fn a_function_that_calls_itself_with_the_same_arguments_ends() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn strange(n: u64) -> u64 {
        if RUNS.next() < 3 { strange(n) + 1 } else { n }
    }
    assert_eq!(strange(5), 7);
}

#[test]
fn many_callers_are_one_run() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn slow(n: u32) -> u32 {
        RUNS.next();
        std::thread::sleep(std::time::Duration::from_millis(30));
        n
    }
    std::thread::scope(|scope| {
        (0..8).for_each(|_| drop(scope.spawn(|| assert_eq!(slow(1), 1))));
    });
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn entries_stay_within_their_bounds() {
    #[cachier(core = memory, max_entries = 10)]
    fn few(n: u32) -> u32 {
        n
    }
    #[cachier(core = memory, max_bytes = "1kB", entry_size_limit = 200)]
    fn small(n: usize) -> String {
        "x".repeat(n)
    }
    (0..100).for_each(|n| assert_eq!(few(n), n));
    assert_eq!(few::entries().unwrap().len(), 10);
    (90..110).for_each(|n| drop(small(n)));
    assert!(small::entries().unwrap().len() <= 10);
    assert_eq!(small(300).len(), 300);
    assert!(small::peek(300).is_none());
}
