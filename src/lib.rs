//! Persistent, stale-free memoization: re-exports and one running example; no logic.

pub mod core;
pub mod entry;
mod error;
#[cfg(any(test, all(feature = "js", target_arch = "wasm32")))]
mod js;
mod key;
mod policy;

pub use error::Error;
pub use key::{Key, set};
pub use entry::{Entry, Meta, Timestamp};
