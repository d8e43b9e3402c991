//! Get, claim, calculate, put: single flight, waiting, refresh; knows a core and a clock, no arguments.

mod background;
mod course;
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
mod facade;
#[cfg(not(all(feature = "metrics", not(target_arch = "wasm32"))))]
#[path = "engine/no_facade.rs"]
mod facade;
mod flights;
mod looks;
mod metrics;
mod refreshes;
mod ticket;
pub(crate) mod waits;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

pub(crate) use background::{Background, Busy};
pub(crate) use course::Course;
pub(crate) use facade::Publish;
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
pub(crate) use facade::{Holdings, describe};
pub(crate) use metrics::{Counters, Event};
pub use metrics::{Metrics, Outcome};
pub(crate) use ticket::{Finished, Measure, Ticket};

use crate::blocking::block_on;
use crate::clock::Clock;
use crate::core::{Core, Swept};
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::policy::{
    Fatal, Limit, Policy, Troubles, Verdict, decide, fresh_during, is_removable, needs_clock,
};
use crate::report::{self, Reported, Trouble};
use crate::spans;
use crate::text::{integer, joined};
use crate::threads::{Check, MaybeSend, MaybeSync, View};
use facade::Timed;
use flights::Flights;
use refreshes::Refreshes;

/// A wait this long is reported: its owner may never be polled again.
const LONG_WAIT_MILLIS: i64 = 10_000;

/// A waiter whose turn it was not to take over asks again after its limit, or after this.
const SHORTEST_NEXT_TRY_MILLIS: i64 = 50;

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
    /// Return what somebody else's run came to.
    Settled(Arc<Result<V, S>>),
    /// Call the function and give the result to the ticket.
    Calculate(Ticket<C, V, S>),
    /// Somebody else calculates: go on with [`Course::wait`].
    Wait(Box<Course<C, V, S>>),
    /// The call fails.
    Fail(Fatal),
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
        let request = Arc::new(request);
        let mut course = Course::new(self, request.clone());
        let need = course.follow(look);
        let mut step = course.run(need).await;
        if let Step::Wait(course) = step {
            step = match course.wait().await {
                Step::Calculate(_) if !input.is_unchanged(&request) => Step::Bypass,
                step => step,
            };
        }
        let input = input.value;
        match step {
            Step::Settled(result) => Ok(self.waited(&result, terms.unshare)),
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
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn begin(
        self: &Arc<Self>,
        request: Request,
    ) -> impl Future<Output = Step<C, V, S>> + use<C, V, S> {
        let mut course = Course::new(self, Arc::new(request));
        let need = course.look();
        course.run(need)
    }

    /// The first look; apart from the rest, so that a hit pays for nothing else.
    pub(crate) async fn look(self: &Arc<Self>, key: &Key, policy: &Policy) -> Look<V> {
        let now = match self.before_look(policy) {
            Ok(now) => now,
            Err(look) => return look,
        };
        self.look_at(self.get_sampled(key).await, now, policy)
    }

    /// What is stored; one look of many is timed.
    pub(crate) async fn get_sampled(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        let sample = self.sample();
        let store = self.core.get(key).await;
        self.timed(Timed::Lookup, sample);
        store
    }

    /// The first look of a caller that may block, without a future of our own around the core's: a fresh entry
    /// by itself, for a hit is not to pay for the shape of all the rest.
    // Without optimization, what is inlined holds its place on the stack while the function runs.
    #[cfg_attr(debug_assertions, inline)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn look_blocking(
        self: &Arc<Self>,
        key: &Key,
        policy: &Policy,
    ) -> Result<Entry<V>, Look<V>> {
        let now = self.before_look(policy)?;
        let sample = self.sample();
        // Judged apart from what is at hand: where an entry may be either, it is moved in pieces that wait for one another.
        let Some(found) = self.core.get_at_once(key) else {
            let store = self.get_blocking(key);
            self.timed(Timed::Lookup, sample);
            return self.judged(store, now, policy);
        };
        self.timed(Timed::Lookup, sample);
        self.judged(Ok(found), now, policy)
    }

    /// Apart, so that what is called while the function runs does not lie on this.
    #[inline(never)]
    fn get_blocking(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        block_on(self.core.get(key))
    }

    /// A fresh entry that is at hand; `None` for all else, which has to be looked for.
    #[inline(always)]
    pub(crate) fn look_at_once(self: &Arc<Self>, key: &Key, policy: &Policy) -> Option<Entry<V>> {
        let now = self.before_look(policy).ok()?;
        self.get_at_once(key)
            .flatten()
            .filter(|entry| fresh_during(&entry.meta, policy).contains(&now))
    }

    /// What is stored, fresh or not, if that is at hand.
    #[inline(always)]
    pub(crate) fn get_at_once(&self, key: &Key) -> Option<Option<Entry<V>>> {
        let sample = self.sample();
        let found = self.core.get_at_once(key);
        self.timed(Timed::Lookup, sample);
        found
    }

    /// A fresh entry, or what else a look came to.
    #[inline(always)]
    pub(crate) fn judged(
        &self,
        store: Result<Option<Entry<V>>, Error>,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<Entry<V>, Look<V>> {
        match store {
            Ok(Some(entry)) if fresh_during(&entry.meta, policy).contains(&now) => Ok(entry),
            store => Err(self.look_at(store, now, policy)),
        }
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
    pub(crate) fn before_look(self: &Arc<Self>, policy: &Policy) -> Result<Timestamp, Look<V>> {
        let now = self.now_for(policy);
        match decide(None, now, policy) {
            Verdict::Bypass => return Err(Look::Bypass),
            Verdict::Overwrite => return Err(Look::Overwrite),
            _ => self.clean_up_if_due(policy),
        }
        Ok(now)
    }

    /// Starts a reserved refresh; if the step is not to calculate, there is nothing left to do.
    pub(crate) fn begin_refresh(
        self: &Arc<Self>,
        reservation: Reservation<C, V, S>,
    ) -> impl Future<Output = Step<C, V, S>> + use<C, V, S> {
        let mut course = Course::new(self, reservation.request.clone());
        let need = course.refresh(reservation);
        course.run(need)
    }

    /// Runs a reserved refresh to its end.
    pub(crate) async fn refresh<F, R: Future<Output = Result<V, F>>>(
        self: &Arc<Self>,
        reservation: Reservation<C, V, S>,
        terms: Terms<'_, V, S, F>,
        calculate: impl FnOnce() -> R,
    ) {
        if let Step::Calculate(ticket) = self.begin_refresh(reservation).await {
            self.calculate(ticket, terms, calculate).await;
        }
    }

    /// Stores a value without a calculation, as of now; when it was stored, or `None` for one that is too large.
    pub(crate) async fn precache(
        &self,
        key: &Key,
        value: &V,
        measure: Measure,
        policy: &Policy,
    ) -> Result<Option<Timestamp>, Error> {
        let meta = self.precached(measure, policy);
        self.keep(key, value, meta, policy).await
    }

    /// As [`precache`](Self::precache), for a caller that may block: where a core takes it at once, without a future.
    pub(crate) fn precache_blocking(
        &self,
        key: &Key,
        value: &V,
        measure: Measure,
        policy: &Policy,
    ) -> Result<(), Error> {
        let meta = self.precached(measure, policy);
        let entry = self.admits(&meta, policy).then_some(Entry { value, meta });
        if !self.core.set_at_once(key, entry) {
            block_on(self.core.set(key, entry))?;
        }
        self.forget(key);
        Ok(())
    }

    /// What is known of a value that is stored now. To read the exact clock would take as long as all the rest.
    #[inline]
    fn precached(&self, measure: Measure, policy: &Policy) -> Meta {
        measure.stored_at(self.clock.date_for(policy.fresh_for.as_millis()))
    }

    /// Stores a value of some moment; whatever runs for its key ends unheard. That moment, or `None` for one that is
    /// too large.
    pub(crate) async fn keep(
        &self,
        key: &Key,
        value: &V,
        meta: Meta,
        policy: &Policy,
    ) -> Result<Option<Timestamp>, Error> {
        let fits = self.admits(&meta, policy);
        let entry = fits.then_some(Entry { value, meta });
        self.core.set(key, entry).await?;
        self.forget(key);
        Ok(fits.then_some(meta.stored_at))
    }

    /// Whether an entry is not too large.
    fn admits(&self, meta: &Meta, policy: &Policy) -> bool {
        let fits = fits(meta.size, policy);
        if !fits {
            self.note(Event::Rejection);
        }
        fits
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
            report::explain(&self.label, &joined!(&request.key.diagnostic(), ": ", text));
        }
    }

    /// Reports trouble, once a kind; storage trouble is counted each time.
    pub(crate) fn trouble(&self, error: &Error) {
        if !error.is_argument() {
            self.note(Event::StorageError);
        }
        self.reported
            .once(kind_of(error), &self.label, error.message());
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
        ticket: Ticket<C, V, S>,
        terms: Terms<'_, V, S, F>,
        calculate: impl FnOnce() -> R,
    ) -> Finished<V, F> {
        let flight = ticket.flight_id();
        let watch = self.watch();
        let run = spans::calculation(&self.label, async { calculate().await });
        let result = waits::OnStack::new(flight, std::pin::pin!(run)).await;
        self.timed(Timed::Calculation, watch);
        let measure = result
            .as_ref()
            .map_or_else(|_| Measure::default(), terms.measure);
        ticket.finish(result, measure, terms.share).await
    }

    /// Without a limit nothing depends on the time, so it is not read.
    #[inline]
    fn now_for(&self, policy: &Policy) -> Timestamp {
        if needs_clock(policy) {
            self.clock.now_for(policy.fresh_for.as_millis())
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

    fn report_long_wait(&self) {
        report::warn(
            &self.label,
            "a call has waited 10 s for another one's calculation; if its owner is never polled \
             again, set wait_for_calc_timeout or call clear_being_calculated",
        );
    }

    /// Starts the background removal of stale entries when its interval has passed.
    #[inline]
    fn clean_up_if_due(self: &Arc<Self>, policy: &Policy) {
        if policy.cleanup_stale {
            self.clean_up_once_due(policy);
        }
    }

    fn clean_up_once_due(self: &Arc<Self>, policy: &Policy) {
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
            let removed = integer(swept.removed as i64);
            let text = joined!(&removed, " stale entries were removed");
            report::explain(&self.label, &text);
        }
    }

    #[inline(always)]
    fn sample(&self) -> Option<facade::Watch> {
        self.counters.as_ref()?.facade.sample(&self.clock)
    }

    /// Started where what follows is to be timed.
    #[inline(always)]
    fn watch(&self) -> Option<facade::Watch> {
        Some(self.counters.as_ref()?.facade.start(&self.clock))
    }

    #[inline(always)]
    fn timed(&self, timed: Timed, watch: Option<facade::Watch>) {
        if let (Some(counters), Some(watch)) = (&self.counters, watch) {
            counters.facade.timed(&self.label, timed, &watch);
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

    /// Whatever runs for a key ends unheard.
    pub(crate) fn forget(&self, key: &Key) {
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

/// The right to refresh one key in the background; given back when dropped, without a pause before
/// the next try and without being counted.
pub(crate) struct Reservation<C: Core<V>, V: Stored, S: Stored> {
    engine: Arc<Engine<C, V, S>>,
    request: Arc<Request>,
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
            &joined!(
                "a refresh failed; the old value is kept, the next try is in ",
                &integer(pause),
                " ms",
            ),
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
