//! Persistent, stale-free memoization: re-exports and one running example; no logic.

pub mod core;
pub mod entry;
mod error;
mod key;
mod policy;

pub use entry::{Entry, Meta, Timestamp};
pub use error::Error;
pub use key::{Key, set};
pub use policy::{CallOptions, IntoDuration, IntoSize, IntoWindow, Options};
