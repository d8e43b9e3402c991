//! What a step leaves for JavaScript to pick up by number; knows no policy.

use std::cell::RefCell;
use std::rc::Rc;

use slab::Slab;
use wasm_bindgen::JsValue;

use super::memoized::Memoized;
use super::record::Record;
use crate::core::MemoryCore;
use crate::engine;
use crate::entry::Meta;
use crate::policy::CallOptions;

pub(super) type Engine = engine::Engine<MemoryCore<Record>, Record, JsValue>;
pub(super) type Step = engine::Step<MemoryCore<Record>, Record, JsValue>;
pub(super) type Course = engine::Course<MemoryCore<Record>, Record, JsValue>;
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
    Wait(Box<Course>),
    Refresh(Reservation),
    Payload(Payload),
    Function(Rc<Memoized>),
    Policy(CallOptions),
}

/// What a step hands over.
pub(super) struct Payload {
    pub(super) value: JsValue,
    pub(super) meta: Option<Meta>,
    /// The refresh that the step asks for beside it.
    pub(super) refresh: Option<usize>,
}

thread_local! {
    /// Everything that is kept, by number.
    static STEPS: RefCell<Slab<Kept>> = const { RefCell::new(Slab::new()) };
}

/// Keeps something; the step's number for JavaScript.
pub(super) fn keep(kind: Kind, kept: Kept) -> f64 {
    code(kind, insert(kept))
}

/// A step without anything to pick up.
pub(super) fn bare(kind: Kind) -> f64 {
    code(kind, 0)
}

pub(super) fn insert(kept: Kept) -> usize {
    STEPS.with_borrow_mut(|steps| steps.insert(kept))
}

/// Takes out what is kept under a number.
pub(super) fn take(id: usize) -> Option<Kept> {
    STEPS.with_borrow_mut(|steps| steps.try_remove(id))
}

/// Takes a ticket; `None` for a number that has none.
pub(super) fn take_ticket(id: usize) -> Option<Ticket> {
    match take(id) {
        Some(Kept::Ticket(ticket)) => Some(ticket),
        _ => None,
    }
}

/// The number of a ticket's flight; 0 for a number that has no ticket.
pub(super) fn flight(id: usize) -> u64 {
    STEPS.with_borrow(|steps| match steps.get(id) {
        Some(Kept::Ticket(ticket)) => ticket.flight_id(),
        _ => 0,
    })
}

/// The function of a number; there is none only where the front is of another build.
pub(super) fn function(id: usize) -> Rc<Memoized> {
    STEPS.with_borrow(|steps| match steps.get(id) {
        Some(Kept::Function(memoized)) => memoized.clone(),
        _ => std::process::abort(),
    })
}

/// The options of a number; none are set for a number that has none.
pub(super) fn policy(id: usize) -> CallOptions {
    STEPS.with_borrow(|steps| match steps.get(id) {
        Some(Kept::Policy(options)) => *options,
        _ => CallOptions::new(),
    })
}

/// The refresh beside a payload.
pub(super) fn refresh_of(id: usize) -> Option<usize> {
    STEPS.with_borrow(|steps| match steps.get(id) {
        Some(Kept::Payload(payload)) => payload.refresh,
        _ => None,
    })
}

fn code(kind: Kind, id: usize) -> f64 {
    (id * 8 + kind as usize) as f64
}
