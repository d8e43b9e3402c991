//! Persistent, stale-free memoization: re-exports and one running example; no logic.
//!
//! Wrap a function; its results are kept, are never served older than you allow, and are calculated
//! once however many callers ask at the same moment.
//!
//! ```
//! use cachier::Memoize;
//!
//! let report = Memoize::builder()
//!     .stale_after("3d")?
//!     .function(|year: u32, region: String| format!("{region} in {year}"))?;
//!
//! assert_eq!(report.call((2024, "eu".into())), "eu in 2024"); // calculated
//! assert_eq!(report.call((2024, "eu".into())), "eu in 2024"); // from the cache
//! report.clear_cache();
//! # Ok::<(), cachier::Error>(())
//! ```

#![cfg_attr(
    target_arch = "wasm32",
    allow(
        clippy::arc_with_non_send_sync,
        reason = "a page has one thread; natively the same types cross it"
    )
)]

mod blocking;
mod cbor;
mod clock;
#[cfg(any(
    all(feature = "file", unix),
    all(
        any(feature = "indexeddb", feature = "localstorage"),
        target_arch = "wasm32"
    )
))]
mod codec;
mod config;
pub mod core;
mod engine;
mod entry;
mod error;
#[cfg(all(feature = "file", unix))]
pub mod inspect;
#[cfg(any(
    all(test, not(target_arch = "wasm32")),
    all(feature = "js", target_arch = "wasm32")
))]
mod js;
mod key;
mod map;
mod memoize;
mod policy;
mod report;
mod sync;
mod text;
mod threads;

pub use clock::{Clock, FakeClock};
pub use config::{
    caching_enabled, disable_caching, enable_caching, get_global_params, reset_global_params,
    set_global_params,
};
pub use engine::{Metrics, Outcome};
pub use entry::{Entry, Meta, Timestamp};
pub use error::Error;
pub use key::{Key, set};
pub use memoize::{
    AsyncMemoize, AsyncWith, Builder, ByArguments, ByFunction, CoreRule, Function, In, InMemory,
    Keep, KeepAll, KeepOk, KeepOkUnshared, KeepSome, KeyRule, Listed, Memoize, Traced, Unweighed,
    WeighRule, Weighed, WeighedEncoded, With, clear_all,
};
pub use policy::{CallOptions, IntoDuration, IntoSize, IntoWindow, Options};
pub use threads::{MaybeSend, MaybeSync};

/// The examples of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
