//! Entries in rows as short as can be; what a bound asks for stands apart, and not at all where there is none.

use super::{Left, Link, NONE};
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::map::{Hasher, Table};

/// Values that left: of most stores none or one, which needs no allocation.
pub(super) struct Values<V> {
    first: Option<V>,
    others: Vec<V>,
}

impl<V> Values<V> {
    pub(super) fn new() -> Self {
        Self::of(None)
    }

    fn of(first: Option<V>) -> Self {
        let others = Vec::new();
        Self { first, others }
    }

    pub(super) fn push(&mut self, value: V) {
        match self.first {
            None => self.first = Some(value),
            Some(_) => self.others.push(value),
        }
    }

    pub(super) fn extend(&mut self, values: impl Iterator<Item = V>) {
        self.others.extend(values);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &V> {
        self.first.iter().chain(&self.others)
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }
}

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

    /// Puts an entry that has nothing to do with the queue with one search, if that is so of the one in its place as
    /// well; else it is given back.
    #[inline]
    pub(super) fn put(
        &mut self,
        hash: u64,
        key: &Key,
        Entry { value, meta }: Entry<V>,
    ) -> Result<Values<V>, Entry<V>> {
        if self.is_bounded || meta.size > 0 {
            return Err(Entry { value, meta });
        }
        let about = About::plain(&meta);
        let is_plain = |held: &Held<V>| held.about.place().is_none();
        match self.table.put(hash, key, Held { value, about }, is_plain) {
            Ok(held) => Ok(Values::of(held.map(|held| held.value))),
            Err(Held { value, .. }) => Err(Entry { value, meta }),
        }
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

    pub(super) fn remove(&mut self, hash: u64, key: &Key, gone: &mut Values<V>) -> Option<Left> {
        let held = self.table.take(hash, key)?;
        Some(self.left(held, gone))
    }

    /// Takes the entry of a place in the queue.
    pub(super) fn take(&mut self, place: u32, gone: &mut Values<V>) -> Option<Left> {
        let hash = self.queued.get(place as usize)?.hash;
        let about = About::queued(place);
        let held = self.table.take_where(hash, |held| held.about == about)?;
        Some(self.left(held, gone))
    }

    fn left(&mut self, Held { value, about }: Held<V>, gone: &mut Values<V>) -> Left {
        gone.push(value);
        let place = about.place();
        let queued = place.and_then(|place| self.queued.get(place as usize));
        self.free.extend(place);
        Left {
            size: queued.map_or(0, |queued| queued.meta.size),
            place: place.unwrap_or(NONE),
            link: queued.map_or(Link::NONE, |queued| queued.link),
        }
    }

    /// The entry of a place in the queue, and its neighbours there.
    pub(super) fn queued(&mut self, place: u32) -> Option<(&V, &mut Link)> {
        let Queued { hash, link, .. } = self.queued.get_mut(place as usize)?;
        let about = About::queued(place);
        let held = self.table.get_where(*hash, |held| held.about == about)?;
        Some((&held.value, link))
    }

    pub(super) fn link(&mut self, place: u32) -> Option<&mut Link> {
        let queued = self.queued.get_mut(place as usize)?;
        Some(&mut queued.link)
    }

    pub(super) fn take_all(&mut self, gone: &mut Values<V>) {
        self.queued.clear();
        self.free.clear();
        gone.extend(self.table.take_all().map(|held| held.value));
    }

    pub(super) fn round(&self) -> Round<V> {
        Round(None)
    }

    /// Takes the next one that is not to be kept. All of them leave their rows at once, and the queue one by one.
    pub(super) fn take_next(
        &mut self,
        round: &mut Round<V>,
        keep: &mut dyn FnMut(&Key, &Meta) -> bool,
        gone: &mut Values<V>,
    ) -> Option<Left> {
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
        Some(self.left(held, gone))
    }
}

/// Those whom a round through all rows has refused.
pub(super) struct Round<V>(Option<std::vec::IntoIter<Held<V>>>);
