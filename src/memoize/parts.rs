//! What every memoized function has in common: one call, and what hangs on the function; not its arguments.

use std::marker::PhantomData;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use super::given::{Background, Given, Later};
use super::keep::Keep;
use super::registry;
use super::settings::{Rules, Settings};
use super::{Listed, Traced};
use crate::blocking::block_on;
use crate::core::Core;
use crate::engine::{
    Busy, Called, Engine, Input, Look, Measure, Metrics, Outcome, Request, Reservation, Terms,
};
use crate::entry::{Entry, Timestamp};
use crate::error::Error;
use crate::key::{Arguments, Key};
use crate::policy::{CallOptions, Fatal, Policy, Troubles, Verdict, decide};
use crate::threads::{SharedFunction, SharedView};

/// A memoized function without the function: it comes with each call.
pub(crate) struct Parts<R, K: Keep<R>, C: Core<K::Value>> {
    pub(super) engine: Arc<Engine<C, K::Value, K::Shared>>,
    settings: Settings,
    views: Views<K::Value>,
    returned: PhantomData<fn() -> R>,
}

/// A result, where it came from, and when it was stored if it was.
pub struct Settled<R> {
    /// What the call returned.
    pub value: R,
    outcome: Outcome,
    stored_at: Option<Timestamp>,
}

/// What is asked of each value, and at each call.
pub(super) struct Views<V> {
    pub(super) scope: Option<SharedFunction<(), String>>,
    pub(super) measure: SharedView<V, Measure>,
}

/// What the first look of a call came to that wants its entry and nothing else.
enum Glance<R> {
    Hit(Settled<R>),
    /// There is no entry.
    Nothing,
    /// It has to be looked at more closely.
    Unclear,
}

/// A refresh that is about to run, without its function.
pub struct Refresh<R, K: Keep<R>, C: Core<K::Value>> {
    engine: Arc<Engine<C, K::Value, K::Shared>>,
    views: Views<K::Value>,
    reservation: Reservation<C, K::Value, K::Shared>,
    busy: Busy,
    returned: PhantomData<fn() -> R>,
}

impl<R, K: Keep<R>, C: Core<K::Value>> Parts<R, K, C> {
    pub(super) fn new(
        engine: Engine<C, K::Value, K::Shared>,
        mut settings: Settings,
        views: Views<K::Value>,
        is_shared: bool,
    ) -> Self {
        if views.scope.is_some() {
            settings.forbid_plain();
        }
        let engine = Arc::new(engine);
        registry::register(engine.label(), is_shared || settings.is_named(), &engine);
        Self {
            engine,
            settings,
            views,
            returned: PhantomData,
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.engine.label()
    }

    pub(crate) fn cache_dpath(&self) -> Option<PathBuf> {
        self.engine.core.cache_dpath()
    }

    /// The rules of a call without options of its own.
    #[inline]
    pub(crate) fn rules(&self) -> Rules<'_> {
        self.settings.rules()
    }

    pub(crate) fn policy_of_call(&self, options: &CallOptions) -> Policy {
        self.settings.policy_of_call(options)
    }

    /// The key of a call's arguments, within the scope as it is now.
    #[inline(always)]
    pub(crate) fn key(&self, given: &impl Given<R>) -> Result<Key, Error> {
        self.in_scope(given.key())
    }

    /// The key of what was given, where it is, within the scope as it is now.
    #[inline(always)]
    pub(crate) fn key_in_scope<'a>(&self, arguments: &'a mut Arguments) -> &'a Key {
        self.views.put_in_scope(arguments);
        arguments.finish()
    }

    /// A key within the scope as it is now.
    #[inline(always)]
    pub(crate) fn in_scope(&self, key: Result<Key, Error>) -> Result<Key, Error> {
        self.views.in_scope(key)
    }

    pub(crate) async fn clear_cache(&self) {
        self.report(self.engine.clear().await);
    }

    pub(crate) async fn clear_being_calculated(&self) {
        self.report(self.engine.clear_being_calculated().await);
    }

    /// Stores a value, unless it is a failure, and returns it.
    pub(crate) async fn precache_value(&self, key: &Key, value: R) -> Result<R, Error> {
        match K::split(value) {
            Ok(value) => self.precache(key, value).await,
            Err(failure) => Ok(K::join(Err(failure))),
        }
    }

    /// As [`precache_value`](Self::precache_value), for a caller that may block.
    pub(crate) fn precache_blocking(&self, key: &Key, value: R) -> Result<R, Error> {
        let value = match K::split(value) {
            Ok(value) => value,
            Err(failure) => return Ok(K::join(Err(failure))),
        };
        let measure = (self.views.measure)(&value);
        self.engine
            .precache_blocking(key, &value, measure, &self.rules())?;
        Ok(K::join(Ok(value)))
    }

    /// Stores what is kept of a value, and returns the value.
    pub(crate) async fn precache(&self, key: &Key, value: K::Value) -> Result<R, Error> {
        let measure = (self.views.measure)(&value);
        let policy = self.settings.policy();
        let stored = self.engine.precache(key, &value, measure, &policy);
        stored.await?;
        Ok(K::join(Ok(value)))
    }

    pub(crate) async fn peek(&self, key: &Key) -> Option<Entry<K::Value>> {
        self.engine.read(key, Troubles::REPORTED).await.ok()?
    }

    pub(crate) async fn is_fresh(&self, key: &Key) -> bool {
        let meta = self.peek(key).await.map(|entry| entry.meta);
        let now = self.engine.clock.now();
        decide(meta.as_ref(), now, &self.settings.policy()) == Verdict::Serve
    }

    pub(crate) async fn remove(&self, key: &Key) -> Result<bool, Error> {
        self.engine.remove(key).await
    }

    pub(crate) async fn entries(&self) -> Result<Vec<Listed>, Error> {
        let (now, policy) = (self.engine.clock.now(), self.settings.policy());
        let entries = self.engine.entries().await?;
        let listed = entries.into_iter().map(|(key, meta)| {
            let fresh = decide(Some(&meta), now, &policy) == Verdict::Serve;
            Listed { key, meta, fresh }
        });
        Ok(listed.collect())
    }

    pub(crate) async fn drained(&self) {
        self.engine.background.drained().await;
    }

    pub(crate) async fn metrics(&self) -> Option<Metrics> {
        self.engine.metrics().await
    }

    /// A result with its age instead of its date.
    pub(crate) fn traced(&self, settled: Settled<R>) -> Traced<R> {
        let Settled {
            value,
            outcome,
            stored_at,
        } = settled;
        let age = stored_at.map(|stored| self.engine.clock.now().millis_since(stored));
        Traced {
            value,
            outcome,
            age,
        }
    }

    /// What a call that returns no error of ours returns.
    #[inline(always)]
    fn settled(&self, called: Result<Settled<R>, Fatal>) -> Settled<R> {
        called.unwrap_or_else(|fatal| self.give_up(fatal))
    }

    #[cold]
    #[inline(never)]
    fn give_up(&self, fatal: Fatal) -> ! {
        panic!("cachier: {}: {}", self.id(), Error::from(fatal))
    }

    fn report(&self, result: Result<(), Error>) {
        if let Err(error) = result {
            self.engine.trouble(&error);
        }
    }
}

impl<R: 'static, K: Keep<R>, C: Core<K::Value>> Parts<R, K, C> {
    /// One call, with where the result came from.
    pub(crate) async fn trace(&self, rules: Rules<'_>, given: impl Given<R>) -> Traced<R> {
        let mut arguments = Arguments::new();
        let keyed = given.key().map(|key| arguments.put(key));
        let settled = self.call(&mut arguments, keyed, rules, given).await;
        self.traced(settled)
    }

    /// One call. A hit that is at hand builds no future: all the rest is in a box.
    ///
    /// # Panics
    ///
    /// Where trouble with the store costs the call its result.
    #[inline(always)]
    pub(crate) fn call<'a, G: Given<R>>(
        &'a self,
        arguments: &mut Arguments,
        keyed: Result<(), Error>,
        rules: Rules<'a>,
        given: G,
    ) -> impl Future<Output = Settled<R>> + use<'a, R, K, C, G> {
        let called = match self.hit_at_once(arguments, &keyed, &rules) {
            Some(hit) => Ok(hit),
            None => {
                let key = keyed.map(|()| arguments.take());
                Err(Box::pin(self.call_looking(key, rules, given)))
            }
        };
        async move {
            match called {
                Ok(hit) => hit,
                Err(rest) => rest.await,
            }
        }
    }

    #[inline(always)]
    fn hit_at_once(
        &self,
        arguments: &mut Arguments,
        keyed: &Result<(), Error>,
        rules: &Rules<'_>,
    ) -> Option<Settled<R>> {
        self.views.put_in_scope(arguments);
        if keyed.is_err() || rules.verbose {
            return None;
        }
        let entry = self.engine.look_at_once(arguments.finish(), rules)?;
        Some(self.hit(entry))
    }

    /// A call whose entry is not at hand.
    async fn call_looking<G: Given<R>>(
        &self,
        key: Result<Key, Error>,
        rules: Rules<'_>,
        given: G,
    ) -> Settled<R> {
        let look = match &key {
            Ok(key) => match self.engine.before_look(&rules) {
                Ok(now) => {
                    let store = self.engine.get_sampled(key).await;
                    self.engine.judged(store, now, &rules)
                }
                Err(look) => Err(look),
            },
            Err(_) => Err(Look::Bypass),
        };
        match look {
            Ok(entry) if !rules.verbose => self.hit(entry),
            look => {
                let (request, look) = self.asked(key, &rules, look);
                self.settled(self.call_on(request, look, given).await)
            }
        }
    }

    /// What a call that is no hit asks for; arguments that cannot be keyed are reported once, and the function runs
    /// uncached.
    fn asked(
        &self,
        key: Result<Key, Error>,
        policy: &Policy,
        look: Result<Entry<K::Value>, Look<K::Value>>,
    ) -> (Request, Look<K::Value>) {
        match key {
            Ok(key) => {
                let policy = *policy;
                let look = look.map_or_else(|look| look, Look::Fresh);
                (Request { key, policy }, look)
            }
            Err(error) => {
                self.engine.trouble(&error);
                let (key, policy) = (Key::of_nothing(), policy.bypassing());
                (Request { key, policy }, Look::Bypass)
            }
        }
    }

    /// One call whose key is known; an error where trouble with the store costs it its result.
    pub(crate) async fn call_by_key<G: Given<R>>(
        &self,
        key: Key,
        rules: Rules<'_>,
        given: G,
    ) -> Result<Settled<R>, Fatal> {
        match self.engine.look(&key, &rules).await {
            Look::Fresh(entry) if !rules.verbose => Ok(self.hit(entry)),
            look => {
                let policy = *rules;
                self.call_on(Request { key, policy }, look, given).await
            }
        }
    }

    #[inline]
    fn hit(&self, entry: Entry<K::Value>) -> Settled<R> {
        self.engine.count(Outcome::Hit);
        let stored_at = Some(entry.meta.stored_at);
        Settled {
            value: K::join(Ok(entry.value)),
            outcome: Outcome::Hit,
            stored_at,
        }
    }

    /// In a box, which is filled apart: a hit is not to carry the room that all the rest needs, nor is whoever waits while
    /// the function runs, which may call itself as deep as the stack goes.
    #[inline(never)]
    fn call_on<G: Given<R>>(
        &self,
        request: Request,
        look: Look<K::Value>,
        given: G,
    ) -> Pin<Box<impl Future<Output = Result<Settled<R>, Fatal>>>> {
        Box::pin(self.run_on(request, look, given))
    }

    async fn run_on<G: Given<R>>(
        &self,
        request: Request,
        look: Look<K::Value>,
        given: G,
    ) -> Result<Settled<R>, Fatal> {
        let views = &self.views;
        let calculate = |given: G| async move { K::split(given.run().await) };
        let unchanged = |given: &G, key: &Key| views.still_lead_to(key, given.key());
        let input = Input {
            value: given,
            unchanged: &unchanged,
        };
        let terms = Terms {
            measure: &*views.measure,
            share: K::share,
            unshare: K::unshare,
        };
        let called = self.engine.call(request, look, terms, input, calculate);
        Ok(self.hand_over(called.await?))
    }

    fn hand_over<G: Given<R>>(
        &self,
        called: Called<C, K::Value, K::Shared, K::Failure, G>,
    ) -> Settled<R> {
        let Called {
            result,
            outcome,
            stored_at,
            refresh,
        } = called;
        if let Some((reservation, given)) = refresh
            && let Some(later) = given.keep()
        {
            Background::start(self.refresh(reservation), later);
        }
        Settled {
            value: K::join(result),
            outcome,
            stored_at,
        }
    }

    fn refresh(&self, reservation: Reservation<C, K::Value, K::Shared>) -> Refresh<R, K, C> {
        Refresh {
            engine: self.engine.clone(),
            views: self.views.clone(),
            reservation,
            busy: self.engine.background.busy(),
            returned: PhantomData,
        }
    }

    /// The first look of a call without options of its own.
    // Without optimization, what is inlined holds its place on the stack while the function runs.
    #[cfg_attr(debug_assertions, inline)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn glance(&self, arguments: &mut Arguments, keyed: &Result<(), Error>) -> Glance<R> {
        if keyed.is_err() || !self.settings.are_plain() {
            return Glance::Unclear;
        }
        match self.engine.get_at_once(arguments.finish()) {
            Some(Some(entry)) if !entry.meta.none => Glance::Hit(self.hit(entry)),
            Some(None) => Glance::Nothing,
            _ => Glance::Unclear,
        }
    }

    /// One call of a caller that may block, without options of its own.
    ///
    /// # Panics
    ///
    /// As [`call`](Self::call) does.
    #[inline(always)]
    pub(crate) fn call_as_defined<G: Given<R>>(
        &self,
        arguments: &mut Arguments,
        keyed: Result<(), Error>,
        given: G,
    ) -> Settled<R> {
        match self.glance(arguments, &keyed) {
            Glance::Hit(hit) => hit,
            Glance::Nothing => self.call_missing(arguments, given),
            Glance::Unclear => self.call_closely(arguments, keyed, given),
        }
    }

    /// A miss that the first look has seen: it needs no second one. Apart, so that plain hits stay short.
    #[inline(never)]
    fn call_missing<G: Given<R>>(&self, arguments: &mut Arguments, given: G) -> Settled<R> {
        let nothing = Err(Look::Unfit(None));
        self.call_on_blocking(Ok(arguments.take()), self.rules(), nothing, given)
    }

    /// Apart, so that plain hits stay short.
    #[inline(never)]
    fn call_closely<G: Given<R>>(
        &self,
        arguments: &mut Arguments,
        keyed: Result<(), Error>,
        given: G,
    ) -> Settled<R> {
        self.call_blocking(arguments, keyed, self.rules(), given)
    }

    /// One call of a caller that may block: a hit builds no future but the core's own.
    ///
    /// # Panics
    ///
    /// As [`call`](Self::call) does.
    #[inline(always)]
    pub(crate) fn call_blocking<G: Given<R>>(
        &self,
        arguments: &mut Arguments,
        keyed: Result<(), Error>,
        rules: Rules<'_>,
        given: G,
    ) -> Settled<R> {
        self.views.put_in_scope(arguments);
        let look = match keyed {
            Ok(()) => self.engine.look_blocking(arguments.finish(), &rules),
            Err(_) => Err(Look::Bypass),
        };
        match look {
            Ok(entry) if !rules.verbose => self.hit(entry),
            look => {
                let key = keyed.map(|()| arguments.take());
                self.call_on_blocking(key, rules, look, given)
            }
        }
    }

    /// All that is no hit: apart, so that hits stay short.
    #[cold]
    #[inline(never)]
    fn call_on_blocking<G: Given<R>>(
        &self,
        key: Result<Key, Error>,
        rules: Rules<'_>,
        look: Result<Entry<K::Value>, Look<K::Value>>,
        given: G,
    ) -> Settled<R> {
        let (request, look) = self.asked(key, &rules, look);
        self.settled(block_on(self.call_on(request, look, given)))
    }
}

impl<R, K: Keep<R>, C: Core<K::Value>> Refresh<R, K, C> {
    /// Calculates; where arguments or scope changed since the call, the right to do so is given back:
    /// that is the caller's change, not a failure of the function.
    pub(super) async fn run<L: Later<R>>(self, later: L) {
        let Self {
            engine,
            views,
            reservation,
            busy,
            ..
        } = self;
        if views.still_lead_to(reservation.key(), later.key()) {
            // A failure is shared, not kept: it need not be able to cross threads.
            let terms = Terms {
                measure: &*views.measure,
                share: Clone::clone,
                unshare: Some,
            };
            let calculate =
                || async move { K::split(later.run().await).map_err(|failure| K::share(&failure)) };
            engine.refresh(reservation, terms, calculate).await;
        } else {
            drop(reservation);
        }
        drop(busy);
    }
}

impl<V> Views<V> {
    #[inline(always)]
    fn put_in_scope(&self, arguments: &mut Arguments) {
        if let Some(scope) = &self.scope {
            arguments.finish();
            let key = arguments.take().scoped(&scope(()));
            arguments.put(key);
        }
    }

    #[inline(always)]
    fn in_scope(&self, key: Result<Key, Error>) -> Result<Key, Error> {
        match &self.scope {
            Some(scope) => key.map(|key| key.scoped(&scope(()))),
            None => key,
        }
    }

    /// Whether arguments that were kept for later, and the scope, are still those the key was made of.
    fn still_lead_to(&self, key: &Key, now: Result<Key, Error>) -> bool {
        self.in_scope(now).is_ok_and(|now| now == *key)
    }
}

impl<V> Clone for Views<V> {
    fn clone(&self) -> Self {
        Self {
            scope: self.scope.clone(),
            measure: self.measure.clone(),
        }
    }
}
