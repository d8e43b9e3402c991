//! Persistent, stale-free memoization: re-exports and one running example; no logic.

mod config;
pub mod core;
pub mod entry;
mod error;
mod key;
mod policy;

pub use config::{
    caching_enabled, disable_caching, enable_caching, get_global_params, reset_global_params,
    set_global_params,
};
pub use entry::{Entry, Meta, Timestamp};
pub use error::Error;
pub use key::{Key, set};
pub use policy::{CallOptions, IntoDuration, IntoSize, IntoWindow, Options};
