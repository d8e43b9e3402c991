//! What a step leaves for JavaScript to pick up by number; knows no policy.

use std::cell::RefCell;
use std::rc::Rc;

use slab::Slab;
use wasm_bindgen::JsValue;

use super::home::{Home, Record};
use super::memoized::Memoized;
use crate::clock;
use crate::engine::{self, waits};
use crate::policy::CallOptions;
use crate::threads::BoxedFuture;

pub(super) type Engine = engine::Engine<Home, Record, JsValue>;
pub(super) type Step = engine::Step<Home, Record, JsValue>;
pub(super) type Ticket = engine::Ticket<Home, Record, JsValue>;
pub(super) type Reservation = engine::Reservation<Home, Record, JsValue>;

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
    /// And the calculations that asked for it and went on meanwhile.
    Ticket(Ticket, Vec<u64>),
    /// Those that asked for a run past the cache.
    Callers(Vec<u64>),
    Refresh(Reservation),
    Payload(Payload),
    Function(Rc<Memoized>),
    Policy(CallOptions),
}

/// What a step hands over.
pub(super) struct Payload {
    pub(super) value: JsValue,
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
    code(kind, NOTHING)
}

/// The number of nothing: what is kept is counted from 1.
const NOTHING: usize = 0;

pub(super) fn insert(kept: Kept) -> usize {
    STEPS.with_borrow_mut(|steps| steps.insert(kept)) + 1
}

/// Takes out what is kept under a number.
pub(super) fn take(id: usize) -> Option<Kept> {
    STEPS.with_borrow_mut(|steps| steps.try_remove(id.wrapping_sub(1)))
}

fn look_at<T>(id: usize, look: impl FnOnce(Option<&Kept>) -> T) -> T {
    STEPS.with_borrow(|steps| look(steps.get(id.wrapping_sub(1))))
}

/// Takes a ticket; `None` for a number that has none.
pub(super) fn take_ticket(id: usize) -> Option<Ticket> {
    match take(id) {
        Some(Kept::Ticket(ticket, _)) => Some(ticket),
        _ => None,
    }
}

/// Calls `each` with the flights that stand on the stack while the function of this step runs, outermost first.
pub(super) fn standing(id: usize, each: fn(u64)) {
    look_at(id, |kept| match kept {
        Some(Kept::Ticket(ticket, callers)) => {
            waits::for_each(callers, each);
            each(ticket.flight_id());
        }
        Some(Kept::Callers(callers)) => waits::for_each(callers, each),
        _ => {}
    });
}

/// The function of a number; there is none only where the front is of another build.
pub(super) fn function(id: usize) -> Rc<Memoized> {
    look_at(id, |kept| match kept {
        Some(Kept::Function(memoized)) => memoized.clone(),
        _ => std::process::abort(),
    })
}

/// The options of a number; none are set for a number that has none.
pub(super) fn policy(id: usize) -> CallOptions {
    look_at(id, |kept| match kept {
        Some(Kept::Policy(options)) => *options,
        _ => CallOptions::new(),
    })
}

/// The refresh beside a payload.
pub(super) fn refresh_of(id: usize) -> Option<usize> {
    look_at(id, |kept| match kept {
        Some(Kept::Payload(payload)) => payload.refresh,
        _ => None,
    })
}

/// A step that hands something over.
pub(super) fn payload(kind: Kind, value: JsValue) -> f64 {
    let refresh = None;
    keep(kind, Kept::Payload(Payload { value, refresh }))
}

/// The step that work comes to, or that it is to be waited for.
pub(super) fn started(work: impl Future<Output = f64> + 'static) -> f64 {
    begun(Box::pin(work))
}

/// The same of work in a box.
pub(super) fn begun(work: BoxedFuture<f64>) -> f64 {
    clock::start(work).unwrap_or_else(to_wait_for)
}

/// A step that a task comes to.
pub(super) fn to_wait_for(task: usize) -> f64 {
    code(Kind::Wait, task)
}

/// The ticket that a step is about, if it says to calculate.
pub(super) fn ticket_of(code: f64) -> Option<usize> {
    let code = code as usize;
    (code % KINDS == Kind::Calculate as usize).then_some(code / KINDS)
}

/// step.ts has the same number.
const KINDS: usize = 8;

fn code(kind: Kind, id: usize) -> f64 {
    (id * KINDS + kind as usize) as f64
}
