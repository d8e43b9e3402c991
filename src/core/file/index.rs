//! Which key's entry lies where in the log, in the order they came; knows neither files nor claims.
//!
//! A row takes 16 bytes, its place in the table about eight, and an entry in a file of its own some 32 more. Keys are told
//! apart by the first eight bytes of their digest; whoever reads a record compares the whole.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::log::At;
use super::outline;
use crate::map::Hasher;

/// A row's word: offset, length, and what is true of it.
const OFFSET_BITS: u32 = 36;
const LENGTH_BITS: u32 = 24;
const USED: u64 = 1 << 61;
const DEAD: u64 = 1 << 62;
const OUTSIDE: u64 = 1 << 63;

/// The longest record that can have a row.
pub(super) const LONGEST_RECORD: u64 = (1 << LENGTH_BITS) - 1;

#[derive(Debug, Default)]
pub(super) struct Index {
    rows: Vec<Row>,
    table: HashTable<u32>,
    /// How long the files of those entries are that have one, by tag.
    files: HashMap<u64, u64, Hasher>,
    hasher: Hasher,
    hand: usize,
    /// Bytes of live records in the log, and outside it.
    inside: u64,
    outside: u64,
}

#[derive(Debug)]
struct Row {
    tag: u64,
    word: AtomicU64,
}

/// An entry's place and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(super) tag: u64,
    pub(super) at: At,
    /// Bytes of its own file; 0 if it has none.
    pub(super) outside: u64,
}

impl Found {
    pub(crate) fn offset(&self) -> u64 {
        self.at.offset
    }

    pub(crate) fn size(&self) -> u64 {
        u64::from(self.at.length) + self.outside
    }
}

impl Row {
    fn new(found: Found) -> Self {
        let place = found.at.offset | u64::from(found.at.length) << OFFSET_BITS;
        let outside = if found.outside > 0 { OUTSIDE } else { 0 };
        Self {
            tag: found.tag,
            word: AtomicU64::new(place | outside),
        }
    }

    fn at(&self) -> At {
        let word = self.word.load(Ordering::Relaxed);
        At {
            offset: word & ((1 << OFFSET_BITS) - 1),
            length: (word >> OFFSET_BITS) as u32 & LONGEST_RECORD as u32,
        }
    }

    fn is(&self, flag: u64) -> bool {
        self.word.load(Ordering::Relaxed) & flag != 0
    }

    /// Written only where it changes something: many readers share the line.
    #[inline]
    fn mark_used(&self) {
        if !self.is(USED) {
            self.word.fetch_or(USED, Ordering::Relaxed);
        }
    }

    fn take_used(&self) -> bool {
        self.is(USED) && self.word.fetch_and(!USED, Ordering::Relaxed) & USED != 0
    }
}

impl Index {
    pub(super) fn len(&self) -> u64 {
        self.table.len() as u64
    }

    /// Bytes of all entries.
    pub(super) fn bytes(&self) -> u64 {
        self.inside + self.outside
    }

    /// Bytes of the log that entries take.
    pub(super) fn live(&self) -> u64 {
        self.inside
    }

    #[inline]
    pub(super) fn find(&self, tag: u64) -> Option<Found> {
        self.slot(tag).map(|slot| self.found(&self.rows[slot]))
    }

    /// As [`find`](Self::find), by somebody who uses it.
    #[inline]
    pub(super) fn use_entry(&self, tag: u64) -> Option<Found> {
        let row = &self.rows[self.slot(tag)?];
        row.mark_used();
        Some(self.found(row))
    }

    /// What a row that is not dead says.
    #[inline]
    fn found(&self, row: &Row) -> Found {
        let file = row.is(OUTSIDE).then(|| self.files.get(&row.tag));
        Found {
            tag: row.tag,
            at: row.at(),
            outside: file.flatten().copied().unwrap_or(0),
        }
    }

    #[inline]
    fn slot(&self, tag: u64) -> Option<usize> {
        let found = self
            .table
            .find(self.hash(tag), |&slot| self.rows[slot as usize].tag == tag);
        found.map(|&slot| slot as usize)
    }

    /// Others choose what is stored, and could choose digests that meet.
    #[inline]
    fn hash(&self, tag: u64) -> u64 {
        self.hasher.hash_one(tag)
    }

    /// Takes in what became of a key.
    #[inline]
    pub(super) fn enter(&mut self, row: Option<outline::Row>) {
        match row {
            Some(outline::Row::There(found)) => self.insert(found),
            Some(outline::Row::Gone(tag)) => drop(self.remove(tag)),
            None => {}
        }
    }

    /// Makes room for entries that are about to come.
    pub(super) fn reserve(&mut self, count: usize) {
        self.rows.reserve_exact(count);
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.table
            .reserve(count, |&slot| hasher.hash_one(rows[slot as usize].tag));
    }

    /// Adds an entry, the newest, in the place of what there was under its tag.
    pub(super) fn insert(&mut self, found: Found) {
        self.make_room();
        let slot = self.rows.len() as u32;
        let hash = self.hash(found.tag);
        let (rows, hasher) = (&self.rows, &self.hasher);
        let entry = self.table.entry(
            hash,
            |&slot| rows[slot as usize].tag == found.tag,
            |&slot| hasher.hash_one(rows[slot as usize].tag),
        );
        let replaced = match entry {
            Entry::Vacant(entry) => {
                entry.insert(slot);
                None
            }
            Entry::Occupied(mut entry) => Some(std::mem::replace(entry.get_mut(), slot)),
        };
        if let Some(replaced) = replaced {
            self.bury(replaced);
        }
        self.rows.push(Row::new(found));
        self.inside += u64::from(found.at.length);
        if found.outside > 0 {
            self.outside += found.outside;
            self.files.insert(found.tag, found.outside);
        }
    }

    /// Marks as used what was used in the index before this one.
    pub(super) fn inherit_uses(&self, before: &Self) {
        for row in before
            .rows
            .iter()
            .filter(|row| row.is(USED) && !row.is(DEAD))
        {
            self.use_entry(row.tag);
        }
    }

    pub(super) fn remove(&mut self, tag: u64) -> Option<Found> {
        let hash = self.hash(tag);
        let rows = &self.rows;
        let entry = self
            .table
            .find_entry(hash, |&slot| rows[slot as usize].tag == tag);
        let (slot, _) = entry.ok()?.remove();
        Some(self.bury(slot))
    }

    fn bury(&mut self, slot: u32) -> Found {
        let row = &self.rows[slot as usize];
        let found = self.found(row);
        row.word.fetch_or(DEAD, Ordering::Relaxed);
        self.inside -= u64::from(found.at.length);
        if found.outside > 0 {
            self.outside -= found.outside;
            self.files.remove(&found.tag);
        }
        found
    }

    /// Every entry, oldest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = Found> + '_ {
        let live = self.rows.iter().filter(|row| !row.is(DEAD));
        live.map(|row| self.found(row))
    }

    /// SIEVE: the hand passes over what was used, and takes the first that was not.
    ///
    /// What is taken stays until it is removed; `spares` tells of uses that were seen elsewhere.
    pub(super) fn next_victim(&mut self, spares: impl Fn(u64) -> bool) -> Option<Found> {
        // Twice around clears every mark; those elsewhere may come back as fast as they are cleared.
        for _ in 0..2 * self.rows.len() + 1 {
            if self.hand >= self.rows.len() {
                self.hand = 0;
            }
            let row = self.rows.get(self.hand)?;
            self.hand += 1;
            if !row.is(DEAD) && !row.take_used() && !spares(row.tag) {
                return Some(self.found(row));
            }
        }
        self.entries().next()
    }

    /// Dead rows go, and memory grows by a quarter: doubling it would waste as much as all else.
    fn make_room(&mut self) {
        if self.rows.len() < self.rows.capacity() {
            return;
        }
        if self.rows.len() - self.table.len() > self.rows.len() / 4 {
            return self.drop_dead();
        }
        self.rows.reserve_exact((self.rows.len() / 4).max(16));
    }

    fn drop_dead(&mut self) {
        let passed = self.rows[..self.hand.min(self.rows.len())].iter();
        self.hand = passed.filter(|row| !row.is(DEAD)).count();
        self.rows.retain(|row| !row.is(DEAD));
        self.table.clear();
        for slot in 0..self.rows.len() {
            let hash = self.hash(self.rows[slot].tag);
            let (rows, hasher) = (&self.rows, &self.hasher);
            self.table.insert_unique(hash, slot as u32, |&slot| {
                hasher.hash_one(rows[slot as usize].tag)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn found(tag: u64, offset: u64) -> Found {
        let at = At {
            offset,
            length: 100,
        };
        Found {
            tag,
            at,
            outside: tag % 2,
        }
    }

    #[test]
    fn the_largest_place_and_length_fit_a_row() {
        let at = At {
            offset: (1 << 36) - 1,
            length: LONGEST_RECORD as u32,
        };
        let found = Found {
            tag: 1,
            at,
            outside: u64::MAX,
        };
        let mut index = Index::default();
        index.insert(found);
        assert_eq!(index.find(1), Some(found));
    }

    #[test]
    fn what_is_used_is_spared_once() {
        let mut index = Index::default();
        (0..4).for_each(|tag| index.insert(found(tag, tag)));
        index.use_entry(0);
        let victim = |index: &mut Index| {
            let tag = index.next_victim(|tag| tag == 1).unwrap().tag;
            index.remove(tag).unwrap().tag
        };
        assert_eq!([(); 2].map(|()| victim(&mut index)), [2, 3]);
        assert_eq!(victim(&mut index), 0);
        assert_eq!(victim(&mut index), 1, "one has to go");
        assert_eq!(index.next_victim(|_| false), None);
    }

    #[test]
    fn memory_stays_small_as_entries_come_and_go() {
        let mut index = Index::default();
        for round in 0..20_u64 {
            for tag in 0..5_000 {
                index.insert(found(tag + round * 100, tag));
            }
        }
        let live = index.len() as usize;
        let table = index.table.allocation_size();
        assert!(index.rows.capacity() * size_of::<Row>() + table < 64 * live);
    }

    proptest! {
        #[test]
        fn it_is_a_map(steps in prop::collection::vec((any::<bool>(), 0..20_u64, 0..1000_u64), 0..200)) {
            let (mut index, mut model) = (Index::default(), BTreeMap::new());
            for (insert, tag, offset) in steps {
                if insert {
                    index.insert(found(tag, offset));
                    model.insert(tag, found(tag, offset));
                } else {
                    prop_assert_eq!(index.remove(tag), model.remove(&tag));
                }
            }
            for tag in 0..20 {
                prop_assert_eq!(index.find(tag), model.get(&tag).copied());
            }
            prop_assert_eq!(index.len(), model.len() as u64);
            prop_assert_eq!(index.bytes(), model.values().map(Found::size).sum::<u64>());
            prop_assert_eq!(index.entries().count(), model.len());
        }
    }
}
