//! Time as of the kernel's last tick, which is read for next to nothing.

use nix::time::{ClockId, clock_gettime};

/// No kernel ticks more slowly.
const TICK_MILLIS: i64 = 10;

/// Milliseconds of a clock that is never set, late by a tick at most.
pub(crate) fn coarse_millis() -> u64 {
    millis(ClockId::CLOCK_MONOTONIC_COARSE).unwrap_or(0) as u64
}

/// UTC milliseconds as they will be in a tick at the latest, and are now at the earliest.
#[inline]
pub(crate) fn latest_millis() -> i64 {
    match millis(ClockId::CLOCK_REALTIME_COARSE) {
        Some(millis) => millis + TICK_MILLIS,
        None => super::wall_clock_millis(),
    }
}

#[inline]
fn millis(clock: ClockId) -> Option<i64> {
    let now = clock_gettime(clock).ok()?;
    Some(now.tv_sec() as i64 * 1_000 + now.tv_nsec() as i64 / 1_000_000)
}
