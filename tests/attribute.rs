//! The attribute: what it makes of functions of every kind, and what hangs on them.

#![cfg(all(feature = "macros", not(target_arch = "wasm32")))]

use cachier::{CallOptions, Outcome, cachier};
use std::sync::atomic::{AtomicU32, Ordering};

#[cachier(stale_after = "3d")]
fn report(year: u32, region: &str) -> String {
    RUNS.fetch_add(1, Ordering::SeqCst);
    format!("{region} in {year}")
}
static RUNS: AtomicU32 = AtomicU32::new(0);

#[test]
fn equal_arguments_are_calculated_once() {
    assert_eq!(report(2024, "eu"), "eu in 2024");
    assert_eq!(report(2024, "eu"), "eu in 2024");
    assert_eq!(RUNS.load(Ordering::SeqCst), 1);
    assert_eq!(report::trace(2024, "eu").outcome, Outcome::Hit);
    let past = report::with(CallOptions::new().skip_cache(true));
    assert_eq!(past.trace(2024, "eu").outcome, Outcome::Bypassed);
}

#[cachier(next_time, stale_after = 5)]
async fn later(name: &str, n: u32) -> Result<String, std::io::Error> {
    Ok(format!("{name} {n}"))
}

#[cachier]
async fn fib(n: u64) -> u64 {
    if n < 2 {
        n
    } else {
        fib(n - 1).await + fib(n - 2).await
    }
}

#[cachier(next_time)]
async fn fib2(n: u64) -> u64 {
    if n < 2 {
        n
    } else {
        fib2(n - 1).await + fib2(n - 2).await
    }
}

#[test]
fn asynchronous() {
    futures_lite::future::block_on(async {
        assert_eq!(later("a", 1).await.unwrap(), "a 1");
        assert_eq!(later::trace("a", 1).await.outcome, Outcome::Hit);
        assert_eq!(fib(80).await, 23416728348467685);
        assert_eq!(fib2(80).await, 23416728348467685);
    });
}

#[cachier(cache = all)]
fn largest<T: Ord + Clone + serde::Serialize + Send + Sync + 'static>(items: &[T]) -> Option<T> {
    items.iter().max().cloned()
}

#[cachier]
fn count<T: AsRef<str> + serde::Serialize>(items: T) -> usize {
    items.as_ref().len()
}

#[test]
fn generic() {
    assert_eq!(largest(&[1, 2]), Some(2));
    assert_eq!(largest(&[1u8, 2]), Some(2));
    assert_eq!(largest(&["x"]), Some("x"));
    assert_eq!(count(String::from("abc").as_str()), 3);
    assert_eq!(count(String::from("abc")), 3);
}
