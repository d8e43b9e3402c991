//! Time where no clock is cheaper than the exact one.

/// UTC milliseconds between which it is now, whatever the limit: no time lies between them.
pub(crate) fn around_now(_limit_millis: i64) -> (i64, i64) {
    let now = super::wall_clock_millis();
    (now, now)
}

/// Milliseconds of a clock that is never set.
#[cfg(all(feature = "file", unix))]
pub(crate) fn coarse_millis() -> u64 {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_millis() as u64
}
