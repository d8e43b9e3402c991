//! One lock's worth of a memory core: a table of slots, their SIEVE queue and the claims.

use std::borrow::Borrow;

use super::Bounds;
use crate::core::Swept;
use crate::entry::{Entry, Meta};
use crate::key::Key;
use crate::map::{Index, Map};

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Shard<V> {
    index: Index,
    /// By the place of their key.
    slots: Vec<Slot<V>>,
    queue: Queue,
    bytes: u64,
    evicted: u64,
    claims: Map<Claimed>,
    bounds: Bounds<V>,
}

#[derive(Debug)]
struct Slot<V> {
    entry: Option<Entry<V>>,
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
            index: Index::default(),
            slots: Vec::new(),
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

    #[inline]
    pub(super) fn get(&mut self, hash: u64, key: &Key) -> Option<&Entry<V>> {
        let place = self.index.find(hash, key)?;
        let slot = &mut self.slots[place];
        // Written only where it changes something: many readers share the line.
        if !slot.used {
            slot.used = true;
        }
        slot.entry.as_ref()
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
        let place = self.index.insert(hash, key);
        self.fill_slot(place, entry);
        self.enqueue(place as u32);
        gone
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Gone<V> {
        let mut gone = self.nothing_gone();
        if let Some(place) = self.index.find(hash, key) {
            self.take(place, &mut gone.values);
        }
        gone
    }

    pub(super) fn clear(&mut self) -> Gone<V> {
        let mut gone = self.nothing_gone();
        for slot in std::mem::take(&mut self.slots) {
            if let Some(entry) = slot.entry {
                gone.values.push(entry.value);
            }
        }
        self.index = Index::default();
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
        for place in 0..self.slots.len() {
            let Some(entry) = &self.slots[place].entry else {
                continue;
            };
            if !keep(self.index.key(place).borrow(), &entry.meta) {
                self.take(place, &mut gone.values);
            }
        }
        gone
    }

    pub(super) fn count(&self, swept: &mut Swept) {
        swept.entries += self.index.len() as u64;
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
            && (self.index.len() as u64 >= self.bounds.max_entries || self.bytes > most_bytes)
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
            let index = self.queue.hand;
            let slot = &mut self.slots[index as usize];
            let elsewhere = slot
                .entry
                .as_ref()
                .is_some_and(|entry| (self.bounds.used)(&entry.value));
            if !std::mem::take(&mut slot.used) && !elsewhere {
                return self.take(index as usize, gone);
            }
            self.queue.hand = slot.newer;
        }
    }

    fn fill_slot(&mut self, place: usize, entry: Entry<V>) {
        let slot = Slot {
            entry: Some(entry),
            used: false,
            newer: NONE,
            older: NONE,
        };
        if place == self.slots.len() {
            self.slots.push(slot);
        } else {
            self.slots[place] = slot;
        }
    }

    fn take(&mut self, place: usize, gone: &mut Vec<V>) {
        self.dequeue(place as u32);
        self.index.vacate(place);
        if let Some(entry) = self.slots[place].entry.take() {
            self.bytes -= entry.meta.size;
            gone.push(entry.value);
        }
    }

    fn enqueue(&mut self, index: u32) {
        let older = std::mem::replace(&mut self.queue.newest, index);
        self.slots[index as usize].older = older;
        match older {
            NONE => self.queue.oldest = index,
            older => self.slots[older as usize].newer = index,
        }
    }

    fn dequeue(&mut self, index: u32) {
        let Slot { newer, older, .. } = self.slots[index as usize];
        if self.queue.hand == index {
            self.queue.hand = newer;
        }
        match newer {
            NONE => self.queue.newest = older,
            newer => self.slots[newer as usize].older = older,
        }
        match older {
            NONE => self.queue.oldest = newer,
            older => self.slots[older as usize].newer = newer,
        }
    }
}
