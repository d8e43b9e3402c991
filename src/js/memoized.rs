//! One memoized function as JavaScript sees it: begin, then its function, then finish; and what it holds.

use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::calls::{latest, next, set_latest, share};
use super::record::{self, Record};
use super::steps::{self, Engine, Kept, Step};
use super::{given, key};
use crate::blocking::block_on;
use crate::clock::{self, Clock};
use crate::config;
use crate::engine::{Measure, Request, waits};
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::memoize::registry;
use crate::memoize::settings::{Settings, id};
use crate::policy::{CallOptions, Policy, Setting, Troubles, Verdict, decide, fresh_during};
use crate::text::push_digits;

/// What is kept of one memoized function: its engine and options, and what the front has to know.
pub(super) struct Memoized {
    engine: Arc<Engine>,
    settings: Settings,
    traits: u32,
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
pub fn define(fallback_name: &str) -> usize {
    let given = given::taken();
    let (all, _) = config::resolved(&given.layer, &given.storage);
    let metered = all.is_on(Setting::EnableMetrics);
    let bounded = all.is_set(Setting::MaxEntries) || all.is_set(Setting::MaxBytes);
    let label = id(&given, fallback_name);
    let core = record::core(&all);
    let engine = Arc::new(Engine::new(core, Clock::default(), label, metered));
    let settings = Settings::new(given);
    registry::register(engine.label(), settings.is_named(), &engine);
    steps::insert(Kept::Function(Rc::new(Memoized {
        engine,
        settings,
        traits: u32::from(bounded) << 1 | u32::from(metered) << 2,
        weighed_by_core: metered || all.is_set(Setting::MaxBytes),
    })))
}

/// Its name, or the function's own, and its version.
#[wasm_bindgen]
pub fn label(function: usize) -> String {
    let memoized = steps::function(function);
    memoized.engine.label().to_owned()
}

/// What the front has to know, as bits: whether sizes are asked for, entries evicted, calls counted.
#[wasm_bindgen]
pub fn traits(function: usize) -> u32 {
    let memoized = steps::function(function);
    let weighs =
        memoized.weighed_by_core || memoized.settings.policy().entry_size_limit != u64::MAX;
    memoized.traits | u32::from(weighs)
}

/// The first step of a call.
#[wasm_bindgen]
pub fn begin(function: usize) -> f64 {
    let memoized = steps::function(function);
    memoized.begin_by(memoized.settings.policy())
}

/// The first step of a call that has options of its own.
#[wasm_bindgen(js_name = beginWith)]
pub fn begin_with(function: usize, policy: usize) -> f64 {
    let memoized = steps::function(function);
    memoized.begin_by(memoized.settings.policy_of_call(&steps::policy(policy)))
}

/// Stores a result; until when it is fresh, or NaN if it is not held.
#[wasm_bindgen]
pub fn finish(function: usize, ticket: usize, record: Record, size: f64, none: bool) -> f64 {
    let memoized = steps::function(function);
    waits::leave(steps::flight(ticket));
    let Some(ticket) = steps::take_ticket(ticket) else {
        return f64::NAN;
    };
    let refreshes = ticket.is_refresh();
    let measure = Measure {
        size: size as u64,
        none,
    };
    let finished = block_on(ticket.finish(Ok::<_, JsValue>(record), measure, share));
    if !refreshes {
        memoized.engine.count(finished.outcome);
    }
    memoized.stored(finished.stored_at, measure)
}

/// Until when the record last handed over is fresh.
#[wasm_bindgen(js_name = validUntil)]
pub fn valid_until(function: usize) -> f64 {
    let memoized = steps::function(function);
    latest().map_or(f64::NAN, |meta| memoized.until(&meta))
}

/// From when on the record last handed over may be served.
#[wasm_bindgen(js_name = validFrom)]
pub fn valid_from(function: usize) -> f64 {
    let memoized = steps::function(function);
    let policy = memoized.settings.policy();
    latest().map_or(f64::NAN, |meta| moment(fresh_during(&meta, &policy).start))
}

/// Milliseconds since the record last handed over was stored.
#[wasm_bindgen]
pub fn age(function: usize) -> f64 {
    let memoized = steps::function(function);
    let now = memoized.engine.clock.now();
    latest().map_or(f64::NAN, |meta| now.millis_since(meta.stored_at) as f64)
}

/// Stores a value without a calculation; until when it is fresh.
#[wasm_bindgen]
pub fn precache(function: usize, record: Record, size: f64, none: bool) -> Result<f64, JsValue> {
    let memoized = steps::function(function);
    let (key, measure) = (
        key::taken(),
        Measure {
            size: size as u64,
            none,
        },
    );
    let stored = block_on(memoized.engine.precache(
        &key,
        record,
        measure,
        &memoized.settings.policy(),
    ))?;
    Ok(memoized.stored(stored, measure))
}

/// Removes an entry; whether there was one.
#[wasm_bindgen]
pub fn remove(function: usize) -> Result<bool, JsValue> {
    let memoized = steps::function(function);
    Ok(block_on(memoized.engine.remove(&key::taken()))?)
}

/// What is stored, fresh or not.
#[wasm_bindgen]
pub fn peek(function: usize) -> JsValue {
    let memoized = steps::function(function);
    let entry = memoized.read(&key::taken());
    set_latest(entry.as_ref().map(|entry| entry.meta));
    entry.map_or(JsValue::UNDEFINED, |entry| entry.value.into())
}

/// Has every record listed, with what is known of it.
#[wasm_bindgen(js_name = listEntries)]
pub fn list_entries(function: usize) -> Result<(), JsValue> {
    let memoized = steps::function(function);
    let (now, policy) = (memoized.engine.clock.now(), memoized.settings.policy());
    for (key, meta) in block_on(memoized.engine.entries())? {
        let Some(entry) = memoized.read(&key) else {
            continue;
        };
        let stale = decide(Some(&meta), now, &policy) != Verdict::Serve;
        let (stored_at, size) = (moment(meta.stored_at), meta.size as f64);
        entry
            .value
            .listed(&key.diagnostic(), stored_at, size, stale);
    }
    Ok(())
}

/// Removes every entry and frees every claim.
#[wasm_bindgen(js_name = clearCache)]
pub fn clear_cache(function: usize) -> Result<(), JsValue> {
    let memoized = steps::function(function);
    Ok(block_on(memoized.engine.clear())?)
}

/// Frees every claim.
#[wasm_bindgen(js_name = clearBeingCalculated)]
pub fn clear_being_calculated(function: usize) -> Result<(), JsValue> {
    let memoized = steps::function(function);
    Ok(block_on(memoized.engine.clear_being_calculated())?)
}

/// What was counted on this side, in the order of lists.ts; empty when off.
#[wasm_bindgen]
pub fn metrics(function: usize) -> String {
    let memoized = steps::function(function);
    let mut text = String::new();
    if let Some(metrics) = block_on(memoized.engine.metrics()) {
        for count in metrics.listed() {
            push_digits(&mut text, count);
            text.push(' ');
        }
    }
    text
}

/// The task that ends when no clean-up is under way.
#[wasm_bindgen]
pub fn drained(function: usize) -> usize {
    let memoized = steps::function(function);
    let engine = memoized.engine.clone();
    clock::keep(Box::pin(async move {
        engine.background.drained().await;
        0.0
    }))
}

impl Memoized {
    fn begin_by(&self, policy: Policy) -> f64 {
        let request = Request {
            key: key::taken(),
            policy,
        };
        let step = block_on(self.engine.begin(request));
        if let Step::Calculate(ticket) = &step {
            waits::enter(ticket.flight_id());
        }
        next(&self.engine, step)
    }

    fn read(&self, key: &Key) -> Option<Entry<Record>> {
        let entry = block_on(self.engine.read(key, Troubles::REPORTED));
        entry.unwrap_or_default()
    }

    fn stored(&self, stored_at: Option<Timestamp>, measure: Measure) -> f64 {
        let meta = stored_at.map(|stored_at| measure.stored_at(stored_at));
        set_latest(meta);
        meta.map_or(f64::NAN, |meta| self.until(&meta))
    }

    /// The end of an entry's freshness, or of the time until the next clean-up, which a hit must not pass by.
    /// NaN while caching is disabled: a run that ends then is stored, but the front must not serve it.
    fn until(&self, meta: &Meta) -> f64 {
        let policy = self.settings.policy();
        if !policy.caching_enabled {
            return f64::NAN;
        }
        let end = fresh_during(meta, &policy).end;
        moment(if policy.cleanup_stale {
            end.min(self.engine.next_cleanup())
        } else {
            end
        })
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
