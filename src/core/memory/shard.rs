//! One lock's worth of a memory core: the rows of entries, their SIEVE queue and the claims.

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
#[path = "shard/quick.rs"]
mod rows;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "shard/small.rs"]
mod rows;

use super::Bounds;
use crate::core::Swept;
use crate::entry::{Entry, Meta};
use crate::key::Key;
use crate::map::{Hasher, Map};
use rows::{Rows, Values};

/// So much is a shard's part of no bound at all.
const UNBOUNDED: u64 = u64::MAX >> 16;

/// No place.
const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Shard<V> {
    rows: Rows<V>,
    queue: Queue,
    bytes: u64,
    evicted: u64,
    /// How many claims there have been: their numbers.
    claimed: u64,
    claims: Map<Claimed>,
    bounds: Bounds<V>,
}

/// Where an entry stands in the queue, and whether it was used since the hand passed.
#[derive(Clone, Copy, Debug)]
struct Link {
    newer: u32,
    older: u32,
    used: bool,
}

impl Link {
    const NONE: Self = Self {
        newer: NONE,
        older: NONE,
        used: false,
    };
}

/// What was known of a value that has left its row, and where it still stands in the queue, if it does.
struct Left {
    size: u64,
    place: u32,
    link: Link,
}

/// The order of arrival, and how far the hand has come from the oldest towards the newest.
#[derive(Debug)]
struct Queue {
    newest: u32,
    oldest: u32,
    hand: u32,
}

impl Queue {
    const EMPTY: Self = Self {
        newest: NONE,
        oldest: NONE,
        hand: NONE,
    };
}

#[derive(Clone, Copy, Debug)]
struct Claimed {
    number: u64,
    attempt: u32,
}

/// In place of a claim's number: it is not held.
pub(super) const NOBODY: u64 = 0;

impl Claimed {
    const NOBODY: Self = Self {
        number: NOBODY,
        attempt: 0,
    };
}

/// Values that left, to be told and dropped once the lock is no longer held.
#[must_use]
pub(super) struct Gone<V> {
    values: Values<V>,
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
    pub(super) fn new(bounds: Bounds<V>, hasher: Hasher) -> Self {
        let is_bounded = bounds.max_entries < UNBOUNDED || bounds.max_bytes < UNBOUNDED;
        Self {
            rows: Rows::new(is_bounded, hasher),
            queue: Queue::EMPTY,
            bytes: 0,
            evicted: 0,
            claimed: 0,
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
        self.rows.get(hash, key)
    }

    /// Whether the bounds admit an entry, were it the only one.
    pub(super) fn can_hold(&self, meta: &Meta) -> bool {
        self.bounds.max_entries > 0 && meta.size <= self.bounds.max_bytes
    }

    /// Puts an entry in the place of what there was under its key; nothing, if the bounds admit it not.
    pub(super) fn put(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> Gone<V> {
        match self.rows.put(hash, key, entry) {
            Ok(values) => self.gone(values),
            Err(entry) => self.insert(hash, key, entry),
        }
    }

    /// The same, in the queue as well.
    fn insert(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> Gone<V> {
        let mut gone = self.remove(hash, key);
        if !self.can_hold(&entry.meta) {
            return gone;
        }
        self.make_room(entry.meta.size, &mut gone.values);
        self.bytes += entry.meta.size;
        let place = self.rows.insert(hash, key, entry);
        self.enqueue(place);
        gone
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Gone<V> {
        let mut gone = self.nothing_gone();
        if let Some(left) = self.rows.remove(hash, key, &mut gone.values) {
            self.let_go(left);
        }
        gone
    }

    pub(super) fn clear(&mut self) -> Gone<V> {
        let mut gone = self.nothing_gone();
        self.rows.take_all(&mut gone.values);
        self.queue = Queue::EMPTY;
        self.bytes = 0;
        gone
    }

    pub(super) fn retain(&mut self, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Gone<V> {
        let mut gone = self.nothing_gone();
        let mut round = self.rows.round();
        while let Some(left) = self.rows.take_next(&mut round, keep, &mut gone.values) {
            self.let_go(left);
        }
        gone
    }

    pub(super) fn count(&self, swept: &mut Swept) {
        swept.entries += self.rows.len() as u64;
        swept.bytes += self.bytes;
        swept.evicted += self.evicted;
    }

    /// The number of a claim, if nobody holds one of this attempt or a later one.
    pub(super) fn claim(&mut self, key: &Key, attempt: u32) -> Option<u64> {
        let held = self.claims.or_insert(key, Claimed::NOBODY);
        if held.number != NOBODY && held.attempt >= attempt {
            return None;
        }
        self.claimed += 1;
        let number = self.claimed;
        *held = Claimed { number, attempt };
        Some(number)
    }

    /// Gives a claim back; whether it was still held.
    pub(super) fn release(&mut self, key: &Key, number: u64) -> bool {
        let held = self.claims.get(key);
        let is_held = held.is_some_and(|held| held.number == number);
        if is_held {
            self.claims.remove(key);
        }
        is_held
    }

    pub(super) fn overtake(&mut self, key: &Key) {
        self.claims.remove(key);
    }

    pub(super) fn overtake_all(&mut self) {
        self.claims.clear();
    }

    fn nothing_gone(&self) -> Gone<V> {
        self.gone(Values::new())
    }

    fn gone(&self, values: Values<V>) -> Gone<V> {
        let dropped = self.bounds.dropped;
        Gone { values, dropped }
    }

    fn make_room(&mut self, size: u64, gone: &mut Values<V>) {
        let most_bytes = self.bounds.max_bytes.saturating_sub(size);
        while self.queue.oldest != NONE
            && (self.rows.len() as u64 >= self.bounds.max_entries || self.bytes > most_bytes)
        {
            self.evict(gone);
            self.evicted += 1;
        }
    }

    /// SIEVE: the hand passes over what was used, and takes the first that was not.
    fn evict(&mut self, gone: &mut Values<V>) {
        loop {
            if self.queue.hand == NONE {
                self.queue.hand = self.queue.oldest;
            }
            let place = self.queue.hand;
            let used = self.bounds.used;
            let Some((value, link)) = self.rows.queued(place) else {
                return;
            };
            let elsewhere = used(value);
            if std::mem::take(&mut link.used) || elsewhere {
                self.queue.hand = link.newer;
                continue;
            }
            if let Some(left) = self.rows.take(place, gone) {
                self.let_go(left);
            }
            return;
        }
    }

    fn let_go(&mut self, left: Left) {
        self.bytes -= left.size;
        if left.place != NONE {
            self.dequeue(left.place, left.link);
        }
    }

    /// Nothing, where no bound asks who is the oldest.
    fn enqueue(&mut self, place: u32) {
        if place == NONE {
            return;
        }
        let older = std::mem::replace(&mut self.queue.newest, place);
        if let Some(link) = self.rows.link(place) {
            link.older = older;
        }
        match self.rows.link(older) {
            None => self.queue.oldest = place,
            Some(older) => older.newer = place,
        }
    }

    fn dequeue(&mut self, place: u32, Link { newer, older, .. }: Link) {
        if self.queue.hand == place {
            self.queue.hand = newer;
        }
        match self.rows.link(newer) {
            None => self.queue.newest = older,
            Some(newer) => newer.older = older,
        }
        match self.rows.link(older) {
            None => self.queue.oldest = newer,
            Some(older) => older.newer = newer,
        }
    }
}
