//! One memoized function as JavaScript sees it: begin, then its function, then finish or fail.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::options;
use super::record::{self, Record};
use super::steps::{Engine, Kept, Kind, Payload, Step, Steps};
use crate::blocking::block_on;
use crate::clock::Clock;
use crate::config;
use crate::engine::{Finished, Measure, Outcome, Request, Waited};
use crate::entry::{Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::memoize::registry;
use crate::memoize::settings::{Settings, id};
use crate::policy::{CallOptions, Policy, Setting, Verdict, decide, fresh_during};
use super::spelling::{key_of_number, key_of_spelling, key_of_text};

/// The options of one call, checked.
#[wasm_bindgen]
pub struct CallPolicy(CallOptions);

#[wasm_bindgen]
impl CallPolicy {
    /// Checks the options of one call.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<CallPolicy, JsValue> {
        Ok(Self(options::call(&options)?))
    }
}

/// The engine and the memory core of one memoized function.
#[wasm_bindgen]
pub struct Memoized {
    engine: Arc<Engine>,
    settings: Settings,
    steps: Rc<Steps>,
    /// What is known of the record that was last handed over or stored.
    latest: Rc<Cell<Option<Meta>>>,
    bounded: bool,
    weighed_by_core: bool,
}

#[wasm_bindgen]
impl Memoized {
    /// Checks the options of a definition.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, fallback_name: &str) -> Result<Memoized, JsValue> {
        let given = options::definition(&options)?;
        let all = given.layer.or(&config::global_layer());
        let metered = all.is_on(Setting::EnableMetrics);
        let label = id(&given, fallback_name);
        let engine = Arc::new(Engine::new(record::core(&all), Clock::default(), label, metered));
        let settings = Settings::new(given);
        registry::register(engine.label(), settings.is_named(), &engine);
        Ok(Self {
            engine,
            settings,
            steps: Rc::default(),
            latest: Rc::default(),
            bounded: all.is_set(Setting::MaxEntries) || all.is_set(Setting::MaxBytes),
            weighed_by_core: metered || all.is_set(Setting::MaxBytes),
        })
    }

    /// Its name, or the function's own.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.engine.label().to_owned()
    }

    /// Its version, if it was given one.
    #[wasm_bindgen(getter)]
    pub fn version(&self) -> Option<String> {
        self.settings.version()
    }

    /// Whether sizes of values are asked for.
    #[wasm_bindgen(getter)]
    pub fn weighs(&self) -> bool {
        self.weighed_by_core || self.settings.policy().entry_size_limit != u64::MAX
    }

    /// Whether entries are evicted, so that the use of a record matters.
    #[wasm_bindgen(getter)]
    pub fn bounded(&self) -> bool {
        self.bounded
    }

    /// Whether calls are counted.
    #[wasm_bindgen(getter)]
    pub fn metered(&self) -> bool {
        self.engine.counters.is_some()
    }

    /// The first step of a call.
    pub fn begin(&self, spelling: &str, scope: Option<String>) -> Result<f64, JsValue> {
        let key = key(spelling, scope)?;
        Ok(self.begin_by_key(key, self.settings.policy()))
    }

    /// The first step of a call that has options of its own.
    #[wasm_bindgen(js_name = beginWith)]
    pub fn begin_with(
        &self,
        spelling: &str,
        scope: Option<String>,
        call: &CallPolicy,
    ) -> Result<f64, JsValue> {
        let key = key(spelling, scope)?;
        Ok(self.begin_by_key(key, self.settings.policy_of_call(&call.0)))
    }

    /// The first step of a call with one number.
    #[wasm_bindgen(js_name = beginNumber)]
    pub fn begin_number(&self, argument: f64) -> f64 {
        self.begin_by_key(key_of_number(argument), self.settings.policy())
    }

    /// The first step of a call with one well-formed string.
    #[wasm_bindgen(js_name = beginString)]
    pub fn begin_string(&self, argument: &str) -> f64 {
        self.begin_by_key(key_of_text(argument), self.settings.policy())
    }

    /// What a step hands over, once.
    pub fn collect(&self, id: u32) -> JsValue {
        let Some(Kept::Payload(payload)) = self.steps.take(id) else { return JsValue::UNDEFINED };
        self.latest.set(payload.meta);
        payload.value
    }

    /// The refresh that a step asks for; to be asked before `collect`.
    #[wasm_bindgen(js_name = refreshOf)]
    pub fn refresh_of(&self, id: u32) -> f64 {
        self.steps.refresh_of(id).map_or(f64::NAN, |refresh| refresh as f64)
    }

    /// The step after a wait.
    pub fn wait(&self, id: u32) -> Promise {
        let kept = self.steps.take(id);
        let (engine, steps) = (self.engine.clone(), self.steps.clone());
        future_to_promise(async move {
            let Some(Kept::Wait(request, waiting)) = kept else {
                return Ok(Steps::bare(Kind::Bypass).into());
            };
            let code = match engine.wait(&request, waiting).await {
                Waited::Settled(result) => settled(&engine, &steps, &result),
                Waited::Step(step) => next(&engine, &steps, request, step),
            };
            Ok(code.into())
        })
    }

    /// Puts a calculation on the engine's stack.
    pub fn enter(&self, ticket: u32) {
        self.steps.with_ticket(ticket, |ticket| ticket.enter());
    }

    /// Takes a calculation that goes on off the engine's stack.
    pub fn suspend(&self, ticket: u32) {
        self.steps.with_ticket(ticket, |ticket| ticket.leave());
    }

    /// Stores a result; until when it is fresh, or NaN if it is not held.
    pub fn finish(&self, ticket: u32, record: Record, size: f64, none: bool) -> f64 {
        let Some(ticket) = self.steps.take_ticket(ticket) else { return f64::NAN };
        ticket.leave();
        let refreshes = ticket.is_refresh();
        let measure = Measure { size: size as u64, none };
        let finished = block_on(ticket.finish(Ok::<_, JsValue>(record), measure, share));
        if !refreshes {
            self.engine.count(finished.outcome);
        }
        self.stored(finished.stored_at, measure)
    }

    /// Takes note of a failure; what is to be returned or thrown instead.
    pub fn fail(&self, ticket: u32, error: JsValue) -> f64 {
        let Some(ticket) = self.steps.take_ticket(ticket) else {
            return payload(&self.steps, Kind::Fail, error, None);
        };
        ticket.leave();
        let refreshes = ticket.is_refresh();
        let failed = error.clone();
        let finished = block_on(ticket.finish(Err(error), Measure::default(), share));
        if refreshes {
            return payload(&self.steps, Kind::Fail, failed, None);
        }
        self.engine.count(finished.outcome);
        self.recovered(finished)
    }

    /// Gives a ticket back without a result.
    pub fn abandon(&self, ticket: u32) {
        let Some(ticket) = self.steps.take_ticket(ticket) else { return };
        ticket.leave();
        if !ticket.is_refresh() {
            self.engine.count(Outcome::Bypassed);
        }
    }

    /// Starts a refresh, if there is still something to do.
    #[wasm_bindgen(js_name = beginRefresh)]
    pub fn begin_refresh(&self, id: u32) -> f64 {
        let Some(Kept::Refresh(reservation)) = self.steps.take(id) else {
            return Steps::bare(Kind::Bypass);
        };
        match block_on(self.engine.begin_refresh(reservation)) {
            Some(ticket) => self.steps.keep(Kind::Calculate, Kept::Ticket(ticket)),
            None => Steps::bare(Kind::Bypass),
        }
    }

    /// Until when the record last handed over is fresh.
    #[wasm_bindgen(js_name = validUntil)]
    pub fn valid_until(&self) -> f64 {
        self.latest.get().map_or(f64::NAN, |meta| self.until(&meta))
    }

    /// From when on the record last handed over may be served.
    #[wasm_bindgen(js_name = validFrom)]
    pub fn valid_from(&self) -> f64 {
        let policy = self.settings.policy();
        self.latest.get().map_or(f64::NAN, |meta| moment(fresh_during(&meta, &policy).start))
    }

    /// Milliseconds since the record last handed over was stored.
    pub fn age(&self) -> f64 {
        let now = self.engine.clock.now();
        self.latest.get().map_or(f64::NAN, |meta| now.millis_since(meta.stored_at) as f64)
    }

    /// Stores a value without a calculation; until when it is fresh.
    pub fn precache(
        &self,
        spelling: &str,
        scope: Option<String>,
        record: Record,
        size: f64,
        none: bool,
    ) -> Result<f64, JsValue> {
        let key = key(spelling, scope)?;
        let measure = Measure { size: size as u64, none };
        let stored = block_on(self.engine.precache(&key, record, measure, &self.settings.policy()))?;
        Ok(self.stored(stored, measure))
    }

    /// Removes an entry; whether there was one.
    pub fn remove(&self, spelling: &str, scope: Option<String>) -> Result<bool, JsValue> {
        Ok(block_on(self.engine.remove(&key(spelling, scope)?))?)
    }

    /// What is stored, fresh or not.
    pub fn peek(&self, spelling: &str, scope: Option<String>) -> Result<Option<Record>, JsValue> {
        let entry = block_on(self.engine.read(&key(spelling, scope)?));
        self.latest.set(entry.as_ref().map(|entry| entry.meta));
        Ok(entry.map(|entry| entry.value))
    }

    /// The canonical bytes of a key, in hexadecimal.
    #[wasm_bindgen(js_name = keyOf)]
    pub fn key_of(&self, spelling: &str, scope: Option<String>) -> Result<String, JsValue> {
        Ok(hexadecimal(key(spelling, scope)?.as_bytes()))
    }

    /// Every entry: its key as text, its record, when it was stored, its size, whether it is stale.
    pub fn entries(&self) -> Result<Array, JsValue> {
        let (now, policy) = (self.engine.clock.now(), self.settings.policy());
        let listed = Array::new();
        for (key, meta) in block_on(self.engine.entries())? {
            let Some(entry) = block_on(self.engine.read(&key)) else { continue };
            let stale = decide(Some(&meta), now, &policy) != Verdict::Serve;
            listed.push(&Array::of5(
                &key.diagnostic().into(),
                &entry.value.into(),
                &moment(meta.stored_at).into(),
                &(meta.size as f64).into(),
                &stale.into(),
            ));
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

    /// What was counted on this side; undefined when off.
    pub fn metrics(&self) -> JsValue {
        block_on(self.engine.metrics()).map_or(JsValue::UNDEFINED, |metrics| metrics.to_js())
    }

    /// Settled when no clean-up is under way.
    pub fn drained(&self) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move {
            engine.background.drained().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    fn begin_by_key(&self, key: Key, policy: Policy) -> f64 {
        let request = Request { key, policy };
        let step = block_on(self.engine.begin(&request));
        if let Step::Calculate(ticket) = &step {
            ticket.enter();
        }
        next(&self.engine, &self.steps, request, step)
    }

    fn recovered(&self, finished: Finished<Record, JsValue>) -> f64 {
        match finished.result {
            Err(error) => payload(&self.steps, Kind::Fail, error, None),
            Ok(record) => {
                let stored_at = finished.stored_at.unwrap_or_default();
                let meta = Meta { stored_at, size: 0, none: false };
                payload(&self.steps, Kind::ServeStale, record.into(), Some(meta))
            }
        }
    }

    fn stored(&self, stored_at: Option<Timestamp>, measure: Measure) -> f64 {
        let meta = stored_at.map(|stored_at| measure.stored_at(stored_at));
        self.latest.set(meta);
        meta.map_or(f64::NAN, |meta| self.until(&meta))
    }

    /// The end of an entry's freshness, or of the time until the next clean-up, which a hit must not pass by.
    fn until(&self, meta: &Meta) -> f64 {
        let policy = self.settings.policy();
        let end = fresh_during(meta, &policy).end;
        moment(if policy.cleanup_stale { end.min(self.engine.next_cleanup()) } else { end })
    }
}

fn next(engine: &Engine, steps: &Steps, request: Request, step: Step) -> f64 {
    match step {
        Step::Bypass => {
            engine.count(Outcome::Bypassed);
            Steps::bare(Kind::Bypass)
        }
        Step::Calculate(ticket) => steps.keep(Kind::Calculate, Kept::Ticket(ticket)),
        Step::Wait(waiting) => steps.keep(Kind::Wait, Kept::Wait(request, waiting)),
        Step::Serve(served) => {
            engine.count(served.outcome);
            let refresh = served.refresh.map(|reservation| steps.insert(Kept::Refresh(reservation)));
            let kind = kind_of(served.outcome, refresh.is_some());
            let (value, meta) = (served.value.into(), Some(served.meta));
            steps.keep(kind, Kept::Payload(Payload { value, meta, refresh }))
        }
    }
}

fn kind_of(outcome: Outcome, refreshes: bool) -> Kind {
    match outcome {
        Outcome::StaleHit if refreshes => Kind::ServeAndRefresh,
        Outcome::StaleHit => Kind::ServeStale,
        Outcome::Waited => Kind::Waited,
        _ => Kind::Serve,
    }
}

fn settled(engine: &Engine, steps: &Steps, result: &Result<Record, JsValue>) -> f64 {
    engine.count(Outcome::Waited);
    match result {
        Ok(record) => payload(steps, Kind::Waited, record.clone().into(), None),
        Err(error) => payload(steps, Kind::Fail, error.clone(), None),
    }
}

fn payload(steps: &Steps, kind: Kind, value: JsValue, meta: Option<Meta>) -> f64 {
    steps.keep(kind, Kept::Payload(Payload { value, meta, refresh: None }))
}

fn key(spelling: &str, scope: Option<String>) -> Result<Key, Error> {
    let key = key_of_spelling(spelling)?;
    Ok(match scope {
        Some(scope) => key.scoped(&scope),
        None => key,
    })
}

fn share(error: &JsValue) -> Option<JsValue> {
    Some(error.clone())
}

/// JavaScript's number for a moment; the ends of time are its infinities.
fn moment(timestamp: Timestamp) -> f64 {
    match timestamp.as_millis() {
        i64::MAX => f64::INFINITY,
        i64::MIN => f64::NEG_INFINITY,
        millis => millis as f64,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
