//! Two threads at one cache of 10,000 keys: only reads of any key, and reads and writes of some more than others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cached::macros::concurrent_cached;
use cachier::Memoize;

use super::memory::double;
use crate::draw::{uniform as drawn_uniformly, zipf as drawn_by_zipf};
use crate::work::{Against, Work};

const KEYS: u64 = 10_000;
const DRAWN: usize = 1 << 16;
const THREADS: u64 = 2;

const FEWEST: u64 = 100_000;

/// One of so many calls writes.
const WRITES: u64 = 10;

#[concurrent_cached]
fn by_cached(number: u64) -> u64 {
    double(number)
}

pub fn uniform() -> Work {
    let keys = |seed| drawn_uniformly(seed, KEYS, DRAWN);
    of(
        "threads-uniform",
        "Two threads, 10,000 keys, uniform, reads",
        keys,
        u64::MAX,
    )
}

pub fn zipf() -> Work {
    let keys = |seed| drawn_by_zipf(seed, KEYS, DRAWN);
    of(
        "threads-zipf",
        "Two threads, 10,000 keys, Zipf 0.99, one write in ten",
        keys,
        WRITES,
    )
}

fn of(name: &'static str, title: &str, keys: fn(u64) -> Vec<u64>, writes: u64) -> Work {
    let built = Memoize::builder().function(double);
    let built = built.unwrap_or_else(|error| panic!("{error}"));
    let quick = quick_cache::sync::Cache::new(2 * KEYS as usize);
    let dash = dashmap::DashMap::new();
    let moka = moka::sync::Cache::new(2 * KEYS);
    for key in 0..KEYS {
        built.call((key,));
        by_cached(key);
        quick.insert(key, double(key));
        dash.insert(key, double(key));
        moka.insert(key, double(key));
    }
    let (built, quick, dash, moka) = (Arc::new(built), Arc::new(quick), Arc::new(dash), moka);
    let (built_too, quick_too, dash_too, moka_too) =
        (built.clone(), quick.clone(), dash.clone(), moka.clone());
    let together = |get, put| at_once(keys, writes, get, put);
    Work::new(name, title)
        .ours(
            "cachier, the builder",
            together(
                Box::new(move |key| built.call((key,))),
                Box::new(move |key| drop(built_too.precache_value((key,), key))),
            ),
        )
        .peer(
            "dashmap",
            together(
                Box::new(move |key| dash.get(&key).map_or(0, |found| *found)),
                Box::new(move |key| {
                    dash_too.insert(key, key);
                }),
            ),
        )
        .peer(
            "quick_cache",
            together(
                Box::new(move |key| quick.get(&key).unwrap_or(0)),
                Box::new(move |key| quick_too.insert(key, key)),
            ),
        )
        .peer(
            "cached, concurrent",
            together(
                Box::new(by_cached),
                Box::new(|key| {
                    by_cached_prime_cache(key);
                }),
            ),
        )
        .peer(
            "moka",
            together(
                Box::new(move |key| moka.get(&key).unwrap_or(0)),
                Box::new(move |key| moka_too.insert(key, key)),
            ),
        )
        .goal(
            1.2,
            Against::BestOf(&["dashmap", "quick_cache", "cached, concurrent"]),
        )
}

type Get = Box<dyn Fn(u64) -> u64 + Send + Sync>;
type Put = Box<dyn Fn(u64) + Send + Sync>;

/// All threads' calls, measured from the first to the last.
fn at_once(
    keys: fn(u64) -> Vec<u64>,
    writes: u64,
    get: Get,
    put: Put,
) -> impl FnMut(u64) -> Duration {
    let keys: Vec<_> = (1..=THREADS).map(keys).collect();
    move |count| {
        // Fewer would measure how threads start.
        let run = count.max(FEWEST);
        let start = Instant::now();
        std::thread::scope(|scope| {
            for keys in &keys {
                scope.spawn(|| one(keys, run / THREADS, writes, &get, &put));
            }
        });
        start.elapsed().mul_f64(count as f64 / run as f64)
    }
}

fn one(keys: &[u64], count: u64, writes: u64, get: &Get, put: &Put) {
    for number in 0..count {
        let key = keys[number as usize & (DRAWN - 1)];
        match number % writes == writes - 1 {
            true => put(key),
            false => drop(std::hint::black_box(get(key))),
        }
    }
}
