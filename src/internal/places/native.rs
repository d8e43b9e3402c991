//! Where the attribute keeps values natively: by default in files, where there are any.

#[cfg(all(feature = "file", unix))]
pub use crate::memoize::{
    InFiles as DefaultCore, InFiles as DefaultAsyncCore, InFiles as FileCore,
};
#[cfg(not(all(feature = "file", unix)))]
pub use crate::memoize::{InMemory as DefaultCore, InMemory as DefaultAsyncCore};

/// Where `core = indexeddb` and `core = localstorage` keep them natively: nowhere.
#[derive(Clone, Copy, Debug)]
pub struct OnlyInBrowsers;

pub use OnlyInBrowsers as IndexedDbCore;
pub use OnlyInBrowsers as LocalStorageCore;
pub use OnlyInBrowsers as SharedLocalStorageCore;

/// Where `core = file` keeps them without files: nowhere.
#[cfg(not(all(feature = "file", unix)))]
#[derive(Clone, Copy, Debug)]
pub struct OnlyOnUnixWithTheFeatureFile;

#[cfg(not(all(feature = "file", unix)))]
pub use OnlyOnUnixWithTheFeatureFile as FileCore;
