//! The one hash map of the crate, and how it hashes; only what is looked up is compiled for each kind of value.

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
#[path = "map/quick.rs"]
mod table;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "map/small.rs"]
mod table;

pub(crate) use table::{Map, Table, hash_of};

/// A random seed natively, where keys may come from whoever wishes a table ill; in a page they are its own.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Hasher = foldhash::fast::RandomState;
#[cfg(target_arch = "wasm32")]
pub(crate) type Hasher = fnv::FnvBuildHasher;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod small;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
