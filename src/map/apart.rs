//! A table of values by key whose code is small: only values are compiled for each kind; knows not how keys are hashed.

use std::borrow::Borrow;
use std::hash::BuildHasher;

use super::Hasher;
use super::small::Index;
use crate::key::Key;

/// The hash of a key.
pub(crate) fn hash_of(hasher: &Hasher, key: &Key) -> u64 {
    hasher.hash_one(key)
}

/// Values, each at the place of its key.
#[derive(Debug)]
pub(crate) struct Table<T> {
    index: Index,
    values: Vec<Option<T>>,
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
    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// One more than the last place.
    pub(crate) fn end(&self) -> usize {
        self.values.len()
    }

    /// The key at a place that has one.
    pub(crate) fn key(&self, place: usize) -> impl Borrow<Key> {
        self.index.key(place)
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.values.get(place)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.values.get_mut(place)?.as_mut()
    }

    /// The place of a key's value.
    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.index.find(hash, key)
    }

    /// Every value, without its key.
    pub(crate) fn into_values(self) -> impl Iterator<Item = T> {
        self.values.into_iter().flatten()
    }

    /// Every value.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.values.iter_mut().flatten()
    }

    /// The value at a place that has a key, which is `default` if there was none.
    pub(crate) fn or_put(&mut self, place: usize, default: T) -> &mut T {
        self.values[place].get_or_insert(default)
    }

    /// The place of a key, which gets one if it has none.
    pub(crate) fn find_or_insert(&mut self, hash: u64, key: &Key) -> usize {
        let place = self.index.find_or_insert(hash, key);
        if place == self.values.len() {
            self.values.push(None);
        }
        place
    }

    /// A place for a key that has none, still without a value: one that was vacated, or the next.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key) -> usize {
        let place = self.index.insert(hash, key);
        if place == self.values.len() {
            self.values.push(None);
        }
        place
    }

    /// Forgets the key at a place, and gives its value back.
    pub(crate) fn vacate(&mut self, place: usize, _hash: impl FnOnce(&Key) -> u64) -> Option<T> {
        self.index.vacate(place);
        self.values[place].take()
    }
}
