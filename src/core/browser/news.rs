//! What a function's part of a store is known to have changed: counters that its stores and the news of others move; knows no store.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::core::Stamp;

/// How many counters the names of a function share.
const SLOTS: usize = 256;

/// The counters of one function.
#[derive(Debug)]
pub(super) struct News([Slot; SLOTS]);

/// What is known of the names that share a slot.
#[derive(Debug, Default)]
struct Slot {
    version: Cell<u64>,
    /// Whether a copy was served since this was last asked.
    used: Cell<bool>,
}

/// What JavaScript calls.
#[derive(Debug)]
pub struct Ears {
    /// When an entry of a name, or of any, was changed by somebody else.
    pub(crate) on_news: JsValue,
    /// To learn whether a name's entry was used where the store could not see it.
    pub(crate) was_used: JsValue,
}

/// The counters as they were once.
pub(super) struct Snapshot([u64; SLOTS]);

impl Default for News {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Slot::default()))
    }
}

/// The ears of these counters, which do not keep them.
pub(super) fn ears(news: &Rc<News>) -> Ears {
    let (hearing, asked) = (Rc::downgrade(news), Rc::downgrade(news));
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |name: JsValue| {
        if let Some(news) = hearing.upgrade() {
            news.hear(name.as_string().as_deref());
        }
    });
    let ask = Closure::<dyn FnMut(String) -> bool>::new(move |name: String| {
        asked.upgrade().is_some_and(|news| news.take_use(&name))
    });
    Ears {
        on_news: hear.into_js_value(),
        was_used: ask.into_js_value(),
    }
}

impl News {
    /// Where the counter of a name stands.
    pub(super) fn stamp(&self, name: &str) -> Stamp {
        let slot = slot_of(name);
        stamp(slot, self.0[slot].version.get())
    }

    /// Whether a copy with this stamp may be served, which uses it.
    pub(super) fn is_current(&self, stamp: Stamp) -> bool {
        let slot = self.0.get(stamp.slot as usize);
        let current = slot.filter(|slot| slot.version.get() == stamp.version);
        current.is_some_and(|slot| {
            slot.used.set(true);
            true
        })
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(std::array::from_fn(|slot| self.0[slot].version.get()))
    }

    fn hear(&self, name: Option<&str>) {
        match name {
            Some(name) => self.moved(name),
            None => self.moved_all(),
        }
    }

    fn take_use(&self, name: &str) -> bool {
        self.0[slot_of(name)].used.take()
    }

    /// Moves the counter of a name whose entry we have changed. The stamp is current as long as nobody else
    /// changes it, and never if somebody has since `before`.
    pub(super) fn moved_by_us(&self, name: &str, before: Stamp) -> Stamp {
        let is_ours = self.stamp(name) == before;
        self.moved(name);
        if is_ours { self.stamp(name) } else { before }
    }

    /// Moves every counter.
    pub(super) fn moved_all(&self) {
        self.0.iter().for_each(Slot::advance);
    }

    fn moved(&self, name: &str) {
        self.0[slot_of(name)].advance();
    }
}

impl Snapshot {
    /// Where the counter of a name stood.
    pub(super) fn stamp(&self, name: &str) -> Stamp {
        let slot = slot_of(name);
        stamp(slot, self.0[slot])
    }
}

fn stamp(slot: usize, version: u64) -> Stamp {
    let slot = slot as u32;
    Stamp { slot, version }
}

impl Slot {
    fn advance(&self) {
        self.version.set(self.version.get() + 1);
    }
}

fn slot_of(name: &str) -> usize {
    let hash = name.bytes().fold(0_usize, |hash, byte| {
        hash.wrapping_mul(31) ^ usize::from(byte)
    });
    hash % SLOTS
}
