//! The way of one call to its step: what it needs next, and what that comes to; waits for nothing itself.
//!
//! One loop asks the core and the clock for all of it. An `async fn` for each turn of the way would be a state machine
//! within another, and moving what they hold a fifth of the WebAssembly.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::flights::{End, Joined, Runner, Waiter};
use super::looks::Looks;
use super::ticket::Ticket;
use super::{Engine, Event, Look, Outcome, Request, Reservation, Served, Step, Stored};
use super::{LONG_WAIT_MILLIS, SHORTEST_NEXT_TRY_MILLIS};
use crate::core::Core;
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::policy::{Fatal, Troubles, Verdict, decide, serves_who_waited};
use crate::report;
use crate::text::joined;
use crate::threads::BoxedFuture;

/// Whose claims overtake whose: no late owner or successor keeps an overwritten value out.
const OWNER: u32 = 0;
const SUCCESSOR: u32 = 1;
const OVERWRITER: u32 = 2;

/// A call on its way, and what it holds.
pub(crate) struct Course<C: Core<V>, V: Stored, S: Stored> {
    // Before the runner, so that a waiter woken by its drop finds the claim free.
    pub(super) claim: Option<C::Claim>,
    pub(super) runner: Option<Runner<Result<V, S>>>,
    waiter: Option<Waiter<Result<V, S>>>,
    pub(super) refreshing: Option<Reservation<C, V, S>>,
    pub(super) engine: Arc<Engine<C, V, S>>,
    pub(super) request: Arc<Request>,
    stage: Stage,
    attempt: u32,
    looked_at: Timestamp,
    seen: Option<Meta>,
    looks: Looks,
    /// When it began to wait for somebody of this process.
    since: Option<Timestamp>,
    deadline: Timestamp,
    has_waited: bool,
    /// Whether there is a value that the calculation would replace.
    pub(super) replaces: bool,
    pub(super) started: Timestamp,
}

/// What the next answer is for.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// To decide by.
    Look,
    /// To calculate unless somebody has stored meanwhile.
    Own,
    /// The same, where what a clear freed may still hold a claim: it is not waited for.
    AmidStrays,
    /// To calculate, whatever there is.
    Overwrite,
    /// To be served what somebody of this process calculates, or to take over.
    Follow,
    /// The same, of another process.
    Elsewhere,
    /// To calculate what has been served.
    Refresh,
}

/// What a course needs to go on, or where it ends.
pub(super) enum Need<C: Core<V>, V: Stored, S: Stored> {
    /// What is stored under its key.
    Entry,
    /// The right to calculate it, by this attempt.
    Claim(u32),
    /// So many milliseconds, or the end of what it waits for.
    Time(i64),
    Bypass,
    Serve(Served<C, V, S>),
    Settled(Arc<Result<V, S>>),
    Calculate,
    Wait,
    Fail(Fatal),
}

type Claimed<C, V> = Result<Option<<C as Core<V>>::Claim>, Error>;

impl<C: Core<V>, V: Stored, S: Stored> Course<C, V, S> {
    pub(super) fn new(engine: &Arc<Engine<C, V, S>>, request: Arc<Request>) -> Box<Self> {
        Box::new(Self {
            claim: None,
            runner: None,
            waiter: None,
            refreshing: None,
            engine: engine.clone(),
            request,
            stage: Stage::Look,
            attempt: OWNER,
            looked_at: Timestamp::default(),
            seen: None,
            looks: Looks::new(Timestamp::default()),
            since: None,
            deadline: Timestamp::default(),
            has_waited: false,
            replaces: false,
            started: Timestamp::default(),
        })
    }

    /// Goes on until there is something for the caller to do.
    pub(super) async fn run(mut self: Box<Self>, mut need: Need<C, V, S>) -> Step<C, V, S> {
        loop {
            need = match need {
                Need::Entry => {
                    let entry = self.engine.core.get(&self.request.key).await;
                    match self.engine.taken_from(entry, self.troubles()) {
                        Ok(entry) => self.found(entry),
                        Err(fatal) => Need::Fail(fatal),
                    }
                }
                Need::Claim(attempt) => {
                    self.attempt = attempt;
                    let claim = self.engine.core.claim(&self.request.key, attempt).await;
                    self.claimed(claim)
                }
                Need::Time(millis) => {
                    let mut slept = self.engine.clock.sleep(millis);
                    let end = poll_fn(|context| self.poll_end(&mut slept, context)).await;
                    self.woke(end)
                }
                Need::Bypass => return Step::Bypass,
                Need::Serve(served) => return Step::Serve(served),
                Need::Settled(result) => return Step::Settled(result),
                Need::Calculate => return Step::Calculate(Ticket(self)),
                Need::Wait => return Step::Wait(self),
                Need::Fail(fatal) => return Step::Fail(fatal),
            }
        }
    }

    /// Waits for whoever calculates, as long as the policy allows.
    pub(crate) async fn wait(mut self: Box<Self>) -> Step<C, V, S> {
        self.explain("waits for the calculation under way");
        self.since = Some(self.engine.clock.now());
        self.has_waited = true;
        let need = self.follow_flight();
        self.run(need).await
    }

    /// The end of the wait, or of the sleep.
    fn poll_end(
        &mut self,
        slept: &mut BoxedFuture<()>,
        context: &mut Context<'_>,
    ) -> Poll<Option<End<Result<V, S>>>> {
        if let Some(waiter) = &mut self.waiter
            && let Poll::Ready(end) = Pin::new(waiter).poll(context)
        {
            return Poll::Ready(Some(end));
        }
        slept.as_mut().poll(context).map(|()| None)
    }

    /// The first look at the store.
    pub(super) fn look(&mut self) -> Need<C, V, S> {
        match self.engine.before_look(&self.request.policy) {
            Ok(now) => {
                self.stage = Stage::Look;
                self.looked_at = now;
                Need::Entry
            }
            Err(look) => self.follow(look),
        }
    }

    /// What the first look comes to.
    pub(super) fn follow(&mut self, look: Look<V>) -> Need<C, V, S> {
        match look {
            Look::Bypass => self.step_past("caching is off for it"),
            Look::Overwrite => self.overwrite(),
            Look::Fresh(entry) => self.serve_fresh(entry),
            Look::Stale(entry, now) => self.serve_stale(entry, now),
            Look::Unfit(seen) => {
                self.seen = seen;
                self.obtain()
            }
            Look::Failed(fatal) => Need::Fail(fatal),
        }
    }

    /// What trouble with the store costs at this stage: no run that will come about all the same, nor a
    /// refresh, whose caller has the value.
    fn troubles(&self) -> Troubles {
        match self.stage {
            Stage::Overwrite | Stage::Refresh => Troubles::REPORTED,
            _ => self.request.policy.troubles,
        }
    }

    /// Starts a reserved refresh.
    pub(super) fn refresh(&mut self, reservation: Reservation<C, V, S>) -> Need<C, V, S> {
        self.refreshing = Some(reservation);
        self.stage = Stage::Refresh;
        match self.engine.flights.join(&self.request.key) {
            Joined::Runner(runner) => {
                self.runner = Some(runner);
                Need::Claim(OWNER)
            }
            Joined::Follower(_) => Need::Bypass,
        }
    }

    fn found(&mut self, entry: Option<Entry<V>>) -> Need<C, V, S> {
        if let Stage::Look = self.stage {
            let look = Look::at(entry, self.looked_at, &self.request.policy);
            return self.follow(look);
        }
        self.replaces = entry.is_some();
        match self.stage {
            Stage::Elsewhere => self.found_elsewhere(entry),
            Stage::Refresh => self.found_to_refresh(entry),
            Stage::Overwrite => self.calculate(),
            _ => {
                let now = self.engine.now_for(&self.request.policy);
                self.serve_by_policy(entry, now)
                    .unwrap_or_else(|| self.found_unfit())
            }
        }
    }

    fn found_unfit(&mut self) -> Need<C, V, S> {
        if let Stage::Follow = self.stage {
            return Need::Claim(SUCCESSOR);
        }
        self.explain(if self.replaces {
            "calculates anew"
        } else {
            "calculates"
        });
        self.calculate()
    }

    /// What the policy serves now, or anything usable but what was seen before the wait.
    fn found_elsewhere(&mut self, entry: Option<Entry<V>>) -> Need<C, V, S> {
        let now = self.engine.clock.now();
        let served = match entry {
            Some(entry) if self.is_newer(&entry.meta, now) => {
                self.explain("served from an entry stored elsewhere meanwhile");
                Some(self.serve(entry, Outcome::Waited, None))
            }
            entry => self.serve_by_policy(entry, now),
        };
        served.unwrap_or_else(|| self.claim_elsewhere())
    }

    fn is_newer(&self, meta: &Meta, now: Timestamp) -> bool {
        self.seen != Some(*meta) && serves_who_waited(meta, now, &self.request.policy)
    }

    /// What is gone by now was removed or evicted, and is not to come back unasked.
    fn found_to_refresh(&mut self, entry: Option<Entry<V>>) -> Need<C, V, S> {
        let now = self.engine.clock.now();
        let is_due = |entry: &Entry<V>| {
            decide(Some(&entry.meta), now, &self.request.policy) != Verdict::Serve
        };
        if entry.as_ref().is_some_and(is_due) {
            self.calculate()
        } else {
            Need::Bypass
        }
    }

    fn claimed(&mut self, answer: Claimed<C, V>) -> Need<C, V, S> {
        match answer {
            Ok(Some(claim)) => {
                self.claim = Some(claim);
                self.has_claim()
            }
            Ok(None) => self.has_no_claim(),
            Err(error) => self.cannot_claim(error),
        }
    }

    fn has_claim(&mut self) -> Need<C, V, S> {
        match self.stage {
            Stage::Follow => {
                self.take_over();
                self.calculate()
            }
            Stage::Elsewhere => {
                if self.attempt == SUCCESSOR {
                    self.take_over();
                }
                self.stage = Stage::Own;
                Need::Entry
            }
            // Somebody may have stored between the first look and the claim.
            _ => Need::Entry,
        }
    }

    fn take_over(&self) {
        let text = "waited long enough and takes over";
        self.engine.note(Event::Timeout);
        report::note(self.engine.label(), text);
        self.explain(text);
    }

    fn has_no_claim(&mut self) -> Need<C, V, S> {
        match self.stage {
            Stage::Follow => {
                self.runner.take().into_iter().for_each(Runner::stand_back);
                self.keep_following()
            }
            Stage::Refresh => Need::Bypass,
            Stage::Overwrite => Need::Claim(self.attempt.saturating_add(1)),
            Stage::AmidStrays | Stage::Look => Need::Entry,
            _ if self.runner.as_ref().is_some_and(Runner::may_be_late) => self.obtain(),
            Stage::Elsewhere => self.rest(),
            Stage::Own => self.owner_is_elsewhere(),
        }
    }

    fn owner_is_elsewhere(&mut self) -> Need<C, V, S> {
        if self.runner.as_ref().is_some_and(Runner::is_amid_strays) {
            self.stage = Stage::AmidStrays;
            return Need::Claim(SUCCESSOR);
        }
        self.explain("waits for a calculation elsewhere");
        self.stage = Stage::Elsewhere;
        self.has_waited = true;
        self.looks = Looks::new(self.engine.clock.now());
        self.rest()
    }

    /// Storage trouble costs no caller the result, unless they asked for it.
    fn cannot_claim(&mut self, error: Error) -> Need<C, V, S> {
        if let Stage::Refresh = self.stage {
            self.engine.trouble(&error);
            self.refreshing.iter().for_each(Reservation::failed);
            return Need::Bypass;
        }
        if let Err(fatal) = self.engine.suffer(error, self.request.policy.troubles) {
            return Need::Fail(fatal);
        }
        match self.stage {
            Stage::Overwrite | Stage::AmidStrays => Need::Entry,
            _ => {
                self.replaces = false;
                self.calculate()
            }
        }
    }

    fn woke(&mut self, end: Option<End<Result<V, S>>>) -> Need<C, V, S> {
        if let Stage::Elsewhere = self.stage {
            if self.looks.wake(self.engine.clock.now()) {
                self.engine.report_long_wait();
            }
            return Need::Entry;
        }
        match end {
            Some(End::Shared(result)) => Need::Settled(result),
            Some(End::Retry) => {
                self.waiter = None;
                self.look()
            }
            None => self.slept(),
        }
    }

    fn overwrite(&mut self) -> Need<C, V, S> {
        self.explain("calculates and overwrites");
        self.stage = Stage::Overwrite;
        self.runner = Some(self.engine.flights.run_beside(&self.request.key));
        Need::Claim(OVERWRITER)
    }

    fn obtain(&mut self) -> Need<C, V, S> {
        self.runner = None;
        match self.engine.flights.join(&self.request.key) {
            Joined::Runner(runner) => {
                self.stage = Stage::Own;
                self.runner = Some(runner);
                return Need::Claim(OWNER);
            }
            Joined::Follower(flight) => self.waiter = flight.wait(),
        }
        match (&self.waiter, self.since) {
            (None, _) => self.step_past("waiting would never end"),
            (Some(_), None) => Need::Wait,
            (Some(_), Some(_)) => self.follow_flight(),
        }
    }

    /// Waits for a flight; past the policy's limit, takes over unless somebody else has, here or
    /// in another process.
    fn follow_flight(&mut self) -> Need<C, V, S> {
        let timeout = self.request.policy.wait_for_calc_timeout.as_millis();
        self.deadline = self.began_to_wait().saturating_add(timeout);
        self.follow_until_deadline()
    }

    /// Somebody else has taken over; if elsewhere, this process is not told of their end.
    fn keep_following(&mut self) -> Need<C, V, S> {
        let timeout = self.request.policy.wait_for_calc_timeout.as_millis();
        let pause = timeout.max(SHORTEST_NEXT_TRY_MILLIS);
        self.deadline = self.engine.clock.now().saturating_add(pause);
        self.follow_until_deadline()
    }

    fn follow_until_deadline(&mut self) -> Need<C, V, S> {
        self.stage = Stage::Follow;
        self.looked_at = self.engine.clock.now();
        if self.looked_at >= self.deadline {
            return self.succeed();
        }
        Need::Time(self.alarm().millis_since(self.looked_at))
    }

    /// The deadline, or before it the moment when the wait has become a long one.
    fn alarm(&self) -> Timestamp {
        let long = self.long_wait();
        if self.looked_at < long {
            self.deadline.min(long)
        } else {
            self.deadline
        }
    }

    fn slept(&mut self) -> Need<C, V, S> {
        if self.alarm() == self.long_wait() {
            self.engine.report_long_wait();
        }
        self.follow_until_deadline()
    }

    fn long_wait(&self) -> Timestamp {
        self.began_to_wait().saturating_add(LONG_WAIT_MILLIS)
    }

    fn began_to_wait(&self) -> Timestamp {
        self.since.unwrap_or_default()
    }

    /// Looks before it claims, which would overtake others for nothing.
    fn succeed(&mut self) -> Need<C, V, S> {
        let (engine, key) = (&self.engine, &self.request.key);
        self.runner = self
            .waiter
            .as_ref()
            .and_then(|waiter| engine.flights.succeed(key, waiter.flight()));
        match self.runner {
            Some(_) => Need::Entry,
            None => self.keep_following(),
        }
    }

    /// Somebody outside this process calculates: looks again and again, ever more slowly.
    fn rest(&mut self) -> Need<C, V, S> {
        Need::Time(self.looks.pause())
    }

    fn claim_elsewhere(&mut self) -> Need<C, V, S> {
        let timeout = self.request.policy.wait_for_calc_timeout.as_millis();
        if self.looks.waited() < timeout {
            return Need::Claim(OWNER);
        }
        match self.runner.as_mut().is_some_and(Runner::turn_successor) {
            true => Need::Claim(SUCCESSOR),
            false => self.obtain(),
        }
    }

    fn serve_by_policy(
        &mut self,
        entry: Option<Entry<V>>,
        now: Timestamp,
    ) -> Option<Need<C, V, S>> {
        match Look::at(entry, now, &self.request.policy) {
            Look::Fresh(entry) => Some(self.serve_fresh(entry)),
            Look::Stale(entry, now) => Some(self.serve_stale(entry, now)),
            _ => None,
        }
    }

    fn serve_fresh(&self, entry: Entry<V>) -> Need<C, V, S> {
        self.explain("served from a fresh entry");
        self.serve(entry, Outcome::Hit, None)
    }

    fn serve_stale(&self, entry: Entry<V>, now: Timestamp) -> Need<C, V, S> {
        self.explain("served from a stale entry, to be refreshed");
        self.serve(entry, Outcome::StaleHit, self.reserve(now))
    }

    /// After a wait, what is served came from somebody else's run.
    fn serve(
        &self,
        entry: Entry<V>,
        outcome: Outcome,
        refresh: Option<Reservation<C, V, S>>,
    ) -> Need<C, V, S> {
        Need::Serve(Served {
            value: entry.value,
            meta: entry.meta,
            outcome: if self.has_waited {
                Outcome::Waited
            } else {
                outcome
            },
            refresh,
        })
    }

    /// The right to refresh, if nobody calculates and no failure is too recent.
    fn reserve(&self, now: Timestamp) -> Option<Reservation<C, V, S>> {
        let (engine, key) = (&self.engine, &self.request.key);
        let reserved = !engine.flights.contains(key) && engine.refreshes.reserve(key, now);
        reserved.then(|| Reservation {
            engine: engine.clone(),
            request: self.request.clone(),
        })
    }

    fn calculate(&mut self) -> Need<C, V, S> {
        self.waiter = None;
        if self.engine.counters.is_some() {
            self.started = self.engine.clock.now();
        }
        Need::Calculate
    }

    fn step_past(&self, why: &str) -> Need<C, V, S> {
        self.explain(&joined!("calls the function and stores nothing: ", why));
        Need::Bypass
    }

    fn explain(&self, text: &str) {
        self.engine.explain(&self.request, text);
    }
}
