//! What is counted and timed, on its way to the `metrics` facade: names and labels; not what calls come to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use metrics::{counter, gauge, histogram};

use super::{Engine, Metrics, Outcome, Stored};
use crate::blocking::block_on;
use crate::clock::{Clock, Stopwatch};
use crate::core::Core;
use crate::sync::{Mutex, lock};

/// One lookup of so many is timed.
const LOOKUPS_PER_SAMPLE: u32 = 1_024;

/// What one function has given to the facade so far.
#[derive(Debug, Default)]
pub(crate) struct Facade {
    published: Mutex<Metrics>,
    lookups: AtomicU32,
}

/// What times something.
pub(super) type Watch = Stopwatch;

/// What takes time, under the name of its histogram.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Timed {
    Calculation,
    Store,
    Lookup,
}

impl Timed {
    const fn histogram(self) -> &'static str {
        match self {
            Self::Calculation => "cachier_calculation_seconds",
            Self::Store => "cachier_store_seconds",
            Self::Lookup => "cachier_lookup_seconds",
        }
    }
}

impl Facade {
    pub(super) fn start(&self, clock: &Clock) -> Watch {
        Stopwatch::start(clock)
    }

    /// Started for one lookup of many. Threads may lose counts to each other, which a sample can bear.
    pub(super) fn sample(&self, clock: &Clock) -> Option<Watch> {
        let lookups = self.lookups.load(Ordering::Relaxed);
        self.lookups
            .store(lookups.wrapping_add(1), Ordering::Relaxed);
        lookups
            .is_multiple_of(LOOKUPS_PER_SAMPLE)
            .then(|| Stopwatch::start(clock))
    }

    /// At once, to whichever recorder there is: what is timed is rare.
    pub(super) fn timed(&self, function: &str, timed: Timed, watch: &Watch) {
        histogram!(timed.histogram(), "function" => function.to_owned()).record(watch.seconds());
    }

    /// What was counted since the last time. Sums of several functions of one name come out right.
    fn publish(&self, function: &str, now: Metrics) {
        let before = std::mem::replace(&mut *lock(&self.published), now);
        for (outcome, count) in outcomes(now).into_iter().zip(outcomes(before)).map(grown) {
            counter!("cachier_calls_total", "function" => function.to_owned(), "outcome" => outcome)
                .increment(count);
        }
        for (name, count) in events(now).into_iter().zip(events(before)).map(grown) {
            counter!(name, "function" => function.to_owned()).increment(count);
        }
    }
}

type Named = (&'static str, u64);

fn grown(((name, now), (_, before)): (Named, Named)) -> Named {
    (name, now.saturating_sub(before))
}

const fn outcomes(all: Metrics) -> [Named; 5] {
    [
        (label(Outcome::Hit), all.hits),
        (label(Outcome::StaleHit), all.stale_hits),
        (label(Outcome::Computed), all.computed),
        (label(Outcome::Waited), all.waited),
        (label(Outcome::Bypassed), all.bypassed),
    ]
}

const fn label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::StaleHit => "stale_hit",
        other => other.as_str(),
    }
}

const fn events(all: Metrics) -> [Named; 7] {
    [
        ("cachier_recalculations_total", all.recalculations),
        ("cachier_timeouts_total", all.timeouts),
        ("cachier_rejections_total", all.rejections),
        ("cachier_storage_errors_total", all.storage_errors),
        ("cachier_refreshes_total", all.refreshes),
        ("cachier_refresh_failures_total", all.refresh_failures),
        ("cachier_evictions_total", all.evictions),
    ]
}

/// What functions hold: entries and bytes, by name, for counts that may also sink.
#[derive(Debug, Default)]
pub(crate) struct Holdings(HashMap<String, (u64, u64)>);

impl Holdings {
    fn add(&mut self, function: &str, now: Metrics) {
        let (entries, bytes) = self.0.entry(function.to_owned()).or_default();
        *entries += now.entries;
        *bytes += now.bytes;
    }

    pub(crate) fn publish(self) {
        for (function, (entries, bytes)) in self.0 {
            gauge!("cachier_entries", "function" => function.clone()).set(entries as f64);
            gauge!("cachier_bytes", "function" => function).set(bytes as f64);
        }
    }
}

/// A function that can be asked to publish what it counted.
pub(crate) trait Publish {
    /// Gives away what was counted since the last time, and adds what it holds to the rest.
    fn publish(&self, held: &mut Holdings);
}

impl<C: Core<V>, V: Stored, S: Stored> Publish for Engine<C, V, S> {
    fn publish(&self, held: &mut Holdings) {
        if let (Some(counters), Some(now)) = (&self.counters, block_on(self.metrics())) {
            counters.facade.publish(&self.label, now);
            held.add(&self.label, now);
        }
    }
}

/// Units and meanings, for recorders that tell them.
pub(crate) fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

    describe_counter!("cachier_calls_total", "Calls, by outcome");
    describe_counter!(
        "cachier_recalculations_total",
        "Runs that replaced a value: stale, overwritten or refreshed"
    );
    describe_counter!(
        "cachier_timeouts_total",
        "Waits that went on longer than wait_for_calc_timeout"
    );
    describe_counter!("cachier_rejections_total", "Values too large to store");
    describe_counter!(
        "cachier_storage_errors_total",
        "Reads and writes of the store that failed"
    );
    describe_counter!(
        "cachier_refreshes_total",
        "Background refreshes that succeeded"
    );
    describe_counter!(
        "cachier_refresh_failures_total",
        "Background refreshes that failed"
    );
    describe_counter!(
        "cachier_evictions_total",
        "Entries evicted to stay within bounds"
    );
    describe_gauge!("cachier_entries", "Entries there are now");
    describe_gauge!(
        "cachier_bytes",
        Unit::Bytes,
        "Their bytes, where sizes are taken"
    );
    describe_histogram!(
        "cachier_calculation_seconds",
        Unit::Seconds,
        "Time in the function, each run"
    );
    describe_histogram!(
        "cachier_store_seconds",
        Unit::Seconds,
        "Time to store a value, each store"
    );
    describe_histogram!(
        "cachier_lookup_seconds",
        Unit::Seconds,
        "Time to look a key up, one lookup of 1,024"
    );
}
