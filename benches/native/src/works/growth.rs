//! What a hit costs as entries become many, drawn by lot.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use cachier::Memoize;

use super::memory::{double, locked};
use crate::draw::uniform;
use crate::measure::timed;
use crate::work::{Against, Work};

/// More than any cache of the processor would remember the order of.
const DRAWN: usize = 1 << 18;

pub fn ten() -> Work {
    of("growth-10", 10)
}

pub fn thousand() -> Work {
    of("growth-1k", 1_000)
}

pub fn hundred_thousand() -> Work {
    of("growth-100k", 100_000)
}

pub fn million() -> Work {
    of("growth-1m", 1_000_000)
}

fn of(name: &'static str, entries: u64) -> Work {
    let built = Memoize::builder().function(double);
    let built = built.unwrap_or_else(|error| panic!("{error}"));
    let floor = Mutex::new(HashMap::new());
    let quick = quick_cache::sync::Cache::new(2 * entries as usize + 100);
    let dash = dashmap::DashMap::new();
    for key in 0..entries {
        built.call((key,));
        locked(&floor).insert(key, double(key));
        quick.insert(key, double(key));
        dash.insert(key, double(key));
    }
    Work::new(name, format!("A hit in memory among {entries} entries"))
        .ours(
            "cachier, the builder",
            drawn(entries, move |key| built.call((key,))),
        )
        .floor(
            "Mutex<HashMap>",
            drawn(entries, move |key| locked(&floor).get(&key).copied()),
        )
        .peer("quick_cache", drawn(entries, move |key| quick.get(&key)))
        .peer(
            "dashmap",
            drawn(entries, move |key| dash.get(&key).map(|found| *found)),
        )
        .goal(1.5, Against::Named("Mutex<HashMap>"))
}

fn drawn<T>(entries: u64, get: impl Fn(u64) -> T + 'static) -> impl FnMut(u64) -> Duration {
    let keys = uniform(1, entries, DRAWN);
    let mut at = 0;
    move |count| {
        timed(count, |_| {
            at = (at + 1) & (DRAWN - 1);
            get(keys[at])
        })
    }
}
