//! What whoever runs a program is told, and how often.

#![cfg(all(feature = "tracing", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Write};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use cachier::core::{Core, Swept};
use cachier::{CallOptions, Entry, Error, FakeClock, Key, MaybeSend, Memoize, Meta, Outcome};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Everything that was told: how seriously, and `function: text`.
static TOLD: LazyLock<Mutex<Vec<(Level, String)>>> = LazyLock::new(|| {
    tracing::subscriber::set_global_default(Listener).unwrap();
    Mutex::default()
});

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let told = [&text.function, ": ", &text.message].concat();
        TOLD.lock().unwrap().push((*event.metadata().level(), told));
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Text::default();
        span.record(&mut text);
        let told = [&text.function, ": within ", span.metadata().name()].concat();
        TOLD.lock().unwrap().push((*span.metadata().level(), told));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

#[derive(Default)]
struct Text {
    function: String,
    message: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = match field.name() {
            "function" => &mut self.function,
            _ => &mut self.message,
        };
        write!(text, "{value:?}").unwrap();
    }
}

/// What was told of a function; each test has one of its own name.
fn told(level: Level, function: &str) -> Vec<String> {
    let prefix = [function, ": "].concat();
    let all = TOLD.lock().unwrap();
    let of_function = all.iter().filter(|(told, _)| *told == level);
    of_function
        .filter_map(|(_, text)| text.strip_prefix(&prefix))
        .map(str::to_owned)
        .collect()
}

fn warnings(function: &str) -> Vec<String> {
    told(Level::WARN, function)
}

fn listen() {
    LazyLock::force(&TOLD);
}

#[test]
fn a_function_that_returns_nothing_is_told_of_once_after_three_times() {
    listen();
    let f = Memoize::builder()
        .name("nothing")
        .cache_some()
        .function(|_: u32| None::<u32>)
        .unwrap();
    f.call((1,));
    f.call((2,));
    assert_eq!(warnings("nothing"), [""; 0]);
    (0..5).for_each(|n| assert_eq!(f.call((n,)), None));
    let told = warnings("nothing");
    assert!(
        told.len() == 1 && told[0].contains("allow_none"),
        "{told:?}"
    );
}

#[test]
fn nothing_is_not_told_of_where_it_is_allowed() {
    listen();
    let builder = Memoize::builder()
        .name("allowed")
        .cache_some()
        .allow_none(true);
    let f = builder.function(|_: u32| None::<u32>).unwrap();
    (0..5).for_each(|n| assert_eq!(f.call((n,)), None));
    assert_eq!(warnings("allowed"), [""; 0]);
}

#[test]
fn arguments_that_cannot_be_keyed_are_told_of_once() {
    listen();
    let key = |(map,): &(Vec<(u8, u8)>,)| Key::of(&(Pairs(map),));
    let f = Memoize::builder()
        .name("unkeyable")
        .key(key)
        .function(|map: Vec<(u8, u8)>| map.len());
    let f = f.unwrap();
    assert_eq!(f.call((vec![(1, 1), (1, 2)],)), 2);
    assert_eq!(f.call((vec![(1, 1), (1, 2)],)), 2);
    assert_eq!(warnings("unkeyable").len(), 1);
}

/// A map that may have a key twice.
struct Pairs<'a>(&'a [(u8, u8)]);

impl serde::Serialize for Pairs<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

#[test]
fn a_failed_refresh_is_told_of() {
    listen();
    let clock = FakeClock::new();
    let failing = Mutex::new(false);
    let f = Memoize::builder()
        .name("refreshed")
        .stale_after("3s")
        .and_then(|builder| builder.next_time(true))
        .unwrap()
        .clock(clock.clone())
        .cache_ok()
        .function(
            move |n: u32| match std::mem::replace(&mut *failing.lock().unwrap(), true) {
                false => Ok(n),
                true => Err("down"),
            },
        )
        .unwrap();
    f.call((1,)).unwrap();
    clock.advance(Duration::from_secs(3));
    assert_eq!(f.call((1,)), Ok(1));
    f.drain();
    let told = warnings("refreshed");
    assert!(told.len() == 1 && told[0].contains("1000 ms"), "{told:?}");
}

#[test]
fn a_verbose_call_is_explained_and_no_other() {
    listen();
    let f = Memoize::builder()
        .name("explained")
        .function(|n: u32| n)
        .unwrap();
    f.call((1,));
    assert_eq!(told(Level::INFO, "explained"), [""; 0]);
    let verbose = CallOptions::new().verbose(true);
    f.with(verbose).call((1,));
    f.with(verbose).call((2,));
    f.with(verbose.skip_cache(true)).call((2,));
    let expected = [
        "[1]: served from a fresh entry",
        "[2]: calculates",
        "[2]: stored",
        "[2]: calls the function and stores nothing: caching is off for it",
    ];
    assert_eq!(told(Level::INFO, "explained"), expected);
}

#[test]
fn calculations_stores_and_refreshes_are_told_to_who_follows_closely() {
    listen();
    let clock = FakeClock::new();
    let f = Memoize::builder()
        .name("followed")
        .stale_after("3s")
        .and_then(|builder| builder.next_time(true))
        .unwrap()
        .clock(clock.clone())
        .function(|n: u32| n)
        .unwrap();
    f.call((1,));
    f.call((1,));
    let spans = ["within calculation", "within store"];
    assert_eq!(told(Level::DEBUG, "followed"), spans);
    clock.advance(Duration::from_secs(3));
    f.call((1,));
    f.drain();
    let expected = [&spans[..], &spans, &["a background refresh is done"]].concat();
    assert_eq!(told(Level::DEBUG, "followed"), expected);
}

#[test]
fn a_waiter_that_takes_over_is_told_of_to_who_follows_closely() {
    listen();
    let (clock, door) = (FakeClock::new(), Arc::new(Mutex::new(())));
    let closed = door.clone();
    let f = Memoize::builder()
        .name("overdue")
        .wait_for_calc_timeout("1s")
        .unwrap()
        .clock(clock.clone())
        .function(move |n: u32| {
            drop(closed.lock().unwrap());
            n
        })
        .unwrap();
    let taken_over = || {
        let told = told(Level::DEBUG, "overdue");
        told.contains(&"waited long enough and takes over".to_owned())
    };
    let held = door.lock().unwrap();
    std::thread::scope(|scope| {
        let callers = [(); 2].map(|()| scope.spawn(|| f.call((1,))));
        until(|| clock.sleepers() == 1);
        assert!(!taken_over());
        clock.advance(Duration::from_secs(1));
        until(taken_over);
        drop(held);
        for caller in callers {
            assert_eq!(caller.join().unwrap(), 1);
        }
    });
}

#[test]
fn a_clean_up_that_removes_something_is_told_of() {
    listen();
    let clock = FakeClock::new();
    let builder = Memoize::builder()
        .name("cleaned")
        .cleanup_stale(true)
        .clock(clock.clone());
    let f = builder
        .stale_after("3s")
        .unwrap()
        .function(|n: u32| n)
        .unwrap();
    f.call((1,));
    f.drain();
    clock.advance(Duration::from_secs(24 * 3_600));
    f.call((2,));
    f.drain();
    assert_eq!(
        told(Level::INFO, "cleaned"),
        ["1 stale entries were removed"]
    );
}

#[test]
fn a_second_function_of_the_same_name_is_told_of() {
    listen();
    let f = || {
        Memoize::builder()
            .name("twins")
            .function(|n: u32| n)
            .unwrap()
    };
    let _one = f();
    assert_eq!(warnings("twins"), [""; 0]);
    let _other = f();
    assert_eq!(warnings("twins").len(), 1);
}

#[cfg(all(feature = "file", unix))]
#[test]
fn a_second_function_of_the_same_id_in_files_is_told_of() {
    fn half(number: u32) -> u32 {
        number / 2
    }
    listen();
    let folder = tempfile::tempdir().unwrap();
    let builder = || Memoize::builder().cache_dir(folder.path()).in_files();
    let one = builder().function(half).unwrap();
    assert_eq!(warnings(one.id()), [""; 0]);
    let _other = builder().function(half).unwrap();
    let told = warnings(one.id());
    assert!(
        told.len() == 1 && told[0].contains("another name"),
        "{told:?}"
    );
}

#[test]
fn a_wait_of_more_than_ten_seconds_is_told_of() {
    listen();
    let (clock, door) = (FakeClock::new(), Arc::new(Mutex::new(())));
    let closed = door.clone();
    let passing = move |n: u32| {
        drop(closed.lock().unwrap());
        n
    };
    let f = Memoize::builder()
        .name("long")
        .clock(clock.clone())
        .function(passing)
        .unwrap();
    let held = door.lock().unwrap();
    std::thread::scope(|scope| {
        let callers = [(); 2].map(|()| scope.spawn(|| f.call((1,))));
        until(|| clock.sleepers() == 1);
        clock.advance(Duration::from_secs(10));
        until(|| !warnings("long").is_empty());
        drop(held);
        for caller in callers {
            assert_eq!(caller.join().unwrap(), 1);
        }
    });
    assert_eq!(warnings("long").len(), 1);
}

fn until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "waited in vain");
        std::thread::yield_now();
    }
}

/// A store that is out of order.
struct Broken;

fn broken<T>() -> Result<T, Error> {
    Err(Error::storage("the disk is gone"))
}

impl Core<u32> for Broken {
    type Claim = ();

    async fn get(&self, _key: &Key) -> Result<Option<Entry<u32>>, Error> {
        broken()
    }

    async fn claim(&self, _key: &Key, _attempt: u32) -> Result<Option<()>, Error> {
        broken()
    }

    async fn put(&self, _claim: (), _entry: Entry<&u32>) -> Result<bool, Error> {
        broken()
    }

    async fn set(&self, _key: &Key, _entry: Option<Entry<&u32>>) -> Result<(), Error> {
        broken()
    }

    async fn clear(&self) -> Result<(), Error> {
        broken()
    }

    async fn release_claims(&self) -> Result<(), Error> {
        broken()
    }

    async fn sweep(
        &self,
        _keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        broken()
    }
}

#[test]
fn a_broken_store_is_told_of_once_and_costs_no_caller_the_result() {
    listen();
    let builder = Memoize::builder()
        .name("broken")
        .enable_metrics(true)
        .core(Broken);
    let f = builder.function(|n: u32| n * 2).unwrap();
    for _ in 0..3 {
        let traced = f.trace((4,));
        assert_eq!(
            (traced.value, traced.outcome, traced.age),
            (8, Outcome::Computed, None)
        );
    }
    assert_eq!(
        f.with(CallOptions::new().overwrite_cache(true)).call((4,)),
        8
    );
    f.clear_cache();
    f.clear_being_calculated();
    assert!(f.precache_value((4,), 8).unwrap_err().is_storage());
    assert!(f.remove(&(4,)).unwrap_err().is_storage());
    assert!(f.entries().unwrap_err().is_storage());
    let told = warnings("broken");
    assert!(
        told.len() == 1 && told[0].contains("the disk is gone"),
        "{told:?}"
    );
    let metrics = f.metrics().unwrap();
    assert_eq!((metrics.calls(), metrics.computed), (4, 4));
    assert!(metrics.storage_errors >= 4);
}
