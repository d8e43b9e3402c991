//! The one hash map of the crate, and how it hashes; only what is looked up is compiled for each kind of value.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use crate::key::Key;

/// A random seed natively, where keys may come from whoever wishes a table ill; in a page they are its own.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Hasher = foldhash::fast::RandomState;
#[cfg(target_arch = "wasm32")]
pub(crate) type Hasher = fnv::FnvBuildHasher;

/// Values by key. An empty one holds no memory.
#[derive(Debug)]
pub(crate) struct Map<V> {
    index: Index,
    values: Vec<Option<V>>,
}

/// Keys, each at a place of its own; knows nothing of values.
#[derive(Debug, Default)]
struct Index {
    places: HashTable<usize>,
    keys: Vec<Hashed>,
    free: Vec<usize>,
    hasher: Hasher,
}

#[derive(Debug)]
struct Hashed {
    hash: u64,
    key: Key,
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self { index: Index::default(), values: Vec::new() }
    }
}

impl<V> Map<V> {
    pub(crate) fn len(&self) -> usize {
        self.index.places.len()
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&V> {
        self.values[self.index.find(key)?].as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut V> {
        self.values[self.index.find(key)?].as_mut()
    }

    /// The value of a key, which is `default` if there was none.
    pub(crate) fn or_insert(&mut self, key: &Key, default: V) -> &mut V {
        let place = self.index.find_or_insert(key);
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
        self.values[self.index.remove(key)?].take()
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

impl Index {
    fn find(&self, key: &Key) -> Option<usize> {
        let hash = self.hasher.hash_one(key);
        self.places.find(hash, |&place| self.keys[place].key == *key).copied()
    }

    fn find_or_insert(&mut self, key: &Key) -> usize {
        self.find(key).unwrap_or_else(|| self.insert(key))
    }

    fn insert(&mut self, key: &Key) -> usize {
        let hash = self.hasher.hash_one(key);
        let hashed = Hashed { hash, key: key.clone() };
        let place = self.free.pop().unwrap_or(self.keys.len());
        if place == self.keys.len() {
            self.keys.push(hashed);
        } else {
            self.keys[place] = hashed;
        }
        let keys = &self.keys;
        self.places.insert_unique(hash, place, |&place| keys[place].hash);
        place
    }

    fn remove(&mut self, key: &Key) -> Option<usize> {
        let place = self.find(key)?;
        self.vacate(place);
        Some(place)
    }

    fn vacate(&mut self, place: usize) {
        let hash = self.keys[place].hash;
        if let Ok(found) = self.places.find_entry(hash, |&other| other == place) {
            found.remove();
        }
        self.keys[place].key = Key::of_nothing();
        self.free.push(place);
    }
}
