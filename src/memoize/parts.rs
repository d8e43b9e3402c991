//! What sync and async memoized functions have in common: one call, and what hangs on the function.

use std::path::PathBuf;
use std::sync::Arc;

use super::keep::Keep;
use super::registry;
use super::settings::Settings;
use super::{Listed, Traced};
use crate::blocking::block_on;
use crate::core::Core;
use crate::engine::{
    Called, Engine, Input, Look, Measure, Metrics, Outcome, Request, Reservation, Terms,
};
use crate::entry::{Entry, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::policy::{Policy, Verdict, decide};
use crate::threads::{BoxedFunction, BoxedView, MaybeSend};

/// A memoized function taken apart; `O` is what the function gives: `R`, or a future of it.
pub(super) struct Parts<A, O, R, K: Keep<R>, C: Core<K::Value>> {
    pub(super) engine: Arc<Engine<C, K::Value, K::Shared>>,
    pub(super) settings: Settings,
    body: Arc<Body<A, O, K::Value>>,
}

/// A result, where it came from, and when it was stored if it was.
pub(super) struct Settled<R> {
    pub(super) value: R,
    outcome: Outcome,
    stored_at: Option<Timestamp>,
}

/// What a background refresh needs beside the engine.
struct Body<A, O, V> {
    function: BoxedFunction<A, O>,
    views: Views<A, V>,
}

/// How the values and keys of a function are looked at.
pub(super) struct Views<A, V> {
    pub(super) key: BoxedView<A, Result<Key, Error>>,
    pub(super) scope: Option<BoxedFunction<(), String>>,
    pub(super) measure: BoxedView<V, Measure>,
}

impl<A, O, R, K: Keep<R>, C: Core<K::Value>> Parts<A, O, R, K, C> {
    pub(super) fn new(
        engine: Engine<C, K::Value, K::Shared>,
        settings: Settings,
        function: BoxedFunction<A, O>,
        views: Views<A, K::Value>,
    ) -> Self {
        let engine = Arc::new(engine);
        registry::register(engine.label(), settings.is_named(), &engine);
        Self {
            engine,
            settings,
            body: Arc::new(Body { function, views }),
        }
    }

    pub(super) fn id(&self) -> &str {
        self.engine.label()
    }

    pub(super) fn cache_dpath(&self) -> Option<PathBuf> {
        self.engine.core.cache_dpath()
    }

    pub(super) fn key(&self, arguments: &A) -> Result<Key, Error> {
        self.body.key(arguments)
    }

    pub(super) async fn clear_cache(&self) {
        self.report(self.engine.clear().await);
    }

    pub(super) async fn clear_being_calculated(&self) {
        self.report(self.engine.clear_being_calculated().await);
    }

    pub(super) async fn precache_value(&self, arguments: &A, value: R) -> Result<R, Error> {
        let key = self.key(arguments)?;
        let result = K::split(value);
        if let Ok(value) = &result {
            let measure = (self.body.views.measure)(value);
            let policy = self.settings.policy();
            self.engine
                .precache(&key, value.clone(), measure, &policy)
                .await?;
        }
        Ok(K::join(result))
    }

    pub(super) async fn peek(&self, arguments: &A) -> Option<Entry<K::Value>> {
        let key = self.key(arguments).ok()?;
        self.engine.read(&key).await
    }

    pub(super) async fn is_fresh(&self, arguments: &A) -> bool {
        let entry = self.peek(arguments).await;
        let meta = entry.map(|entry| entry.meta);
        let now = self.engine.clock.now();
        decide(meta.as_ref(), now, &self.settings.policy()) == Verdict::Serve
    }

    pub(super) async fn remove(&self, arguments: &A) -> Result<bool, Error> {
        self.engine.remove(&self.key(arguments)?).await
    }

    pub(super) async fn entries(&self) -> Result<Vec<Listed>, Error> {
        let (now, policy) = (self.engine.clock.now(), self.settings.policy());
        let entries = self.engine.entries().await?;
        let listed = entries.into_iter().map(|(key, meta)| {
            let fresh = decide(Some(&meta), now, &policy) == Verdict::Serve;
            Listed { key, meta, fresh }
        });
        Ok(listed.collect())
    }

    pub(super) async fn drained(&self) {
        self.engine.background.drained().await;
    }

    pub(super) async fn metrics(&self) -> Option<Metrics> {
        self.engine.metrics().await
    }

    fn report(&self, result: Result<(), Error>) {
        if let Err(error) = result {
            self.engine.trouble(&error);
        }
    }
}

impl<A, O, R, K, C> Parts<A, O, R, K, C>
where
    A: MaybeSend + 'static,
    O: 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// One call, with where the result came from.
    pub(super) async fn trace<F: Future<Output = R>>(
        &self,
        policy: Policy,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Traced<R> {
        let Settled {
            value,
            outcome,
            stored_at,
        } = self.call(policy, arguments, settle).await;
        let age = stored_at.map(|stored| self.engine.clock.now().millis_since(stored));
        Traced {
            value,
            outcome,
            age,
        }
    }

    /// One call; arguments that cannot be keyed are reported once, and the function runs uncached.
    pub(super) async fn call<F: Future<Output = R>>(
        &self,
        policy: Policy,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Settled<R> {
        match self.key(&arguments) {
            Ok(key) => self.call_by_key(key, policy, arguments, settle).await,
            Err(error) => self.call_unkeyed(&error, policy, arguments, settle).await,
        }
    }

    async fn call_unkeyed<F: Future<Output = R>>(
        &self,
        error: &Error,
        policy: Policy,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Settled<R> {
        self.engine.trouble(error);
        let request = Request {
            key: Key::of_nothing(),
            policy: policy.bypassing(),
        };
        Box::pin(self.call_on(request, Look::Bypass, arguments, settle)).await
    }

    pub(super) async fn call_by_key<F: Future<Output = R>>(
        &self,
        key: Key,
        policy: Policy,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Settled<R> {
        match self.engine.look(&key, &policy).await {
            Look::Fresh(entry) if !policy.verbose => self.hit(entry),
            // In a box: a hit is not to carry the room that all the rest needs.
            look => Box::pin(self.call_on(Request { key, policy }, look, arguments, settle)).await,
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

    async fn call_on<F: Future<Output = R>>(
        &self,
        request: Request,
        look: Look<K::Value>,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Settled<R> {
        let body = &*self.body;
        let calculate =
            |arguments| async move { K::split(settle((body.function)(arguments)).await) };
        let unchanged = |arguments: &A, key: &Key| body.still_has(key, arguments);
        let input = Input {
            value: arguments,
            unchanged: &unchanged,
        };
        let called = self
            .engine
            .call(request, look, body.terms::<R, K>(), input, calculate)
            .await;
        self.hand_over(called, settle)
    }

    fn hand_over<F: Future<Output = R>>(
        &self,
        called: Called<C, K::Value, K::Shared, K::Failure, A>,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) -> Settled<R> {
        let Called {
            result,
            outcome,
            stored_at,
            refresh,
        } = called;
        if let Some((reservation, arguments)) = refresh {
            self.refresh(reservation, arguments, settle);
        }
        Settled {
            value: K::join(result),
            outcome,
            stored_at,
        }
    }

    /// Calculates in the background; where arguments or scope changed since the call, the right to
    /// do so is given back: that is the caller's change, not a failure of the function.
    fn refresh<F: Future<Output = R>>(
        &self,
        reservation: Reservation<C, K::Value, K::Shared>,
        arguments: A,
        settle: impl Fn(O) -> F + Copy + MaybeSend + 'static,
    ) {
        let busy = self.engine.background.busy();
        let (engine, body) = (self.engine.clone(), self.body.clone());
        crate::clock::spawn(move || async move {
            let body = &*body;
            if body.still_has(reservation.key(), &arguments) {
                let calculate =
                    || async move { K::split(settle((body.function)(arguments)).await) };
                engine
                    .refresh(reservation, body.terms::<R, K>(), calculate)
                    .await;
            } else {
                drop(reservation);
            }
            drop(busy);
        });
    }
}

impl<A, R, K, C> Parts<A, R, R, K, C>
where
    A: MaybeSend + 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// One call of a caller that may block: a hit builds no future but the core's own.
    #[inline]
    pub(super) fn call_blocking(&self, arguments: A) -> Settled<R> {
        let policy = self.settings.policy();
        let key = self.key(&arguments);
        // By reference: moving what was just written byte by byte costs a hit more than finding it.
        let look = key
            .as_ref()
            .ok()
            .map(|key| self.engine.look_blocking(key, &policy));
        match (look, key) {
            (Some(Look::Fresh(entry)), _) if !policy.verbose => self.hit(entry),
            (Some(look), Ok(key)) => {
                self.call_on_blocking(Request { key, policy }, look, arguments)
            }
            (_, Err(error)) => {
                block_on(self.call_unkeyed(&error, policy, arguments, std::future::ready))
            }
            (None, Ok(key)) => {
                block_on(self.call_by_key(key, policy, arguments, std::future::ready))
            }
        }
    }

    #[inline(never)]
    fn call_on_blocking(&self, request: Request, look: Look<K::Value>, arguments: A) -> Settled<R> {
        block_on(self.call_on(request, look, arguments, std::future::ready))
    }
}

impl<A, O, V> Body<A, O, V> {
    fn key(&self, arguments: &A) -> Result<Key, Error> {
        let key = (self.views.key)(arguments);
        match &self.views.scope {
            Some(scope) => key.map(|key| key.scoped(&scope(()))),
            None => key,
        }
    }

    /// Whether arguments that were kept for later, and the scope, are still those the key was made of.
    fn still_has(&self, key: &Key, arguments: &A) -> bool {
        self.key(arguments).is_ok_and(|now| now == *key)
    }

    fn terms<R, K: Keep<R, Value = V>>(&self) -> Terms<'_, V, K::Shared, K::Failure> {
        Terms {
            measure: &*self.views.measure,
            share: K::share,
            unshare: K::unshare,
        }
    }
}
