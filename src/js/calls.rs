//! The steps of a call after its first: what is handed over, waited for, failed, refreshed; knows no policy.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::home::Record;
use super::memoized::Memoized;
use super::steps::{self, Kept, Kind, Payload, Step};
use crate::clock;
use crate::engine::{Finished, Measure, Outcome, waits};
use crate::error::Error;
use crate::threads::BoxedFuture;

/// What a step hands over, once; frees any other number.
#[wasm_bindgen]
pub fn collect(id: usize) -> JsValue {
    match steps::take(id) {
        Some(Kept::Payload(payload)) => payload.value,
        _ => JsValue::UNDEFINED,
    }
}

/// The refresh that a step asks for; to be asked before `collect`.
#[wasm_bindgen(js_name = refreshOf)]
pub fn refresh_of(id: usize) -> f64 {
    steps::refresh_of(id).map_or(f64::NAN, |refresh| refresh as f64)
}

/// Puts a run on the engine's stack.
#[wasm_bindgen]
pub fn enter(id: usize) {
    steps::standing(id, waits::enter);
}

/// Takes a run that goes on off the engine's stack.
#[wasm_bindgen]
pub fn suspend(id: usize) {
    steps::standing(id, waits::leave);
}

/// Takes note of a failure; what is to be returned or thrown instead.
#[wasm_bindgen]
pub fn fail(ticket: usize, error: JsValue) -> f64 {
    suspend(ticket);
    let Some(ticket) = steps::take_ticket(ticket) else {
        return steps::payload(Kind::Fail, error);
    };
    ended(ticket, Err(error), Measure::default())
}

/// Ends a calculation: by what is to be kept of a function, or by what was thrown.
pub(super) fn ended(
    ticket: steps::Ticket,
    result: Result<(Rc<Memoized>, Record), JsValue>,
    measure: Measure,
) -> f64 {
    steps::started(async move {
        let (engine, refreshes) = (ticket.engine().clone(), ticket.is_refresh());
        let handed = match &result {
            Ok((_, record)) => Ok(record.clone()),
            Err(error) => Err(error.clone()),
        };
        let finished = ticket.finish(handed, measure, share).await;
        if !refreshes {
            engine.count(finished.outcome);
        }
        match result {
            Ok((memoized, record)) => match finished.into_stored() {
                Ok(stored_at) => memoized.stored(&record, stored_at, measure),
                Err(fatal) => failed(fatal.into()),
            },
            Err(error) if refreshes => steps::payload(Kind::Fail, error),
            Err(_) => recovered(finished),
        }
    })
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
    let mut begun = Box::pin(engine.begin_refresh(reservation));
    steps::started(poll_fn(move |context| {
        begun.as_mut().poll(context).map(|step| match step {
            Step::Calculate(ticket) => {
                steps::keep(Kind::Calculate, Kept::Ticket(ticket, Vec::new()))
            }
            _ => steps::bare(Kind::Bypass),
        })
    }))
}

/// What JavaScript does next, as one number; `callers` asked for it and went on meanwhile.
pub(super) fn next(memoized: &Rc<Memoized>, step: Step, callers: Vec<u64>) -> f64 {
    let engine = memoized.engine();
    match step {
        Step::Bypass => {
            engine.count(Outcome::Bypassed);
            match callers.is_empty() {
                true => steps::bare(Kind::Bypass),
                false => steps::keep(Kind::Bypass, Kept::Callers(callers)),
            }
        }
        Step::Calculate(ticket) => steps::keep(Kind::Calculate, Kept::Ticket(ticket, callers)),
        Step::Wait(course) => {
            let waited = asked(memoized.clone(), Box::pin(course.wait()));
            steps::to_wait_for(clock::keep(waited))
        }
        Step::Settled(result) => {
            engine.count(Outcome::Waited);
            match &*result {
                Ok(record) => steps::payload(Kind::Waited, record.into()),
                Err(error) => steps::payload(Kind::Fail, error.clone()),
            }
        }
        Step::Serve(served) => {
            engine.count(served.outcome);
            memoized.judge(&served.value, &served.meta);
            let refresh = served
                .refresh
                .map(|reservation| steps::insert(Kept::Refresh(reservation)));
            let kind = kind_of(served.outcome, refresh.is_some());
            let value = served.value.into();
            steps::keep(kind, Kept::Payload(Payload { value, refresh }))
        }
        Step::Fail(fatal) => failed(Error::from(fatal)),
    }
}

/// What a call comes to, on behalf of those that stand on the stack now.
pub(super) fn asked(memoized: Rc<Memoized>, asked: BoxedFuture<Step>) -> BoxedFuture<f64> {
    let mut asked = waits::on_behalf(waits::stack(), asked);
    Box::pin(poll_fn(move |context| {
        let asked = Pin::new(&mut asked).poll(context);
        asked.map(|(step, callers)| next(&memoized, step, callers))
    }))
}

/// A step that throws.
pub(super) fn failed(error: Error) -> f64 {
    steps::payload(Kind::Fail, error.into())
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
        Err(error) => steps::payload(Kind::Fail, error),
        Ok(record) => steps::payload(Kind::ServeStale, record.into()),
    }
}
