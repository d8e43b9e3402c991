//! A clock that stands still until it is moved, for tests; knows nothing of the machine's time.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::entry::Timestamp;
use crate::sync::{Mutex, lock};
use crate::threads::BoxedFuture;

/// A clock that is moved by hand, so that tests of what grows stale never sleep.
///
/// Clones share their hands.
///
/// # Example
///
/// ```
/// use cachier::{FakeClock, Memoize};
/// use std::time::Duration;
///
/// let clock = FakeClock::new();
/// let answer = Memoize::builder()
///     .stale_after("3s")?
///     .clock(clock.clone())
///     .function(|n: u32| n + 1)?;
/// answer.call((1,));
/// clock.advance(Duration::from_secs(3));
/// assert!(!answer.is_fresh(&(1,)));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    now: Timestamp,
    sleepers: Vec<(u64, Timestamp, Waker)>,
    next_sleeper: u64,
}

/// An ordinary moment in 2026, so that nothing leans on small numbers.
const START: Timestamp = Timestamp::from_millis(1_780_000_000_000);

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeClock {
    /// A clock that shows a moment in 2026.
    ///
    /// # Example
    ///
    /// ```
    /// let clock = cachier::FakeClock::new();
    /// assert_eq!(clock.sleepers(), 0);
    /// ```
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Hands { now: START, sleepers: Vec::new(), next_sleeper: 0 })))
    }

    /// What the clock shows.
    ///
    /// # Example
    ///
    /// ```
    /// let clock = cachier::FakeClock::new();
    /// assert_eq!(clock.now(), clock.now(), "it stands still");
    /// ```
    pub fn now(&self) -> Timestamp {
        lock(&self.0).now
    }

    /// Moves the clock forward and wakes whoever slept until then.
    ///
    /// # Example
    ///
    /// ```
    /// let clock = cachier::FakeClock::new();
    /// let before = clock.now();
    /// clock.advance(std::time::Duration::from_secs(3));
    /// assert_eq!(clock.now().millis_since(before), 3_000);
    /// ```
    pub fn advance(&self, by: Duration) {
        self.set(self.now().saturating_add(by.as_millis() as i64));
    }

    /// Sets the clock, also backwards, and wakes whoever slept until then.
    ///
    /// # Example
    ///
    /// ```
    /// let clock = cachier::FakeClock::new();
    /// clock.set(cachier::Timestamp::from_millis(0));
    /// assert_eq!(clock.now().as_millis(), 0);
    /// ```
    pub fn set(&self, now: Timestamp) {
        for waker in self.move_hands(now) {
            waker.wake();
        }
    }

    /// How many callers sleep on this clock, so that a test knows when to move it.
    ///
    /// # Example
    ///
    /// ```
    /// let clock = cachier::FakeClock::new();
    /// assert_eq!(clock.sleepers(), 0);
    /// ```
    pub fn sleepers(&self) -> usize {
        lock(&self.0).sleepers.len()
    }

    fn move_hands(&self, now: Timestamp) -> Vec<Waker> {
        let mut hands = lock(&self.0);
        hands.now = now;
        let due = hands.sleepers.extract_if(.., |(_, deadline, _)| *deadline <= now);
        due.map(|(_, _, waker)| waker).collect()
    }
}

impl super::Hands for FakeClock {
    fn now(&self) -> Timestamp {
        lock(&self.0).now
    }

    fn sleep(&self, millis: i64) -> BoxedFuture<()> {
        let mut hands = lock(&self.0);
        hands.next_sleeper += 1;
        let deadline = hands.now.saturating_add(millis);
        Box::pin(Sleep { clock: self.clone(), id: hands.next_sleeper, deadline })
    }
}

/// Resolves when the clock has come to its deadline.
#[derive(Debug)]
struct Sleep {
    clock: FakeClock,
    id: u64,
    deadline: Timestamp,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut hands = lock(&self.clock.0);
        if hands.now >= self.deadline {
            return Poll::Ready(());
        }
        hands.sleepers.retain(|(id, ..)| *id != self.id);
        hands.sleepers.push((self.id, self.deadline, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        lock(&self.clock.0).sleepers.retain(|(id, ..)| *id != self.id);
    }
}
