//! A hit in memory of a function of one number: never stale, and with a clock to be read.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cached::macros::{cached, concurrent_cached};
use cachier::{Memoize, cachier};
use memoize::memoize;

use crate::measure::timed;
use crate::work::{Against, Work};

const HOUR: Duration = Duration::from_secs(3_600);
const KEY: u64 = 42;

pub fn double(number: u64) -> u64 {
    number.wrapping_mul(2)
}

#[cachier(core = memory)]
pub fn ours(number: u64) -> u64 {
    double(number)
}

#[cachier(core = memory, stale_after = "1h")]
fn ours_for_an_hour(number: u64) -> u64 {
    double(number)
}

#[cachier(core = memory, enable_metrics)]
fn ours_counted(number: u64) -> u64 {
    double(number)
}

#[cached]
fn by_cached(number: u64) -> u64 {
    double(number)
}

#[concurrent_cached]
fn by_concurrent_cached(number: u64) -> u64 {
    double(number)
}

#[cached(ttl_secs = 3_600)]
fn by_cached_for_an_hour(number: u64) -> u64 {
    double(number)
}

#[memoize(SharedCache)]
fn by_memoize(number: u64) -> u64 {
    double(number)
}

#[memoize(SharedCache, TimeToLive: Duration::from_secs(3_600))]
fn by_memoize_for_an_hour(number: u64) -> u64 {
    double(number)
}

/// Calls a function again and again with one key.
fn calls(function: fn(u64) -> u64) -> impl FnMut(u64) -> Duration {
    function(KEY);
    move |count| timed(count, |_| function(black_box(KEY)))
}

pub fn hit() -> Work {
    let built = Memoize::builder().function(double);
    let built = built.unwrap_or_else(|error| panic!("{error}"));
    built.call((KEY,));
    let floor = Mutex::new(HashMap::from([(KEY, double(KEY))]));
    let quick = quick_cache::sync::Cache::new(1_000);
    quick.insert(KEY, double(KEY));
    let least = Mutex::new(lru::LruCache::unbounded());
    locked(&least).put(KEY, double(KEY));
    let dash = dashmap::DashMap::new();
    dash.insert(KEY, double(KEY));
    let moka = moka::sync::Cache::new(1_000);
    moka.insert(KEY, double(KEY));
    Work::new("hit", "A hit in memory, fn(u64) -> u64, never stale")
        .ours("cachier, the attribute", calls(ours))
        .ours("cachier, the builder", move |count| {
            timed(count, |_| built.call((black_box(KEY),)))
        })
        .floor("Mutex<HashMap>", move |count| {
            timed(count, |_| locked(&floor).get(&black_box(KEY)).copied())
        })
        .peer("cached", calls(by_cached))
        .peer("cached, concurrent", calls(by_concurrent_cached))
        .peer("memoize, shared", calls(by_memoize))
        .peer("quick_cache", move |count| {
            timed(count, |_| quick.get(&black_box(KEY)))
        })
        .peer("Mutex<lru>", move |count| {
            timed(count, |_| locked(&least).get(&black_box(KEY)).copied())
        })
        .peer("dashmap", move |count| {
            timed(count, |_| dash.get(&black_box(KEY)).map(|found| *found))
        })
        .peer("moka", move |count| {
            timed(count, |_| moka.get(&black_box(KEY)))
        })
        .goal(1.2, Against::Named("cached"))
        .goal(1.2, Against::Named("quick_cache"))
}

pub fn hit_stale_after() -> Work {
    let floor = Mutex::new(HashMap::from([(KEY, (double(KEY), Instant::now()))]));
    let moka = moka::sync::Cache::builder()
        .time_to_live(HOUR)
        .max_capacity(1_000)
        .build();
    moka.insert(KEY, double(KEY));
    Work::new("hit-stale-after", "The same with stale_after")
        .ours("cachier, the attribute", calls(ours_for_an_hour))
        .floor("Mutex<HashMap> with Instant", move |count| {
            timed(count, |_| fresh(&floor, black_box(KEY)))
        })
        .peer("cached", calls(by_cached_for_an_hour))
        .peer("memoize, shared", calls(by_memoize_for_an_hour))
        .peer("moka", move |count| {
            timed(count, |_| moka.get(&black_box(KEY)))
        })
        .goal(0.5, Against::Named("cached"))
}

pub fn hit_metrics() -> Work {
    Work::new("hit-metrics", "A hit in memory, with metrics")
        .ours("cachier, metrics on", calls(ours_counted))
        .ours("cachier, metrics off", calls(ours))
        .goal(1.3, Against::Named("cachier, metrics off"))
}

fn fresh(floor: &Mutex<HashMap<u64, (u64, Instant)>>, key: u64) -> Option<u64> {
    let (value, stored) = *locked(floor).get(&key)?;
    (stored.elapsed() < HOUR).then_some(value)
}

pub fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
