//! What a function's part of a store is known to have changed: counters that its stores and the news of others move; knows no store.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::core::Stamp;

/// How many counters the names of a function share.
const SLOTS: usize = 256;

/// The counters of one function.
#[derive(Debug)]
pub(super) struct News([Cell<u64>; SLOTS]);

/// The counters as they were once.
pub(super) struct Snapshot([u64; SLOTS]);

impl Default for News {
    fn default() -> Self {
        Self([const { Cell::new(0) }; SLOTS])
    }
}

/// What JavaScript calls when an entry of a name, or of any, was changed by somebody else.
pub(super) fn listener(news: &Rc<News>) -> JsValue {
    let news = Rc::downgrade(news);
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |name: JsValue| {
        let Some(news) = news.upgrade() else { return };
        match name.as_string() {
            Some(name) => news.moved(&name),
            None => news.moved_all(),
        }
    });
    listener.into_js_value()
}

impl News {
    /// Where the counter of a name stands.
    pub(super) fn stamp(&self, name: &str) -> Stamp {
        let slot = slot_of(name);
        stamp(slot, self.0[slot].get())
    }

    pub(super) fn is_current(&self, stamp: Stamp) -> bool {
        let counter = self.0.get(stamp.slot as usize);
        counter.is_some_and(|counter| counter.get() == stamp.version)
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(std::array::from_fn(|slot| self.0[slot].get()))
    }

    /// Moves the counter of a name whose entry we have changed. The stamp is current as long as nobody else
    /// changes it, and never if somebody has since `before`.
    pub(super) fn moved_by_us(&self, name: &str, before: Stamp) -> Stamp {
        let is_ours = self.is_current(before);
        self.moved(name);
        if is_ours { self.stamp(name) } else { before }
    }

    /// Moves every counter.
    pub(super) fn moved_all(&self) {
        self.0.iter().for_each(next);
    }

    fn moved(&self, name: &str) {
        next(&self.0[slot_of(name)]);
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

fn next(counter: &Cell<u64>) {
    counter.set(counter.get() + 1);
}

fn slot_of(name: &str) -> usize {
    let hash = name
        .bytes()
        .fold(0_usize, |hash, byte| hash.wrapping_mul(31) ^ usize::from(byte));
    hash % SLOTS
}
