//! An index of keys that finds fast; knows neither values nor how keys are hashed.

use hashbrown::HashTable;

use crate::key::Key;

/// Keys, each at a place of its own.
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

impl Index {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The key at a place that has one.
    pub(crate) fn key(&self, place: usize) -> &Key {
        &self.keys[place].key
    }

    #[inline]
    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.places
            .find(hash, |&place| self.keys[place as usize].key == *key)
            .map(|&place| place as usize)
    }

    /// The place of a key, which gets one if it has none.
    pub(crate) fn find_or_insert(&mut self, hash: u64, key: &Key) -> usize {
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
