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
    pub(crate) fn once(&self, trouble: Trouble, function: &str, text: impl FnOnce() -> String) {
        let bit = 1 << trouble as u32;
        if self.0.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            warn(function, &text());
        }
    }
}

/// Tells whoever runs the program of something amiss that cost no caller the result.
pub(crate) fn warn(function: &str, text: &str) {
    channel::warn(function, text);
}

/// Tells one step of a call that asked for `verbose`.
pub(crate) fn explain(function: &str, text: &str) {
    channel::explain(function, text);
}

/// The digits of a number. `to_string` would compile the standard library's formatting into the WebAssembly.
pub(crate) fn decimal(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 9 {
        digits.push(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    digits.push(b'0' + rest as u8);
    if number < 0 {
        digits.push(b'-');
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

#[cfg(feature = "tracing")]
mod channel {
    pub(super) fn warn(function: &str, text: &str) {
        tracing::warn!(function, "{text}");
    }

    pub(super) fn explain(function: &str, text: &str) {
        tracing::info!(function, "{text}");
    }
}

#[cfg(all(not(feature = "tracing"), not(target_arch = "wasm32")))]
mod channel {
    pub(super) fn warn(function: &str, text: &str) {
        eprintln!("cachier: {function}: {text}");
    }

    pub(super) fn explain(function: &str, text: &str) {
        eprintln!("cachier: {function}: {text}");
    }
}

#[cfg(all(not(feature = "tracing"), target_arch = "wasm32"))]
mod channel {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = console, js_name = warn)]
        fn console_warn(text: &str);

        #[wasm_bindgen(js_namespace = console, js_name = log)]
        fn console_log(text: &str);
    }

    pub(super) fn warn(function: &str, text: &str) {
        console_warn(&["cachier: ", function, ": ", text].concat());
    }

    pub(super) fn explain(function: &str, text: &str) {
        console_log(&["cachier: ", function, ": ", text].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in [0, 7, -7, 10, 1_234_567_890, i64::MIN, i64::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
