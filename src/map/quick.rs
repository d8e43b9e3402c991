//! A table that finds fast: a look reads a line of tags, of which many fit a cache, and one row; knows not what values are.

use std::hash::{BuildHasher, Hash, Hasher as _};
use std::mem::replace;

use hashbrown::HashTable;

use super::Hasher;
use crate::key::{Kept, Key};

/// The hash of a key.
#[expect(
    clippy::manual_hash_one,
    reason = "the compiler leaves that a call of its own"
)]
#[inline(always)]
pub(crate) fn hash_of(hasher: &Hasher, key: &impl Hash) -> u64 {
    let mut state = hasher.build_hasher();
    key.hash(&mut state);
    state.finish()
}

/// Values by key, each pair in one row.
#[derive(Debug)]
pub(crate) struct Table<T> {
    hasher: Hasher,
    short: Rows<Kept, T>,
    long: Rows<Key, T>,
}

/// The rows of one kind of key, so that no search asks at each which it is, and most rows are short.
#[derive(Debug)]
struct Rows<K, T>(HashTable<Row<K, T>>);

/// In no more lines of memory than it needs.
#[derive(Debug)]
#[repr(align(32))]
struct Row<K, T> {
    key: K,
    value: T,
}

impl<K: Clone + Hash + PartialEq, T> Rows<K, T> {
    const EMPTY: Self = Self(HashTable::new());

    #[inline(always)]
    fn get(&self, hash: u64, key: &K) -> Option<&T> {
        let row = self.0.find(hash, |row| row.key == *key)?;
        Some(&row.value)
    }

    fn get_mut(&mut self, hash: u64, key: &K) -> Option<&mut T> {
        let row = self.0.find_mut(hash, |row| row.key == *key)?;
        Some(&mut row.value)
    }

    fn get_where(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let row = self.0.find(hash, |row| is_it(&row.value))?;
        Some(&row.value)
    }

    fn insert(&mut self, hasher: &Hasher, hash: u64, key: &K, value: T) {
        let key = key.clone();
        let hash_row = |row: &Row<K, T>| hash_of(hasher, &row.key);
        self.0.insert_unique(hash, Row { key, value }, hash_row);
    }

    fn or_insert(&mut self, hasher: &Hasher, hash: u64, key: &K, value: T) -> &mut T {
        let hash_row = |row: &Row<K, T>| hash_of(hasher, &row.key);
        let entry = self.0.entry(hash, |row| row.key == *key, hash_row);
        let new = || Row {
            key: key.clone(),
            value,
        };
        &mut entry.or_insert_with(new).into_mut().value
    }

    #[inline(always)]
    fn put(
        &mut self,
        hasher: &Hasher,
        hash: u64,
        key: &K,
        value: T,
        may_leave: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, T> {
        match self.get_mut(hash, key) {
            Some(held) if may_leave(held) => Ok(Some(replace(held, value))),
            Some(_) => Err(value),
            None => {
                self.insert(hasher, hash, key, value);
                Ok(None)
            }
        }
    }

    fn take(&mut self, hash: u64, is_it: impl Fn(&Row<K, T>) -> bool) -> Option<T> {
        let (row, _) = self.0.find_entry(hash, is_it).ok()?.remove();
        Some(row.value)
    }

    fn retain(&mut self, mut keep: impl FnMut(&K, &T) -> bool, gone: &mut Vec<T>) {
        let refused = self.0.extract_if(|row| !keep(&row.key, &row.value));
        gone.extend(refused.map(|row| row.value));
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|row| &mut row.value)
    }

    fn into_values(self) -> impl Iterator<Item = T> {
        self.0.into_iter().map(|row| row.value)
    }
}

impl<T> Table<T> {
    pub(crate) fn new(hasher: Hasher) -> Self {
        Self {
            hasher,
            short: Rows::EMPTY,
            long: Rows::EMPTY,
        }
    }

    /// How many keys there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.short.0.len() + self.long.0.len()
    }

    #[inline(always)]
    pub(crate) fn get(&self, hash: u64, key: &Key) -> Option<&T> {
        match Kept::short(key) {
            Some(short) => self.short.get(hash, &short),
            None => self.long.get(hash, key),
        }
    }

    pub(crate) fn get_mut(&mut self, hash: u64, key: &Key) -> Option<&mut T> {
        match Kept::short(key) {
            Some(short) => self.short.get_mut(hash, &short),
            None => self.long.get_mut(hash, key),
        }
    }

    /// The value of such a hash of which that is so.
    pub(crate) fn get_where(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let short = self.short.get_where(hash, &is_it);
        short.or_else(|| self.long.get_where(hash, is_it))
    }

    /// Puts a key that is not there, with a value.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key, value: T) {
        let Self { hasher, .. } = self;
        match Kept::short(key) {
            Some(short) => self.short.insert(hasher, hash, &short, value),
            None => self.long.insert(hasher, hash, key, value),
        }
    }

    /// The value of a key, which is `default` if there was none.
    pub(crate) fn or_insert(&mut self, hash: u64, key: &Key, default: T) -> &mut T {
        let Self { hasher, .. } = self;
        match Kept::short(key) {
            Some(short) => self.short.or_insert(hasher, hash, &short, default),
            None => self.long.or_insert(hasher, hash, key, default),
        }
    }

    /// Puts a value in the place of the one there is, if that may leave: what was there, or the new one again.
    #[inline]
    pub(crate) fn put(
        &mut self,
        hash: u64,
        key: &Key,
        value: T,
        may_leave: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, T> {
        let Self { hasher, .. } = self;
        match Kept::short(key) {
            Some(short) => self.short.put(hasher, hash, &short, value, may_leave),
            None => self.long.put(hasher, hash, key, value, may_leave),
        }
    }

    pub(crate) fn take(&mut self, hash: u64, key: &Key) -> Option<T> {
        match Kept::short(key) {
            Some(short) => self.short.take(hash, |row| row.key == short),
            None => self.long.take(hash, |row| row.key == *key),
        }
    }

    /// Takes the value of such a hash of which that is so.
    pub(crate) fn take_where(&mut self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let short = self.short.take(hash, |row| is_it(&row.value));
        short.or_else(|| self.long.take(hash, |row| is_it(&row.value)))
    }

    /// Takes all those out that are not to be kept.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Key, &T) -> bool) -> Vec<T> {
        let mut gone = Vec::new();
        let of_short = |kept: &Kept, value: &T| keep(&kept.key(), value);
        self.short.retain(of_short, &mut gone);
        self.long.retain(keep, &mut gone);
        gone
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.short.values_mut().chain(self.long.values_mut())
    }

    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = T> + use<T> {
        let hasher = self.hasher.clone();
        let Self { short, long, .. } = replace(self, Self::new(hasher));
        short.into_values().chain(long.into_values())
    }
}

/// Values by key, with a hasher of its own. An empty one holds no memory.
#[derive(Debug)]
pub(crate) struct Map<V>(Table<V>);

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self(Table::new(Hasher::default()))
    }
}

impl<V> Map<V> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn hash(&self, key: &Key) -> u64 {
        hash_of(&self.0.hasher, key)
    }

    /// The hash of a key that may be there.
    fn hash_if_any(&self, key: &Key) -> Option<u64> {
        (self.len() > 0).then(|| self.hash(key))
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&V> {
        self.0.get(self.hash_if_any(key)?, key)
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut V> {
        self.0.get_mut(self.hash_if_any(key)?, key)
    }

    /// The value of a key, which is `default` if there was none.
    pub(crate) fn or_insert(&mut self, key: &Key, default: V) -> &mut V {
        self.0.or_insert(self.hash(key), key, default)
    }

    pub(crate) fn insert(&mut self, key: &Key, value: V) {
        self.remove(key);
        self.or_insert(key, value);
    }

    #[inline(always)]
    pub(crate) fn remove(&mut self, key: &Key) -> Option<V> {
        self.0.take(self.hash_if_any(key)?, key)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.values_mut()
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        drop(self.0.retain(|_, value| keep(value)));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
