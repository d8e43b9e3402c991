//! Get, claim, calculate, put: single flight, waiting, refresh; knows a core and a clock, no arguments.

mod background;
mod flights;
mod looks;
mod metrics;
mod race;
mod refreshes;
mod ticket;
pub(crate) mod waits;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

pub(crate) use background::Background;
pub(crate) use metrics::{Counters, Event};
pub use metrics::{Metrics, Outcome};
pub(crate) use ticket::{Finished, Measure, Ticket};

/// A wait for somebody else's calculation.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) type Waiting<V, S> = Waiter<Result<V, S>>;

use crate::blocking::block_on;
use crate::clock::Clock;
use crate::core::{Core, Swept};
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::policy::{
    Fatal, Limit, Policy, Troubles, Verdict, decide, is_removable, needs_clock, serves_who_waited,
};
use crate::report::{self, Reported, Trouble};
use crate::threads::{Check, MaybeSend, MaybeSync, View};
use flights::{End, Flights, Joined, Runner, Waiter};
use looks::Looks;
use race::{Raced, race};
use refreshes::Refreshes;

/// A wait this long is reported: its owner may never be polled again.
const LONG_WAIT_MILLIS: i64 = 10_000;

/// A waiter whose turn it was not to take over asks again after its limit, or after this.
const SHORTEST_NEXT_TRY_MILLIS: i64 = 50;

/// Whose claims overtake whose: no late owner or successor keeps an overwritten value out.
const OWNER: u32 = 0;
const SUCCESSOR: u32 = 1;
const OVERWRITER: u32 = 2;

/// A value that can be kept and handed to several callers.
pub(crate) trait Stored: Clone + MaybeSend + MaybeSync + 'static {}
impl<T: Clone + MaybeSend + MaybeSync + 'static> Stored for T {}

/// The engine of one memoized function: values `V`, and failures that waiters share as `S`.
pub(crate) struct Engine<C, V, S> {
    pub(crate) core: C,
    pub(crate) clock: Clock,
    pub(crate) counters: Option<Counters>,
    pub(crate) background: Background,
    label: String,
    flights: Arc<Flights<Result<V, S>>>,
    refreshes: Refreshes,
    reported: Reported,
    nothings: AtomicU32,
    next_cleanup: AtomicI64,
}

/// One call: what it asks for and by which rules.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) key: Key,
    pub(crate) policy: Policy,
}

/// What the first look at the store came to.
pub(crate) enum Look<V> {
    Bypass,
    Overwrite,
    /// A fresh entry: nothing is left to do but count the hit and return it.
    Fresh(Entry<V>),
    /// An entry to be served and refreshed, and the moment that was decided.
    Stale(Entry<V>, Timestamp),
    /// No entry, or one that is not to be served.
    Unfit(Option<Meta>),
    /// The store is out of order, and that costs the call its result.
    Failed(Fatal),
}

/// What a caller has to do next.
pub(crate) enum Step<C: Core<V>, V: Stored, S: Stored> {
    /// Call the function; nothing is stored.
    Bypass,
    /// Return this.
    Serve(Served<C, V, S>),
    /// Call the function and give the result to the ticket.
    Calculate(Box<Ticket<C, V, S>>),
    /// Hand this to [`Engine::wait`].
    Wait(Waiter<Result<V, S>>),
    /// The call fails.
    Fail(Fatal),
}

/// What a wait ended with.
pub(crate) enum Waited<C: Core<V>, V: Stored, S: Stored> {
    /// The runner's own result.
    Settled(Arc<Result<V, S>>),
    /// Anything but [`Step::Wait`].
    Step(Step<C, V, S>),
}

/// A stored value on its way to a caller.
pub(crate) struct Served<C: Core<V>, V: Stored, S: Stored> {
    pub(crate) value: V,
    pub(crate) meta: Meta,
    pub(crate) outcome: Outcome,
    pub(crate) refresh: Option<Reservation<C, V, S>>,
}

/// A result, and where it came from; `I` is what the function would have been called with.
pub(crate) struct Called<C: Core<V>, V: Stored, S: Stored, F, I> {
    pub(crate) result: Result<V, F>,
    pub(crate) outcome: Outcome,
    /// When the value was stored; `None` for one that was not.
    pub(crate) stored_at: Option<Timestamp>,
    /// A refresh the caller is to start, with the input that was not used.
    pub(crate) refresh: Option<(Reservation<C, V, S>, I)>,
}

/// How a function's results are measured and its failures shared.
pub(crate) struct Terms<'a, V, S, F> {
    pub(crate) measure: View<'a, V, Measure>,
    pub(crate) share: fn(&F) -> Option<S>,
    pub(crate) unshare: fn(S) -> F,
}

/// What a function is called with, and whether it is still what the key was made of.
pub(crate) struct Input<'a, I> {
    pub(crate) value: I,
    pub(crate) unchanged: Check<'a, I, Key>,
}

impl<C: Core<V>, V: Stored, S: Stored> Engine<C, V, S> {
    pub(crate) fn new(core: C, clock: Clock, label: String, metrics: bool) -> Self {
        Self {
            core,
            clock,
            counters: metrics.then(Counters::default),
            background: Background::default(),
            label,
            flights: Arc::default(),
            refreshes: Refreshes::default(),
            reported: Reported::default(),
            nothings: AtomicU32::new(0),
            next_cleanup: AtomicI64::new(i64::MIN),
        }
    }

    /// The name the function goes by in reports.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The rest of a call after its first look: waits or calculates, and stores.
    pub(crate) async fn call<F, I, R: Future<Output = Result<V, F>>>(
        self: &Arc<Self>,
        request: Request,
        look: Look<V>,
        terms: Terms<'_, V, S, F>,
        input: Input<'_, I>,
        calculate: impl FnOnce(I) -> R,
    ) -> Result<Called<C, V, S, F, I>, Fatal> {
        let mut step = self.follow(&request, look).await;
        if let Step::Wait(waiter) = step {
            step = match self.wait(&request, waiter).await {
                Waited::Settled(result) => return Ok(self.waited(&result, terms.unshare)),
                Waited::Step(Step::Calculate(_)) if !input.is_unchanged(&request) => Step::Bypass,
                Waited::Step(step) => step,
            };
        }
        let input = input.value;
        match step {
            Step::Serve(served) => Ok(self.serve(served, input)),
            Step::Calculate(ticket) => {
                let finished = self.calculate(ticket, terms, || calculate(input)).await;
                self.count(finished.outcome);
                finished.into_called()
            }
            Step::Bypass | Step::Wait(_) => Ok(self.bypass(calculate(input).await)),
            Step::Fail(fatal) => Err(fatal),
        }
    }

    /// The first step of a call.
    pub(crate) async fn begin(self: &Arc<Self>, request: &Request) -> Step<C, V, S> {
        let look = self.look(&request.key, &request.policy).await;
        self.follow(request, look).await
    }

    /// The first look; apart from the rest, so that a hit pays for nothing else.
    pub(crate) async fn look(self: &Arc<Self>, key: &Key, policy: &Policy) -> Look<V> {
        let now = match self.before_look(policy) {
            Ok(now) => now,
            Err(look) => return look,
        };
        self.look_at(self.core.get(key).await, now, policy)
    }

    /// The first look of a caller that may block: without a future of our own around the core's.
    #[inline(always)]
    pub(crate) fn look_blocking(self: &Arc<Self>, key: &Key, policy: &Policy) -> Look<V> {
        let now = match self.before_look(policy) {
            Ok(now) => now,
            Err(look) => return look,
        };
        self.look_at(block_on(self.core.get(key)), now, policy)
    }

    #[inline(always)]
    fn look_at(
        &self,
        store: Result<Option<Entry<V>>, Error>,
        now: Timestamp,
        policy: &Policy,
    ) -> Look<V> {
        match self.taken_from(store, policy.troubles) {
            Ok(entry) => Look::at(entry, now, policy),
            Err(fatal) => Look::Failed(fatal),
        }
    }

    /// The moment to judge an entry at; or what is decided without one.
    #[inline(always)]
    fn before_look(self: &Arc<Self>, policy: &Policy) -> Result<Timestamp, Look<V>> {
        let now = self.now_for(policy);
        match decide(None, now, policy) {
            Verdict::Bypass => return Err(Look::Bypass),
            Verdict::Overwrite => return Err(Look::Overwrite),
            _ => self.clean_up_if_due(policy),
        }
        Ok(now)
    }

    async fn follow(self: &Arc<Self>, request: &Request, look: Look<V>) -> Step<C, V, S> {
        match look {
            Look::Bypass => self.step_past(request, "caching is off for it"),
            Look::Overwrite => self.overwrite(request).await,
            Look::Fresh(entry) => self.serve_fresh(request, entry),
            Look::Stale(entry, now) => self.serve_stale(request, entry, now),
            Look::Unfit(seen) => self.obtain(request, seen).await,
            Look::Failed(fatal) => Step::Fail(fatal),
        }
    }

    /// Waits for whoever calculates, as long as the policy allows.
    pub(crate) async fn wait(
        self: &Arc<Self>,
        request: &Request,
        first: Waiter<Result<V, S>>,
    ) -> Waited<C, V, S> {
        self.explain(request, "waits for the calculation under way");
        let since = self.clock.now();
        let mut waiter = first;
        loop {
            match self.wait_or_succeed(request, &mut waiter, since).await {
                Ok(End::Shared(result)) => return Waited::Settled(result),
                Ok(End::Retry) => {}
                Err(step) => return Waited::Step(step),
            }
            match self.begin(request).await {
                Step::Wait(next) => waiter = next,
                step => return Waited::Step(step.waited()),
            }
        }
    }

    /// Starts a reserved refresh; `None` if there is nothing left to do.
    pub(crate) async fn begin_refresh(
        self: &Arc<Self>,
        reservation: Reservation<C, V, S>,
    ) -> Option<Box<Ticket<C, V, S>>> {
        let request = reservation.request.clone();
        let Joined::Runner(runner) = self.flights.join(&request.key) else {
            return None;
        };
        let claim = match self.core.claim(&request.key, OWNER).await {
            Ok(claim) => claim?,
            Err(error) => {
                self.trouble(&error);
                reservation.failed();
                return None;
            }
        };
        // What is gone by now was removed or evicted, and is not to come back unasked.
        let stored = self.read(&request.key, Troubles::REPORTED).await.ok()?;
        let meta = stored?.meta;
        if decide(Some(&meta), self.clock.now(), &request.policy) == Verdict::Serve {
            return None;
        }
        Some(Ticket::new(self.clone(), &request, runner, Some(claim), true).refreshing(reservation))
    }

    /// Runs a reserved refresh to its end.
    pub(crate) async fn refresh<F, R: Future<Output = Result<V, F>>>(
        self: &Arc<Self>,
        reservation: Reservation<C, V, S>,
        terms: Terms<'_, V, S, F>,
        calculate: impl FnOnce() -> R,
    ) {
        if let Some(ticket) = self.begin_refresh(reservation).await {
            self.calculate(ticket, terms, calculate).await;
        }
    }

    /// Stores a value without a calculation; whatever runs for its key ends unheard. When it was
    /// stored, or `None` for one that is too large.
    pub(crate) async fn precache(
        &self,
        key: &Key,
        value: V,
        measure: Measure,
        policy: &Policy,
    ) -> Result<Option<Timestamp>, Error> {
        let meta = measure.stored_at(self.clock.now());
        let fits = fits(meta.size, policy);
        let entry = fits.then_some(Entry { value, meta });
        if !fits {
            self.note(Event::Rejection);
        }
        self.core.set(key, entry).await?;
        self.forget(key);
        Ok(fits.then_some(meta.stored_at))
    }

    /// Removes an entry; whether there was one.
    pub(crate) async fn remove(&self, key: &Key) -> Result<bool, Error> {
        let was_there = self.core.get(key).await?.is_some();
        self.core.set(key, None).await?;
        self.forget(key);
        Ok(was_there)
    }

    /// Removes every entry and frees every claim; waiters decide again at once.
    pub(crate) async fn clear(&self) -> Result<(), Error> {
        self.core.clear().await?;
        self.refreshes.forget_all();
        self.flights.reset_all();
        Ok(())
    }

    /// Frees every claim and leaves the entries; waiters decide again at once.
    pub(crate) async fn clear_being_calculated(&self) -> Result<(), Error> {
        self.core.release_claims().await?;
        self.flights.reset_all();
        Ok(())
    }

    /// Every entry's key and what is known of it, and the sizes of the whole.
    pub(crate) async fn entries(&self) -> Result<Vec<(Key, Meta)>, Error> {
        let mut entries = Vec::new();
        let list = |key: &Key, meta: &Meta| {
            entries.push((key.clone(), *meta));
            true
        };
        self.core.sweep(list).await?;
        Ok(entries)
    }

    /// Everything counted so far; `None` if metrics are off.
    pub(crate) async fn metrics(&self) -> Option<Metrics> {
        let counters = self.counters.as_ref()?;
        let swept = self.core.sweep(|_, _| true).await.unwrap_or_default();
        Some(counters.snapshot(swept))
    }

    fn serve<F, I>(&self, served: Served<C, V, S>, input: I) -> Called<C, V, S, F, I> {
        self.count(served.outcome);
        Called {
            result: Ok(served.value),
            outcome: served.outcome,
            stored_at: Some(served.meta.stored_at),
            refresh: served.refresh.map(|reservation| (reservation, input)),
        }
    }

    fn bypass<F, I>(&self, result: Result<V, F>) -> Called<C, V, S, F, I> {
        self.count(Outcome::Bypassed);
        Called {
            result,
            outcome: Outcome::Bypassed,
            stored_at: None,
            refresh: None,
        }
    }

    pub(crate) fn count(&self, outcome: Outcome) {
        if let Some(counters) = &self.counters {
            counters.outcome(outcome);
        }
    }

    pub(crate) fn note(&self, event: Event) {
        if let Some(counters) = &self.counters {
            counters.event(event);
        }
    }

    pub(crate) fn explain(&self, request: &Request, text: &str) {
        if request.policy.verbose {
            report::explain(
                &self.label,
                &[&request.key.diagnostic(), ": ", text].concat(),
            );
        }
    }

    /// Reports trouble, once a kind; storage trouble is counted each time.
    pub(crate) fn trouble(&self, error: &Error) {
        if !error.is_argument() {
            self.note(Event::StorageError);
        }
        self.reported
            .once(kind_of(error), &self.label, || error.message().to_owned());
    }

    fn waited<F, I>(&self, result: &Result<V, S>, unshare: fn(S) -> F) -> Called<C, V, S, F, I> {
        self.count(Outcome::Waited);
        let result = result.clone().map_err(unshare);
        Called {
            result,
            outcome: Outcome::Waited,
            stored_at: None,
            refresh: None,
        }
    }

    async fn calculate<F, R: Future<Output = Result<V, F>>>(
        self: &Arc<Self>,
        ticket: Box<Ticket<C, V, S>>,
        terms: Terms<'_, V, S, F>,
        calculate: impl FnOnce() -> R,
    ) -> Finished<V, F> {
        let flight = ticket.flight_id();
        let calculation = std::pin::pin!(async { calculate().await });
        let result = waits::OnStack::new(flight, calculation).await;
        let measure = result
            .as_ref()
            .map_or_else(|_| Measure::default(), terms.measure);
        ticket.finish(result, measure, terms.share).await
    }

    /// Without a limit nothing depends on the time, so it is not read.
    fn now_for(&self, policy: &Policy) -> Timestamp {
        if needs_clock(policy) {
            self.clock.now()
        } else {
            Timestamp::default()
        }
    }

    /// What is stored under a key, fresh or not; trouble with the store is reported.
    pub(crate) async fn read(
        &self,
        key: &Key,
        troubles: Troubles,
    ) -> Result<Option<Entry<V>>, Fatal> {
        self.taken_from(self.core.get(key).await, troubles)
    }

    #[inline(always)]
    fn taken_from(
        &self,
        store: Result<Option<Entry<V>>, Error>,
        troubles: Troubles,
    ) -> Result<Option<Entry<V>>, Fatal> {
        match store {
            Ok(entry) => Ok(entry),
            Err(error) => self.suffer(error, troubles).map(|()| None),
        }
    }

    /// Reports trouble with the store, and weighs whether the call goes on in spite of it.
    fn suffer(&self, error: Error, troubles: Troubles) -> Result<(), Fatal> {
        self.trouble(&error);
        troubles.weigh(error)
    }

    fn serve_by_policy(
        self: &Arc<Self>,
        request: &Request,
        entry: Option<Entry<V>>,
        now: Timestamp,
    ) -> Option<Step<C, V, S>> {
        match Look::at(entry, now, &request.policy) {
            Look::Fresh(entry) => Some(self.serve_fresh(request, entry)),
            Look::Stale(entry, now) => Some(self.serve_stale(request, entry, now)),
            _ => None,
        }
    }

    fn serve_fresh(&self, request: &Request, entry: Entry<V>) -> Step<C, V, S> {
        self.explain(request, "served from a fresh entry");
        Step::serve(entry, Outcome::Hit, None)
    }

    fn serve_stale(
        self: &Arc<Self>,
        request: &Request,
        entry: Entry<V>,
        now: Timestamp,
    ) -> Step<C, V, S> {
        self.explain(request, "served from a stale entry, to be refreshed");
        let refresh = self.reserve(request, now);
        Step::serve(entry, Outcome::StaleHit, refresh)
    }

    /// The right to refresh, if nobody calculates and no failure is too recent.
    fn reserve(
        self: &Arc<Self>,
        request: &Request,
        now: Timestamp,
    ) -> Option<Reservation<C, V, S>> {
        let free = !self.flights.contains(&request.key);
        let reserved = free && self.refreshes.reserve(&request.key, now);
        reserved.then(|| Reservation {
            engine: self.clone(),
            request: Box::new(request.clone()),
        })
    }

    async fn obtain(self: &Arc<Self>, request: &Request, seen: Option<Meta>) -> Step<C, V, S> {
        loop {
            let runner = match self.flights.join(&request.key) {
                Joined::Runner(runner) => runner,
                Joined::Follower(flight) => match flight.wait() {
                    Some(waiter) => return Step::Wait(waiter),
                    None => return self.step_past(request, "waiting would never end"),
                },
            };
            if let Some(step) = self.claim(request, runner, seen).await {
                return step;
            }
        }
    }

    fn step_past(&self, request: &Request, why: &str) -> Step<C, V, S> {
        self.explain(
            request,
            &["calls the function and stores nothing: ", why].concat(),
        );
        Step::Bypass
    }

    /// The step of whoever has the claim; `None` if somebody of this process was faster.
    async fn claim(
        self: &Arc<Self>,
        request: &Request,
        runner: Runner<Result<V, S>>,
        seen: Option<Meta>,
    ) -> Option<Step<C, V, S>> {
        let claim = match self.core.claim(&request.key, OWNER).await {
            Ok(Some(claim)) => Some(claim),
            Ok(None) if runner.may_be_late() => return None,
            // What a clear freed is not waited for.
            Ok(None) if runner.is_amid_strays() => match self.claim_as_successor(request).await {
                Ok(claim) => claim,
                Err(fatal) => return Some(Step::Fail(fatal)),
            },
            Ok(None) => return self.wait_elsewhere(request, runner, seen).await,
            Err(error) => return Some(self.calculate_unclaimed(request, runner, error)),
        };
        Some(self.decide_again(request, runner, claim).await)
    }

    fn calculate_unclaimed(
        self: &Arc<Self>,
        request: &Request,
        runner: Runner<Result<V, S>>,
        error: Error,
    ) -> Step<C, V, S> {
        match self.suffer(error, request.policy.troubles) {
            Ok(()) => Step::Calculate(Ticket::new(self.clone(), request, runner, None, false)),
            Err(fatal) => Step::Fail(fatal),
        }
    }

    /// Somebody may have stored between the first look and the claim.
    async fn decide_again(
        self: &Arc<Self>,
        request: &Request,
        runner: Runner<Result<V, S>>,
        claim: Option<C::Claim>,
    ) -> Step<C, V, S> {
        let entry = match self.read(&request.key, request.policy.troubles).await {
            Ok(entry) => entry,
            Err(fatal) => return Step::Fail(fatal),
        };
        let replaces = entry.is_some();
        let now = self.now_for(&request.policy);
        if let Some(step) = self.serve_by_policy(request, entry, now) {
            return step;
        }
        self.explain(
            request,
            if replaces {
                "calculates anew"
            } else {
                "calculates"
            },
        );
        Step::Calculate(Ticket::new(self.clone(), request, runner, claim, replaces))
    }

    async fn overwrite(self: &Arc<Self>, request: &Request) -> Step<C, V, S> {
        self.explain(request, "calculates and overwrites");
        let runner = self.flights.run_beside(&request.key);
        let claim = match self.claim_to_overwrite(request).await {
            Ok(claim) => claim,
            Err(fatal) => return Step::Fail(fatal),
        };
        let stored = self.read(&request.key, Troubles::REPORTED).await;
        let replaces = stored.is_ok_and(|entry| entry.is_some());
        Step::Calculate(Ticket::new(self.clone(), request, runner, claim, replaces))
    }

    /// Overtakes the owner; nobody who overwrites.
    async fn claim_as_successor(&self, request: &Request) -> Result<Option<C::Claim>, Fatal> {
        match self.core.claim(&request.key, SUCCESSOR).await {
            Ok(claim) => Ok(claim),
            Err(error) => self.suffer(error, request.policy.troubles).map(|()| None),
        }
    }

    /// Overtakes everybody; storage trouble leaves the call without a claim, if it does not fail it.
    async fn claim_to_overwrite(&self, request: &Request) -> Result<Option<C::Claim>, Fatal> {
        for attempt in OVERWRITER.. {
            match self.core.claim(&request.key, attempt).await {
                Ok(Some(claim)) => return Ok(Some(claim)),
                Ok(None) => {}
                Err(error) => return self.suffer(error, request.policy.troubles).map(|()| None),
            }
        }
        Ok(None)
    }

    /// Waits for a flight; past the policy's limit, takes over unless somebody else has, here or
    /// in another process.
    async fn wait_or_succeed(
        self: &Arc<Self>,
        request: &Request,
        waiter: &mut Waiter<Result<V, S>>,
        since: Timestamp,
    ) -> Result<End<Result<V, S>>, Step<C, V, S>> {
        let timeout = request.policy.wait_for_calc_timeout.as_millis();
        let mut deadline = since.saturating_add(timeout);
        loop {
            if let Some(end) = self.wait_until(waiter, deadline, since).await {
                return Ok(end);
            }
            if let Some(step) = self.succeed(request, waiter).await {
                return Err(step);
            }
            // Somebody else has taken over; if elsewhere, this process is not told of their end.
            deadline = self
                .clock
                .now()
                .saturating_add(timeout.max(SHORTEST_NEXT_TRY_MILLIS));
        }
    }

    async fn wait_until(
        &self,
        waiter: &mut Waiter<Result<V, S>>,
        deadline: Timestamp,
        since: Timestamp,
    ) -> Option<End<Result<V, S>>> {
        let long = since.saturating_add(LONG_WAIT_MILLIS);
        loop {
            let now = self.clock.now();
            if now >= deadline {
                return None;
            }
            let alarm = if now < long {
                deadline.min(long)
            } else {
                deadline
            };
            let slept = self.clock.sleep(alarm.millis_since(now));
            match race(&mut *waiter, slept).await {
                Raced::Left(end) => return Some(end),
                Raced::Right(()) if alarm == long => self.report_long_wait(),
                Raced::Right(()) => {}
            }
        }
    }

    fn report_long_wait(&self) {
        report::warn(
            &self.label,
            "a call has waited 10 s for another one's calculation; if its owner is never polled \
             again, set wait_for_calc_timeout or call clear_being_calculated",
        );
    }

    async fn succeed(
        self: &Arc<Self>,
        request: &Request,
        waiter: &Waiter<Result<V, S>>,
    ) -> Option<Step<C, V, S>> {
        let runner = self.flights.succeed(&request.key, waiter.flight())?;
        // Looked at before the claim, which would overtake others for nothing.
        let entry = match self.read(&request.key, request.policy.troubles).await {
            Ok(entry) => entry,
            Err(fatal) => return Some(Step::Fail(fatal)),
        };
        let now = self.now_for(&request.policy);
        let replaces = entry.is_some();
        if let Some(step) = self.serve_by_policy(request, entry, now) {
            return Some(step.waited());
        }
        let claim = match self.core.claim(&request.key, SUCCESSOR).await {
            Ok(Some(claim)) => claim,
            Ok(None) => {
                runner.stand_back();
                return None;
            }
            Err(error) => return Some(self.calculate_unclaimed(request, runner, error)),
        };
        self.note(Event::Timeout);
        self.explain(request, "waited long enough and takes over");
        Some(Step::Calculate(Ticket::new(
            self.clone(),
            request,
            runner,
            Some(claim),
            replaces,
        )))
    }

    /// Somebody outside this process calculates: looks again and again, ever more slowly.
    async fn wait_elsewhere(
        self: &Arc<Self>,
        request: &Request,
        mut runner: Runner<Result<V, S>>,
        seen: Option<Meta>,
    ) -> Option<Step<C, V, S>> {
        self.explain(request, "waits for a calculation elsewhere");
        let mut looks = Looks::new(self.clock.now());
        loop {
            if looks.next(&self.clock).await {
                self.report_long_wait();
            }
            if let Some(step) = self.serve_newer(request, seen).await {
                return Some(step);
            }
            let is_late = looks.waited() >= request.policy.wait_for_calc_timeout.as_millis();
            if is_late && !runner.turn_successor() {
                return None;
            }
            let attempt = if is_late { SUCCESSOR } else { OWNER };
            match self.core.claim(&request.key, attempt).await {
                Ok(Some(claim)) => {
                    if is_late {
                        self.note(Event::Timeout);
                    }
                    return Some(
                        self.decide_again(request, runner, Some(claim))
                            .await
                            .waited(),
                    );
                }
                Ok(None) if runner.may_be_late() => return None,
                Ok(None) => {}
                Err(error) => return Some(self.calculate_unclaimed(request, runner, error)),
            }
        }
    }

    /// What the policy serves now, or anything usable but what was seen before the wait.
    async fn serve_newer(
        self: &Arc<Self>,
        request: &Request,
        seen: Option<Meta>,
    ) -> Option<Step<C, V, S>> {
        let entry = match self.read(&request.key, request.policy.troubles).await {
            Ok(entry) => entry?,
            Err(fatal) => return Some(Step::Fail(fatal)),
        };
        let now = self.clock.now();
        if seen != Some(entry.meta) && serves_who_waited(&entry.meta, now, &request.policy) {
            self.explain(request, "served from an entry stored elsewhere meanwhile");
            return Some(Step::serve(entry, Outcome::Waited, None));
        }
        self.serve_by_policy(request, Some(entry), now)
            .map(Step::waited)
    }

    /// Starts the background removal of stale entries when its interval has passed.
    fn clean_up_if_due(self: &Arc<Self>, policy: &Policy) {
        if !policy.cleanup_stale {
            return;
        }
        let now = self.clock.now();
        let due = self.next_cleanup.load(Ordering::Relaxed);
        if now.as_millis() < due {
            return;
        }
        let next = now
            .saturating_add(policy.cleanup_interval.as_millis())
            .as_millis();
        let order = Ordering::Relaxed;
        if self
            .next_cleanup
            .compare_exchange(due, next, order, order)
            .is_ok()
        {
            self.clean_up(*policy);
        }
    }

    fn clean_up(self: &Arc<Self>, policy: Policy) {
        let engine = self.clone();
        let busy = self.background.busy();
        crate::clock::spawn(move || async move {
            match engine.remove_stale(&policy).await {
                Ok(swept) => engine.report_clean_up(swept),
                Err(error) => engine.trouble(&error),
            }
            drop(busy);
        });
    }

    /// Removes what is stale; what is being calculated stays, for its callers may be served it.
    pub(crate) async fn remove_stale(&self, policy: &Policy) -> Result<Swept, Error> {
        let now = self.clock.now();
        let flights = self.flights.clone();
        let keep =
            |key: &Key, meta: &Meta| !is_removable(meta, now, policy) || flights.contains(key);
        self.core.sweep(keep).await
    }

    fn report_clean_up(&self, swept: Swept) {
        if swept.removed > 0 {
            let text = [
                &crate::text::integer(swept.removed as i64),
                " stale entries were removed",
            ]
            .concat();
            report::explain(&self.label, &text);
        }
    }

    /// When the next clean-up is due, in milliseconds since the epoch.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn next_cleanup(&self) -> Timestamp {
        Timestamp::from_millis(self.next_cleanup.load(Ordering::Relaxed))
    }

    /// After a success nothing speaks for pausing before the next refresh.
    fn forget_failures(&self, request: &Request) {
        if request.policy.next_time > Limit::ZERO {
            self.refreshes.forget(&request.key);
        }
    }

    fn forget(&self, key: &Key) {
        self.refreshes.forget(key);
        self.flights.reset(key);
    }
}

impl<V> Look<V> {
    #[inline(always)]
    fn at(entry: Option<Entry<V>>, now: Timestamp, policy: &Policy) -> Self {
        let Some(entry) = entry else {
            return Self::Unfit(None);
        };
        match decide(Some(&entry.meta), now, policy) {
            Verdict::Bypass => Self::Bypass,
            Verdict::Overwrite => Self::Overwrite,
            Verdict::Serve => Self::Fresh(entry),
            Verdict::ServeAndRefresh => Self::Stale(entry, now),
            Verdict::Obtain => Self::Unfit(Some(entry.meta)),
        }
    }
}

impl<I> Input<'_, I> {
    fn is_unchanged(&self, request: &Request) -> bool {
        (self.unchanged)(&self.value, &request.key)
    }
}

impl<C: Core<V>, V: Stored, S: Stored> Step<C, V, S> {
    fn serve(entry: Entry<V>, outcome: Outcome, refresh: Option<Reservation<C, V, S>>) -> Self {
        Self::Serve(Served {
            value: entry.value,
            meta: entry.meta,
            outcome,
            refresh,
        })
    }

    /// The same step after a wait: what is served came from somebody else's run.
    fn waited(mut self) -> Self {
        if let Self::Serve(served) = &mut self {
            served.outcome = Outcome::Waited;
        }
        self
    }
}

/// The right to refresh one key in the background; given back when dropped.
pub(crate) struct Reservation<C: Core<V>, V: Stored, S: Stored> {
    engine: Arc<Engine<C, V, S>>,
    request: Box<Request>,
}

impl<C: Core<V>, V: Stored, S: Stored> Reservation<C, V, S> {
    /// The engine that is to refresh it.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn engine(&self) -> &Arc<Engine<C, V, S>> {
        &self.engine
    }

    /// The key to be refreshed.
    pub(crate) fn key(&self) -> &Key {
        &self.request.key
    }

    /// Notes that the refresh failed, so that the next one waits a while.
    pub(crate) fn failed(&self) {
        let engine = &self.engine;
        let pause = engine.refreshes.fail(&self.request.key, engine.clock.now());
        engine.note(Event::RefreshFailure);
        report::warn(
            &engine.label,
            &[
                "a refresh failed; the old value is kept, the next try is in ",
                &crate::text::integer(pause),
                " ms",
            ]
            .concat(),
        );
    }
}

impl<C: Core<V>, V: Stored, S: Stored> Drop for Reservation<C, V, S> {
    fn drop(&mut self) {
        self.engine.refreshes.release(&self.request.key);
    }
}

fn kind_of(error: &Error) -> Trouble {
    if error.is_damaged() {
        return Trouble::Damaged;
    }
    if error.is_argument() {
        Trouble::Argument
    } else {
        Trouble::Storage
    }
}

/// Whether a size is within a policy's limit.
fn fits(size: u64, policy: &Policy) -> bool {
    size <= policy.entry_size_limit
}
