//! The time, sleeping, and starting tasks: the only file that asks the machine for any of them.

#[cfg(not(any(target_arch = "wasm32", shuttle)))]
#[path = "clock/native.rs"]
mod machine;
#[cfg(shuttle)]
#[path = "clock/model.rs"]
mod machine;
#[cfg(all(target_arch = "wasm32", not(feature = "js")))]
#[path = "clock/web.rs"]
mod machine;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
#[path = "clock/front.rs"]
mod machine;

#[cfg(all(feature = "tokio", not(any(target_arch = "wasm32", shuttle))))]
#[path = "clock/tokio.rs"]
mod runtime;
#[cfg(not(all(feature = "tokio", not(any(target_arch = "wasm32", shuttle)))))]
#[path = "clock/no_runtime.rs"]
mod runtime;

#[cfg(all(feature = "file", any(target_os = "linux", target_os = "android")))]
#[path = "clock/ticks/coarse.rs"]
mod ticks;
#[cfg(not(all(feature = "file", any(target_os = "linux", target_os = "android"))))]
#[path = "clock/ticks/exact.rs"]
mod ticks;

mod fake;
#[cfg(all(feature = "file", unix, not(shuttle)))]
mod handover;
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
mod stopwatch;

use std::fmt;
use std::sync::Arc;

pub use fake::FakeClock;
pub(crate) use machine::spawn;
#[cfg(all(feature = "file", unix))]
pub(crate) use machine::unblock;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
use machine::wall_clock_millis;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) use machine::{Answer, answered, keep, start};
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
pub(crate) use stopwatch::Stopwatch;
#[cfg(all(feature = "file", unix))]
pub(crate) use ticks::coarse_millis;

use crate::entry::Timestamp;
use crate::threads::{BoxedFuture, MaybeSend, MaybeSync};

/// Whoever sleeps looks at the clock afterwards, and sleeps again if it was not long enough.
const LONGEST_SLEEP_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Where a memoized function reads the time: the machine's wall clock, or a [`FakeClock`] in tests.
///
/// # Example
///
/// ```
/// use cachier::{Clock, FakeClock};
///
/// let hands = FakeClock::new();
/// let clock = Clock::from(hands.clone());
/// let before = clock.now();
/// hands.advance(std::time::Duration::from_secs(3));
/// assert_eq!(clock.now().millis_since(before), 3_000);
/// ```
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<dyn Hands>>);

/// What stands in for the machine's time; behind a pointer, so that nobody carries it who has none.
trait Hands: MaybeSend + MaybeSync {
    fn now(&self) -> Timestamp;
    fn sleep(&self, millis: i64) -> BoxedFuture<()>;
}

impl Clock {
    /// The present moment, in UTC milliseconds.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Clock::default().now().as_millis() > 1_700_000_000_000);
    /// ```
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_millis(wall_clock_millis()),
            Some(hands) => hands.now(),
        }
    }

    /// The present moment, for who compares ages with a limit of so many milliseconds. If that is long, it may be
    /// a tick later, never earlier: nothing looks younger than it is.
    #[inline]
    pub(crate) fn now_for(&self, limit_millis: i64) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_millis(ticks::around_now(limit_millis).1),
            Some(hands) => hands.now(),
        }
    }

    /// The present moment, to date an entry that will be compared with such a limit. If that is long, it may be a tick
    /// earlier, never later.
    pub(crate) fn date_for(&self, limit_millis: i64) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_millis(ticks::around_now(limit_millis).0),
            Some(hands) => hands.now(),
        }
    }

    /// Resolves once `millis` milliseconds have passed, or a day, which every timer can count.
    pub(crate) fn sleep(&self, millis: i64) -> BoxedFuture<()> {
        let millis = millis.clamp(0, LONGEST_SLEEP_MILLIS);
        match &self.0 {
            None => Box::pin(machine::sleep(millis)),
            Some(hands) => hands.sleep(millis),
        }
    }
}

impl From<FakeClock> for Clock {
    fn from(fake: FakeClock) -> Self {
        Self(Some(Arc::new(fake)))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// Runs a future in the background: on the caller's own runtime if it has one, else as [`spawn`] does.
pub(crate) fn spawn_future(task: impl Future<Output = ()> + MaybeSend + 'static) {
    if let Some(task) = runtime::spawn(task) {
        spawn(move || task);
    }
}

#[cfg(not(all(target_arch = "wasm32", feature = "js")))]
fn wall_clock_millis() -> i64 {
    let since_epoch = instant::SystemTime::now().duration_since(instant::SystemTime::UNIX_EPOCH);
    since_epoch.map_or(0, |elapsed| elapsed.as_millis() as i64)
}
