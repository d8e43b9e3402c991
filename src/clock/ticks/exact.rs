//! Time where no clock is cheaper than the exact one.

/// UTC milliseconds as they are now, whatever the limit.
pub(crate) fn millis_for(_limit_millis: i64) -> i64 {
    super::wall_clock_millis()
}

/// The same.
pub(crate) fn early_millis_for(limit_millis: i64) -> i64 {
    millis_for(limit_millis)
}

/// Milliseconds of a clock that is never set.
#[cfg(all(feature = "file", unix))]
pub(crate) fn coarse_millis() -> u64 {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_millis() as u64
}
