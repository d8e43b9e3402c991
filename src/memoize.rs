//! Memoize: wraps a function; joins key, policy and engine; knows not which core holds the values.

#[cfg(all(
    any(feature = "indexeddb", feature = "localstorage"),
    target_arch = "wasm32"
))]
mod browser;
mod builder;
#[cfg(all(feature = "file", unix))]
mod files;
mod function;
pub(crate) mod given;
mod keep;
#[cfg(feature = "macros")]
pub(crate) mod managed;
pub(crate) mod parts;
pub(crate) mod registry;
mod rules;
pub(crate) mod settings;

use std::future::{Ready, ready};
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
pub use browser::InIndexedDb;
#[cfg(all(feature = "localstorage", feature = "macros", target_arch = "wasm32"))]
pub use browser::WhereAPageKeepsThem;
#[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
pub use browser::{InLocalStorage, InSharedLocalStorage};
pub use builder::Builder;
#[cfg(all(feature = "file", unix))]
pub use files::InFiles;
pub use function::Function;
pub use keep::{Keep, KeepAll, KeepOk, KeepOkUnshared, KeepSome};
pub use registry::clear_all;
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
pub use registry::publish_metrics;
pub use rules::{
    ByArguments, ByFunction, CoreRule, In, InMemory, KeyRule, Unweighed, WeighRule, Weighed,
    WeighedEncoded,
};

use crate::blocking::block_on;
use crate::core::{Core, MemoryCore};
use crate::engine::{Metrics, Outcome};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::{Arguments, Key};
use crate::policy::CallOptions;
use crate::threads::MaybeSend;
use given::{Asked, Body, Unbound};
use parts::Parts;

/// A result together with where it came from.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
/// let traced = double.trace((4,));
/// assert_eq!(traced.value, 8);
/// assert!(traced.age.is_some(), "it was stored");
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traced<R> {
    /// What the call returned.
    pub value: R,
    /// Where it came from.
    pub outcome: Outcome,
    /// Milliseconds since it was stored; `None` if it was not.
    pub age: Option<i64>,
}

/// One entry as [`Memoize::entries`] lists it.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
/// double.call((4,));
/// assert!(double.entries()?.iter().all(|entry| entry.fresh));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Its key; shown with `{:?}` as the arguments in CBOR diagnostic notation.
    pub key: Key,
    /// When it was stored, and its size.
    pub meta: Meta,
    /// Whether it is still served without a new calculation.
    pub fresh: bool,
}

/// A memoized function: arguments `A` as a tuple, result `R`, kept as `K` says in the core `C`.
///
/// Shared by reference between threads; dropped, its entries in memory are gone.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
///
/// let area = Memoize::builder().function(|width: u32, height: u32| width * height)?;
/// assert_eq!(area.call((3, 4)), 12);
/// area.precache_value((5, 5), 0)?;
/// assert_eq!(area.call((5, 5)), 0);
/// area.clear_cache();
/// assert_eq!(area.call((5, 5)), 25);
/// # Ok::<(), cachier::Error>(())
/// ```
pub struct Memoize<A, R, K: Keep<R> = KeepAll, C = MemoryCore<<K as Keep<R>>::Value>>
where
    C: Core<K::Value>,
{
    parts: Parts<R, K, C>,
    body: Arc<Body<A, R>>,
}

/// A memoized async function; as [`Memoize`], on any executor.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
///
/// # futures_lite::future::block_on(async {
/// let user = Memoize::builder().async_function(|id: u64| async move { format!("user {id}") })?;
/// assert_eq!(user.call((7,)).await, "user 7");
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
pub struct AsyncMemoize<A, R, K: Keep<R> = KeepAll, C = MemoryCore<<K as Keep<R>>::Value>>
where
    C: Core<K::Value>,
{
    parts: Parts<R, K, C>,
    body: Arc<Body<A, Unbound<R>>>,
}

/// A [`Memoize`] under the options of one call.
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
/// let past = double.with(cachier::CallOptions::new().skip_cache(true));
/// assert_eq!(past.call((4,)), 8);
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct With<'a, A, R, K: Keep<R>, C: Core<K::Value>> {
    memoized: &'a Memoize<A, R, K, C>,
    options: CallOptions,
}

/// An [`AsyncMemoize`] under the options of one call.
///
/// # Example
///
/// ```
/// # futures_lite::future::block_on(async {
/// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
/// let past = double.with(cachier::CallOptions::new().skip_cache(true));
/// assert_eq!(past.call((4,)).await, 8);
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Copy)]
pub struct AsyncWith<'a, A, R, K: Keep<R>, C: Core<K::Value>> {
    memoized: &'a AsyncMemoize<A, R, K, C>,
    options: CallOptions,
}

impl Memoize<(), (), KeepAll> {
    /// Starts the definition of a memoized function.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().name("double").function(|n: u32| n * 2)?;
    /// assert_eq!(double.id(), "double");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl<A, R, K, C> Memoize<A, R, K, C>
where
    A: MaybeSend + 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// Calls the function, or returns what an earlier call left.
    ///
    /// Arguments that cannot be made a key are reported once, and the function runs uncached.
    ///
    /// # Panics
    ///
    /// If the function itself does; and under [`OnError::Fail`](crate::OnError::Fail), with the error of a
    /// store that is out of order.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn call(&self, arguments: A) -> R {
        let mut place = Arguments::new();
        let keyed = (self.body.key)(&arguments, &mut place);
        let asked = self.asked(arguments);
        self.parts.call_as_defined(&mut place, keyed, asked).value
    }

    /// As [`call`](Self::call), with an error for arguments that cannot be made a key.
    ///
    /// # Errors
    ///
    /// Where an argument's `Serialize` fails or nests map keys that repeat; and under
    /// [`OnError::Fail`](crate::OnError::Fail), where the store is out of order.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert_eq!(double.try_call((4,))?, 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn try_call(&self, arguments: A) -> Result<R, Error> {
        let asked = self.asked(arguments);
        let key = self.parts.key(&asked)?;
        let rules = self.parts.rules();
        Ok(block_on(self.parts.call_by_key(key, rules, asked))?.value)
    }

    /// As [`call`](Self::call), with where the result came from.
    ///
    /// # Panics
    ///
    /// As [`call`](Self::call) does.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert_eq!(double.trace((4,)).outcome.as_str(), "computed");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn trace(&self, arguments: A) -> Traced<R> {
        let rules = self.parts.rules();
        block_on(self.parts.trace(rules, self.asked(arguments)))
    }

    /// The same function under options for one call.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{CallOptions, Memoize};
    /// let double = Memoize::builder().function(|n: u32| n * 2)?;
    /// let anew = CallOptions::new().overwrite_cache(true);
    /// assert_eq!(double.with(anew).call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn with(&self, options: CallOptions) -> With<'_, A, R, K, C> {
        With {
            memoized: self,
            options,
        }
    }

    /// Removes every entry of this function, frees its claims and wakes who waits.
    ///
    /// Trouble with the store is reported.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// double.precache_value((4,), 0)?;
    /// double.clear_cache();
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn clear_cache(&self) {
        block_on(self.parts.clear_cache());
    }

    /// Frees every claim; whoever waits decides again at once. Entries stay.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// double.call((4,));
    /// double.clear_being_calculated();
    /// assert!(double.peek(&(4,)).is_some());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn clear_being_calculated(&self) {
        block_on(self.parts.clear_being_calculated());
    }

    /// Stores `value` as the result for these arguments, without a call, and returns it.
    ///
    /// # Errors
    ///
    /// Where the arguments cannot be made a key, or the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert_eq!(double.precache_value((4,), 9)?, 9);
    /// assert_eq!(double.call((4,)), 9);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn precache_value(&self, arguments: A, value: R) -> Result<R, Error> {
        let mut place = Arguments::new();
        (self.body.key)(&arguments, &mut place)?;
        let key = self.parts.key_in_scope(&mut place);
        self.parts.precache_blocking(key, value)
    }

    /// What is stored for these arguments, fresh or not, without a call.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert!(double.peek(&(4,)).is_none());
    /// double.call((4,));
    /// assert_eq!(double.peek(&(4,)).map(|entry| entry.value), Some(8));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn peek(&self, arguments: &A) -> Option<Entry<K::Value>> {
        block_on(self.parts.peek(&self.key_of(arguments).ok()?))
    }

    /// Whether the next call with these arguments is served without a calculation.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert!(!double.is_fresh(&(4,)));
    /// double.call((4,));
    /// assert!(double.is_fresh(&(4,)));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn is_fresh(&self, arguments: &A) -> bool {
        let key = self.key_of(arguments);
        key.is_ok_and(|key| block_on(self.parts.is_fresh(&key)))
    }

    /// Removes the entry for these arguments; whether there was one.
    ///
    /// # Errors
    ///
    /// Where the arguments cannot be made a key, or the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// double.call((4,));
    /// assert!(double.remove(&(4,))?);
    /// assert!(!double.remove(&(4,))?);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn remove(&self, arguments: &A) -> Result<bool, Error> {
        block_on(self.parts.remove(&self.key_of(arguments)?))
    }

    /// Every entry there is, in no order.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// double.call((4,));
    /// let keys: Vec<_> = double.entries()?.iter().map(|entry| entry.key.diagnostic()).collect();
    /// assert_eq!(keys, ["[4]"]);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn entries(&self) -> Result<Vec<Listed>, Error> {
        block_on(self.parts.entries())
    }

    /// Waits until no refresh and no clean-up is under way.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// double.call((4,));
    /// double.drain();
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn drain(&self) {
        block_on(self.parts.drained());
    }

    /// What was counted so far; `None` unless metrics were enabled.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// assert!(double.metrics().is_none(), "they are off unless asked for");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn metrics(&self) -> Option<Metrics> {
        block_on(self.parts.metrics())
    }
}

impl<A, R, K, C> AsyncMemoize<A, R, K, C>
where
    A: MaybeSend + 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// Calls the function, or returns what an earlier call left; see [`Memoize::call`].
    ///
    /// # Panics
    ///
    /// As [`Memoize::call`] does.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert_eq!(double.call((4,)).await, 8);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn call(&self, arguments: A) -> R {
        let mut place = Arguments::new();
        let keyed = (self.body.key)(&arguments, &mut place);
        let (rules, asked) = (self.parts.rules(), self.asked(arguments));
        let called = self.parts.call(&mut place, keyed, rules, asked);
        called.await.value
    }

    /// As [`call`](Self::call), with an error for arguments that cannot be made a key.
    ///
    /// # Errors
    ///
    /// Where an argument's `Serialize` fails or nests map keys that repeat; and under
    /// [`OnError::Fail`](crate::OnError::Fail), where the store is out of order.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert_eq!(double.try_call((4,)).await?, 8);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn try_call(&self, arguments: A) -> Result<R, Error> {
        let asked = self.asked(arguments);
        let key = self.parts.key(&asked)?;
        let rules = self.parts.rules();
        Ok(self.parts.call_by_key(key, rules, asked).await?.value)
    }

    /// As [`call`](Self::call), with where the result came from.
    ///
    /// # Panics
    ///
    /// As [`call`](Self::call) does.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert_eq!(double.trace((4,)).await.outcome, cachier::Outcome::Computed);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn trace(&self, arguments: A) -> Traced<R> {
        let rules = self.parts.rules();
        self.parts.trace(rules, self.asked(arguments)).await
    }

    /// The same function under options for one call.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// let anew = cachier::CallOptions::new().overwrite_cache(true);
    /// assert_eq!(double.with(anew).call((4,)).await, 8);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn with(&self, options: CallOptions) -> AsyncWith<'_, A, R, K, C> {
        AsyncWith {
            memoized: self,
            options,
        }
    }

    /// Removes every entry of this function, frees its claims and wakes who waits.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// double.precache_value((4,), 0).await?;
    /// double.clear_cache().await;
    /// assert_eq!(double.call((4,)).await, 8);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn clear_cache(&self) {
        self.parts.clear_cache().await;
    }

    /// Frees every claim; whoever waits decides again at once. Entries stay.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// double.call((4,)).await;
    /// double.clear_being_calculated().await;
    /// assert!(double.peek(&(4,)).await.is_some());
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn clear_being_calculated(&self) {
        self.parts.clear_being_calculated().await;
    }

    /// Stores `value` as the result for these arguments, without a call, and returns it.
    ///
    /// # Errors
    ///
    /// Where the arguments cannot be made a key, or the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert_eq!(double.precache_value((4,), 9).await?, 9);
    /// assert_eq!(double.call((4,)).await, 9);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn precache_value(&self, arguments: A, value: R) -> Result<R, Error> {
        let key = self.key_of(&arguments)?;
        self.parts.precache_value(&key, value).await
    }

    /// What is stored for these arguments, fresh or not, without a call.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert!(double.peek(&(4,)).await.is_none());
    /// double.call((4,)).await;
    /// assert_eq!(double.peek(&(4,)).await.map(|entry| entry.value), Some(8));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn peek(&self, arguments: &A) -> Option<Entry<K::Value>> {
        self.parts.peek(&self.key_of(arguments).ok()?).await
    }

    /// Whether the next call with these arguments is served without a calculation.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert!(!double.is_fresh(&(4,)).await);
    /// double.call((4,)).await;
    /// assert!(double.is_fresh(&(4,)).await);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn is_fresh(&self, arguments: &A) -> bool {
        let Ok(key) = self.key_of(arguments) else {
            return false;
        };
        self.parts.is_fresh(&key).await
    }

    /// Removes the entry for these arguments; whether there was one.
    ///
    /// # Errors
    ///
    /// Where the arguments cannot be made a key, or the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// double.call((4,)).await;
    /// assert!(double.remove(&(4,)).await?);
    /// assert!(!double.remove(&(4,)).await?);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn remove(&self, arguments: &A) -> Result<bool, Error> {
        self.parts.remove(&self.key_of(arguments)?).await
    }

    /// Every entry there is, in no order.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// double.call((4,)).await;
    /// let keys: Vec<_> = double.entries().await?.iter().map(|entry| entry.key.diagnostic()).collect();
    /// assert_eq!(keys, ["[4]"]);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn entries(&self) -> Result<Vec<Listed>, Error> {
        self.parts.entries().await
    }

    /// Waits until no refresh and no clean-up is under way.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// double.call((4,)).await;
    /// double.drain().await;
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn drain(&self) {
        self.parts.drained().await;
    }

    /// What was counted so far; `None` unless metrics were enabled.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// assert!(double.metrics().await.is_none(), "they are off unless asked for");
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn metrics(&self) -> Option<Metrics> {
        self.parts.metrics().await
    }
}

impl<A, R, K, C> With<'_, A, R, K, C>
where
    A: MaybeSend + 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// Calls the function under these options.
    ///
    /// # Panics
    ///
    /// As [`Memoize::call`] does.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// let careful = cachier::CallOptions::new().max_age("10m")?;
    /// assert_eq!(double.with(careful).call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn call(&self, arguments: A) -> R {
        self.trace(arguments).value
    }

    /// Calls the function under these options, with where the result came from.
    ///
    /// # Panics
    ///
    /// As [`Memoize::call`] does.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
    /// let careful = cachier::CallOptions::new().max_age("10m")?;
    /// assert_eq!(double.with(careful).trace((4,)).outcome, cachier::Outcome::Computed);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn trace(&self, arguments: A) -> Traced<R> {
        let parts = &self.memoized.parts;
        let rules = parts.policy_of_call(&self.options).into();
        block_on(parts.trace(rules, self.memoized.asked(arguments)))
    }
}

impl<A, R, K, C> AsyncWith<'_, A, R, K, C>
where
    A: MaybeSend + 'static,
    R: 'static,
    K: Keep<R>,
    C: Core<K::Value>,
{
    /// Calls the function under these options.
    ///
    /// # Panics
    ///
    /// As [`Memoize::call`] does.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// let careful = cachier::CallOptions::new().max_age("10m")?;
    /// assert_eq!(double.with(careful).call((4,)).await, 8);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn call(&self, arguments: A) -> R {
        self.trace(arguments).await.value
    }

    /// Calls the function under these options, with where the result came from.
    ///
    /// # Panics
    ///
    /// As [`Memoize::call`] does.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let double = cachier::Memoize::builder().async_function(|n: u32| async move { n * 2 })?;
    /// let careful = cachier::CallOptions::new().max_age("10m")?;
    /// assert_eq!(double.with(careful).trace((4,)).await.outcome, cachier::Outcome::Computed);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn trace(&self, arguments: A) -> Traced<R> {
        let parts = &self.memoized.parts;
        let rules = parts.policy_of_call(&self.options).into();
        parts.trace(rules, self.memoized.asked(arguments)).await
    }
}

impl<A, R, K: Keep<R>, C: Core<K::Value>> Memoize<A, R, K, C> {
    #[inline]
    fn asked(&self, arguments: A) -> Asked<'_, A, R, Ready<R>> {
        Asked {
            body: &self.body,
            arguments,
            settle: ready,
        }
    }
}

impl<A, R, K: Keep<R>, C: Core<K::Value>> AsyncMemoize<A, R, K, C> {
    #[inline]
    fn asked(&self, arguments: A) -> Asked<'_, A, Unbound<R>, Unbound<R>> {
        Asked {
            body: &self.body,
            arguments,
            settle: std::convert::identity,
        }
    }
}

/// What needs neither calls nor bounds, the same for both kinds.
macro_rules! attached {
    ($memoized:ident) => {
        impl<A, R, K: Keep<R>, C: Core<K::Value>> $memoized<A, R, K, C> {
            /// The id entries are kept under: its name, and its version if it has one.
            ///
            /// # Example
            ///
            /// ```
            /// let double = cachier::Memoize::builder().name("double").version("2").function(|n: u32| n * 2)?;
            /// assert!(double.id().starts_with("double"));
            /// # Ok::<(), cachier::Error>(())
            /// ```
            pub fn id(&self) -> &str {
                self.parts.id()
            }

            /// The directory of the entries, on a core that keeps files and once it exists.
            ///
            /// # Example
            ///
            /// ```
            /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
            /// assert_eq!(double.cache_dpath(), None, "memory keeps no files");
            /// # Ok::<(), cachier::Error>(())
            /// ```
            pub fn cache_dpath(&self) -> Option<PathBuf> {
                self.parts.cache_dpath()
            }

            /// The key of these arguments.
            ///
            /// # Errors
            ///
            /// Where an argument cannot be made part of a key.
            ///
            /// # Example
            ///
            /// ```
            /// let double = cachier::Memoize::builder().function(|n: u32| n * 2)?;
            /// assert_eq!(double.key_of(&(4,))?.diagnostic(), "[4]");
            /// # Ok::<(), cachier::Error>(())
            /// ```
            pub fn key_of(&self, arguments: &A) -> Result<Key, Error> {
                self.parts.in_scope(self.body.key_of(arguments))
            }
        }
    };
}

attached!(Memoize);
attached!(AsyncMemoize);
