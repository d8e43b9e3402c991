//! The rhythm of looks at a core whose claim somebody elsewhere holds; not what is looked for.

use super::LONG_WAIT_MILLIS;
use crate::entry::Timestamp;

/// The pauses between looks grow from the first to the longest.
const FIRST_PAUSE_MILLIS: i64 = 1;
const LONGEST_PAUSE_MILLIS: i64 = 50;

pub(super) struct Looks {
    since: Timestamp,
    waited: i64,
    pause: i64,
}

impl Looks {
    pub(super) fn new(since: Timestamp) -> Self {
        Self {
            since,
            waited: 0,
            pause: FIRST_PAUSE_MILLIS,
        }
    }

    /// How many milliseconds to pass before the next look.
    pub(super) fn pause(&mut self) -> i64 {
        let longer = (self.pause * 2).min(LONGEST_PAUSE_MILLIS);
        std::mem::replace(&mut self.pause, longer)
    }

    /// Takes note of the time before a look; whether the wait has just become a long one.
    pub(super) fn wake(&mut self, now: Timestamp) -> bool {
        let before = std::mem::replace(&mut self.waited, now.millis_since(self.since));
        before < LONG_WAIT_MILLIS && self.waited >= LONG_WAIT_MILLIS
    }

    /// How many milliseconds the wait has lasted.
    pub(super) fn waited(&self) -> i64 {
        self.waited
    }
}
