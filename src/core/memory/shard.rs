//! One lock's worth of a memory core: a table of slots, their SIEVE queue and the claims.

use std::borrow::Borrow;

use super::Bounds;
use crate::core::Swept;
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::map::{Map, Table};

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Shard<V> {
    table: Table<Slot<V>>,
    queue: Queue,
    bytes: u64,
    evicted: u64,
    claims: Map<Claimed>,
    bounds: Bounds<V>,
}

/// What stands in a row; nothing, once its key is gone.
#[derive(Debug)]
struct Slot<V>(Option<Held<V>>);

/// An entry in the queue: in as little room as a row of memory has, for most values.
#[derive(Debug)]
struct Held<V> {
    value: V,
    stored_at: Timestamp,
    size: u64,
    newer: u32,
    older: u32,
    none: bool,
    used: bool,
}

impl<V> Held<V> {
    fn new(entry: Entry<V>) -> Self {
        Self {
            value: entry.value,
            stored_at: entry.meta.stored_at,
            size: entry.meta.size,
            newer: NONE,
            older: NONE,
            none: entry.meta.none,
            used: false,
        }
    }

    #[inline(always)]
    fn meta(&self) -> Meta {
        Meta {
            stored_at: self.stored_at,
            size: self.size,
            none: self.none,
        }
    }
}

/// The order of arrival, and how far the hand has come from the oldest towards the newest.
#[derive(Debug)]
struct Queue {
    newest: u32,
    oldest: u32,
    hand: u32,
}

#[derive(Clone, Copy, Debug)]
struct Claimed {
    number: u64,
    attempt: u32,
}

/// Values that left, to be told and dropped once the lock is no longer held.
#[must_use]
pub(super) struct Gone<V> {
    values: Vec<V>,
    dropped: fn(&V),
}

impl<V> Gone<V> {
    /// Tells of each value and drops it; how many there were.
    pub(super) fn tell(self) -> u64 {
        self.values.iter().for_each(self.dropped);
        self.values.len() as u64
    }
}

impl<V> Shard<V> {
    pub(super) fn new(bounds: Bounds<V>) -> Self {
        Self {
            table: Table::default(),
            queue: Queue {
                newest: NONE,
                oldest: NONE,
                hand: NONE,
            },
            bytes: 0,
            evicted: 0,
            claims: Map::default(),
            bounds,
        }
    }

    pub(super) fn bounds(&self) -> Bounds<V> {
        self.bounds
    }

    #[inline(always)]
    pub(super) fn get(&mut self, hash: u64, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        let place = self.table.find(hash, key)?;
        let held = self.table.value_mut(place).0.as_mut()?;
        // Written only where it changes something: many readers share the line.
        if !held.used {
            held.used = true;
        }
        Some(Entry {
            value: held.value.clone(),
            meta: held.meta(),
        })
    }

    /// Whether the bounds admit an entry, were it the only one.
    pub(super) fn can_hold(&self, meta: &Meta) -> bool {
        self.bounds.max_entries > 0 && meta.size <= self.bounds.max_bytes
    }

    /// Puts an entry in the place of what there was under its key; nothing, if the bounds admit it not.
    pub(super) fn insert(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> Gone<V> {
        let mut gone = self.remove(hash, key);
        if !self.can_hold(&entry.meta) {
            return gone;
        }
        self.make_room(entry.meta.size, &mut gone.values);
        self.bytes += entry.meta.size;
        let slot = Slot(Some(Held::new(entry)));
        let place = self.table.insert(hash, key, slot);
        self.enqueue(place as u32);
        gone
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Gone<V> {
        let mut gone = self.nothing_gone();
        if let Some(place) = self.table.find(hash, key) {
            self.take(place, &mut gone.values);
        }
        gone
    }

    pub(super) fn clear(&mut self) -> Gone<V> {
        let mut gone = self.nothing_gone();
        let slots = std::mem::take(&mut self.table).into_values();
        gone.values
            .extend(slots.filter_map(|slot| slot.0).map(|held| held.value));
        self.queue = Queue {
            newest: NONE,
            oldest: NONE,
            hand: NONE,
        };
        self.bytes = 0;
        gone
    }

    pub(super) fn retain(&mut self, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Gone<V> {
        let mut gone = self.nothing_gone();
        for place in 0..self.table.places() {
            let Some(held) = &self.table.value(place).0 else {
                continue;
            };
            if !keep(self.table.key(place).borrow(), &held.meta()) {
                self.take(place, &mut gone.values);
            }
        }
        gone
    }

    pub(super) fn count(&self, swept: &mut Swept) {
        swept.entries += self.table.len() as u64;
        swept.bytes += self.bytes;
        swept.evicted += self.evicted;
    }

    pub(super) fn claim(&mut self, key: &Key, number: u64, attempt: u32) -> bool {
        if self
            .claims
            .get(key)
            .is_some_and(|held| held.attempt >= attempt)
        {
            return false;
        }
        self.claims.insert(key, Claimed { number, attempt });
        true
    }

    pub(super) fn holds(&self, key: &Key, number: u64) -> bool {
        self.claims
            .get(key)
            .is_some_and(|held| held.number == number)
    }

    pub(super) fn release(&mut self, key: &Key, number: u64) {
        if self.holds(key, number) {
            self.claims.remove(key);
        }
    }

    pub(super) fn overtake(&mut self, key: &Key) {
        self.claims.remove(key);
    }

    pub(super) fn overtake_all(&mut self) {
        self.claims.clear();
    }

    fn nothing_gone(&self) -> Gone<V> {
        Gone {
            values: Vec::new(),
            dropped: self.bounds.dropped,
        }
    }

    fn make_room(&mut self, size: u64, gone: &mut Vec<V>) {
        let most_bytes = self.bounds.max_bytes.saturating_sub(size);
        while self.queue.oldest != NONE
            && (self.table.len() as u64 >= self.bounds.max_entries || self.bytes > most_bytes)
        {
            self.evict(gone);
            self.evicted += 1;
        }
    }

    /// SIEVE: the hand passes over what was used, and takes the first that was not.
    fn evict(&mut self, gone: &mut Vec<V>) {
        loop {
            if self.queue.hand == NONE {
                self.queue.hand = self.queue.oldest;
            }
            let place = self.queue.hand;
            let used = self.bounds.used;
            let Some(held) = self.held(place) else {
                return;
            };
            let elsewhere = used(&held.value);
            if !std::mem::take(&mut held.used) && !elsewhere {
                return self.take(place as usize, gone);
            }
            self.queue.hand = held.newer;
        }
    }

    /// The entry at a place; none at [`NONE`].
    fn held(&mut self, place: u32) -> Option<&mut Held<V>> {
        match place {
            NONE => None,
            place => self.table.value_mut(place as usize).0.as_mut(),
        }
    }

    fn take(&mut self, place: usize, gone: &mut Vec<V>) {
        let Some(held) = self.table.value_mut(place).0.take() else {
            return;
        };
        self.table.vacate(place);
        self.dequeue(place as u32, held.newer, held.older);
        self.bytes -= held.size;
        gone.push(held.value);
    }

    fn enqueue(&mut self, place: u32) {
        let older = std::mem::replace(&mut self.queue.newest, place);
        if let Some(held) = self.held(place) {
            held.older = older;
        }
        match self.held(older) {
            None => self.queue.oldest = place,
            Some(older) => older.newer = place,
        }
    }

    fn dequeue(&mut self, place: u32, newer: u32, older: u32) {
        if self.queue.hand == place {
            self.queue.hand = newer;
        }
        match self.held(newer) {
            None => self.queue.newest = older,
            Some(newer) => newer.older = older,
        }
        match self.held(older) {
            None => self.queue.oldest = newer,
            Some(older) => older.newer = newer,
        }
    }
}
