//! The rhythm of looks at a core whose claim somebody elsewhere holds; not what is looked for.

use super::LONG_WAIT_MILLIS;
use crate::clock::Clock;
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

    /// Sleeps until the next look; whether the wait has just become a long one.
    pub(super) async fn next(&mut self, clock: &Clock) -> bool {
        clock.sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE_MILLIS);
        let before = std::mem::replace(&mut self.waited, clock.now().millis_since(self.since));
        before < LONG_WAIT_MILLIS && self.waited >= LONG_WAIT_MILLIS
    }

    /// How many milliseconds the wait has lasted.
    pub(super) fn waited(&self) -> i64 {
        self.waited
    }
}
