//! How long something took, more finely than the wall clock tells; not what it was.

use instant::Instant;

use super::Clock;
use crate::entry::Timestamp;

/// Started when it is made. A clock moved by hand is asked itself, so that tests see what they turn.
#[derive(Debug)]
pub(crate) enum Stopwatch {
    Machine(Instant),
    ByHand(Clock, Timestamp),
}

impl Stopwatch {
    pub(crate) fn start(clock: &Clock) -> Self {
        match clock.0 {
            None => Self::Machine(Instant::now()),
            Some(_) => Self::ByHand(clock.clone(), clock.now()),
        }
    }

    pub(crate) fn seconds(&self) -> f64 {
        match self {
            Self::Machine(start) => start.elapsed().as_secs_f64(),
            Self::ByHand(clock, start) => clock.now().millis_since(*start) as f64 / 1_000.0,
        }
    }
}
