//! The right and duty to calculate one key, from the claim to the store; not how the function is called.

use std::sync::Arc;

use super::flights::Runner;
use super::{Called, Engine, Event, Outcome, Request, Reservation, Stored, fits};
use crate::core::Core;
use crate::entry::{Entry, Meta, Timestamp};
use crate::policy::{Fatal, Troubles, serves_after_error};
use crate::report::{self, Trouble};

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
pub(crate) struct Ticket<C: Core<V>, V: Stored, S: Stored> {
    // Before the runner, so that a waiter woken by its drop finds the claim free.
    claim: Option<C::Claim>,
    runner: Option<Runner<Result<V, S>>>,
    refreshing: Option<Reservation<C, V, S>>,
    engine: Arc<Engine<C, V, S>>,
    request: Request,
    replaces: bool,
    started: Timestamp,
}

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
    pub(super) fn new(
        engine: Arc<Engine<C, V, S>>,
        request: &Request,
        runner: Runner<Result<V, S>>,
        claim: Option<C::Claim>,
        replaces: bool,
    ) -> Box<Self> {
        let started = match engine.counters {
            Some(_) => engine.clock.now(),
            None => Timestamp::default(),
        };
        let runner = Some(runner);
        let request = request.clone();
        Box::new(Self {
            claim,
            runner,
            refreshing: None,
            engine,
            request,
            replaces,
            started,
        })
    }

    pub(super) fn refreshing(mut self: Box<Self>, reservation: Reservation<C, V, S>) -> Box<Self> {
        self.refreshing = Some(reservation);
        self
    }

    /// The number of its flight in the chain of who waits for whom.
    pub(crate) fn flight_id(&self) -> u64 {
        self.runner.as_ref().map_or(0, Runner::flight_id)
    }

    /// Whether it is a refresh, which no caller waits for.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn is_refresh(&self) -> bool {
        self.refreshing.is_some()
    }

    /// The engine it is for.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn engine(&self) -> &Arc<Engine<C, V, S>> {
        &self.engine
    }

    /// Stores a result, hands it to the waiters and gives the claim back.
    pub(crate) async fn finish<F>(
        mut self: Box<Self>,
        result: Result<V, F>,
        measure: Measure,
        share: fn(&F) -> Option<S>,
    ) -> Finished<V, F> {
        self.count_calculation();
        let finished = match result {
            Ok(value) => self.store(value, measure).await,
            Err(failure) => self.recover(failure).await,
        };
        self.publish(&finished, share);
        finished
    }

    fn count_calculation(&self) {
        let Some(counters) = &self.engine.counters else {
            return;
        };
        counters.calculated(self.engine.clock.now().millis_since(self.started));
        if self.replaces {
            counters.event(Event::Recalculation);
        }
    }

    async fn store<F>(&mut self, value: V, measure: Measure) -> Finished<V, F> {
        self.warn_of_nothing(measure);
        let meta = measure.stored_at(self.engine.clock.now());
        let stored = self
            .put(Entry {
                value: value.clone(),
                meta,
            })
            .await;
        if let Some(reservation) = self.refreshing.take() {
            self.engine.note(Event::Refresh);
            drop(reservation);
        }
        let (stored, fatal) = match stored {
            Ok(stored) => (stored, None),
            Err(fatal) => (false, Some(fatal)),
        };
        let stored_at = stored.then_some(meta.stored_at);
        Finished {
            fatal,
            ..Finished::new(Ok(value), Outcome::Computed, stored_at)
        }
    }

    async fn put(&mut self, entry: Entry<V>) -> Result<bool, Fatal> {
        let (engine, request) = (&self.engine, &self.request);
        if !fits(entry.meta.size, &request.policy) {
            engine.explain(request, "the value is too large to store");
            engine.note(Event::Rejection);
            return Ok(false);
        }
        let Some(claim) = self.claim.take() else {
            return Ok(false);
        };
        let stored = match engine.core.put(claim, entry).await {
            Ok(stored) => stored,
            Err(error) => {
                return engine
                    .suffer(error, request.policy.troubles)
                    .map(|()| false);
            }
        };
        if stored {
            engine.explain(request, "stored");
            engine.forget_failures(request);
        } else {
            engine.explain(
                request,
                "not stored: cleared, replaced, taken over or too large",
            );
        }
        Ok(stored)
    }

    /// What a caller gets after a failure: the old value while `stale_if_error` allows it.
    async fn recover<F>(&mut self, failure: F) -> Finished<V, F> {
        if let Some(reservation) = self.refreshing.take() {
            reservation.failed();
        }
        let now = self.engine.clock.now();
        let old = self.engine.read(&self.request.key, Troubles::REPORTED);
        let old = old.await.ok().flatten();
        let serves = |old: &Entry<V>| serves_after_error(&old.meta, now, &self.request.policy);
        match old.filter(serves) {
            None => Finished::new(Err(failure), Outcome::Computed, None),
            Some(old) => {
                report::warn(
                    self.engine.label(),
                    "the function failed; the old value is served",
                );
                let stored_at = Some(old.meta.stored_at);
                Finished::new(Ok(old.value), Outcome::StaleHit, stored_at)
            }
        }
    }

    fn publish<F>(&mut self, finished: &Finished<V, F>, share: fn(&F) -> Option<S>) {
        // The claim goes first, so that whoever is woken finds it free.
        self.claim = None;
        let Some(runner) = self.runner.take() else {
            return;
        };
        runner.publish(|| match &finished.result {
            Ok(value) => Some(Ok(value.clone())),
            Err(failure) => share(failure).map(Err),
        });
    }

    fn warn_of_nothing(&self, measure: Measure) {
        if !measure.none || self.request.policy.allow_none {
            return;
        }
        let engine = &self.engine;
        let before = engine
            .nothings
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before + 1 >= NOTHINGS_BEFORE_WARNING {
            engine.reported.once(Trouble::Nothing, engine.label(), || {
                "returned nothing three times, which is not served from the cache; \
                 if nothing is a result, set allow_none (allowNone)"
                    .to_owned()
            });
        }
    }
}

impl<C: Core<V>, V: Stored, S: Stored> Drop for Ticket<C, V, S> {
    fn drop(&mut self) {
        // Still there only if the calculation panicked or was cancelled.
        if let Some(reservation) = self.refreshing.take() {
            reservation.failed();
        }
    }
}
