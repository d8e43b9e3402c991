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

/// UTC milliseconds between which it is now: beside a long limit, the last tick and the next one.
#[inline]
pub(crate) fn around_now(limit_millis: i64) -> (i64, i64) {
    let (at, tick) = match limit_millis < LONG_MILLIS {
        true => (super::wall_clock_millis(), 0),
        false => (millis(ClockId::RealtimeCoarse), TICK_MILLIS),
    };
    (at, at + tick)
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
            let (dated, _) = around_now(LONG_MILLIS);
            let exact = super::super::wall_clock_millis();
            let (_, judged) = around_now(LONG_MILLIS);
            assert!(
                dated <= exact && exact <= judged,
                "{dated} {exact} {judged}"
            );
        }
    }
}
