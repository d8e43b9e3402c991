//! The right and duty to calculate one key, from the claim to the store; not how the function is called.

#[cfg(all(feature = "js", target_arch = "wasm32"))]
use std::sync::Arc;

#[cfg(all(feature = "js", target_arch = "wasm32"))]
use super::Engine;
use super::facade::Timed;
use super::flights::Runner;
use super::{Called, Course, Event, Outcome, Stored, fits};
use crate::core::Core;
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::policy::{Fatal, Troubles, serves_after_error};
use crate::report::{self, Trouble};
use crate::spans;

/// This many nothings make one warning.
const NOTHINGS_BEFORE_WARNING: u32 = 3;

/// What is known of a value before it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measure {
    pub(crate) size: u64,
    pub(crate) none: bool,
}

impl Measure {
    /// What is known of the value once it is stored.
    pub(crate) fn stored_at(self, stored_at: Timestamp) -> Meta {
        Meta {
            stored_at,
            size: self.size,
            none: self.none,
        }
    }
}

/// A claimed key and its flight; dropped without a result, the next caller takes over.
pub(crate) struct Ticket<C: Core<V>, V: Stored, S: Stored>(pub(super) Box<Course<C, V, S>>);

/// How a calculation ended for its own caller.
pub(crate) struct Finished<V, F> {
    pub(crate) result: Result<V, F>,
    pub(crate) outcome: Outcome,
    pub(crate) stored_at: Option<Timestamp>,
    /// What costs this caller the result, though not those who waited for it.
    fatal: Option<Fatal>,
}

impl<V, F> Finished<V, F> {
    fn new(result: Result<V, F>, outcome: Outcome, stored_at: Option<Timestamp>) -> Self {
        Self {
            result,
            outcome,
            stored_at,
            fatal: None,
        }
    }

    /// When the value was stored, if it was, unless that costs the caller the result.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn into_stored(self) -> Result<Option<Timestamp>, Fatal> {
        match self.fatal {
            Some(fatal) => Err(fatal),
            None => Ok(self.stored_at),
        }
    }

    /// What the caller gets.
    pub(super) fn into_called<C: Core<V>, S: Stored, I>(
        self,
    ) -> Result<Called<C, V, S, F, I>, Fatal>
    where
        V: Stored,
    {
        match self.fatal {
            Some(fatal) => Err(fatal),
            None => Ok(Called {
                result: self.result,
                outcome: self.outcome,
                stored_at: self.stored_at,
                refresh: None,
            }),
        }
    }
}

impl<C: Core<V>, V: Stored, S: Stored> Ticket<C, V, S> {
    /// The number of its flight in the chain of who waits for whom.
    pub(crate) fn flight_id(&self) -> u64 {
        self.0.runner.as_ref().map_or(0, Runner::flight_id)
    }

    /// Whether it is a refresh, which no caller waits for.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn is_refresh(&self) -> bool {
        self.0.refreshing.is_some()
    }

    /// The engine it is for.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn engine(&self) -> &Arc<Engine<C, V, S>> {
        &self.0.engine
    }

    /// Stores a result, hands it to the waiters and gives the claim back.
    pub(crate) async fn finish<F>(
        mut self,
        result: Result<V, F>,
        measure: Measure,
        share: fn(&F) -> Option<S>,
    ) -> Finished<V, F> {
        self.count_calculation();
        let (engine, request) = (self.0.engine.clone(), self.0.request.clone());
        let finished = match result {
            Ok(value) => {
                self.warn_of_nothing(measure);
                let meta = measure.stored_at(engine.clock.now());
                let stored = match self.claim_to_store(&meta) {
                    Some(claim) => {
                        let entry = Entry {
                            value: &value,
                            meta,
                        };
                        let put = engine.core.put(claim, entry);
                        let watch = engine.watch();
                        let stored = spans::store(engine.label(), put).await;
                        engine.timed(Timed::Store, watch);
                        Some(stored)
                    }
                    None => None,
                };
                let stored = stored.map_or(Ok(false), |stored| self.is_stored(stored));
                self.refreshed();
                let stored_at = matches!(stored, Ok(true)).then_some(meta.stored_at);
                Finished {
                    fatal: stored.err(),
                    ..Finished::new(Ok(value), Outcome::Computed, stored_at)
                }
            }
            Err(failure) => {
                self.refresh_failed();
                let now = engine.clock.now();
                let old = engine.read(&request.key, Troubles::REPORTED).await;
                self.recovered(failure, old.ok().flatten(), now)
            }
        };
        self.publish(&finished, share);
        finished
    }

    fn count_calculation(&self) {
        let course = &self.0;
        let Some(counters) = &course.engine.counters else {
            return;
        };
        counters.calculated(course.engine.clock.now().millis_since(course.started));
        if course.replaces {
            counters.event(Event::Recalculation);
        }
    }

    /// The claim, unless the value is too large for it.
    fn claim_to_store(&mut self, meta: &Meta) -> Option<C::Claim> {
        let course = &mut self.0;
        if fits(meta.size, &course.request.policy) {
            return course.claim.take();
        }
        course
            .engine
            .explain(&course.request, "the value is too large to store");
        course.engine.note(Event::Rejection);
        None
    }

    fn is_stored(&self, stored: Result<bool, Error>) -> Result<bool, Fatal> {
        let (engine, request) = (&self.0.engine, &self.0.request);
        match stored {
            Ok(true) => {
                engine.explain(request, "stored");
                engine.forget_failures(request);
            }
            Ok(false) => {
                let why = "not stored: cleared, replaced, taken over or too large";
                engine.explain(request, why);
                return Ok(false);
            }
            Err(error) => {
                return engine
                    .suffer(error, request.policy.troubles)
                    .map(|()| false);
            }
        }
        Ok(true)
    }

    fn refreshed(&mut self) {
        if let Some(reservation) = self.0.refreshing.take() {
            self.0.engine.note(Event::Refresh);
            report::note(self.0.engine.label(), "a background refresh is done");
            drop(reservation);
        }
    }

    fn refresh_failed(&mut self) {
        if let Some(reservation) = self.0.refreshing.take() {
            reservation.failed();
        }
    }

    /// What a caller gets after a failure: the old value while `stale_if_error` allows it.
    fn recovered<F>(&self, failure: F, old: Option<Entry<V>>, now: Timestamp) -> Finished<V, F> {
        let (engine, policy) = (&self.0.engine, &self.0.request.policy);
        match old.filter(|old| serves_after_error(&old.meta, now, policy)) {
            None => Finished::new(Err(failure), Outcome::Computed, None),
            Some(old) => {
                report::warn(
                    engine.label(),
                    "the function failed; the old value is served",
                );
                let stored_at = Some(old.meta.stored_at);
                Finished::new(Ok(old.value), Outcome::StaleHit, stored_at)
            }
        }
    }

    fn publish<F>(&mut self, finished: &Finished<V, F>, share: fn(&F) -> Option<S>) {
        // The claim goes first, so that whoever is woken finds it free.
        self.0.claim = None;
        let Some(runner) = self.0.runner.take() else {
            return;
        };
        runner.publish(|| match &finished.result {
            Ok(value) => Some(Ok(value.clone())),
            Err(failure) => share(failure).map(Err),
        });
    }

    fn warn_of_nothing(&self, measure: Measure) {
        if !measure.none || self.0.request.policy.allow_none {
            return;
        }
        let engine = &self.0.engine;
        let before = engine
            .nothings
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before + 1 >= NOTHINGS_BEFORE_WARNING {
            let text = "returned nothing three times, which is not served from the cache; \
                 if nothing is a result, set allow_none (allowNone)";
            engine.reported.once(Trouble::Nothing, engine.label(), text);
        }
    }
}

impl<C: Core<V>, V: Stored, S: Stored> Drop for Ticket<C, V, S> {
    fn drop(&mut self) {
        // Still there only if the calculation panicked or was cancelled.
        self.refresh_failed();
    }
}
