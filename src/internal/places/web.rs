//! Where the attribute keeps values in a page or a worker: by default in the stores of the browser whose features are on.

#[cfg(not(feature = "indexeddb"))]
pub use crate::memoize::InMemory as DefaultAsyncCore;
#[cfg(not(feature = "localstorage"))]
pub use crate::memoize::InMemory as DefaultCore;
#[cfg(feature = "indexeddb")]
pub use crate::memoize::{InIndexedDb as DefaultAsyncCore, InIndexedDb as IndexedDbCore};
#[cfg(feature = "localstorage")]
pub use crate::memoize::{
    InLocalStorage as LocalStorageCore, InSharedLocalStorage as SharedLocalStorageCore,
    WhereAPageKeepsThem as DefaultCore,
};

/// Where `core = file` keeps them in a browser: nowhere.
#[derive(Clone, Copy, Debug)]
pub struct NotInBrowsers;

pub use NotInBrowsers as FileCore;

/// Where `core = indexeddb` keeps them without the feature: nowhere.
#[cfg(not(feature = "indexeddb"))]
#[derive(Clone, Copy, Debug)]
pub struct OnlyWithTheFeatureIndexeddb;

#[cfg(not(feature = "indexeddb"))]
pub use OnlyWithTheFeatureIndexeddb as IndexedDbCore;

/// Where `core = localstorage` keeps them without the feature: nowhere.
#[cfg(not(feature = "localstorage"))]
#[derive(Clone, Copy, Debug)]
pub struct OnlyWithTheFeatureLocalstorage;

#[cfg(not(feature = "localstorage"))]
pub use OnlyWithTheFeatureLocalstorage as LocalStorageCore;
#[cfg(not(feature = "localstorage"))]
pub use OnlyWithTheFeatureLocalstorage as SharedLocalStorageCore;
