//! The one hash map of the crate, and how it hashes; one kind keeps the WebAssembly module small.

/// A random seed natively, where keys may come from whoever wishes a table ill; in a page they are its own.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Hasher = foldhash::fast::RandomState;
#[cfg(target_arch = "wasm32")]
pub(crate) type Hasher = foldhash::fast::FixedState;

pub(crate) type Map<K, V> = hashbrown::HashMap<K, V, Hasher>;
