//! One lock's worth of a memory core: a table of slots, their SIEVE queue and the claims.

use std::borrow::Borrow;

use super::Bounds;
use crate::core::Swept;
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::map::{Hasher, Map, Table, hash_of};

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Shard<V> {
    slots: Table<Slot<V>>,
    hasher: Hasher,
    queue: Queue,
    bytes: u64,
    evicted: u64,
    claims: Map<Claimed>,
    /// How many claims there were.
    claimed: u64,
    bounds: Bounds<V>,
}

#[derive(Debug)]
struct Slot<V> {
    value: V,
    // Apart, for there is room between them.
    stored_at: Timestamp,
    size: u64,
    none: bool,
    used: bool,
    newer: u32,
    older: u32,
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

impl<V> Slot<V> {
    #[inline(always)]
    fn meta(&self) -> Meta {
        Meta {
            stored_at: self.stored_at,
            size: self.size,
            none: self.none,
        }
    }
}

impl<V> Gone<V> {
    /// Tells of each value and drops it; how many there were.
    pub(super) fn tell(self) -> u64 {
        self.values.iter().for_each(self.dropped);
        self.values.len() as u64
    }
}

impl<V> Shard<V> {
    pub(super) fn new(bounds: Bounds<V>, hasher: Hasher) -> Self {
        Self {
            slots: Table::default(),
            hasher,
            queue: Queue {
                newest: NONE,
                oldest: NONE,
                hand: NONE,
            },
            bytes: 0,
            evicted: 0,
            claims: Map::default(),
            claimed: 0,
            bounds,
        }
    }

    pub(super) fn bounds(&self) -> Bounds<V> {
        self.bounds
    }

    #[inline]
    pub(super) fn get(&mut self, hash: u64, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        let place = self.slots.find(hash, key)?;
        let slot = self.slots.get_mut(place)?;
        // Written only where it changes something: the line need not leave other processors.
        if !slot.used {
            slot.used = true;
        }
        Some(Entry {
            value: slot.value.clone(),
            meta: slot.meta(),
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
        let place = self.slots.insert(hash, key);
        self.enqueue(place, entry);
        gone
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Gone<V> {
        let mut gone = self.nothing_gone();
        if let Some(place) = self.slots.find(hash, key) {
            self.take(place, &mut gone.values);
        }
        gone
    }

    pub(super) fn clear(&mut self) -> Gone<V> {
        let mut gone = self.nothing_gone();
        for slot in std::mem::take(&mut self.slots).into_values() {
            gone.values.push(slot.value);
        }
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
        for place in 0..self.slots.end() {
            let Some(slot) = self.slots.get(place) else {
                continue;
            };
            if !keep(self.slots.key(place).borrow(), &slot.meta()) {
                self.take(place, &mut gone.values);
            }
        }
        gone
    }

    pub(super) fn count(&self, swept: &mut Swept) {
        swept.entries += self.slots.len() as u64;
        swept.bytes += self.bytes;
        swept.evicted += self.evicted;
    }

    /// The number of a new claim; `None` if the key is held by one of this attempt or a later one.
    pub(super) fn claim(&mut self, key: &Key, attempt: u32) -> Option<u64> {
        if self
            .claims
            .get(key)
            .is_some_and(|held| held.attempt >= attempt)
        {
            return None;
        }
        self.claimed += 1;
        let number = self.claimed;
        self.claims.insert(key, Claimed { number, attempt });
        Some(number)
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
            && (self.slots.len() as u64 >= self.bounds.max_entries || self.bytes > most_bytes)
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
            let place = self.queue.hand as usize;
            let Some(slot) = self.slots.get_mut(place) else {
                return;
            };
            let elsewhere = (self.bounds.used)(&slot.value);
            if !std::mem::take(&mut slot.used) && !elsewhere {
                return self.take(place, gone);
            }
            self.queue.hand = slot.newer;
        }
    }

    fn take(&mut self, place: usize, gone: &mut Vec<V>) {
        let hash = |key: &Key| hash_of(&self.hasher, key);
        if let Some(slot) = self.slots.vacate(place, hash) {
            self.dequeue(place as u32, &slot);
            self.bytes -= slot.size;
            gone.push(slot.value);
        }
    }

    fn enqueue(&mut self, place: usize, entry: Entry<V>) {
        let older = std::mem::replace(&mut self.queue.newest, place as u32);
        let Meta {
            stored_at,
            size,
            none,
        } = entry.meta;
        let slot = Slot {
            value: entry.value,
            stored_at,
            size,
            none,
            used: false,
            newer: NONE,
            older,
        };
        self.slots.or_put(place, slot);
        *self.newer_of(older) = place as u32;
    }

    /// What comes after a place in the queue; for no place, the oldest.
    fn newer_of(&mut self, place: u32) -> &mut u32 {
        match self.slots.get_mut(place as usize) {
            Some(slot) => &mut slot.newer,
            None => &mut self.queue.oldest,
        }
    }

    /// What comes before a place in the queue; for no place, the newest.
    fn older_of(&mut self, place: u32) -> &mut u32 {
        match self.slots.get_mut(place as usize) {
            Some(slot) => &mut slot.older,
            None => &mut self.queue.newest,
        }
    }

    fn dequeue(&mut self, place: u32, slot: &Slot<V>) {
        let Slot { newer, older, .. } = *slot;
        if self.queue.hand == place {
            self.queue.hand = newer;
        }
        *self.older_of(newer) = older;
        *self.newer_of(older) = newer;
    }
}
