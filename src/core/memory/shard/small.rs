//! Entries in rows with all that is known of them, which is the least code.

use std::borrow::Borrow;

use super::{Left, Link, NONE};
use crate::entry::{Entry, Meta};
use crate::key::Key;
use crate::map::{Hasher, Table};

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

    /// Puts an entry whose key has none; its place in the queue.
    pub(super) fn insert(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> u32 {
        let Entry { value, meta } = entry;
        let link = Link::NONE;
        let held = Held { value, meta, link };
        self.0.insert(hash, key, Some(held)) as u32
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Option<Left<V>> {
        let place = self.0.find(hash, key)?;
        self.take(place as u32)
    }

    /// Takes the entry of a place in the queue.
    pub(super) fn take(&mut self, place: u32) -> Option<Left<V>> {
        let Held { value, meta, link } = self.held(place)?.take()?;
        self.0.vacate(place as usize);
        Some(Left {
            value,
            size: meta.size,
            place,
            link,
        })
    }

    fn held(&mut self, place: u32) -> Option<&mut Option<Held<V>>> {
        match place {
            NONE => None,
            place => Some(self.0.value_mut(place as usize)),
        }
    }

    pub(super) fn value(&mut self, place: u32) -> Option<&V> {
        let held = self.held(place)?.as_ref()?;
        Some(&held.value)
    }

    pub(super) fn link(&mut self, place: u32) -> Option<&mut Link> {
        let held = self.held(place)?.as_mut()?;
        Some(&mut held.link)
    }

    pub(super) fn take_all(&mut self) -> impl Iterator<Item = V> + use<V> {
        let held = std::mem::take(&mut self.0).into_values().flatten();
        held.map(|held| held.value)
    }

    pub(super) fn round(&self) -> Round {
        0
    }

    pub(super) fn take_next(
        &mut self,
        round: &mut Round,
        keep: &mut dyn FnMut(&Key, &Meta) -> bool,
    ) -> Option<Left<V>> {
        while *round < self.0.places() {
            let place = *round;
            *round += 1;
            if let Some(held) = self.0.value(place)
                && !keep(self.0.key(place).borrow(), &held.meta)
            {
                return self.take(place as u32);
            }
        }
        None
    }
}
