//! The one hash map of the crate, and how it hashes; only what is looked up is compiled for each kind of value.

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
#[path = "map/quick.rs"]
mod table;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "map/small.rs"]
mod table;

pub(crate) use table::{Index, Table, hash_of};

use crate::key::Key;

/// A random seed natively, where keys may come from whoever wishes a table ill; in a page they are its own.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Hasher = foldhash::fast::RandomState;
#[cfg(target_arch = "wasm32")]
pub(crate) type Hasher = fnv::FnvBuildHasher;

/// Values by key. An empty one holds no memory.
#[derive(Debug)]
pub(crate) struct Map<V> {
    hasher: Hasher,
    index: Index,
    values: Vec<Option<V>>,
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self {
            hasher: Hasher::default(),
            index: Index::default(),
            values: Vec::new(),
        }
    }
}

impl<V> Map<V> {
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    fn find(&self, key: &Key) -> Option<usize> {
        self.index.find(hash_of(&self.hasher, key), key)
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&V> {
        self.values[self.find(key)?].as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut V> {
        let place = self.find(key)?;
        self.values[place].as_mut()
    }

    /// The value of a key, which is `default` if there was none.
    pub(crate) fn or_insert(&mut self, key: &Key, default: V) -> &mut V {
        let hash = hash_of(&self.hasher, key);
        let place = self.index.find_or_insert(hash, key);
        if place == self.values.len() {
            self.values.push(None);
        }
        self.values[place].get_or_insert(default)
    }

    pub(crate) fn insert(&mut self, key: &Key, value: V) {
        self.remove(key);
        self.or_insert(key, value);
    }

    pub(crate) fn remove(&mut self, key: &Key) -> Option<V> {
        let place = self.find(key)?;
        self.index.vacate(place);
        self.values[place].take()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.values.iter_mut().flatten()
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        for (place, value) in self.values.iter_mut().enumerate() {
            if value.take_if(|value| !keep(value)).is_some() {
                self.index.vacate(place);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod small;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
