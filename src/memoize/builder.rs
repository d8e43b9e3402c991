//! The definition of a memoized function, option by option; decides nothing.

mod storage;

use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;

use super::function::Function;
use super::given::{Body, Unbound};
use super::keep::{Keep, KeepAll, KeepOk, KeepOkUnshared, KeepSome};
use super::parts::{Parts, Views};
use super::rules::{
    ByArguments, ByFunction, CoreRule, In, InMemory, KeyRule, Unweighed, WeighRule, Weighed,
    WeighedEncoded,
};
use super::settings::{Settings, id};
use super::{AsyncMemoize, Memoize};
use crate::clock::Clock;
use crate::config;
use crate::core::refuse_to_wait;
use crate::engine::{Engine, Measure};
use crate::error::Error;
use crate::key::Key;
use crate::policy::{IntoDuration, IntoSize, IntoWindow, Options, Setting};
use crate::threads::{MaybeSend, MaybeSync, SharedFunction};

/// Defines a memoized function: what is kept, for how long, how much of it.
///
/// Options are checked as they are given; see [`Options`] for each one's meaning.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
///
/// let parse = Memoize::builder()
///     .name("parse")
///     .stale_after("1h")?
///     .max_entries(1_000)?
///     .cache_ok()
///     .function(|text: String| text.parse::<i64>().map_err(|error| error.to_string()))?;
/// assert_eq!(parse.call(("42".into(),)), Ok(42));
/// assert!(parse.call(("x".into(),)).is_err());
/// # Ok::<(), cachier::Error>(())
/// ```
#[must_use = "a builder does nothing before `function` or `async_function`"]
pub struct Builder<M = KeepAll, K = ByArguments, W = Unweighed, C = InMemory> {
    options: Options,
    clock: Clock,
    scope: Option<SharedFunction<(), String>>,
    keep: PhantomData<fn() -> M>,
    key: K,
    weigh: W,
    core: C,
}

impl Builder {
    pub(super) fn new() -> Self {
        let (options, clock) = (Options::new(), Clock::default());
        let (key, weigh, core) = (ByArguments, Unweighed, InMemory);
        Self {
            options,
            clock,
            scope: None,
            keep: PhantomData,
            key,
            weigh,
            core,
        }
    }
}

impl<M, K, W, C> Builder<M, K, W, C> {
    /// Takes over options made elsewhere; those given here already come first.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .options(&cachier::Options::new().stale_after("1h")?)
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn options(mut self, options: &Options) -> Self {
        self.options = self.options.or(options);
        self
    }

    /// The name entries are kept under, instead of the function's type name.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .name("double")
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.options = self.options.name(name);
        self
    }

    /// The version entries are kept under; another version shares none of them.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .version("2")
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.options = self.options.version(version);
        self
    }

    /// The age at which a value is stale: `"3d"`, `"1h 30m"`, a `Duration` or milliseconds.
    ///
    /// # Errors
    ///
    /// Where it is no duration.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .stale_after("1h 30m")?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn stale_after(mut self, age: impl IntoDuration) -> Result<Self, Error> {
        self.options = self.options.stale_after(age)?;
        Ok(self)
    }

    /// Serves a stale value now and refreshes it in the background; a duration bounds how stale.
    ///
    /// # Errors
    ///
    /// Where it is neither a `bool` nor a duration.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .stale_after("1h")?
    ///     .next_time("1d")?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn next_time(mut self, window: impl IntoWindow) -> Result<Self, Error> {
        self.options = self.options.next_time(window)?;
        Ok(self)
    }

    /// If a recalculation fails, serves the old value up to this age.
    ///
    /// # Errors
    ///
    /// Where it is neither a `bool` nor a duration.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .stale_after("1h")?
    ///     .stale_if_error("1d")?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn stale_if_error(mut self, age: impl IntoWindow) -> Result<Self, Error> {
        self.options = self.options.stale_if_error(age)?;
        Ok(self)
    }

    /// Whether a stored `None` may be served.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .allow_none(true)
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn allow_none(mut self, allow: bool) -> Self {
        self.options = self.options.allow_none(allow);
        self
    }

    /// How long callers wait for another one's calculation before one of them takes over.
    ///
    /// # Errors
    ///
    /// Where it is no duration.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .wait_for_calc_timeout("30s")?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn wait_for_calc_timeout(mut self, wait: impl IntoDuration) -> Result<Self, Error> {
        self.options = self.options.wait_for_calc_timeout(wait)?;
        Ok(self)
    }

    /// Whether stale entries are removed in the background.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .stale_after("1h")?
    ///     .cleanup_stale(true)
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cleanup_stale(mut self, clean: bool) -> Self {
        self.options = self.options.cleanup_stale(clean);
        self
    }

    /// The time between two clean-ups.
    ///
    /// # Errors
    ///
    /// Where it is no duration, or zero.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .cleanup_stale(true)
    ///     .cleanup_interval("6h")?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cleanup_interval(mut self, interval: impl IntoDuration) -> Result<Self, Error> {
        self.options = self.options.cleanup_interval(interval)?;
        Ok(self)
    }

    /// The size above which a value is returned and not stored; asks for a weigher.
    ///
    /// # Errors
    ///
    /// Where it is no size.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .entry_size_limit("10MB")?
    ///     .weigh_encoded()
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn entry_size_limit(mut self, limit: impl IntoSize) -> Result<Self, Error> {
        self.options = self.options.entry_size_limit(limit)?;
        Ok(self)
    }

    /// How many entries are kept at most.
    ///
    /// # Errors
    ///
    /// Where it is zero.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .max_entries(1_000)?
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn max_entries(mut self, count: usize) -> Result<Self, Error> {
        self.options = self.options.max_entries(count)?;
        Ok(self)
    }

    /// How many bytes are kept at most; asks for a weigher.
    ///
    /// # Errors
    ///
    /// Where it is no size, or zero.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .max_bytes("1 GiB")?
    ///     .weigh_encoded()
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn max_bytes(mut self, limit: impl IntoSize) -> Result<Self, Error> {
        self.options = self.options.max_bytes(limit)?;
        Ok(self)
    }

    /// Whether calls are counted, for [`Memoize::metrics`].
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .enable_metrics(true)
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn enable_metrics(mut self, enable: bool) -> Self {
        self.options = self.options.enable_metrics(enable);
        self
    }

    /// Part of the identity of every call, asked each time: the current user, tenant or locale.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .scope(|| std::env::var("USER").unwrap_or_default())
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn scope(mut self, scope: impl Fn() -> String + MaybeSend + MaybeSync + 'static) -> Self {
        self.scope = Some(Arc::new(move |()| scope()));
        self
    }

    /// Where the time is read; a [`FakeClock`](crate::FakeClock) in tests.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .clock(cachier::FakeClock::new())
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// Keeps everything the function returns, `Err` and `None` included. The default.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .cache_all()
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cache_all(self) -> Builder<KeepAll, K, W, C> {
        self.keep()
    }

    /// Keeps only `Ok`; callers that waited for an `Err` receive a clone of it.
    ///
    /// # Example
    ///
    /// ```
    /// let parse = cachier::Memoize::builder()
    ///     .cache_ok()
    ///     .function(|text: String| text.parse::<i64>())?;
    /// assert!(parse.call(("four".into(),)).is_err());
    /// assert!(parse.entries()?.is_empty());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cache_ok(self) -> Builder<KeepOk, K, W, C> {
        self.keep()
    }

    /// Keeps only `Ok`, of errors that are not `Clone`: those who waited try one after another.
    ///
    /// # Example
    ///
    /// ```
    /// let read = cachier::Memoize::builder()
    ///     .cache_ok_unshared()
    ///     .function(|path: String| std::fs::read_to_string(path))?;
    /// assert!(read.call(("/no/such/file".into(),)).is_err());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cache_ok_unshared(self) -> Builder<KeepOkUnshared, K, W, C> {
        self.keep()
    }

    /// Keeps an `Option`; a stored `None` is served only where `allow_none` holds.
    ///
    /// # Example
    ///
    /// ```
    /// let first = cachier::Memoize::builder()
    ///     .cache_some()
    ///     .function(|text: String| text.chars().next())?;
    /// assert_eq!(first.call(("cache".into(),)), Some('c'));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn cache_some(self) -> Builder<KeepSome, K, W, C> {
        self.keep()
    }

    /// The key is what `key` makes of the arguments, instead of all of them.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{Key, Memoize};
    /// struct Client;
    /// let page = Memoize::builder()
    ///     .key(|(_client, number): &(Client, u32)| Key::of(&(*number,)))
    ///     .function(|_client: Client, number: u32| format!("page {number}"))?;
    /// assert_eq!(page.call((Client, 3)), "page 3");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn key<A, G>(self, key: G) -> Builder<M, ByFunction<G>, W, C>
    where
        G: Fn(&A) -> Result<Key, Error> + MaybeSend + MaybeSync + 'static,
    {
        let Self {
            options,
            clock,
            scope,
            keep,
            weigh,
            core,
            ..
        } = self;
        Builder {
            options,
            clock,
            scope,
            keep,
            key: ByFunction(key),
            weigh,
            core,
        }
    }

    /// How many bytes a value counts, for `max_bytes` and `entry_size_limit`.
    ///
    /// # Example
    ///
    /// ```
    /// let page = cachier::Memoize::builder()
    ///     .max_bytes("1MB")?
    ///     .weigh(|text: &String| text.len() as u64)
    ///     .function(|number: u32| format!("page {number}"))?;
    /// assert_eq!(page.call((3,)), "page 3");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn weigh<V, G>(self, weigh: G) -> Builder<M, K, Weighed<G>, C>
    where
        G: Fn(&V) -> u64 + MaybeSend + MaybeSync + 'static,
    {
        self.weighing(Weighed(weigh))
    }

    /// A value counts as many bytes as its encoding has; for values that are `Serialize`.
    ///
    /// # Example
    ///
    /// ```
    /// let double = cachier::Memoize::builder()
    ///     .max_bytes("64 MiB")?
    ///     .weigh_encoded()
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn weigh_encoded(self) -> Builder<M, K, WeighedEncoded, C> {
        self.weighing(WeighedEncoded)
    }

    /// Keeps values in a core made elsewhere, which several functions of one name may share.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{Memoize, core::MemoryCore};
    /// let double = Memoize::builder()
    ///     .core(MemoryCore::new().max_entries(100))
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn core<D>(self, core: D) -> Builder<M, K, W, In<D>> {
        self.ruled(In(core))
    }

    /// Keeps what `N` says, which may be a [`Keep`] of your own.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{KeepOk, Memoize};
    /// let parse = Memoize::builder()
    ///     .keep::<KeepOk>()
    ///     .function(|text: String| text.parse::<i64>().map_err(|error| error.to_string()))?;
    /// assert_eq!(parse.call(("42".into(),)), Ok(42));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn keep<N>(self) -> Builder<N, K, W, C> {
        let Self {
            options,
            clock,
            scope,
            key,
            weigh,
            core,
            ..
        } = self;
        Builder {
            options,
            clock,
            scope,
            keep: PhantomData,
            key,
            weigh,
            core,
        }
    }

    fn weighing<X>(self, weigh: X) -> Builder<M, K, X, C> {
        let Self {
            options,
            clock,
            scope,
            keep,
            key,
            core,
            ..
        } = self;
        Builder {
            options,
            clock,
            scope,
            keep,
            key,
            weigh,
            core,
        }
    }

    /// Memoizes a function.
    ///
    /// # Errors
    ///
    /// Where a limit in bytes is set and nothing says how to weigh.
    ///
    /// # Example
    ///
    /// ```
    /// let add = cachier::Memoize::builder().function(|a: u32, b: u32| a + b)?;
    /// assert_eq!(add.call((2, 3)), 5);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn function<A, R, F>(self, function: F) -> Result<Memoize<A, R, M, C::Core>, Error>
    where
        M: Keep<R>,
        K: KeyRule<A>,
        W: WeighRule<M::Value>,
        C: CoreRule<M::Value>,
        A: MaybeSend + 'static,
        R: 'static,
        F: Function<A, R> + MaybeSend + MaybeSync + 'static,
    {
        const { refuse_to_wait::<M::Value, C::Core>() };
        self.check_sizes::<M::Value>()?;
        let (builder, key) = self.without_key();
        let parts = builder.parts(type_name::<F>())?;
        let body = Body {
            function: Box::new(move |given| function.call(given)),
            key: Box::new(move |arguments, place| key.fill(arguments, place)),
        };
        let body = Arc::new(body);
        Ok(Memoize { parts, body })
    }

    /// Memoizes an async function.
    ///
    /// # Errors
    ///
    /// Where a limit in bytes is set and nothing says how to weigh.
    ///
    /// # Example
    ///
    /// ```
    /// # futures_lite::future::block_on(async {
    /// let add = cachier::Memoize::builder().async_function(|a: u32, b: u32| async move { a + b })?;
    /// assert_eq!(add.call((2, 3)).await, 5);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn async_function<A, R, F, T>(
        self,
        function: F,
    ) -> Result<AsyncMemoize<A, R, M, C::Core>, Error>
    where
        M: Keep<R>,
        K: KeyRule<A>,
        W: WeighRule<M::Value>,
        C: CoreRule<M::Value>,
        A: MaybeSend + 'static,
        R: 'static,
        F: Function<A, T> + MaybeSend + MaybeSync + 'static,
        T: Future<Output = R> + MaybeSend + 'static,
    {
        self.check_sizes::<M::Value>()?;
        let (builder, key) = self.without_key();
        let parts = builder.parts(type_name::<F>())?;
        let body = Body {
            function: Box::new(move |given| Unbound::new(function.call(given))),
            key: Box::new(move |arguments, place| key.fill(arguments, place)),
        };
        let body = Arc::new(body);
        Ok(AsyncMemoize { parts, body })
    }

    /// Takes another rule for where values are kept.
    pub(crate) fn ruled<D>(self, core: D) -> Builder<M, K, W, D> {
        let Self {
            options,
            clock,
            scope,
            keep,
            key,
            weigh,
            ..
        } = self;
        Builder {
            options,
            clock,
            scope,
            keep,
            key,
            weigh,
            core,
        }
    }

    fn without_key(self) -> (Builder<M, (), W, C>, K) {
        let Self {
            options,
            clock,
            scope,
            keep,
            key,
            weigh,
            core,
        } = self;
        let builder = Builder {
            options,
            clock,
            scope,
            keep,
            key: (),
            weigh,
            core,
        };
        (builder, key)
    }

    /// All of a memoized function but the function itself and its key.
    pub(crate) fn parts<R>(self, type_name: &str) -> Result<Parts<R, M, C::Core>, Error>
    where
        M: Keep<R>,
        W: WeighRule<M::Value>,
        C: CoreRule<M::Value>,
    {
        self.core.check(&self.options)?;
        let options = self.options.or(&config::get_global_params());
        if C::IS_SHARED {
            check_name(&options, type_name)?;
        }
        let id = id(&options, type_name);
        let core = self.core.core(&options, &id)?;
        let metrics = options.layer.is_on(Setting::EnableMetrics);
        let engine = Engine::new(core, self.clock, id, metrics);
        let weigh = self.weigh;
        let weigh_by_core = weigh_by_core::<M::Value, C, W>(&options, &weigh);
        let views = Views {
            scope: self.scope,
            measure: Arc::new(move |value| Measure {
                size: weigh_by_core.map_or_else(|| weigh.weigh(value), |weigh| weigh(value)),
                none: M::is_none(value),
            }),
        };
        let settings = Settings::new(self.options);
        Ok(Parts::new(engine, settings, views, C::IS_SHARED))
    }

    /// Refuses limits in bytes, global ones as well, where sizes are unknown.
    pub(crate) fn check_sizes<V>(&self) -> Result<(), Error>
    where
        W: WeighRule<V>,
        C: CoreRule<V>,
    {
        let layer = self.options.or(&config::get_global_params()).layer;
        let in_bytes = layer.is_set(Setting::MaxBytes) || layer.is_set(Setting::EntrySizeLimit);
        if in_bytes && !self.weigh.weighs() && C::WEIGH.is_none() {
            return Err(Error::option_range(
                "max_bytes, entry_size_limit: say how to weigh a value, with weigh(..) or weigh_encoded()",
            ));
        }
        Ok(())
    }
}

/// Where a limit asks for sizes and nobody else weighs; a bound on the whole is the core's own affair.
fn weigh_by_core<V, C: CoreRule<V>, W: WeighRule<V>>(
    options: &Options,
    weigh: &W,
) -> Option<fn(&V) -> u64> {
    let limited = options.layer.is_set(Setting::EntrySizeLimit);
    C::WEIGH.filter(|_| limited && !weigh.weighs())
}

/// A name that two functions of one program may have would have them share what is stored.
fn check_name(options: &Options, type_name: &str) -> Result<(), Error> {
    let nameless = ["{{closure}}", "fn(", "dyn "];
    if options.name.is_none() && nameless.iter().any(|part| type_name.contains(part)) {
        return Err(Error::option_type(
            "name: a closure has none of its own, and its entries are to be found again in a file; \
             give it one, with name(..)",
        ));
    }
    Ok(())
}
