//! Spans around what takes time, where `tracing` is compiled in; not what is done in them.

pub(crate) use channel::{calculation, store};

#[cfg(feature = "tracing")]
mod channel {
    use tracing::instrument::{Instrument, Instrumented};

    /// A run of a function.
    pub(crate) fn calculation<F: Future>(function: &str, run: F) -> Instrumented<F> {
        run.instrument(tracing::debug_span!(target: "cachier", "calculation", function))
    }

    /// A value on its way into the store.
    pub(crate) fn store<F: Future>(function: &str, put: F) -> Instrumented<F> {
        put.instrument(tracing::debug_span!(target: "cachier", "store", function))
    }
}

#[cfg(not(feature = "tracing"))]
mod channel {
    pub(crate) fn calculation<F: Future>(_function: &str, run: F) -> F {
        run
    }

    pub(crate) fn store<F: Future>(_function: &str, put: F) -> F {
        put
    }
}
