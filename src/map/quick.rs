//! A table that finds fast: a look reads a line of tags, of which many fit a cache, and one row; knows not what values are.

use std::hash::{BuildHasher, Hash, Hasher as _};
use std::mem::replace;

use hashbrown::HashTable;
use hashbrown::hash_table::{AbsentEntry, OccupiedEntry};

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
    rows: HashTable<Row<T>>,
    long: Long,
}

/// In no more lines of memory than it needs.
#[derive(Debug)]
#[repr(align(32))]
struct Row<T> {
    key: Kept,
    value: T,
}

/// The keys that are longer than a row has room for, each at a place of its own.
#[derive(Debug, Default)]
struct Long {
    keys: Vec<Key>,
    free: Vec<u32>,
}

impl Long {
    fn add(&mut self, key: &Key) -> u32 {
        let place = self.free.pop().unwrap_or(self.keys.len() as u32);
        match self.keys.get_mut(place as usize) {
            Some(free) => *free = key.clone(),
            None => self.keys.push(key.clone()),
        }
        place
    }

    /// What a row holds of a key.
    fn keep(&mut self, hash: u64, key: &Key) -> Kept {
        match Kept::short(key) {
            Some(short) => short,
            None => Kept::long(self.add(key), hash as u32),
        }
    }

    fn hash(&self, hasher: &Hasher, kept: &Kept) -> u64 {
        match kept.any_long() {
            Some(place) => hash_of(hasher, &self.keys[place as usize]),
            None => hash_of(hasher, kept),
        }
    }

    fn remove(&mut self, key: Kept) {
        if let Some(place) = key.any_long() {
            self.keys[place as usize] = Key::of_nothing();
            self.free.push(place);
        }
    }

    fn key_of(&self, kept: &Kept) -> Key {
        match kept.any_long() {
            Some(place) => self.keys[place as usize].clone(),
            None => kept.key(),
        }
    }

    /// Whether a row is that of a long key.
    #[inline(always)]
    fn is(&self, kept: Kept, hash: u64, key: &Key) -> bool {
        let place = kept.long_place(hash as u32);
        place.is_some_and(|place| self.keys.get(place) == Some(key))
    }
}

impl<T> Table<T> {
    pub(crate) fn new(hasher: Hasher) -> Self {
        Self {
            hasher,
            rows: HashTable::new(),
            long: Long::default(),
        }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    // One search for each of the two kinds, so that none asks at each row which it is.
    #[inline(always)]
    pub(crate) fn get(&self, hash: u64, key: &Key) -> Option<&T> {
        let Self { rows, long, .. } = self;
        let row = match Kept::short(key) {
            Some(short) => rows.find(hash, move |row| row.key == short),
            None => rows.find(hash, |row| long.is(row.key, hash, key)),
        };
        Some(&row?.value)
    }

    pub(crate) fn get_mut(&mut self, hash: u64, key: &Key) -> Option<&mut T> {
        let Self { rows, long, .. } = self;
        let row = match Kept::short(key) {
            Some(short) => rows.find_mut(hash, move |row| row.key == short),
            None => rows.find_mut(hash, |row| long.is(row.key, hash, key)),
        };
        Some(&mut row?.value)
    }

    /// The value of such a hash of which that is so.
    pub(crate) fn get_where(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let row = self.rows.find(hash, |row| is_it(&row.value))?;
        Some(&row.value)
    }

    /// Puts a key that is not there, with a value.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key, value: T) {
        let Self { rows, long, hasher } = self;
        let key = long.keep(hash, key);
        rows.insert_unique(hash, Row { key, value }, |row| long.hash(hasher, &row.key));
    }

    /// The value of a key, which is `default` if there was none.
    pub(crate) fn or_insert(&mut self, hash: u64, key: &Key, default: T) -> &mut T {
        let Self { rows, long, hasher } = self;
        let row = match entry(rows, long, hash, key) {
            Ok(there) => there.into_mut(),
            Err(absent) => add(absent, long, hasher, hash, key, default),
        };
        &mut row.value
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
        let Self { rows, long, hasher } = self;
        match entry(rows, long, hash, key) {
            Ok(mut there) => match &mut there.get_mut().value {
                held if may_leave(held) => Ok(Some(replace(held, value))),
                _ => Err(value),
            },
            Err(absent) => {
                add(absent, long, hasher, hash, key, value);
                Ok(None)
            }
        }
    }

    pub(crate) fn take(&mut self, hash: u64, key: &Key) -> Option<T> {
        let found = entry(&mut self.rows, &self.long, hash, key);
        let (row, _) = found.ok()?.remove();
        self.long.remove(row.key);
        Some(row.value)
    }

    /// Takes the value of such a hash of which that is so.
    pub(crate) fn take_where(&mut self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let found = self.rows.find_entry(hash, |row| is_it(&row.value));
        let (row, _) = found.ok()?.remove();
        self.long.remove(row.key);
        Some(row.value)
    }

    /// Takes all those out that are not to be kept.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Key, &T) -> bool) -> Vec<T> {
        let long = &self.long;
        let gone = self
            .rows
            .extract_if(|row| !keep(&long.key_of(&row.key), &row.value));
        let gone: Vec<_> = gone.collect();
        gone.iter().for_each(|row| self.long.remove(row.key));
        gone.into_iter().map(|row| row.value).collect()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().map(|row| &mut row.value)
    }

    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = T> + use<T> {
        let hasher = self.hasher.clone();
        let table = replace(self, Self::new(hasher));
        table.rows.into_iter().map(|row| row.value)
    }
}

#[inline(always)]
fn entry<'a, T>(
    rows: &'a mut HashTable<Row<T>>,
    long: &Long,
    hash: u64,
    key: &Key,
) -> Result<OccupiedEntry<'a, Row<T>>, AbsentEntry<'a, Row<T>>> {
    match Kept::short(key) {
        Some(short) => rows.find_entry(hash, move |row| row.key == short),
        None => rows.find_entry(hash, |row| long.is(row.key, hash, key)),
    }
}

fn add<'a, T>(
    absent: AbsentEntry<'a, Row<T>>,
    long: &mut Long,
    hasher: &Hasher,
    hash: u64,
    key: &Key,
    value: T,
) -> &'a mut Row<T> {
    let key = long.keep(hash, key);
    let rows = absent.into_table();
    rows.insert_unique(hash, Row { key, value }, |row| long.hash(hasher, &row.key))
        .into_mut()
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
