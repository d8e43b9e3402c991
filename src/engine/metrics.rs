//! Counting what calls came to; knows outcomes, not how they came about.

use std::sync::atomic::{AtomicU64, Ordering};

use super::facade::Facade;

/// Where the result of a call came from.
///
/// # Example
///
/// ```
/// use cachier::{Memoize, Outcome};
/// let double = Memoize::builder().function(|n: u32| n * 2)?;
/// assert_eq!(double.trace((4,)).outcome, Outcome::Computed);
/// assert_eq!(double.trace((4,)).outcome, Outcome::Hit);
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// From a fresh entry.
    Hit,
    /// From a stale entry, while a refresh runs or after a calculation failed.
    StaleHit,
    /// The function ran for this call.
    Computed,
    /// Another call's run gave it.
    Waited,
    /// The function ran and nothing was looked up or stored.
    Bypassed,
}

impl Outcome {
    /// The outcome in one or two words, as JavaScript shows it too.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::Outcome::StaleHit.as_str(), "stale hit");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::StaleHit => "stale hit",
            Self::Computed => "computed",
            Self::Waited => "waited",
            Self::Bypassed => "bypassed",
        }
    }
}

/// Something that is counted beside the outcomes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Recalculation,
    Timeout,
    Rejection,
    StorageError,
    Refresh,
    RefreshFailure,
}

const OUTCOMES: usize = 5;
const EVENTS: usize = 6;

#[derive(Debug, Default)]
pub(crate) struct Counters {
    outcomes: [AtomicU64; OUTCOMES],
    events: [AtomicU64; EVENTS],
    calculation_millis: AtomicU64,
    pub(super) facade: Facade,
}

impl Counters {
    pub(crate) fn outcome(&self, outcome: Outcome) {
        self.outcomes[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn event(&self, event: Event) {
        self.events[event as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn calculated(&self, millis: i64) {
        self.calculation_millis
            .fetch_add(millis.max(0).unsigned_abs(), Ordering::Relaxed);
    }

    /// Everything counted so far; entries, bytes and evictions are the core's to tell.
    pub(crate) fn snapshot(&self, swept: crate::core::Swept) -> Metrics {
        let outcome = |outcome: Outcome| self.outcomes[outcome as usize].load(Ordering::Relaxed);
        let event = |event: Event| self.events[event as usize].load(Ordering::Relaxed);
        Metrics {
            hits: outcome(Outcome::Hit),
            stale_hits: outcome(Outcome::StaleHit),
            computed: outcome(Outcome::Computed),
            waited: outcome(Outcome::Waited),
            bypassed: outcome(Outcome::Bypassed),
            recalculations: event(Event::Recalculation),
            timeouts: event(Event::Timeout),
            rejections: event(Event::Rejection),
            storage_errors: event(Event::StorageError),
            refreshes: event(Event::Refresh),
            refresh_failures: event(Event::RefreshFailure),
            evictions: swept.evicted,
            entries: swept.entries,
            bytes: swept.bytes,
            calculation_millis: self.calculation_millis.load(Ordering::Relaxed),
        }
    }
}

/// What a memoized function did since it was made; the first five add up to its calls.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().enable_metrics(true).function(|n: u32| n * 2)?;
/// double.call((4,));
/// double.call((4,));
/// let metrics = double.metrics().expect("metrics are on");
/// assert_eq!((metrics.computed, metrics.hits, metrics.calls()), (1, 1, 2));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Calls served from a fresh entry.
    pub hits: u64,
    /// Calls served from a stale entry.
    pub stale_hits: u64,
    /// Calls for which the function ran.
    pub computed: u64,
    /// Calls that another call's run served.
    pub waited: u64,
    /// Calls that went past the cache.
    pub bypassed: u64,
    /// Runs that replaced a value: stale, overwritten or refreshed.
    pub recalculations: u64,
    /// Waits that went on longer than `wait_for_calc_timeout`.
    pub timeouts: u64,
    /// Values too large to store.
    pub rejections: u64,
    /// Reads and writes of the store that failed.
    pub storage_errors: u64,
    /// Background refreshes that succeeded.
    pub refreshes: u64,
    /// Background refreshes that failed.
    pub refresh_failures: u64,
    /// Entries evicted to stay within bounds.
    pub evictions: u64,
    /// Entries there are now.
    pub entries: u64,
    /// Their bytes, where sizes are taken.
    pub bytes: u64,
    /// Milliseconds spent in the function, over all runs.
    pub calculation_millis: u64,
}

impl Metrics {
    /// Every count, in the order of lists.ts.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) const fn listed(&self) -> [u64; 15] {
        [
            self.hits,
            self.stale_hits,
            self.computed,
            self.waited,
            self.bypassed,
            self.recalculations,
            self.timeouts,
            self.rejections,
            self.storage_errors,
            self.refreshes,
            self.refresh_failures,
            self.evictions,
            self.entries,
            self.bytes,
            self.calculation_millis,
        ]
    }

    /// How many calls there were: the sum of all outcomes.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::Metrics::default().calls(), 0);
    /// ```
    pub const fn calls(&self) -> u64 {
        self.hits + self.stale_hits + self.computed + self.waited + self.bypassed
    }
}
