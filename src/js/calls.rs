//! The steps of a call that need nothing but their number; what is handed over is remembered until the next.

use std::cell::Cell;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::record::Record;
use super::steps::{self, Engine, Kept, Kind, Payload, Step};
use crate::blocking::block_on;
use crate::clock;
use crate::engine::{Finished, Measure, Outcome, waits};
use crate::entry::Meta;

thread_local! {
    /// What is known of the record that was last handed over or stored.
    static LATEST: Cell<Option<Meta>> = const { Cell::new(None) };
}

pub(super) fn latest() -> Option<Meta> {
    LATEST.get()
}

pub(super) fn set_latest(meta: Option<Meta>) {
    LATEST.set(meta);
}

/// What a step hands over, once; frees any other number.
#[wasm_bindgen]
pub fn collect(id: usize) -> JsValue {
    let Some(Kept::Payload(payload)) = steps::take(id) else {
        return JsValue::UNDEFINED;
    };
    LATEST.set(payload.meta);
    payload.value
}

/// The refresh that a step asks for; to be asked before `collect`.
#[wasm_bindgen(js_name = refreshOf)]
pub fn refresh_of(id: usize) -> f64 {
    steps::refresh_of(id).map_or(f64::NAN, |refresh| refresh as f64)
}

/// The task that comes to the step after a wait.
#[wasm_bindgen]
pub fn wait(id: usize) -> usize {
    let kept = steps::take(id);
    clock::keep(Box::pin(async move {
        let Some(Kept::Wait(course)) = kept else {
            return steps::bare(Kind::Bypass);
        };
        let engine = course.engine().clone();
        next(&engine, course.wait().await)
    }))
}

/// Puts a calculation on the engine's stack.
#[wasm_bindgen]
pub fn enter(ticket: usize) {
    waits::enter(steps::flight(ticket));
}

/// Takes a calculation that goes on off the engine's stack.
#[wasm_bindgen]
pub fn suspend(ticket: usize) {
    waits::leave(steps::flight(ticket));
}

/// Takes note of a failure; what is to be returned or thrown instead.
#[wasm_bindgen]
pub fn fail(ticket: usize, error: JsValue) -> f64 {
    suspend(ticket);
    let Some(ticket) = steps::take_ticket(ticket) else {
        return payload(Kind::Fail, error, None);
    };
    let (engine, refreshes) = (ticket.engine().clone(), ticket.is_refresh());
    let failed = error.clone();
    let finished = block_on(ticket.finish(Err(error), Measure::default(), share));
    if refreshes {
        return payload(Kind::Fail, failed, None);
    }
    engine.count(finished.outcome);
    recovered(finished)
}

/// Gives a ticket back without a result.
#[wasm_bindgen]
pub fn abandon(ticket: usize) {
    suspend(ticket);
    let Some(ticket) = steps::take_ticket(ticket) else {
        return;
    };
    if !ticket.is_refresh() {
        ticket.engine().count(Outcome::Bypassed);
    }
}

/// Starts a refresh, if there is still something to do.
#[wasm_bindgen(js_name = beginRefresh)]
pub fn begin_refresh(id: usize) -> f64 {
    let Some(Kept::Refresh(reservation)) = steps::take(id) else {
        return steps::bare(Kind::Bypass);
    };
    let engine = reservation.engine().clone();
    match block_on(engine.begin_refresh(reservation)) {
        Some(ticket) => steps::keep(Kind::Calculate, Kept::Ticket(ticket)),
        None => steps::bare(Kind::Bypass),
    }
}

/// What JavaScript does next, as one number.
pub(super) fn next(engine: &Arc<Engine>, step: Step) -> f64 {
    match step {
        Step::Bypass => {
            engine.count(Outcome::Bypassed);
            steps::bare(Kind::Bypass)
        }
        Step::Calculate(ticket) => steps::keep(Kind::Calculate, Kept::Ticket(ticket)),
        Step::Wait(course) => steps::keep(Kind::Wait, Kept::Wait(course)),
        Step::Settled(result) => settled(engine, &result),
        Step::Serve(served) => {
            engine.count(served.outcome);
            let refresh = served
                .refresh
                .map(|reservation| steps::insert(Kept::Refresh(reservation)));
            let kind = kind_of(served.outcome, refresh.is_some());
            let (value, meta) = (served.value.into(), Some(served.meta));
            steps::keep(
                kind,
                Kept::Payload(Payload {
                    value,
                    meta,
                    refresh,
                }),
            )
        }
    }
}

/// Every failure is shared as it is.
pub(super) fn share(error: &JsValue) -> Option<JsValue> {
    Some(error.clone())
}

fn kind_of(outcome: Outcome, refreshes: bool) -> Kind {
    match outcome {
        Outcome::StaleHit if refreshes => Kind::ServeAndRefresh,
        Outcome::StaleHit => Kind::ServeStale,
        Outcome::Waited => Kind::Waited,
        _ => Kind::Serve,
    }
}

fn recovered(finished: Finished<Record, JsValue>) -> f64 {
    match finished.result {
        Err(error) => payload(Kind::Fail, error, None),
        Ok(record) => {
            let stored_at = finished.stored_at.unwrap_or_default();
            let meta = Meta {
                stored_at,
                size: 0,
                none: false,
            };
            payload(Kind::ServeStale, record.into(), Some(meta))
        }
    }
}

fn settled(engine: &Engine, result: &Result<Record, JsValue>) -> f64 {
    engine.count(Outcome::Waited);
    match result {
        Ok(record) => payload(Kind::Waited, record.clone().into(), None),
        Err(error) => payload(Kind::Fail, error.clone(), None),
    }
}

fn payload(kind: Kind, value: JsValue, meta: Option<Meta>) -> f64 {
    steps::keep(
        kind,
        Kept::Payload(Payload {
            value,
            meta,
            refresh: None,
        }),
    )
}
