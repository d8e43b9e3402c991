//! Time as of the kernel's last tick, which is read for next to nothing.

use rustix::time::{ClockId, clock_gettime};

/// No kernel ticks more slowly.
const TICK_MILLIS: i64 = 10;

/// From this limit on, a tick is nothing beside it.
const LONG_MILLIS: i64 = 1_000 * TICK_MILLIS;

/// Milliseconds of a clock that is never set, late by a tick at most.
pub(crate) fn coarse_millis() -> u64 {
    millis(ClockId::MonotonicCoarse) as u64
}

/// UTC milliseconds as they are now; beside a long limit, as they will be in a tick at the latest.
#[inline]
pub(crate) fn millis_for(limit_millis: i64) -> i64 {
    match limit_millis < LONG_MILLIS {
        true => super::wall_clock_millis(),
        false => millis(ClockId::RealtimeCoarse) + TICK_MILLIS,
    }
}

/// UTC milliseconds as they are now; beside a long limit, as they were at the last tick.
#[inline]
pub(crate) fn early_millis_for(limit_millis: i64) -> i64 {
    match limit_millis < LONG_MILLIS {
        true => super::wall_clock_millis(),
        false => millis(ClockId::RealtimeCoarse),
    }
}

#[inline]
fn millis(clock: ClockId) -> i64 {
    let now = clock_gettime(clock);
    now.tv_sec * 1_000 + i64::from(now.tv_nsec as u32 / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_long_limit_entries_are_dated_early_and_judged_late() {
        for _ in 0..1_000 {
            let dated = early_millis_for(LONG_MILLIS);
            let exact = super::super::wall_clock_millis();
            let judged = millis_for(LONG_MILLIS);
            assert!(
                dated <= exact && exact <= judged,
                "{dated} {exact} {judged}"
            );
        }
    }
}
