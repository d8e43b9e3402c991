//! Persistent, stale-free memoization: re-exports and one running example; no logic.
//!
//! Wrap a function; its results are kept, are never served older than you allow, and are calculated
//! once however many callers ask at the same moment.
//!
//! ```
//! use cachier::cachier;
//!
//! #[cachier(stale_after = "3d")]
//! fn report(year: u32, region: &str) -> String {
//!     format!("{region} in {year}")
//! }
//!
//! assert_eq!(report(2024, "eu"), "eu in 2024"); // calculated
//! assert_eq!(report(2024, "eu"), "eu in 2024"); // from the cache
//! report::clear_cache();
//! ```
//!
//! Closures, and whatever is put together at run time, go to [`Memoize::builder`].

#![cfg_attr(
    target_arch = "wasm32",
    allow(
        clippy::arc_with_non_send_sync,
        reason = "a page has one thread; natively the same types cross it"
    )
)]

#[cfg(feature = "macros")]
mod attached;
#[cfg(feature = "macros")]
mod attribute;
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
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod internal;
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
pub mod snapshot;
mod spans;
mod sync;
mod text;
mod threads;

#[cfg(feature = "macros")]
pub use attached::{AsyncAttached, Attached};
#[cfg(feature = "macros")]
pub use attribute::cachier;
pub use clock::{Clock, FakeClock};
pub use config::{
    caching_enabled, disable_caching, enable_caching, get_global_params, reset_global_params,
    set_global_params,
};
pub use engine::{Metrics, Outcome};
pub use entry::{Entry, Meta, Timestamp};
pub use error::Error;
pub use key::{Key, set};
#[cfg(all(feature = "file", unix))]
pub use memoize::InFiles;
#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
pub use memoize::InIndexedDb;
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
pub use memoize::publish_metrics;
pub use memoize::{
    AsyncMemoize, AsyncWith, Builder, ByArguments, ByFunction, CoreRule, Function, In, InMemory,
    Keep, KeepAll, KeepOk, KeepOkUnshared, KeepSome, KeyRule, Listed, Memoize, Traced, Unweighed,
    WeighRule, Weighed, WeighedEncoded, With, clear_all,
};
#[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
pub use memoize::{InLocalStorage, InSharedLocalStorage};
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use policy::door as __program;
pub use policy::{CallOptions, IntoDuration, IntoFront, IntoSize, IntoWindow, OnError, Options};
pub use threads::{MaybeSend, MaybeSync};
