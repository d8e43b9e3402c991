//! Sync and async memoized functions as subjects, over any store and any place callers run in.

use std::marker::PhantomData;
use std::sync::Arc;

use cachier::core::Core;
use cachier::{
    AsyncMemoize, CallOptions, Error, Keep, Key, Listed, MaybeSend, Memoize, Meta, Metrics, Traced,
};

use super::harness::{Arguments, Body, Definition, Memoized, Storable, Store, Subject};
use super::places::{Place, finish, settle_sync};
use super::tools::Pending;

/// Sync functions over a store.
pub struct Blocking<T, P>(PhantomData<(T, P)>);

/// Async functions over a store.
pub struct Asynchronous<T, P>(PhantomData<(T, P)>);

macro_rules! builder {
    ($store:ident, $definition:ident, $value:ty) => {{
        let Definition {
            options,
            bounds,
            clock,
            key,
            scope,
        } = $definition;
        let id = id_of(&options);
        let mut builder = Memoize::builder()
            .options(&options)
            .clock(clock)
            .key(move |arguments: &Arguments| key(arguments))
            .weigh(|value: &$value| value.weight())
            .core($store.open::<$value>(&id, bounds));
        if let Some(scope) = scope {
            builder = builder.scope(move || scope.now());
        }
        builder
    }};
}

/// The id that a function of these options has, whatever it does.
fn id_of(options: &cachier::Options) -> String {
    let probe = Memoize::builder()
        .options(options)
        .weigh(|_: &u8| 0)
        .function(|| 0_u8);
    probe.unwrap().id().to_owned()
}

impl<T: Store, P: Place> Subject for Blocking<T, P> {
    type Store = T;
    type Place = P;

    fn define<K, R>(store: &T, definition: Definition, body: Body<R>) -> Arc<dyn Memoized<R>>
    where
        R: MaybeSend + 'static,
        K: Keep<R, Value: Storable, Failure: MaybeSend>,
    {
        let function = move |a: u32, b: u32| finish(body.run((a, b)));
        let builder = builder!(store, definition, K::Value);
        let memoized = builder.keep::<K>().function(function);
        Arc::new(memoized.unwrap())
    }
}

impl<T: Store, P: Place> Subject for Asynchronous<T, P> {
    type Store = T;
    type Place = P;

    fn define<K, R>(store: &T, definition: Definition, body: Body<R>) -> Arc<dyn Memoized<R>>
    where
        R: MaybeSend + 'static,
        K: Keep<R, Value: Storable, Failure: MaybeSend>,
    {
        let function = move |a: u32, b: u32| body.run((a, b));
        let builder = builder!(store, definition, K::Value);
        let memoized = builder.keep::<K>().async_function(function);
        Arc::new(memoized.unwrap())
    }
}

macro_rules! ready {
    ($call:expr) => {
        Box::pin(async move { $call })
    };
}

impl<R, K, C> Memoized<R> for Memoize<Arguments, R, K, C>
where
    R: MaybeSend + 'static,
    K: Keep<R, Failure: MaybeSend>,
    C: Core<K::Value>,
{
    fn call(&self, arguments: Arguments) -> Pending<'_, R> {
        ready!(self.call(arguments))
    }

    fn try_call(&self, arguments: Arguments) -> Pending<'_, Result<R, Error>> {
        ready!(self.try_call(arguments))
    }

    fn trace(&self, options: CallOptions, arguments: Arguments) -> Pending<'_, Traced<R>> {
        ready!(self.with(options).trace(arguments))
    }

    fn clear_cache(&self) -> Pending<'_, ()> {
        ready!(self.clear_cache())
    }

    fn clear_being_calculated(&self) -> Pending<'_, ()> {
        ready!(self.clear_being_calculated())
    }

    fn precache_value(&self, arguments: Arguments, value: R) -> Pending<'_, R> {
        ready!(self.precache_value(arguments, value).unwrap())
    }

    fn peek(&self, arguments: Arguments) -> Pending<'_, Option<(R, Meta)>> {
        ready!(
            self.peek(&arguments)
                .map(|entry| (K::join(Ok(entry.value)), entry.meta))
        )
    }

    fn is_fresh(&self, arguments: Arguments) -> Pending<'_, bool> {
        ready!(self.is_fresh(&arguments))
    }

    fn remove(&self, arguments: Arguments) -> Pending<'_, bool> {
        ready!(self.remove(&arguments).unwrap())
    }

    fn entries(&self) -> Pending<'_, Vec<Listed>> {
        ready!(self.entries().unwrap())
    }

    fn metrics(&self) -> Pending<'_, Option<Metrics>> {
        ready!(self.metrics())
    }

    fn key_of(&self, arguments: Arguments) -> Result<Key, Error> {
        self.key_of(&arguments)
    }

    fn has_directory(&self) -> bool {
        self.cache_dpath().is_some()
    }

    fn settle(&self) -> Pending<'_, ()> {
        settle_sync(|| self.drain())
    }
}

impl<R, K, C> Memoized<R> for AsyncMemoize<Arguments, R, K, C>
where
    R: MaybeSend + 'static,
    K: Keep<R, Failure: MaybeSend>,
    C: Core<K::Value>,
{
    fn call(&self, arguments: Arguments) -> Pending<'_, R> {
        Box::pin(self.call(arguments))
    }

    fn try_call(&self, arguments: Arguments) -> Pending<'_, Result<R, Error>> {
        Box::pin(self.try_call(arguments))
    }

    fn trace(&self, options: CallOptions, arguments: Arguments) -> Pending<'_, Traced<R>> {
        Box::pin(async move { self.with(options).trace(arguments).await })
    }

    fn clear_cache(&self) -> Pending<'_, ()> {
        Box::pin(self.clear_cache())
    }

    fn clear_being_calculated(&self) -> Pending<'_, ()> {
        Box::pin(self.clear_being_calculated())
    }

    fn precache_value(&self, arguments: Arguments, value: R) -> Pending<'_, R> {
        Box::pin(async move { self.precache_value(arguments, value).await.unwrap() })
    }

    fn peek(&self, arguments: Arguments) -> Pending<'_, Option<(R, Meta)>> {
        Box::pin(async move {
            let entry = self.peek(&arguments).await;
            entry.map(|entry| (K::join(Ok(entry.value)), entry.meta))
        })
    }

    fn is_fresh(&self, arguments: Arguments) -> Pending<'_, bool> {
        Box::pin(async move { self.is_fresh(&arguments).await })
    }

    fn remove(&self, arguments: Arguments) -> Pending<'_, bool> {
        Box::pin(async move { self.remove(&arguments).await.unwrap() })
    }

    fn entries(&self) -> Pending<'_, Vec<Listed>> {
        Box::pin(async move { self.entries().await.unwrap() })
    }

    fn metrics(&self) -> Pending<'_, Option<Metrics>> {
        Box::pin(self.metrics())
    }

    fn key_of(&self, arguments: Arguments) -> Result<Key, Error> {
        self.key_of(&arguments)
    }

    fn has_directory(&self) -> bool {
        self.cache_dpath().is_some()
    }

    fn settle(&self) -> Pending<'_, ()> {
        Box::pin(self.drain())
    }
}
