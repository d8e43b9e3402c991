//! What this tab knows to have changed: counters that own changes and the news of other tabs move.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::{Rc, Weak};

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{FORMAT, global, page};
use crate::core::Stamp;
use crate::text::joined;

/// How many counters the keys of a function share.
const SLOTS: usize = 64;

/// A message about every key.
const EVERY: f64 = -1.0;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type BroadcastChannel;

    #[wasm_bindgen(constructor, catch)]
    fn new(name: &str) -> Result<BroadcastChannel, JsValue>;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &BroadcastChannel, message: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &BroadcastChannel, listener: &JsValue);

    #[wasm_bindgen(method)]
    fn close(this: &BroadcastChannel);
}

/// What a tab remembers of one function: shared by everybody in it who opens that function.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The store and the function's id.
    place: String,
    slots: [Cell<u64>; SLOTS],
    /// The generation of keys of which nothing else is known, as last heard.
    pub(crate) generation: Cell<u64>,
    /// Names of entries that were used since the hand passed them.
    pub(crate) used: RefCell<BTreeSet<String>>,
    /// The number of the entry at which the search for one to evict has come to a stop.
    pub(crate) hand: Cell<u64>,
    /// How many entries were evicted from here.
    pub(crate) evicted: Cell<u64>,
}

thread_local! {
    static WATCHED: RefCell<Vec<Weak<Watched>>> = const { RefCell::new(Vec::new()) };
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// What this tab remembers of a function of a store.
pub(crate) fn watch(store: &str, id: &str) -> Rc<Watched> {
    let place = joined(&[store, ":", id]);
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
            used: RefCell::default(),
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

    /// Moves every counter.
    pub(crate) fn moved_all(&self) {
        (0..SLOTS).for_each(|slot| self.move_slot(slot));
    }

    fn move_slot(&self, slot: usize) {
        if let Some(slot) = self.slots.get(slot) {
            slot.set(slot.get() + 1);
        }
    }

    /// Tells the other tabs that the entry of a name has changed.
    pub(crate) fn tell(&self, name: &str) {
        self.post(slot_of(name) as f64);
    }

    /// Tells the other tabs that everything may have changed.
    pub(crate) fn tell_all(&self) {
        self.post(EVERY);
    }

    fn post(&self, slot: f64) {
        let message = Array::of2(&self.place.as_str().into(), &slot.into());
        if let Some(channel) = CHANNEL.with_borrow(Clone::clone) {
            // It throws only when closed, and then nobody is left behind who could be told.
            let _ = channel.post_message(&message);
        }
    }
}

fn slot_of(name: &str) -> usize {
    let hash = name.bytes().fold(0_usize, |hash, byte| {
        hash.wrapping_mul(31) ^ usize::from(byte)
    });
    hash % SLOTS
}

/// Listens to the other tabs from now on, except while the page is put aside.
pub(crate) fn listen() {
    page::when_aside(hang_up);
    page::when_back(catch_up);
    if CHANNEL.with_borrow(Option::is_none) {
        CHANNEL.set(open());
    }
}

/// The channel of this format; `None` where there is none, as on some servers.
fn open() -> Option<BroadcastChannel> {
    global::named("BroadcastChannel")?;
    let channel = BroadcastChannel::new(&joined(&["cachier", FORMAT])).ok()?;
    let listener = Closure::<dyn FnMut(JsValue)>::new(|event| hear(&event)).into_js_value();
    channel.set_onmessage(&listener);
    Some(channel)
}

fn hear(event: &JsValue) {
    let message = global::get(event, "data");
    let Some(place) = global::get(&message, "0").as_string() else {
        return;
    };
    let Some(watched) = find(&place) else {
        return;
    };
    match global::number(&message, "1") {
        EVERY => watched.moved_all(),
        slot => watched.move_slot(slot as usize),
    }
}

fn find(place: &str) -> Option<Rc<Watched>> {
    each().into_iter().find(|watched| watched.place == place)
}

/// Everything this tab remembers.
pub(crate) fn each() -> Vec<Rc<Watched>> {
    WATCHED.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect())
}

/// An open channel would keep the page out of the back/forward cache, and hears nothing there.
fn hang_up() {
    if let Some(channel) = CHANNEL.take() {
        channel.close();
    }
}

/// Nothing is known of what happened meanwhile.
fn catch_up() {
    each().iter().for_each(|watched| watched.moved_all());
    listen();
}
