//! Processes killed at random moments: every later open succeeds, and what was stored is there and right.

#![cfg(all(feature = "file", unix))]
#![allow(clippy::unwrap_used)]

mod children;

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use cachier::core::FileCore;
use cachier::{KeepAll, Memoize};
use children::Process;
use serde::{Deserialize, Serialize};

const KEYS: u64 = 40;

/// A value that shows whether it is whole: its filling follows from its key and version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Whole {
    key: u64,
    version: u64,
    filling: String,
}

impl Whole {
    fn new(key: u64, version: u64) -> Self {
        let filling = format!("{key}.{version} ").repeat(length_of(key, version));
        Self {
            key,
            version,
            filling,
        }
    }
}

/// Mostly short; now and then one that lies outside the log.
fn length_of(key: u64, version: u64) -> usize {
    match (key + version) % 61 {
        0 => 20_000,
        other => other as usize * 7,
    }
}

type Cache = Memoize<(u64,), Whole, KeepAll, FileCore<Whole>>;

fn open(directory: &Path) -> Cache {
    Memoize::builder()
        .name("crashing")
        .enable_metrics(true)
        .core(FileCore::new("crashing").cache_dir(directory))
        .function(|key: u64| Whole::new(key, 0))
        .unwrap()
}

/// Stores ever newer versions of its keys, and tells of each once it is stored.
#[test]
#[ignore = "runs as a child of the tests below"]
fn child_stores_until_it_is_killed() {
    let Some(directory) = children::directory_of_child() else {
        return;
    };
    let cache = open(&directory);
    let (first, start) = numbers(&children::word());
    for version in start.. {
        let key = first + version % KEYS;
        cache
            .precache_value((key,), Whole::new(key, version))
            .unwrap();
        children::say(&format!("{key} {version}"));
    }
}

fn numbers(text: &str) -> (u64, u64) {
    let (left, right) = text.split_once(' ').unwrap();
    (left.parse().unwrap(), right.parse().unwrap())
}

fn is_deep() -> bool {
    std::env::var("CACHIER_DEEP").is_ok_and(|deep| deep == "1")
}

#[test]
fn what_was_stored_before_a_kill_is_there_after_it() {
    let directory = tempfile::tempdir().unwrap();
    let rounds = if is_deep() { 2_000 } else { 25 };
    let mut stored = HashMap::new();
    let mut start = 1;
    for round in 0..rounds {
        start = kill_two_at_some_moment(directory.path(), &mut stored, start, round);
        check(directory.path(), &stored);
    }
}

/// Two processes of one cache are killed, one after another; the version a later round may begin with.
fn kill_two_at_some_moment(
    directory: &Path,
    stored: &mut HashMap<u64, u64>,
    start: u64,
    round: u64,
) -> u64 {
    let mut processes = [0, KEYS].map(|first| {
        Process::start(
            "child_stores_until_it_is_killed",
            directory,
            &format!("{first} {start}"),
        )
    });
    for (number, process) in processes.iter_mut().enumerate() {
        // A pseudo-random moment after the first store, the same at every run of the test.
        let pause = (round * 2 + number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50;
        hear(process, stored, Duration::from_micros(pause));
        process.kill();
        while let Some(line) = process.line() {
            note(stored, &line);
        }
    }
    stored.values().copied().max().unwrap_or(start) + KEYS
}

fn hear(process: &mut Process, stored: &mut HashMap<u64, u64>, how_long: Duration) {
    let first = process.line().expect("a child stores something");
    note(stored, &first);
    let since = Instant::now();
    while since.elapsed() < how_long {
        note(
            stored,
            &process.line().expect("a child goes on until it is killed"),
        );
    }
}

fn note(stored: &mut HashMap<u64, u64>, line: &str) {
    // The last line may be cut short by the kill.
    let Some((key, version)) = line.split_once(' ') else {
        return;
    };
    if let (Ok(key), Ok(version)) = (key.parse(), version.parse::<u64>()) {
        let newest = stored.entry(key).or_insert(0);
        *newest = version.max(*newest);
    }
}

fn check(directory: &Path, stored: &HashMap<u64, u64>) {
    let cache = open(directory);
    for (&key, &version) in stored {
        let entry = cache
            .peek(&(key,))
            .unwrap_or_else(|| panic!("{key} is lost, stored as {version}"));
        assert!(
            entry.value.version >= version,
            "{key}: {} after {version}",
            entry.value.version
        );
        assert_eq!(
            entry.value,
            Whole::new(key, entry.value.version),
            "{key} is torn"
        );
    }
    let metrics = cache.metrics().unwrap();
    assert_eq!(metrics.storage_errors, 0);
}
