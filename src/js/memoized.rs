//! One memoized function as JavaScript sees it: begin, then its function, then finish; and what it holds.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::calls::{asked, ended, failed};
use super::home::{Home, Opener, Record};
use super::steps::{self, Engine, Kept, Kind};
use super::{given, key};
use crate::clock::{self, Clock};
use crate::config;
use crate::engine::{Measure, Metrics, Request, waits};
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::memoize::settings::{Settings, id};
use crate::policy::{
    CallOptions, Fatal, Options, Policy, Setting, Troubles, Verdict, decide, fresh_during,
    keeps_for_good,
};
use crate::text::{append, joined, push_digits};

/// The bit of functions whose entries are evicted, or changed by others.
const BOUNDED: u32 = 1 << 1;

/// The bit of functions whose calls are counted.
const METERED: u32 = 1 << 2;

/// What is kept of one memoized function: its engine and options, and what the front has to know.
pub(super) struct Memoized {
    engine: Arc<Engine>,
    settings: Settings,
    traits: u32,
    /// So many results may wait until the engine is told, where some become stale or are evicted.
    patience: u32,
    weighed_by_core: bool,
}

/// Keeps the options that were given, for one call; to be collected.
#[wasm_bindgen(js_name = makePolicy)]
pub fn make_policy() -> usize {
    let layer = given::taken().layer;
    steps::insert(Kept::Policy(CallOptions { layer }))
}

/// Keeps a memoized function with the options that were given; to be collected.
#[wasm_bindgen]
pub fn define(fallback_name: &str, opener: &Opener) -> Result<usize, JsValue> {
    let given = given::taken();
    check_store(&given)?;
    let (all, storage) = config::resolved(&given.layer, &given.storage);
    let metered = all.is_on(Setting::EnableMetrics);
    let label = id(&given, fallback_name);
    let core = Home::new(&label, &all, &storage, opener)?;
    let stored = core.is_persistent();
    let bounded = stored || all.is_set(Setting::MaxEntries) || all.is_set(Setting::MaxBytes);
    let weighed_by_core = stored || metered || all.is_set(Setting::MaxBytes);
    let engine = Arc::new(Engine::new(core, Clock::default(), label, metered));
    Ok(steps::insert(Kept::Function(Rc::new(Memoized {
        engine,
        settings: Settings::new(given),
        traits: (u32::from(bounded) * BOUNDED) | (u32::from(metered) * METERED),
        patience: patience_within(all.count(Setting::MaxEntries)),
        weighed_by_core,
    }))))
}

/// Telling is to be no pause that anybody notices, and a bound holds within two hundredths.
fn patience_within(max_entries: u64) -> u32 {
    (max_entries / 64).min(64) as u32
}

/// What outlives the page must have a name that does; and what does not, has no front before it.
fn check_store(given: &Options) -> Result<(), Error> {
    if given.storage.store.is_some() {
        return match given.name {
            Some(_) => Ok(()),
            None => Err(Error::option_type(
                "name: a function kept beyond the page needs one, for minifiers rename functions",
            )),
        };
    }
    match given.storage.first_of_some_stores() {
        None => Ok(()),
        Some(option) => Err(Error::option_type(joined!(
            option,
            ": only a core beyond the page has it; give the option core as well"
        ))),
    }
}

/// Its name, or the function's own, and its version.
#[wasm_bindgen]
pub fn label(function: usize) -> JsValue {
    let memoized = steps::function(function);
    memoized.engine.label().into()
}

/// What the front has to know, as bits: whether sizes are asked for, entries evicted, calls counted, and whether values
/// never have to be asked for again. Above them, of how many results of sync runs this may be told later. `terms` is judged
/// as if it was stored at 0: any other such result is judged by that.
#[wasm_bindgen]
pub fn traits(function: usize, terms: &Record) -> u32 {
    let memoized = steps::function(function);
    let stored = Measure::default().stored_at(Timestamp::from_millis(0));
    memoized.judge(terms, &stored);
    let policy = memoized.settings.policy();
    let weighs = memoized.weighed_by_core || policy.entry_size_limit != u64::MAX;
    let eternal = memoized.traits & BOUNDED == 0 && keeps_for_good(&policy);
    let patience = match weighs || memoized.notices_calls(&policy) {
        true => 0,
        false if eternal => u32::MAX,
        false => memoized.patience,
    };
    memoized.traits | u32::from(weighs) | u32::from(eternal) << 3 | patience << 4
}

/// Stores the result of a sync run of which this is told later: it fits, is in memory at once, and has been judged.
#[wasm_bindgen(js_name = keepResult)]
pub fn keep_result(function: usize, record: Record, stored_at: f64) {
    let stored_at = Timestamp::from_millis(stored_at as i64);
    let meta = Measure::default().stored_at(stored_at);
    let (engine, key) = (&steps::function(function).engine, key::taken());
    engine.core.hold_result(&key, record, meta);
    engine.forget(&key);
}

/// The name under which JavaScript may read its store, where nothing is to be done with a fresh entry but to serve it;
/// undefined where this has to be asked.
#[wasm_bindgen(js_name = nameToRead)]
pub fn name_to_read(function: usize) -> JsValue {
    let (memoized, key) = (steps::function(function), key::taken());
    match memoized.notices_calls(&memoized.settings.policy()) {
        true => JsValue::UNDEFINED,
        false => memoized.engine.core.name_to_read(&key).into(),
    }
}

/// Holds what was read under that name, and judges the record.
#[wasm_bindgen(js_name = holdRead)]
pub fn hold_read(function: usize, record: &JsValue) {
    let (memoized, key) = (steps::function(function), key::taken());
    if let Some(entry) = memoized.engine.core.hold_read(&key, record) {
        memoized.judge(&entry.value, &entry.meta);
    }
}

/// The first step of a call.
#[wasm_bindgen]
pub fn begin(function: usize) -> f64 {
    let memoized = steps::function(function);
    let policy = memoized.settings.policy();
    memoized.begin_by(policy)
}

/// The first step of a call that has options of its own.
#[wasm_bindgen(js_name = beginWith)]
pub fn begin_with(function: usize, policy: usize) -> f64 {
    let memoized = steps::function(function);
    let policy = memoized.settings.policy_of_call(&steps::policy(policy));
    memoized.begin_by(policy)
}

/// Stores a result, and judges the record.
#[wasm_bindgen]
pub fn finish(function: usize, ticket: usize, record: Record, size: f64, none: bool) -> f64 {
    steps::standing(ticket, waits::leave);
    let Some(ticket) = steps::take_ticket(ticket) else {
        return steps::bare(Kind::Bypass);
    };
    let memoized = steps::function(function);
    let measure = measured(size, none);
    ended(ticket, Ok((memoized, record)), measure)
}

/// Stores a value of some moment without a calculation, and judges the record.
#[wasm_bindgen]
pub fn precache(function: usize, record: Record, size: f64, none: bool, stored_at: f64) -> f64 {
    let meta = measured(size, none).stored_at(Timestamp::from_millis(stored_at as i64));
    managed(function, Work::Keep(key::taken(), record, meta))
}

/// Removes an entry; whether there was one.
#[wasm_bindgen]
pub fn remove(function: usize) -> f64 {
    managed(function, Work::Remove(key::taken()))
}

/// What is stored, fresh or not.
#[wasm_bindgen]
pub fn peek(function: usize) -> f64 {
    managed(function, Work::Peek(key::taken()))
}

#[wasm_bindgen]
extern "C" {
    /// What entries are listed in; lists.ts has it.
    pub type Listing;

    #[wasm_bindgen(method)]
    fn list(this: &Listing, record: &Record, key: &[u8], stored_at: f64, size: f64, stale: bool);
}

/// Has every record listed, with what is known of it.
#[wasm_bindgen(js_name = listEntries)]
pub fn list_entries(function: usize, listing: Listing) -> f64 {
    managed(function, Work::List(listing))
}

/// Removes every entry and frees every claim.
#[wasm_bindgen(js_name = clearCache)]
pub fn clear_cache(function: usize) -> f64 {
    managed(function, Work::Clear)
}

/// Frees every claim.
#[wasm_bindgen(js_name = clearBeingCalculated)]
pub fn clear_being_calculated(function: usize) -> f64 {
    managed(function, Work::Free)
}

/// What was counted on this side, in the order of lists.ts; empty when off.
#[wasm_bindgen]
pub fn metrics(function: usize) -> f64 {
    managed(function, Work::Measure)
}

/// Work that is no call.
enum Work {
    Keep(Key, Record, Meta),
    Remove(Key),
    Peek(Key),
    List(Listing),
    Clear,
    Free,
    Measure,
}

/// Does such work: its result is handed over, or thrown.
fn managed(function: usize, work: Work) -> f64 {
    let mut managing = Box::pin(manage(steps::function(function), work));
    steps::started(poll_fn(move |context| {
        managing.as_mut().poll(context).map(|done| match done {
            Ok(value) => steps::payload(Kind::Serve, value),
            Err(error) => failed(error),
        })
    }))
}

/// One future for all, and none within it: each would be half a kilobyte.
async fn manage(memoized: Rc<Memoized>, work: Work) -> Result<JsValue, Error> {
    let engine = &memoized.engine;
    match work {
        Work::Keep(key, record, meta) => {
            let policy = memoized.settings.policy();
            let kept = engine.keep(&key, &record, meta, &policy).await?;
            if kept.is_some() {
                memoized.judge(&record, &meta);
            }
        }
        Work::Remove(key) => return Ok(engine.remove(&key).await?.into()),
        Work::Peek(key) => {
            let read = engine.read(&key, Troubles::REPORTED).await;
            return Ok(record_in(read).into());
        }
        Work::List(listing) => {
            let now = engine.clock.now();
            let entries = engine.entries().await?;
            for (key, meta) in &entries {
                let read = engine.read(key, Troubles::REPORTED).await;
                if let Some(record) = record_in(read) {
                    memoized.list(&listing, &record, key, meta, now);
                }
            }
        }
        Work::Clear => engine.clear().await?,
        Work::Free => engine.clear_being_calculated().await?,
        Work::Measure => {
            let metrics = engine.metrics().await;
            return Ok(counts(metrics).into());
        }
    }
    Ok(JsValue::UNDEFINED)
}

fn record_in(read: Result<Option<Entry<Record>>, Fatal>) -> Option<Record> {
    Some(read.ok()??.value)
}

fn counts(metrics: Option<Metrics>) -> String {
    let mut text = String::new();
    if let Some(metrics) = metrics {
        for count in metrics.listed() {
            push_digits(&mut text, count);
            append(&mut text, " ");
        }
    }
    text
}

/// The task that ends when no clean-up is under way.
#[wasm_bindgen]
pub fn drained(function: usize) -> usize {
    let memoized = steps::function(function);
    let engine = memoized.engine.clone();
    clock::keep(Box::pin(poll_fn(move |context| {
        engine.background.poll_drained(context).map(|()| 0.0)
    })))
}

fn measured(size: f64, none: bool) -> Measure {
    Measure {
        size: size as u64,
        none,
    }
}

impl Memoized {
    pub(super) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Whether there is more to do for a call than to serve what is fresh.
    fn notices_calls(&self, policy: &Policy) -> bool {
        self.traits & METERED != 0 || !policy.caching_enabled || policy.cleanup_stale
    }

    fn list(&self, listing: &Listing, record: &Record, key: &Key, meta: &Meta, now: Timestamp) {
        let stale = decide(Some(meta), now, &self.settings.policy()) != Verdict::Serve;
        let (stored_at, size) = (moment(meta.stored_at), meta.size as f64);
        listing.list(record, key.as_bytes(), stored_at, size, stale);
    }

    fn begin_by(self: Rc<Self>, policy: Policy) -> f64 {
        let request = Request {
            key: key::taken(),
            policy,
        };
        let begun = Box::pin(self.engine.begin(request));
        let code = steps::begun(asked(self, begun));
        if let Some(ticket) = steps::ticket_of(code) {
            steps::standing(ticket, waits::enter);
        }
        code
    }

    pub(super) fn stored(
        &self,
        record: &Record,
        stored_at: Option<Timestamp>,
        measure: Measure,
    ) -> f64 {
        if let Some(stored_at) = stored_at {
            self.judge(record, &measure.stored_at(stored_at));
        }
        steps::bare(Kind::Serve)
    }

    /// Tells a record from when on and until when it may be served without asking: to the end of its freshness,
    /// or of the time until the next clean-up, which a hit must not pass by.
    pub(super) fn judge(&self, record: &Record, meta: &Meta) {
        let policy = self.settings.policy();
        let fresh = fresh_during(meta, &policy);
        let until = match policy.cleanup_stale {
            true => fresh.end.min(self.engine.next_cleanup()),
            false => fresh.end,
        };
        // A run that ends while caching is disabled is stored, but the front must not serve it.
        let until = match policy.caching_enabled {
            true => moment(until),
            false => f64::NAN,
        };
        record.judged(moment(meta.stored_at), moment(fresh.start), until);
    }
}

/// JavaScript's number for a moment; the ends of time are its infinities.
fn moment(timestamp: Timestamp) -> f64 {
    match timestamp.as_millis() {
        i64::MAX => f64::INFINITY,
        i64::MIN => f64::NEG_INFINITY,
        millis => millis as f64,
    }
}
