//! A table of values by key that finds fast: key and value lie side by side; knows not how keys are hashed.

use hashbrown::HashTable;

use crate::key::Key;

/// Values, each at a place of its own.
#[derive(Debug)]
pub(crate) struct Table<T> {
    places: HashTable<u32>,
    rows: Vec<Row<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Row<T> {
    key: Key,
    hash: u64,
    value: Option<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            places: HashTable::new(),
            rows: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// One more than the last place.
    pub(crate) fn end(&self) -> usize {
        self.rows.len()
    }

    /// The key at a place that has one.
    pub(crate) fn key(&self, place: usize) -> &Key {
        &self.rows[place].key
    }

    /// The value at a place, if it has one.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.rows.get(place)?.value.as_ref()
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.rows.get_mut(place)?.value.as_mut()
    }

    /// The place of a key's value.
    #[inline(always)]
    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.places
            .find(hash, |&place| self.rows[place as usize].key == *key)
            .map(|&place| place as usize)
    }

    /// Every value, without its key.
    pub(crate) fn into_values(self) -> impl Iterator<Item = T> {
        self.rows.into_iter().filter_map(|row| row.value)
    }

    /// Every value.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().filter_map(|row| row.value.as_mut())
    }

    /// The value at a place that has a key, which is `default` if there was none.
    pub(crate) fn or_put(&mut self, place: usize, default: T) -> &mut T {
        self.rows[place].value.get_or_insert(default)
    }

    /// A place for a key that has none, still without a value: one that was vacated, or the next.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key) -> usize {
        let row = Row {
            key: key.clone(),
            hash,
            value: None,
        };
        let place = self.free.pop().unwrap_or(self.rows.len() as u32);
        if place as usize == self.rows.len() {
            self.rows.push(row);
        } else {
            self.rows[place as usize] = row;
        }
        let rows = &self.rows;
        self.places
            .insert_unique(hash, place, |&place| rows[place as usize].hash);
        place as usize
    }

    /// Forgets the key at a place, and gives its value back.
    pub(crate) fn vacate(&mut self, place: usize) -> Option<T> {
        let row = &mut self.rows[place];
        let is_it = |other: &u32| *other as usize == place;
        if let Ok(found) = self.places.find_entry(row.hash, is_it) {
            found.remove();
        }
        row.key = Key::of_nothing();
        self.free.push(place as u32);
        row.value.take()
    }
}
