//! What hangs on a memoized function, and the bounds of its core.

use cachier::{CallOptions, KeepAll, Options, Outcome};

use super::harness::{Sample, Scene, Store, Subject};
use super::tools::*;

pub async fn clearing_empties_this_function_only<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(Options::new().name("f"));
    let g = scene.counter(Options::new().name("g"));
    for function in [&f, &g] {
        function.call(1, 2).await;
        function.call(3, 4).await;
    }
    f.clear().await;
    assert_eq!((f.entry_count().await, g.entry_count().await), (0, 2));
    assert_eq!(f.call(1, 2).await, 3);
    assert_eq!(g.call(1, 2).await, 1);
}

pub async fn a_precached_value_is_served_without_a_run<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!(f.memoized.precache_value((2, 2), 5).await, 5);
    assert_eq!(f.call(2, 2).await, 5);
    assert_eq!(f.runs(), 0);
    f.clear().await;
    assert_eq!(f.call(2, 2).await, 1);
}

pub async fn an_entry_can_be_peeked_at_and_removed<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!(f.peek(1, 2).await, None);
    assert!(!f.memoized.remove((1, 2)).await);
    f.call(1, 2).await;
    f.call(3, 4).await;
    assert_eq!(f.peek(1, 2).await, Some(1));
    assert!(f.memoized.remove((1, 2)).await);
    assert!(!f.memoized.remove((1, 2)).await);
    assert_eq!((f.peek(1, 2).await, f.peek(3, 4).await), (None, Some(2)));
    assert_eq!(f.call(1, 2).await, 3);
}

pub async fn entries_are_listed_with_their_age<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    let start = scene.clock.now();
    f.call(1, 2).await;
    scene.clock.advance(seconds(3));
    f.call(3, 4).await;
    let mut entries = f.memoized.entries().await;
    entries.sort_by_key(|entry| entry.meta.stored_at);
    let keys: Vec<_> = entries.iter().map(|entry| entry.key.diagnostic()).collect();
    assert_eq!(keys, ["[1, 2]", "[3, 4]"]);
    assert_eq!(entries[0].key, f.memoized.key_of((1, 2)).unwrap());
    let ages = entries
        .iter()
        .map(|entry| (entry.meta.stored_at.millis_since(start), entry.fresh));
    assert_eq!(ages.collect::<Vec<_>>(), [(0, false), (3_000, true)]);
}

pub async fn only_files_have_a_directory<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    assert!(
        !f.memoized.has_directory(),
        "nothing is there before the first entry"
    );
    f.call(1, 2).await;
    assert_eq!(f.memoized.has_directory(), S::Store::HAS_DIRECTORY);
}

fn cleaned_hourly(stale_after: &str) -> Options {
    let options = Options::new()
        .cleanup_stale(true)
        .cleanup_interval("1h")
        .unwrap();
    options.stale_after(stale_after).unwrap()
}

pub async fn a_clean_up_takes_what_is_stale_only<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(cleaned_hourly("3s"));
    f.call(1, 1).await;
    f.settle().await;
    scene.clock.advance(seconds(3_600));
    f.memoized.precache_value((2, 2), 5).await;
    f.call(3, 3).await;
    f.settle().await;
    assert_eq!(f.peek(1, 1).await, None);
    assert_eq!((f.peek(2, 2).await, f.peek(3, 3).await), (Some(5), Some(2)));
}

pub async fn a_clean_up_is_not_repeated_before_it_is_due<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(cleaned_hourly("3s"));
    f.call(1, 1).await;
    f.settle().await;
    scene.clock.advance(seconds(3_599));
    f.call(2, 2).await;
    f.settle().await;
    assert_eq!(f.peek(1, 1).await, Some(1));
    scene.clock.advance(seconds(1));
    f.call(2, 2).await;
    f.settle().await;
    assert_eq!(f.peek(1, 1).await, None);
}

pub async fn a_clean_up_is_not_moved_by_the_options_of_one_call<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(cleaned_hourly("2h"));
    f.call(1, 1).await;
    f.settle().await;
    scene.clock.advance(seconds(3_600));
    let strict = CallOptions::new()
        .max_age(-1)
        .unwrap()
        .stale_after(0)
        .unwrap();
    f.call_with(strict, 2, 2).await;
    f.settle().await;
    assert_eq!(
        f.peek(1, 1).await,
        Some(1),
        "it is fresh to every other call"
    );
}

pub async fn there_are_never_more_entries_than_allowed<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()).max_entries(10));
    for number in 0..100 {
        f.call(number, 0).await;
        assert_eq!(f.entry_count().await, (number as usize + 1).min(10));
    }
    f.memoized.precache_value((1_000, 0), 5).await;
    assert_eq!(f.entry_count().await, 10);
    assert_eq!(f.call(1_000, 0).await, 5);
}

/// How many entries of ten bytes there is room for.
const ROOM: u64 = 4;

/// Ten of these, or a hundred, have keys of equal length.
const FIRST: u32 = 100;

/// A function of ten bytes a value, as many bytes as a few such entries take, and what one takes.
async fn bounded_in_bytes<S: Subject>() -> (Sample<String>, u64) {
    let scene = Scene::<S>::new();
    let probe = scene.sample::<KeepAll, String>(scene.definition(Options::new().name("probe")));
    probe.call(FIRST, 0).await;
    let each = bytes(&probe).await;
    let definition = scene.definition(Options::new()).max_bytes(ROOM * each);
    (scene.sample::<KeepAll, String>(definition), each)
}

async fn bytes(f: &Sample<String>) -> u64 {
    f.memoized
        .entries()
        .await
        .iter()
        .map(|entry| entry.meta.size)
        .sum()
}

pub async fn there_are_never_more_bytes_than_allowed<S: Subject>() {
    let (f, each) = bounded_in_bytes::<S>().await;
    for number in 0..50 {
        f.call(FIRST + number, 0).await;
        assert_eq!(bytes(&f).await, (u64::from(number) + 1).min(ROOM) * each);
    }
    let long = "x".repeat(10 + (ROOM as usize - 2) * each as usize);
    f.memoized.precache_value((0, 0), long.clone()).await;
    assert!(bytes(&f).await <= ROOM * each);
    assert_eq!(f.call(0, 0).await, long);
}

pub async fn a_value_beyond_all_bytes_evicts_nothing<S: Subject>() {
    let (f, each) = bounded_in_bytes::<S>().await;
    let all = FIRST..FIRST + ROOM as u32;
    for number in all.clone() {
        f.call(number, 0).await;
    }
    f.switch.turn(true);
    assert_eq!(f.call(200, 0).await.len(), 1_000);
    let long = "x".repeat((ROOM * each) as usize + 1);
    assert_eq!(
        f.memoized.precache_value((201, 0), long.clone()).await,
        long
    );
    for number in all {
        assert_eq!(f.trace(number, 0).await.outcome, Outcome::Hit);
    }
}

pub async fn a_key_in_use_survives_a_scan<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()).max_entries(100));
    f.call(0, 0).await;
    f.call(0, 0).await;
    for number in 1..=1_000 {
        f.call(number, 0).await;
        // Seldom enough that the least recently used one would be this.
        if number % 150 == 0 {
            f.call(0, 0).await;
        }
    }
    assert_eq!((f.runs.of(0, 0), f.runs()), (1, 1_001));
}
