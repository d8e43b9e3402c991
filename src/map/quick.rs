//! A table that finds fast: a look reads one line of cells, and a row with key and value; knows not what values are.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash, Hasher as _};

use super::Hasher;
use crate::key::{Kept, Key};

/// The hash of a key, of which the table takes the lower half.
#[expect(
    clippy::manual_hash_one,
    reason = "the compiler leaves that a call of its own"
)]
#[inline(always)]
pub(crate) fn hash_of(hasher: &Hasher, key: &Key) -> u64 {
    let mut state = hasher.build_hasher();
    key.hash(&mut state);
    state.finish()
}

/// Values by key, each pair at a place of its own, side by side.
#[derive(Debug)]
pub(crate) struct Table<T> {
    cells: Cells,
    rows: Vec<Row<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Row<T> {
    key: Kept,
    value: T,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            cells: Cells::default(),
            rows: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() - self.free.len()
    }

    /// How many places there are, those that were vacated as well.
    pub(crate) fn places(&self) -> usize {
        self.rows.len()
    }

    /// The key at a place that has one.
    pub(crate) fn key(&self, place: usize) -> impl Borrow<Key> {
        self.rows[place].key.key()
    }

    #[inline(always)]
    pub(crate) fn value(&self, place: usize) -> &T {
        &self.rows[place].value
    }

    #[inline(always)]
    pub(crate) fn value_mut(&mut self, place: usize) -> &mut T {
        &mut self.rows[place].value
    }

    /// The values of all places, those that were vacated as well.
    pub(crate) fn into_values(self) -> impl Iterator<Item = T> {
        self.rows.into_iter().map(|row| row.value)
    }

    #[inline(always)]
    pub(crate) fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        let is_it = |place| {
            let row: Option<&Row<T>> = self.rows.get(place);
            row.is_some_and(|row| row.key.is(key))
        };
        self.cells.find(hash as u32, is_it)
    }

    /// Puts a key that is not there, with a value, in a place: one that was vacated, or the next.
    pub(crate) fn insert(&mut self, hash: u64, key: &Key, value: T) -> usize {
        let hash = hash as u32;
        let key = Kept::of(hash, key);
        let row = Row { key, value };
        let place = self
            .free
            .pop()
            .map_or(self.rows.len(), |free| free as usize);
        if place == self.rows.len() {
            self.rows.push(row);
        } else {
            self.rows[place] = row;
        }
        self.cells.insert(hash, place, self.len());
        place
    }

    /// Forgets the key at a place; its value stays until another one comes there.
    pub(crate) fn vacate(&mut self, place: usize) {
        let key = &mut self.rows[place].key;
        self.cells.remove(key.hash(), place);
        *key = Kept::NOTHING;
        self.free.push(place as u32);
    }
}

/// Keys without values.
pub(crate) type Index = Table<()>;

impl Index {
    /// The place of a key, which gets one if it has none.
    pub(crate) fn find_or_insert(&mut self, hash: u64, key: &Key) -> usize {
        self.find(hash, key)
            .unwrap_or_else(|| self.insert(hash, key, ()))
    }
}

/// Which places have keys of which hashes: linear probing, with nothing between a hash's cell and where it
/// should be. So a look reads one line of memory, and removing leaves no trace.
#[derive(Debug, Default)]
struct Cells(Vec<Cell>);

/// A hash and, one more than it is, a place; zero if it is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Cell(u64);

const FEWEST_CELLS: usize = 8;

impl Cell {
    fn new(hash: u32, place: usize) -> Self {
        Self(u64::from(hash) << 32 | (place as u64 + 1))
    }

    #[inline(always)]
    fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline(always)]
    fn place(self) -> usize {
        (self.0 as u32 as usize).wrapping_sub(1)
    }

    #[inline(always)]
    fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Cells {
    #[inline(always)]
    fn find(&self, hash: u32, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = hash as usize;
        loop {
            let cell = *self.0.get(at & self.0.len().wrapping_sub(1))?;
            if cell.hash() == hash && is_it(cell.place()) {
                return Some(cell.place());
            }
            if cell.is_empty() {
                return None;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Takes in a place, the `count`-th one.
    fn insert(&mut self, hash: u32, place: usize, count: usize) {
        // Beyond two thirds, neighbours would often have to be passed.
        if 3 * count > 2 * self.0.len() {
            self.grow();
        }
        self.put(Cell::new(hash, place));
    }

    fn put(&mut self, cell: Cell) {
        let mut at = self.home(cell);
        while !self.0[at].is_empty() {
            at = self.after(at);
        }
        self.0[at] = cell;
    }

    fn grow(&mut self) {
        let length = (2 * self.0.len()).max(FEWEST_CELLS);
        let cells = std::mem::replace(&mut self.0, vec![Cell::default(); length]);
        let full = cells.into_iter().filter(|cell| !cell.is_empty());
        full.for_each(|cell| self.put(cell));
    }

    /// Takes a place out, and moves what had to give way to it back.
    fn remove(&mut self, hash: u32, place: usize) {
        let gone = Cell::new(hash, place);
        let mut at = self.home(gone);
        while self.0[at].0 != gone.0 {
            at = self.after(at);
        }
        let mut next = self.after(at);
        while !self.0[next].is_empty() {
            if self.may_move(next, at) {
                self.0[at] = self.0[next];
                at = next;
            }
            next = self.after(next);
        }
        self.0[at] = Cell::default();
    }

    /// Whether a cell may stand further back: not before its home.
    fn may_move(&self, from: usize, to: usize) -> bool {
        let mask = self.0.len() - 1;
        let home = self.home(self.0[from]);
        from.wrapping_sub(home) & mask >= from.wrapping_sub(to) & mask
    }

    fn home(&self, cell: Cell) -> usize {
        cell.hash() as usize & (self.0.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.0.len() - 1)
    }
}
