//! Where reports and explanations go: `tracing`, standard error or the browser's console.

use std::sync::atomic::{AtomicU32, Ordering};

/// The kinds of trouble that are reported once per memoized function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// A store could not be read or written.
    Storage,
    /// A stored entry turned out to be damaged.
    Damaged,
    /// An argument could not become part of a key.
    Argument,
    /// The function returned nothing three times.
    Nothing,
}

/// Remembers which kinds of trouble were reported already.
#[derive(Debug, Default)]
pub(crate) struct Reported(AtomicU32);

impl Reported {
    /// Reports trouble of this kind, the first time it is met.
    pub(crate) fn once(&self, trouble: Trouble, function: &str, text: &str) {
        let bit = 1 << trouble as u32;
        if self.0.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            warn(function, text);
        }
    }
}

/// Tells whoever runs the program of something amiss that cost no caller the result.
pub(crate) fn warn(function: &str, text: &str) {
    channel::warn(function, text);
}

/// Tells whoever follows a program closely of something in order; nobody else.
pub(crate) fn note(function: &str, text: &str) {
    channel::note(function, text);
}

/// Tells one step of a call that asked for `verbose`.
pub(crate) fn explain(function: &str, text: &str) {
    channel::explain(function, text);
}

#[cfg(feature = "tracing")]
mod channel {
    use super::bare;

    pub(super) fn warn(function: &str, text: &str) {
        if is_heard() {
            tracing::warn!(target: "cachier", function, "{text}");
        } else {
            bare::warn(function, text);
        }
    }

    pub(super) fn explain(function: &str, text: &str) {
        if is_heard() {
            tracing::info!(target: "cachier", function, "{text}");
        } else {
            bare::explain(function, text);
        }
    }

    pub(super) fn note(function: &str, text: &str) {
        tracing::debug!(target: "cachier", function, "{text}");
    }

    /// A program that never made a subscriber is told all the same.
    fn is_heard() -> bool {
        tracing::dispatcher::has_been_set()
    }
}

#[cfg(not(feature = "tracing"))]
use bare as channel;

#[cfg(not(target_arch = "wasm32"))]
mod bare {
    pub(super) fn warn(function: &str, text: &str) {
        eprintln!("cachier: {function}: {text}");
    }

    pub(super) fn explain(function: &str, text: &str) {
        eprintln!("cachier: {function}: {text}");
    }

    #[cfg(not(feature = "tracing"))]
    pub(super) fn note(_function: &str, _text: &str) {}
}

#[cfg(target_arch = "wasm32")]
mod bare {
    use wasm_bindgen::prelude::*;

    use crate::text::joined;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = console, js_name = warn)]
        fn console_warn(text: &str);

        #[wasm_bindgen(js_namespace = console, js_name = log)]
        fn console_log(text: &str);
    }

    pub(super) fn warn(function: &str, text: &str) {
        console_warn(&joined!("cachier: ", function, ": ", text));
    }

    pub(super) fn explain(function: &str, text: &str) {
        console_log(&joined!("cachier: ", function, ": ", text));
    }

    #[cfg(not(feature = "tracing"))]
    pub(super) fn note(_function: &str, _text: &str) {}
}
