//! Which keys are being refreshed and which failed and must wait; not how a refresh is done.

use crate::entry::Timestamp;
use crate::key::Key;
use crate::map::Map;
use crate::sync::{Count, Mutex, lock};

const FIRST_PAUSE_MILLIS: i64 = 1_000;
const LONGEST_PAUSE_MILLIS: i64 = 5 * 60_000;

/// Past this many remembered failures, those whose pause is over are forgotten.
const MOST_REMEMBERED: usize = 1_024;

#[derive(Debug, Default)]
pub(crate) struct Refreshes {
    states: Mutex<Map<State>>,
    /// Most functions know of none, and store without a look.
    count: Count,
}

#[derive(Clone, Copy, Debug)]
enum State {
    UnderWay { failures: u32 },
    Failed { failures: u32, retry_at: Timestamp },
}

impl Refreshes {
    /// Takes the right to refresh a key; not while it is refreshed, nor in the pause after a failure.
    pub(crate) fn reserve(&self, key: &Key, now: Timestamp) -> bool {
        let mut states = lock(&self.states);
        let failures = match states.get(key) {
            None => 0,
            Some(State::Failed { failures, retry_at }) if now >= *retry_at => *failures,
            Some(_) => return false,
        };
        forget_the_old(&mut states, now);
        states.insert(key, State::UnderWay { failures });
        self.count.set(states.len());
        true
    }

    /// Notes a failure; how many milliseconds the key is now left alone.
    pub(crate) fn fail(&self, key: &Key, now: Timestamp) -> i64 {
        let mut states = lock(&self.states);
        let failures = match states.get(key) {
            Some(State::UnderWay { failures } | State::Failed { failures, .. }) => failures + 1,
            None => 1,
        };
        let pause = pause_millis(failures);
        let retry_at = now.saturating_add(pause);
        states.insert(key, State::Failed { failures, retry_at });
        self.count.set(states.len());
        pause
    }

    /// Gives the right back after a success, or without having tried.
    pub(crate) fn release(&self, key: &Key) {
        let mut states = lock(&self.states);
        if matches!(states.get(key), Some(State::UnderWay { .. })) {
            states.remove(key);
            self.count.set(states.len());
        }
    }

    /// Forgets a key, failures included.
    pub(crate) fn forget(&self, key: &Key) {
        if self.count.is_zero() {
            return;
        }
        let mut states = lock(&self.states);
        states.remove(key);
        self.count.set(states.len());
    }

    /// Forgets every key.
    pub(crate) fn forget_all(&self) {
        let mut states = lock(&self.states);
        states.clear();
        self.count.set(0);
    }
}

fn forget_the_old(states: &mut Map<State>, now: Timestamp) {
    if states.len() < MOST_REMEMBERED {
        return;
    }
    states.retain(|state| match state {
        State::UnderWay { .. } => true,
        State::Failed { retry_at, .. } => now < *retry_at,
    });
}

fn pause_millis(failures: u32) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS.checked_shl(failures.saturating_sub(1));
    doubled
        .filter(|_| failures < 16)
        .unwrap_or(LONGEST_PAUSE_MILLIS)
        .min(LONGEST_PAUSE_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_after_failures_doubles_up_to_a_limit() {
        let pauses: Vec<i64> = [1, 2, 3, 4, 60].map(pause_millis).to_vec();
        assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, LONGEST_PAUSE_MILLIS]);
    }

    #[test]
    fn a_key_that_failed_is_left_alone_until_its_pause_is_over() {
        let refreshes = Refreshes::default();
        let key = Key::of(&(1,)).unwrap();
        let start = Timestamp::from_millis(0);
        assert!(refreshes.reserve(&key, start));
        assert!(!refreshes.reserve(&key, start), "one refresh at a time");
        assert_eq!(refreshes.fail(&key, start), 1_000);
        assert!(!refreshes.reserve(&key, start.saturating_add(999)));
        assert!(refreshes.reserve(&key, start.saturating_add(1_000)));
        assert_eq!(refreshes.fail(&key, start.saturating_add(1_000)), 2_000);
    }
}
