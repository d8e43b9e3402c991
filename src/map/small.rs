//! A table whose code is small: chains of places, and values apart from them, so that only these are compiled for
//! each kind; knows not how keys are hashed.

use std::borrow::Borrow;
use std::hash::BuildHasher;

use super::Hasher;
use crate::key::Key;

/// The hash of a key.
#[inline(always)]
pub(crate) fn hash_of(hasher: &Hasher, key: &Key) -> u64 {
    hasher.hash_one(key)
}

/// The end of a chain.
const NONE: u32 = u32::MAX;
const FEWEST_CHAINS: usize = 8;

/// Values by key, each at a place of its own.
#[derive(Debug)]
pub(crate) struct Table<T> {
    index: Index,
    values: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            index: Index::default(),
            values: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// How many places there are, those that were vacated as well.
    #[cfg_attr(test, allow(dead_code, reason = "the tests try only what is found"))]
    pub(crate) fn places(&self) -> usize {
        self.values.len()
    }

    /// The key at a place that has one.
    pub(crate) fn key(&self, place: usize) -> impl Borrow<Key> {
        &self.index.links[place].key
    }

    pub(crate) fn value(&self, place: usize) -> &T {
        &self.values[place]
    }

    #[cfg_attr(test, allow(dead_code, reason = "the tests try only what is found"))]
    pub(crate) fn value_mut(&mut self, place: usize) -> &mut T {
        &mut self.values[place]
    }

    /// The values of all places, those that were vacated as well.
    #[cfg_attr(test, allow(dead_code, reason = "the tests try only what is found"))]
    pub(crate) fn into_values(self) -> impl Iterator<Item = T> {
        self.values.into_iter()
    }

    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.index.find(hash, key)
    }

    /// Puts a key that is not there, with a value, in a place: one that was vacated, or the next.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key, value: T) -> usize {
        let place = self.index.insert(hash, key);
        if place == self.values.len() {
            self.values.push(value);
        } else {
            self.values[place] = value;
        }
        place
    }

    /// Forgets the key at a place; its value stays until another one comes there.
    pub(crate) fn vacate(&mut self, place: usize) {
        self.index.vacate(place);
    }
}

/// Keys, each at a place of its own.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Where chains begin; as many as a power of two, or none.
    chains: Vec<u32>,
    links: Vec<Link>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Link {
    key: Key,
    hash: u32,
    next: u32,
}

impl Index {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.links.len() - self.free.len()
    }

    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        let mut place = *self.chains.get(self.chain_of(hash as u32))?;
        while let Some(link) = self.links.get(place as usize) {
            if link.hash == hash as u32 && link.key == *key {
                return Some(place as usize);
            }
            place = link.next;
        }
        None
    }

    /// The place of a key, which gets one if it has none.
    pub(crate) fn find_or_insert(&mut self, hash: u64, key: &Key) -> usize {
        self.find(hash, key)
            .unwrap_or_else(|| self.insert(hash, key))
    }

    /// The place of a key that has none yet: one that was vacated, or the next.
    fn insert(&mut self, hash: u64, key: &Key) -> usize {
        // Only when every place is taken: what was vacated is in no chain.
        if self.free.is_empty() && self.links.len() == self.chains.len() {
            self.lengthen();
        }
        let link = Link {
            key: key.clone(),
            hash: hash as u32,
            next: NONE,
        };
        let place = self.free.pop().unwrap_or(self.links.len() as u32) as usize;
        if place == self.links.len() {
            self.links.push(link);
        } else {
            self.links[place] = link;
        }
        self.chain(place);
        place
    }

    /// Forgets the key at a place.
    pub(crate) fn vacate(&mut self, place: usize) {
        let chain = self.chain_of(self.links[place].hash);
        let next = self.links[place].next;
        let mut link = self.chains[chain];
        if link == place as u32 {
            self.chains[chain] = next;
        }
        while let Some(before) = self.links.get_mut(link as usize) {
            link = before.next;
            if link == place as u32 {
                before.next = next;
            }
        }
        self.links[place].key = Key::of_nothing();
        self.free.push(place as u32);
    }

    fn chain_of(&self, hash: u32) -> usize {
        hash as usize & self.chains.len().wrapping_sub(1)
    }

    fn chain(&mut self, place: usize) {
        let chain = self.chain_of(self.links[place].hash);
        self.links[place].next = std::mem::replace(&mut self.chains[chain], place as u32);
    }

    fn lengthen(&mut self) {
        let length = (self.chains.len() * 2).max(FEWEST_CHAINS);
        self.chains.clear();
        while self.chains.len() < length {
            self.chains.push(NONE);
        }
        for place in 0..self.links.len() {
            self.chain(place);
        }
    }
}

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
