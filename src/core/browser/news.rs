//! What this tab knows to have changed: counters that own changes and the news of other tabs move.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;

use super::page;
use crate::core::Stamp;
use crate::text::joined;

/// How many counters the keys of a function share.
const SLOTS: usize = 64;

/// What a tab remembers of one function: shared by everybody in it who opens that function.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The store and the function's id.
    place: String,
    slots: [Cell<u64>; SLOTS],
    /// The generation of keys of which nothing else is known, as last heard.
    pub(crate) generation: Cell<u64>,
    /// Names of entries that were used since the hand passed them.
    used: js_sys::Set,
    /// The number of the entry at which the search for one to evict has come to a stop.
    pub(crate) hand: Cell<u64>,
    /// How many entries were evicted from here.
    pub(crate) evicted: Cell<u64>,
}

thread_local! {
    static WATCHED: RefCell<Vec<Weak<Watched>>> = const { RefCell::new(Vec::new()) };
}

/// What this tab remembers of a function of a store.
pub(crate) fn watch(store: &str, id: &str) -> Rc<Watched> {
    let place = joined!(store, ":", id);
    page::when_back(catch_up);
    WATCHED.with_borrow_mut(|all| {
        all.retain(|watched| watched.strong_count() > 0);
        if let Some(known) = all
            .iter()
            .filter_map(Weak::upgrade)
            .find(|watched| watched.place == place)
        {
            return known;
        }
        let watched = Rc::new(Watched::new(place));
        all.push(Rc::downgrade(&watched));
        watched
    })
}

impl Watched {
    fn new(place: String) -> Self {
        Self {
            place,
            slots: [const { Cell::new(0) }; SLOTS],
            generation: Cell::new(0),
            used: js_sys::Set::new(&JsValue::UNDEFINED),
            hand: Cell::new(0),
            evicted: Cell::new(0),
        }
    }

    /// The store and the function's id, which name it among all of the origin.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Where the counter of a name stands.
    pub(crate) fn stamp(&self, name: &str) -> Stamp {
        let slot = slot_of(name);
        let version = self.slots[slot].get();
        let slot = slot as u32;
        Stamp { slot, version }
    }

    pub(crate) fn is_current(&self, stamp: Stamp) -> bool {
        self.slots
            .get(stamp.slot as usize)
            .is_some_and(|slot| slot.get() == stamp.version)
    }

    /// Moves the counter of a name.
    pub(crate) fn moved(&self, name: &str) -> Stamp {
        self.move_slot(slot_of(name));
        self.stamp(name)
    }

    /// Notes that an entry was used.
    pub(crate) fn note_use(&self, name: &str) {
        self.used.add(&name.into());
    }

    /// Whether an entry was used since this was last asked.
    pub(crate) fn take_use(&self, name: &str) -> bool {
        self.used.delete(&name.into())
    }

    /// Nothing is stored any more.
    pub(crate) fn emptied(&self) {
        self.used.clear();
        self.hand.set(0);
        self.moved_all();
    }

    /// Moves every counter.
    pub(crate) fn moved_all(&self) {
        (0..SLOTS).for_each(|slot| self.move_slot(slot));
    }

    pub(super) fn move_slot(&self, slot: usize) {
        if let Some(slot) = self.slots.get(slot) {
            slot.set(slot.get() + 1);
        }
    }
}

pub(super) fn slot_of(name: &str) -> usize {
    let hash = name.bytes().fold(0_usize, |hash, byte| {
        hash.wrapping_mul(31) ^ usize::from(byte)
    });
    hash % SLOTS
}

/// What this tab remembers of a place, if anything.
#[cfg(feature = "indexeddb")]
pub(super) fn find(place: &str) -> Option<Rc<Watched>> {
    each().into_iter().find(|watched| watched.place == place)
}

/// Everything this tab remembers.
pub(crate) fn each() -> Vec<Rc<Watched>> {
    WATCHED.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect())
}

/// After the page was put aside, nothing is known of what happened meanwhile.
fn catch_up() {
    each().iter().for_each(|watched| watched.moved_all());
}
