//! Entries in rows with all that is known of them, which is the least code.

use std::borrow::Borrow;

use super::{Left, Link, NONE};
use crate::entry::{Entry, Meta};
use crate::key::Key;
use crate::map::{Hasher, Table};

/// Values that left.
pub(super) type Values<V> = Vec<V>;

#[derive(Debug)]
pub(super) struct Rows<V>(Table<Option<Held<V>>>);

#[derive(Debug)]
struct Held<V> {
    value: V,
    meta: Meta,
    link: Link,
}

/// The next row to be seen.
pub(super) type Round = usize;

impl<V> Rows<V> {
    pub(super) fn new(_is_bounded: bool, _hasher: Hasher) -> Self {
        Self(Table::default())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The entry of a key, which is used now.
    pub(super) fn get(&mut self, hash: u64, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        let place = self.0.find(hash, key)?;
        let held = self.0.value_mut(place).as_mut()?;
        held.link.used = true;
        Some(Entry {
            value: held.value.clone(),
            meta: held.meta,
        })
    }

    /// Every entry has a place in the queue: it is given back.
    pub(super) fn put(
        &mut self,
        _hash: u64,
        _key: &Key,
        entry: Entry<V>,
    ) -> Result<Values<V>, Entry<V>> {
        Err(entry)
    }

    /// Puts an entry whose key has none; its place in the queue.
    pub(super) fn insert(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> u32 {
        let Entry { value, meta } = entry;
        let link = Link::NONE;
        let held = Held { value, meta, link };
        self.0.insert(hash, key, Some(held)) as u32
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key, gone: &mut Values<V>) -> Option<Left> {
        let place = self.0.find(hash, key)?;
        self.take(place as u32, gone)
    }

    /// Takes the entry of a place in the queue.
    #[inline(never)]
    pub(super) fn take(&mut self, place: u32, gone: &mut Values<V>) -> Option<Left> {
        let Held { value, meta, link } = self.0.value_mut(place as usize).take()?;
        self.0.vacate(place as usize);
        gone.push(value);
        Some(Left {
            size: meta.size,
            place,
            link,
        })
    }

    #[inline(never)]
    fn held(&mut self, place: u32) -> Option<&mut Held<V>> {
        match place {
            NONE => None,
            place => self.0.value_mut(place as usize).as_mut(),
        }
    }

    /// The entry of a place in the queue, and its neighbours there.
    pub(super) fn queued(&mut self, place: u32) -> Option<(&V, &mut Link)> {
        let Held { value, link, .. } = self.held(place)?;
        Some((value, link))
    }

    pub(super) fn link(&mut self, place: u32) -> Option<&mut Link> {
        Some(&mut self.held(place)?.link)
    }

    pub(super) fn take_all(&mut self, gone: &mut Values<V>) {
        for held in std::mem::take(&mut self.0).into_values().flatten() {
            gone.push(held.value);
        }
    }

    pub(super) fn round(&self) -> Round {
        0
    }

    pub(super) fn take_next(
        &mut self,
        round: &mut Round,
        keep: &mut dyn FnMut(&Key, &Meta) -> bool,
        gone: &mut Values<V>,
    ) -> Option<Left> {
        while *round < self.0.places() {
            let place = *round;
            *round += 1;
            if let Some(held) = self.0.value(place)
                && !keep(self.0.key(place).borrow(), &held.meta)
            {
                return self.take(place as u32, gone);
            }
        }
        None
    }
}
