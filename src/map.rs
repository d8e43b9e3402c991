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
    hasher: Hasher,
    index: Index,
    values: Vec<Option<V>>,
}

/// Keys, each at a place of its own; knows neither values nor how keys are hashed.
#[derive(Debug, Default)]
pub(crate) struct Index {
    places: HashTable<u32>,
    keys: Vec<Hashed>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Hashed {
    hash: u64,
    key: Key,
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
        self.index.find(self.hasher.hash_one(key), key)
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
        let place = self.index.find_or_insert(self.hasher.hash_one(key), key);
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

impl Index {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The key at a place; any key, if none is there.
    pub(crate) fn key(&self, place: usize) -> &Key {
        &self.keys[place].key
    }

    #[inline]
    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.places
            .find(hash, |&place| self.keys[place as usize].key == *key)
            .map(|&place| place as usize)
    }

    fn find_or_insert(&mut self, hash: u64, key: &Key) -> usize {
        self.find(hash, key)
            .unwrap_or_else(|| self.insert(hash, key))
    }

    /// The place of a key that has none yet: one that was vacated, or the next.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key) -> usize {
        let hashed = Hashed {
            hash,
            key: key.clone(),
        };
        let place = self.free.pop().unwrap_or(self.keys.len() as u32);
        if place as usize == self.keys.len() {
            self.keys.push(hashed);
        } else {
            self.keys[place as usize] = hashed;
        }
        let keys = &self.keys;
        self.places
            .insert_unique(hash, place, |&place| keys[place as usize].hash);
        place as usize
    }

    /// Forgets the key at a place.
    pub(crate) fn vacate(&mut self, place: usize) {
        let hash = self.keys[place].hash;
        let is_it = |other: &u32| *other as usize == place;
        if let Ok(found) = self.places.find_entry(hash, is_it) {
            found.remove();
        }
        self.keys[place].key = Key::of_nothing();
        self.free.push(place as u32);
    }
}
