//! One memoized function as JavaScript sees it: begin, then its function, then finish; and what it holds.

use std::sync::Arc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::calls::{latest, next, set_latest, share};
use super::record::{self, Record};
use super::steps::{self, Engine, Step};
use super::{given, key};
use crate::blocking::block_on;
use crate::clock::{self, Clock};
use crate::config;
use crate::engine::{Measure, Request, waits};
use crate::entry::{Entry, Meta, Timestamp};
use crate::key::Key;
use crate::memoize::registry;
use crate::memoize::settings::{Settings, id};
use crate::policy::{
    CallOptions, Policy, Setting, Troubles, Verdict, decide, fresh_during, untyped,
};

/// The options of one call, checked.
#[wasm_bindgen]
pub struct CallPolicy(CallOptions);

#[wasm_bindgen]
impl CallPolicy {
    /// The options that were given, for one call.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<CallPolicy, JsValue> {
        Ok(Self(untyped::call(given::taken())?))
    }
}

/// The engine and the memory core of one memoized function.
#[wasm_bindgen]
pub struct Memoized {
    engine: Arc<Engine>,
    settings: Settings,
    bounded: bool,
    weighed_by_core: bool,
}

#[wasm_bindgen]
impl Memoized {
    /// The options that were given, for a definition.
    #[wasm_bindgen(constructor)]
    pub fn new(fallback_name: &str) -> Result<Memoized, JsValue> {
        let given = untyped::definition(given::taken())?;
        let (all, _) = config::resolved(&given);
        let metered = all.is_on(Setting::EnableMetrics);
        let label = id(&given, fallback_name);
        let engine = Arc::new(Engine::new(
            record::core(&all),
            Clock::default(),
            label,
            metered,
        ));
        let settings = Settings::new(given);
        registry::register(engine.label(), settings.is_named(), &engine);
        Ok(Self {
            engine,
            settings,
            bounded: all.is_set(Setting::MaxEntries) || all.is_set(Setting::MaxBytes),
            weighed_by_core: metered || all.is_set(Setting::MaxBytes),
        })
    }

    /// Its name, or the function's own, and its version.
    pub fn label(&self) -> String {
        self.engine.label().to_owned()
    }

    /// What the front has to know, as bits: whether sizes are asked for, entries evicted, calls counted.
    pub fn traits(&self) -> u32 {
        let weighs = self.weighed_by_core || self.settings.policy().entry_size_limit != u64::MAX;
        let metered = self.engine.counters.is_some();
        u32::from(weighs) | u32::from(self.bounded) << 1 | u32::from(metered) << 2
    }

    /// The first step of a call.
    pub fn begin(&self) -> f64 {
        self.begin_by(self.settings.policy())
    }

    /// The first step of a call that has options of its own.
    #[wasm_bindgen(js_name = beginWith)]
    pub fn begin_with(&self, call: &CallPolicy) -> f64 {
        self.begin_by(self.settings.policy_of_call(&call.0))
    }

    /// Stores a result; until when it is fresh, or NaN if it is not held.
    pub fn finish(&self, ticket: usize, record: Record, size: f64, none: bool) -> f64 {
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
            self.engine.count(finished.outcome);
        }
        self.stored(finished.stored_at, measure)
    }

    /// Until when the record last handed over is fresh.
    #[wasm_bindgen(js_name = validUntil)]
    pub fn valid_until(&self) -> f64 {
        latest().map_or(f64::NAN, |meta| self.until(&meta))
    }

    /// From when on the record last handed over may be served.
    #[wasm_bindgen(js_name = validFrom)]
    pub fn valid_from(&self) -> f64 {
        let policy = self.settings.policy();
        latest().map_or(f64::NAN, |meta| moment(fresh_during(&meta, &policy).start))
    }

    /// Milliseconds since the record last handed over was stored.
    pub fn age(&self) -> f64 {
        let now = self.engine.clock.now();
        latest().map_or(f64::NAN, |meta| now.millis_since(meta.stored_at) as f64)
    }

    /// Stores a value without a calculation; until when it is fresh.
    pub fn precache(&self, record: Record, size: f64, none: bool) -> Result<f64, JsValue> {
        let (key, measure) = (
            key::taken(),
            Measure {
                size: size as u64,
                none,
            },
        );
        let stored =
            block_on(
                self.engine
                    .precache(&key, record, measure, &self.settings.policy()),
            )?;
        Ok(self.stored(stored, measure))
    }

    /// Removes an entry; whether there was one.
    pub fn remove(&self) -> Result<bool, JsValue> {
        Ok(block_on(self.engine.remove(&key::taken()))?)
    }

    /// What is stored, fresh or not.
    pub fn peek(&self) -> JsValue {
        let entry = self.read(&key::taken());
        set_latest(entry.as_ref().map(|entry| entry.meta));
        entry.map_or(JsValue::UNDEFINED, |entry| entry.value.into())
    }

    /// Every entry: its key as text, its record, when it was stored, its size, whether it is stale.
    pub fn entries(&self) -> Result<Array, JsValue> {
        let (now, policy) = (self.engine.clock.now(), self.settings.policy());
        let listed = Array::new();
        for (key, meta) in block_on(self.engine.entries())? {
            let Some(entry) = self.read(&key) else {
                continue;
            };
            let stale = decide(Some(&meta), now, &policy) != Verdict::Serve;
            listed.push(&key.diagnostic().into());
            listed.push(&entry.value);
            listed.push(&moment(meta.stored_at).into());
            listed.push(&(meta.size as f64).into());
            listed.push(&stale.into());
        }
        Ok(listed)
    }

    /// Removes every entry and frees every claim.
    #[wasm_bindgen(js_name = clearCache)]
    pub fn clear_cache(&self) -> Result<(), JsValue> {
        Ok(block_on(self.engine.clear())?)
    }

    /// Frees every claim.
    #[wasm_bindgen(js_name = clearBeingCalculated)]
    pub fn clear_being_calculated(&self) -> Result<(), JsValue> {
        Ok(block_on(self.engine.clear_being_calculated())?)
    }

    /// What was counted on this side, in the order of lists.ts; nothing when off.
    pub fn metrics(&self) -> Array {
        let listed = Array::new();
        for count in block_on(self.engine.metrics())
            .iter()
            .flat_map(|metrics| metrics.listed())
        {
            listed.push(&(count as f64).into());
        }
        listed
    }

    /// The task that ends when no clean-up is under way.
    pub fn drained(&self) -> usize {
        let engine = self.engine.clone();
        clock::keep(Box::pin(async move {
            engine.background.drained().await;
            0.0
        }))
    }

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
        self.valid_until()
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
