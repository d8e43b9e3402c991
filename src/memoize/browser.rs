//! Keeping values in a browser's stores: the core that a function's options describe; knows no engine.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::builder::Builder;
use super::rules::{CoreRule, encoded_length};
use crate::core::{Behind, BrowserCore, Either, MemoryCore, Place, Tiered};
use crate::error::Error;
use crate::policy::{Options, Setting};

#[cfg(feature = "indexeddb")]
pub use database::InIndexedDb;
#[cfg(feature = "localstorage")]
pub use page::{InLocalStorage, InSharedLocalStorage};
#[cfg(all(feature = "localstorage", feature = "macros"))]
pub use unasked::WhereAPageKeepsThem;

/// A store with a front in memory; memory alone, where there is no such store.
pub type Fronted<V, C> = Either<Tiered<V, C>, MemoryCore<V>>;

/// What these rules are for: values that can be written and read.
pub trait Storable: Serialize + DeserializeOwned + Clone + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Serialize + DeserializeOwned + Clone + 'static> Storable for V {}

/// A browser's core as these options say, with its front.
fn fronted<V, F, P>(
    core: BrowserCore<V, F, P>,
    options: &Options,
) -> Fronted<V, BrowserCore<V, F, P>>
where
    V: Storable,
    P: Place,
    BrowserCore<V, F, P>: Behind<V>,
{
    let (storage, layer) = (&options.storage, &options.layer);
    let core = core
        .store_args(storage.store_args.unwrap_or(true))
        .max_entries(layer.count(Setting::MaxEntries))
        .max_bytes(layer.count(Setting::MaxBytes));
    let tiered = Tiered::new(core)
        .front(storage.front_bytes())
        .coherent(storage.coherent.unwrap_or(false))
        .preload(storage.preload_bytes());
    Either::Left(tiered)
}

#[cfg(feature = "indexeddb")]
mod database {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::core::IndexedDb;
    use crate::core::browser::page::is_browser;

    /// In IndexedDB, which all tabs and workers of an origin share, with a front in memory; for async functions. In
    /// memory, with one report, where this is no browser.
    #[derive(Clone, Copy, Debug)]
    pub struct InIndexedDb;

    #[diagnostic::do_not_recommend]
    impl<V: Storable> CoreRule<V> for InIndexedDb {
        type Core = Fronted<V, IndexedDb<V>>;

        const IS_SHARED: bool = true;

        const WEIGH: Option<fn(&V) -> u64> = Some(encoded_length::<V>);

        fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error> {
            static TOLD: AtomicBool = AtomicBool::new(false);
            if is_browser() {
                return Ok(fronted(IndexedDb::new(id), options));
            }
            Ok(in_memory(options, id, "IndexedDB", &TOLD))
        }
    }

    impl<M, K, W, C> Builder<M, K, W, C> {
        /// Keeps values in IndexedDB, which every tab and worker of the origin shares, with a front in memory.
        ///
        /// For async functions, and values that are `Serialize` and `DeserializeOwned`; a closure has to be given a
        /// name. Where this is no browser, values are kept in memory, with one report.
        ///
        /// # Example
        ///
        /// ```
        /// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
        /// # async fn example() -> Result<(), cachier::Error> {
        /// let user = cachier::Memoize::builder()
        ///     .name("user")
        ///     .stale_after("1h")?
        ///     .in_indexed_db()
        ///     .async_function(|id: u64| async move { format!("user {id}") })?;
        /// assert_eq!(user.call((7,)).await, "user 7");
        /// # Ok(())
        /// # }
        /// ```
        pub fn in_indexed_db(self) -> Builder<M, K, W, InIndexedDb> {
            self.ruled(InIndexedDb)
        }
    }
}

#[cfg(feature = "localstorage")]
mod page {
    use super::*;
    use crate::core::{LocalStorage, SharedLocalStorage};

    /// In localStorage, with a front in memory; claims hold in a tab. There is none in a worker, which is an error.
    #[derive(Clone, Copy, Debug)]
    pub struct InLocalStorage;

    /// In localStorage, with claims that hold in all tabs; for async functions.
    #[derive(Clone, Copy, Debug)]
    pub struct InSharedLocalStorage;

    #[diagnostic::do_not_recommend]
    impl<V: Storable> CoreRule<V> for InLocalStorage {
        type Core = Fronted<V, LocalStorage<V>>;

        const IS_SHARED: bool = true;

        const WEIGH: Option<fn(&V) -> u64> = Some(encoded_length::<V>);

        fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error> {
            Ok(fronted(LocalStorage::new(id)?, options))
        }
    }

    #[diagnostic::do_not_recommend]
    impl<V: Storable> CoreRule<V> for InSharedLocalStorage {
        type Core = Fronted<V, SharedLocalStorage<V>>;

        const IS_SHARED: bool = true;

        const WEIGH: Option<fn(&V) -> u64> = Some(encoded_length::<V>);

        fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error> {
            let core = LocalStorage::new(id)?.claims_across_tabs();
            Ok(fronted(core, options))
        }
    }

    impl<M, K, W, C> Builder<M, K, W, C> {
        /// Keeps values in localStorage, readable in the browser's inspector, with a front in memory; also for sync
        /// functions. Claims hold in a tab.
        ///
        /// For values that are `Serialize` and `DeserializeOwned`; a closure has to be given a name. In a worker, which
        /// has no localStorage, defining the function is an error.
        ///
        /// # Example
        ///
        /// ```
        /// # #[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
        /// # fn example() -> Result<(), cachier::Error> {
        /// let double = cachier::Memoize::builder()
        ///     .name("double")
        ///     .in_local_storage()
        ///     .function(|n: u32| n * 2)?;
        /// assert_eq!(double.call((4,)), 8);
        /// # Ok(())
        /// # }
        /// ```
        pub fn in_local_storage(self) -> Builder<M, K, W, InLocalStorage> {
            self.ruled(InLocalStorage)
        }

        /// As [`in_local_storage`](Self::in_local_storage), with claims that hold in all tabs; for async functions,
        /// because such a claim is waited for.
        pub fn in_shared_local_storage(self) -> Builder<M, K, W, InSharedLocalStorage> {
            self.ruled(InSharedLocalStorage)
        }
    }
}

/// Where the attribute keeps the values of a sync function that says nothing of it.
#[cfg(all(feature = "localstorage", feature = "macros"))]
mod unasked {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::core::LocalStorage;
    use crate::core::browser::page::is_page;

    /// In localStorage where this is a page, else in memory, with one report: what a sync function has unless it is
    /// told otherwise.
    #[derive(Clone, Copy, Debug)]
    pub struct WhereAPageKeepsThem;

    #[diagnostic::do_not_recommend]
    impl<V: Storable> CoreRule<V> for WhereAPageKeepsThem {
        type Core = Fronted<V, LocalStorage<V>>;

        const IS_SHARED: bool = true;

        const WEIGH: Option<fn(&V) -> u64> = Some(encoded_length::<V>);

        fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error> {
            static TOLD: AtomicBool = AtomicBool::new(false);
            if is_page() {
                return InLocalStorage.core(options, id);
            }
            Ok(in_memory(options, id, "localStorage", &TOLD))
        }
    }
}

/// Memory in the place of a store, and one report of it.
#[cfg(any(
    feature = "indexeddb",
    all(feature = "localstorage", feature = "macros")
))]
fn in_memory<V: Storable, C>(
    options: &Options,
    id: &str,
    store: &str,
    told: &std::sync::atomic::AtomicBool,
) -> Fronted<V, C> {
    if !told.swap(true, std::sync::atomic::Ordering::Relaxed) {
        let absent = ["there is no ", store, " here; results are kept in memory"].concat();
        crate::report::warn(id, &absent);
    }
    Either::Right(MemoryCore::of_options(options))
}
