//! What a law asks of the subject it is tried on: a place to keep values, a kind of function, callers.

use std::sync::Arc;

use cachier::core::Core;
use cachier::{
    CallOptions, Error, FakeClock, Keep, Key, Listed, MaybeSend, MaybeSync, Meta, Metrics, Options,
    Traced,
};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::places::Place;
use super::tools::{Answer, Gate, Pending, Runs, Switch};

/// Every function of the suite takes two numbers.
pub type Arguments = (u32, u32);

pub type Body<R> = Arc<dyn Function<R>>;

/// The body of a memoized function; asynchronous in form, a sync subject runs it to its end.
pub trait Function<R>: MaybeSend + MaybeSync {
    fn run(&self, arguments: Arguments) -> Pending<'static, R>;
}

impl<R, G: Fn(Arguments) -> Pending<'static, R> + MaybeSend + MaybeSync> Function<R> for G {
    fn run(&self, arguments: Arguments) -> Pending<'static, R> {
        self(arguments)
    }
}

/// What every core can keep.
pub trait Storable: Clone + MaybeSend + MaybeSync + Serialize + DeserializeOwned + 'static {
    fn weight(&self) -> u64;
}

impl Storable for u64 {
    fn weight(&self) -> u64 {
        8
    }
}

impl Storable for String {
    fn weight(&self) -> u64 {
        self.len() as u64
    }
}

impl<T: Storable> Storable for Option<T> {
    fn weight(&self) -> u64 {
        self.as_ref().map_or(1, T::weight)
    }
}

/// A place of its own for each law; its clones are the same place.
pub trait Store: Clone + MaybeSend + MaybeSync + 'static {
    type Core<V: Storable>: Core<V>;

    fn new() -> Self;

    /// Opens, perhaps not for the first time, what is kept under an id.
    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> Self::Core<V>;

    /// Whether entries are kept in a directory.
    const HAS_DIRECTORY: bool = false;
}

#[derive(Clone, Copy, Default)]
pub struct Bounds {
    pub max_entries: Option<u64>,
    pub max_bytes: Option<u64>,
}

/// What memoized functions of one kind have in common, sync or async.
pub trait Subject: Sized + 'static {
    type Store: Store;
    type Place: Place;

    fn define<K, R>(
        store: &Self::Store,
        definition: Definition,
        body: Body<R>,
    ) -> Arc<dyn Memoized<R>>
    where
        R: MaybeSend + 'static,
        K: Keep<R, Value: Storable, Failure: MaybeSend>;
}

/// A memoized function whose kind and core are forgotten.
pub trait Memoized<R>: MaybeSend + MaybeSync {
    fn call(&self, arguments: Arguments) -> Pending<'_, R>;
    fn try_call(&self, arguments: Arguments) -> Pending<'_, Result<R, Error>>;
    fn trace(&self, options: CallOptions, arguments: Arguments) -> Pending<'_, Traced<R>>;
    fn clear_cache(&self) -> Pending<'_, ()>;
    fn clear_being_calculated(&self) -> Pending<'_, ()>;
    fn precache_value(&self, arguments: Arguments, value: R) -> Pending<'_, R>;
    fn peek(&self, arguments: Arguments) -> Pending<'_, Option<(R, Meta)>>;
    fn is_fresh(&self, arguments: Arguments) -> Pending<'_, bool>;
    fn remove(&self, arguments: Arguments) -> Pending<'_, bool>;
    fn entries(&self) -> Pending<'_, Vec<Listed>>;
    fn metrics(&self) -> Pending<'_, Option<Metrics>>;
    fn key_of(&self, arguments: Arguments) -> Result<Key, Error>;
    fn has_directory(&self) -> bool;

    /// Until no refresh and no clean-up is under way.
    fn settle(&self) -> Pending<'_, ()>;
}

type KeyFunction = fn(&Arguments) -> Result<Key, Error>;

/// All that a law says of a function beside its body.
#[derive(Clone)]
pub struct Definition {
    pub options: Options,
    pub bounds: Bounds,
    pub clock: FakeClock,
    pub key: KeyFunction,
    pub scope: Option<Arc<dyn Scope>>,
}

/// What is part of the identity of every call.
pub trait Scope: MaybeSend + MaybeSync {
    fn now(&self) -> String;
}

impl<G: Fn() -> String + MaybeSend + MaybeSync> Scope for G {
    fn now(&self) -> String {
        self()
    }
}

impl Definition {
    pub fn max_entries(mut self, most: u64) -> Self {
        self.bounds.max_entries = Some(most);
        self
    }

    pub fn max_bytes(mut self, most: u64) -> Self {
        self.bounds.max_bytes = Some(most);
        self
    }

    pub fn key(mut self, key: KeyFunction) -> Self {
        self.key = key;
        self
    }

    pub fn scope(mut self, scope: impl Scope + 'static) -> Self {
        self.scope = Some(Arc::new(scope));
        self
    }
}

/// The store and the clock of one law.
pub struct Scene<S: Subject> {
    pub store: S::Store,
    pub clock: FakeClock,
}

impl<S: Subject> Scene<S> {
    pub fn new() -> Self {
        Self {
            store: S::Store::new(),
            clock: FakeClock::new(),
        }
    }

    /// A definition under these options, and the name `f` if they give none.
    pub fn definition(&self, options: Options) -> Definition {
        Definition {
            options: options.or(&Options::new().name("f")),
            bounds: Bounds::default(),
            clock: self.clock.clone(),
            key: |arguments| Key::of(arguments),
            scope: None,
        }
    }

    pub fn define<K, R>(&self, definition: Definition, body: Body<R>) -> Arc<dyn Memoized<R>>
    where
        R: MaybeSend + 'static,
        K: Keep<R, Value: Storable, Failure: MaybeSend>,
    {
        S::define::<K, R>(&self.store, definition, body)
    }

    /// A function whose result is the number of its run.
    pub fn counter(&self, options: Options) -> Sample<u64> {
        self.sample::<cachier::KeepAll, u64>(self.definition(options))
    }

    /// A function that fails while its switch is on.
    pub fn fallible(&self, options: Options) -> Sample<Result<u64, String>> {
        self.sample::<cachier::KeepOk, _>(self.definition(options))
    }

    /// A function that returns nothing while its switch is on.
    pub fn optional(&self, options: Options) -> Sample<Option<u64>> {
        self.sample::<cachier::KeepSome, _>(self.definition(options))
    }

    pub fn sample<K, R>(&self, definition: Definition) -> Sample<R>
    where
        R: Answer,
        K: Keep<R, Value: Storable, Failure: MaybeSend>,
    {
        let (runs, gate, switch) = (Runs::default(), Gate::default(), Switch::default());
        let body = scripted(runs.clone(), gate.clone(), switch.clone());
        Sample {
            memoized: self.define::<K, R>(definition, body),
            runs,
            gate,
            switch,
        }
    }
}

/// Each run passes the gate before it answers; it has come there once it is counted.
fn scripted<R: Answer>(runs: Runs, gate: Gate, switch: Switch) -> Body<R> {
    Arc::new(move |arguments: Arguments| -> Pending<'static, R> {
        let (gate, switch, arrival) = (gate.clone(), switch.clone(), gate.arrive());
        let number = runs.next(arguments);
        Box::pin(async move {
            gate.pass_after(arrival).await;
            R::of_run(number, switch.is_on())
        })
    })
}

/// A memoized function with what steers and watches its body.
pub struct Sample<R> {
    pub memoized: Arc<dyn Memoized<R>>,
    pub runs: Runs,
    pub gate: Gate,
    pub switch: Switch,
}

impl<R> Clone for Sample<R> {
    fn clone(&self) -> Self {
        let Self {
            memoized,
            runs,
            gate,
            switch,
        } = self;
        Self {
            memoized: memoized.clone(),
            runs: runs.clone(),
            gate: gate.clone(),
            switch: switch.clone(),
        }
    }
}

impl<R: MaybeSend + 'static> Sample<R> {
    pub async fn call(&self, a: u32, b: u32) -> R {
        self.memoized.call((a, b)).await
    }

    pub async fn call_with(&self, options: CallOptions, a: u32, b: u32) -> R {
        self.memoized.trace(options, (a, b)).await.value
    }

    pub async fn trace(&self, a: u32, b: u32) -> Traced<R> {
        self.memoized.trace(CallOptions::new(), (a, b)).await
    }

    pub async fn peek(&self, a: u32, b: u32) -> Option<R> {
        self.memoized.peek((a, b)).await.map(|(value, _)| value)
    }

    pub async fn clear(&self) {
        self.memoized.clear_cache().await;
    }

    pub async fn settle(&self) {
        self.memoized.settle().await;
    }

    pub async fn entry_count(&self) -> usize {
        self.memoized.entries().await.len()
    }

    pub fn runs(&self) -> u64 {
        self.runs.count()
    }
}
