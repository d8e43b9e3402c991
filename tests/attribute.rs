//! The attribute: what it makes of functions of every kind, and what hangs on them.

#![cfg(all(feature = "macros", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)]

#[path = "attribute/associated.rs"]
mod associated;
#[path = "attribute/asynchronous.rs"]
mod asynchronous;
#[path = "attribute/calls.rs"]
mod calls;
#[cfg(all(feature = "file", unix))]
#[path = "attribute/files.rs"]
mod files;
#[path = "attribute/generic.rs"]
mod generic;
#[path = "attribute/results.rs"]
mod results;
#[path = "attribute/time.rs"]
mod time;
#[path = "attribute/written.rs"]
mod written;

use std::sync::atomic::{AtomicU32, Ordering};

/// Counts the runs of a function.
struct Runs(AtomicU32);

impl Runs {
    const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// The number of a run that begins now; the first is 1.
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}
