//! What a step leaves for JavaScript to pick up by number; knows no policy.

use std::cell::RefCell;

use slab::Slab;
use wasm_bindgen::JsValue;

use super::record::Record;
use crate::core::MemoryCore;
use crate::engine::{self, Request, Waiting};
use crate::entry::Meta;

pub(super) type Engine = engine::Engine<MemoryCore<Record>, Record, JsValue>;
pub(super) type Step = engine::Step<MemoryCore<Record>, Record, JsValue>;
pub(super) type Ticket = engine::Ticket<MemoryCore<Record>, Record, JsValue>;
pub(super) type Reservation = engine::Reservation<MemoryCore<Record>, Record, JsValue>;

/// What JavaScript has to do next; step.ts has the same list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Bypass,
    Serve,
    ServeStale,
    ServeAndRefresh,
    Calculate,
    Wait,
    Waited,
    Fail,
}

/// Something kept until JavaScript comes back for it.
pub(super) enum Kept {
    Ticket(Ticket),
    Wait(Request, Waiting<Record, JsValue>),
    Refresh(Reservation),
    Payload(Payload),
}

/// What a step hands over.
pub(super) struct Payload {
    pub(super) value: JsValue,
    pub(super) meta: Option<Meta>,
    /// The refresh that the step asks for beside it.
    pub(super) refresh: Option<usize>,
}

/// Everything that is kept, by number.
#[derive(Default)]
pub(super) struct Steps(RefCell<Slab<Kept>>);

impl Steps {
    /// Keeps something; the step's number for JavaScript.
    pub(super) fn keep(&self, kind: Kind, kept: Kept) -> f64 {
        code(kind, self.insert(kept))
    }

    /// A step without anything to pick up.
    pub(super) fn bare(kind: Kind) -> f64 {
        code(kind, 0)
    }

    pub(super) fn insert(&self, kept: Kept) -> usize {
        self.0.borrow_mut().insert(kept)
    }

    /// Takes out what is kept under a number.
    pub(super) fn take(&self, id: u32) -> Option<Kept> {
        self.0.borrow_mut().try_remove(id as usize)
    }

    /// Takes a ticket; `None` for a number that has none.
    pub(super) fn take_ticket(&self, id: u32) -> Option<Ticket> {
        match self.take(id) {
            Some(Kept::Ticket(ticket)) => Some(ticket),
            _ => None,
        }
    }

    /// Looks at a ticket where it is.
    pub(super) fn with_ticket(&self, id: u32, look: impl FnOnce(&Ticket)) {
        if let Some(Kept::Ticket(ticket)) = self.0.borrow().get(id as usize) {
            look(ticket);
        }
    }

    /// The refresh beside a payload.
    pub(super) fn refresh_of(&self, id: u32) -> Option<usize> {
        match self.0.borrow().get(id as usize) {
            Some(Kept::Payload(payload)) => payload.refresh,
            _ => None,
        }
    }
}

fn code(kind: Kind, id: usize) -> f64 {
    (id * 8 + kind as usize) as f64
}
