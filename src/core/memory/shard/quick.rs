//! Entries in rows as short as can be; what a bound asks for stands apart, and not at all where there is none.

use super::{Left, Link, NONE};
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::map::{Hasher, Table};

#[derive(Debug)]
pub(super) struct Rows<V> {
    table: Table<Held<V>>,
    queued: Vec<Queued>,
    free: Vec<u32>,
    is_bounded: bool,
}

#[derive(Debug)]
struct Held<V> {
    value: V,
    about: About,
}

/// What is known of an entry without a size, or the place of what is known of one that is queued: the lowest two bits
/// tell which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct About(u64);

/// What is known of an entry that may have a size, and may have to go.
#[derive(Debug)]
struct Queued {
    hash: u64,
    meta: Meta,
    link: Link,
}

const SOME: u64 = 0;
const A_NONE: u64 = 1;
const QUEUED: u64 = 2;

/// Moments further from 1970 than 73 million years are held there.
const FURTHEST: i64 = i64::MAX >> 2;

impl About {
    fn queued(place: u32) -> Self {
        Self(u64::from(place) << 2 | QUEUED)
    }

    fn plain(meta: &Meta) -> Self {
        let millis = meta.stored_at.as_millis().clamp(-FURTHEST, FURTHEST);
        Self((millis as u64) << 2 | if meta.none { A_NONE } else { SOME })
    }

    #[inline(always)]
    fn place(self) -> Option<u32> {
        (self.0 & 3 == QUEUED).then_some((self.0 >> 2) as u32)
    }

    /// What is known of an entry that is not queued.
    #[inline(always)]
    fn meta(self) -> Meta {
        Meta {
            stored_at: Timestamp::from_millis(self.0 as i64 >> 2),
            size: 0,
            none: self.0 & 3 == A_NONE,
        }
    }
}

impl<V> Rows<V> {
    pub(super) fn new(is_bounded: bool, hasher: Hasher) -> Self {
        Self {
            table: Table::new(hasher),
            queued: Vec::new(),
            free: Vec::new(),
            is_bounded,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The entry of a key, which is used now.
    #[inline(always)]
    pub(super) fn get(&mut self, hash: u64, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        let Held { value, about } = self.table.get(hash, key)?;
        let (value, about) = (value.clone(), *about);
        let meta = match about.place() {
            None => about.meta(),
            Some(place) => self.used(place)?,
        };
        Some(Entry { value, meta })
    }

    #[inline]
    fn used(&mut self, place: u32) -> Option<Meta> {
        let Queued { meta, link, .. } = self.queued.get_mut(place as usize)?;
        // Written only where it changes something: many readers share the line.
        if !link.used {
            link.used = true;
        }
        Some(*meta)
    }

    /// Puts an entry whose key has none; its place in the queue, or [`NONE`].
    pub(super) fn insert(&mut self, hash: u64, key: &Key, entry: Entry<V>) -> u32 {
        let Entry { value, meta } = entry;
        let (about, place) = match self.is_bounded || meta.size > 0 {
            true => self.enter(hash, meta),
            false => (About::plain(&meta), NONE),
        };
        self.table.insert(hash, key, Held { value, about });
        place
    }

    fn enter(&mut self, hash: u64, meta: Meta) -> (About, u32) {
        let link = Link::NONE;
        let queued = Queued { hash, meta, link };
        let place = self.free.pop().unwrap_or(self.queued.len() as u32);
        match self.queued.get_mut(place as usize) {
            Some(free) => *free = queued,
            None => self.queued.push(queued),
        }
        (About::queued(place), place)
    }

    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Option<Left<V>> {
        let held = self.table.take(hash, key)?;
        Some(self.left(held))
    }

    /// Takes the entry of a place in the queue.
    pub(super) fn take(&mut self, place: u32) -> Option<Left<V>> {
        let (hash, about) = (self.hash(place)?, About::queued(place));
        let held = self.table.take_where(hash, |held| held.about == about)?;
        Some(self.left(held))
    }

    fn left(&mut self, Held { value, about }: Held<V>) -> Left<V> {
        let mut left = Left {
            value,
            size: 0,
            place: NONE,
            link: Link::NONE,
        };
        if let Some(place) = about.place()
            && let Some(queued) = self.queued.get(place as usize)
        {
            self.free.push(place);
            left.place = place;
            left.size = queued.meta.size;
            left.link = queued.link;
        }
        left
    }

    fn hash(&self, place: u32) -> Option<u64> {
        let queued = self.queued.get(place as usize)?;
        Some(queued.hash)
    }

    pub(super) fn value(&self, place: u32) -> Option<&V> {
        let (hash, about) = (self.hash(place)?, About::queued(place));
        let held = self.table.get_where(hash, |held| held.about == about)?;
        Some(&held.value)
    }

    pub(super) fn link(&mut self, place: u32) -> Option<&mut Link> {
        let queued = self.queued.get_mut(place as usize)?;
        Some(&mut queued.link)
    }

    pub(super) fn take_all(&mut self) -> impl Iterator<Item = V> + use<V> {
        self.queued.clear();
        self.free.clear();
        self.table.take_all().map(|held| held.value)
    }

    pub(super) fn round(&self) -> Round<V> {
        Round(None)
    }

    /// Takes the next one that is not to be kept. All of them leave their rows at once, and the queue one by one.
    pub(super) fn take_next(
        &mut self,
        round: &mut Round<V>,
        keep: &mut dyn FnMut(&Key, &Meta) -> bool,
    ) -> Option<Left<V>> {
        let Self { table, queued, .. } = self;
        let refused = round.0.get_or_insert_with(|| {
            let refused = table.retain(|key, held| {
                let queued = held
                    .about
                    .place()
                    .and_then(|place| queued.get(place as usize));
                keep(key, &queued.map_or(held.about.meta(), |queued| queued.meta))
            });
            refused.into_iter()
        });
        let held = refused.next()?;
        Some(self.left(held))
    }
}

/// Those whom a round through all rows has refused.
pub(super) struct Round<V>(Option<std::vec::IntoIter<Held<V>>>);
