//! Time where no clock is cheaper than the exact one.

pub(crate) use super::wall_clock_millis as latest_millis;

/// Milliseconds of a clock that is never set.
#[cfg(all(feature = "file", unix))]
pub(crate) fn coarse_millis() -> u64 {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_millis() as u64
}
