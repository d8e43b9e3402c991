//! The handle of a function that bears the attribute: what hangs on it, whatever its core; decides nothing.

use std::path::PathBuf;

use crate::blocking::block_on;
use crate::engine::Metrics;
use crate::entry::Entry;
use crate::error::Error;
use crate::key::{Arguments, Key};
use crate::memoize::managed::Managed;
use crate::memoize::parts::Settled;
use crate::memoize::{Listed, Traced};
use crate::policy::CallOptions;
use crate::threads::Pending;

/// The options of one call, of which most have none.
pub type Chosen = Option<Box<CallOptions>>;

/// Makes the key of arguments in its place.
pub type Fill<A> = fn(&A, &mut Arguments) -> Result<(), Error>;

/// A function under [`#[cachier]`](crate::cachier): arguments `A` as a tuple, result `R`.
///
/// `Type::f_cache()` gives it for an associated function, `f::with(..)` for any other one. Its methods
/// take the function's own arguments; those of the function's enum do the same.
///
/// # Example
///
/// ```
/// use cachier::{CallOptions, cachier};
///
/// struct Shop;
///
/// impl Shop {
///     #[cachier(associated)]
///     fn price(article: &str) -> usize {
///         article.len()
///     }
/// }
///
/// let price = Shop::price_cache();
/// assert_eq!(price.precache_value("tea", 7)?, 7);
/// assert_eq!(Shop::price("tea"), 7);
/// assert_eq!(price.with(CallOptions::new().skip_cache(true)).call("tea"), 3);
/// price.clear_cache();
/// assert!(price.peek("tea").is_none());
/// # Ok::<(), cachier::Error>(())
/// ```
pub struct Attached<A, R: 'static> {
    managed: &'static dyn Managed<R>,
    key: Fill<A>,
    call: fn(Chosen, A) -> Settled<R>,
    options: Chosen,
}

/// An async function under [`#[cachier]`](crate::cachier); as [`Attached`], on any executor.
///
/// # Example
///
/// ```
/// use cachier::{CallOptions, cachier};
///
/// #[cachier]
/// async fn price(article: &str) -> usize {
///     article.len()
/// }
///
/// # futures_lite::future::block_on(async {
/// let anew = price::with(CallOptions::new().overwrite_cache(true));
/// assert_eq!(anew.call("tea").await, 3);
/// assert!(anew.is_fresh("tea").await);
/// # });
/// ```
pub struct AsyncAttached<'a, A, R: 'static> {
    managed: &'static dyn Managed<R>,
    key: Fill<A>,
    call: fn(Chosen, A) -> Pending<'a, Settled<R>>,
    options: Chosen,
}

/// What needs no arguments, the same for both kinds.
macro_rules! without_arguments {
    ($attached:ident($($lifetime:lifetime)?), $call:ty, ($($async:ident)?), $wait:ident) => {
        impl<$($lifetime,)? A, R: 'static> $attached<$($lifetime,)? A, R> {
            pub(crate) fn new(
                managed: &'static dyn Managed<R>,
                key: Fill<A>,
                call: $call,
            ) -> Self {
                let options = None;
                Self { managed, key, call, options }
            }

            /// The same function under options for one call.
            #[must_use]
            pub fn with(&self, options: CallOptions) -> Self {
                let options = Some(Box::new(options));
                Self { options, ..*self }
            }

            /// The id entries are kept under.
            pub fn id(&self) -> &str {
                self.managed.id()
            }

            /// The directory of the entries, on a core that keeps files and once it exists.
            pub fn cache_dpath(&self) -> Option<PathBuf> {
                self.managed.cache_dpath()
            }

            /// Removes every entry of this function, frees its claims and wakes who waits.
            pub $($async)? fn clear_cache(&self) {
                $wait!(self.managed.clear_cache())
            }

            /// Frees every claim; whoever waits decides again at once. Entries stay.
            pub $($async)? fn clear_being_calculated(&self) {
                $wait!(self.managed.clear_being_calculated())
            }

            /// Every entry there is, in no order.
            ///
            /// # Errors
            ///
            /// Where the store cannot be read.
            pub $($async)? fn entries(&self) -> Result<Vec<Listed>, Error> {
                $wait!(self.managed.entries())
            }

            /// Waits until no refresh and no clean-up is under way.
            pub $($async)? fn drain(&self) {
                $wait!(self.managed.drained())
            }

            /// What was counted so far; `None` unless metrics were enabled.
            pub $($async)? fn metrics(&self) -> Option<Metrics> {
                $wait!(self.managed.metrics())
            }

            fn key<'p>(&self, arguments: &A, place: &'p mut Arguments) -> Result<&'p Key, Error> {
                (self.key)(arguments, place)?;
                Ok(self.managed.key_in_scope(place))
            }

            fn own_key(&self, arguments: &A) -> Result<Key, Error> {
                let mut place = Arguments::new();
                self.key(arguments, &mut place)?;
                Ok(place.take())
            }
        }
    };
}

/// What takes the function's own arguments, for one number of them.
macro_rules! with_arguments {
    ($attached:ident($($lifetime:lifetime)?), ($($async:ident)?), $called:ident, $wait:ident, $store:ident, $($name:ident $argument:ident)*) => {
        #[allow(clippy::too_many_arguments, reason = "as many as the function has")]
        impl<$($lifetime,)? $($name,)* R: 'static> $attached<$($lifetime,)? ($($name,)*), R> {
            /// Calls the function, or returns what an earlier call left.
            pub $($async)? fn call(&self, $($argument: $name),*) -> R {
                $called!((self.call)(self.options.clone(), ($($argument,)*))).value
            }

            /// As `call`, with an error for arguments that cannot be made a key.
            ///
            /// # Errors
            ///
            /// Where an argument's `Serialize` fails or nests map keys that repeat.
            pub $($async)? fn try_call(&self, $($argument: $name),*) -> Result<R, Error> {
                let arguments = ($($argument,)*);
                (self.key)(&arguments, &mut Arguments::new())?;
                Ok($called!((self.call)(self.options.clone(), arguments)).value)
            }

            /// As `call`, with where the result came from.
            pub $($async)? fn trace(&self, $($argument: $name),*) -> Traced<R> {
                let settled = $called!((self.call)(self.options.clone(), ($($argument,)*)));
                self.managed.traced(settled)
            }

            /// Stores `value` as the result for these arguments, without a call, and returns it.
            ///
            /// # Errors
            ///
            /// Where the arguments cannot be made a key, or the store cannot be written.
            pub $($async)? fn precache_value(&self, $($argument: $name,)* value: R) -> Result<R, Error> {
                $store!(self, ($($argument,)*), value)
            }

            /// What is stored for these arguments, fresh or not, without a call: as the function returns it.
            pub $($async)? fn peek(&self, $($argument: $name),*) -> Option<Entry<R>> {
                let key = self.own_key(&($($argument,)*)).ok()?;
                $wait!(self.managed.peek(key))
            }

            /// Whether the next call with these arguments is served without a calculation.
            pub $($async)? fn is_fresh(&self, $($argument: $name),*) -> bool {
                match self.own_key(&($($argument,)*)) {
                    Ok(key) => $wait!(self.managed.is_fresh(key)),
                    Err(_) => false,
                }
            }

            /// Removes the entry for these arguments; whether there was one.
            ///
            /// # Errors
            ///
            /// Where the arguments cannot be made a key, or the store cannot be written.
            pub $($async)? fn remove(&self, $($argument: $name),*) -> Result<bool, Error> {
                let key = self.own_key(&($($argument,)*))?;
                $wait!(self.managed.remove(key))
            }

            /// The key of these arguments.
            ///
            /// # Errors
            ///
            /// Where an argument cannot be made part of a key.
            pub fn key_of(&self, $($argument: $name),*) -> Result<Key, Error> {
                self.own_key(&($($argument,)*))
            }
        }
    };
}

macro_rules! blocking {
    ($future:expr) => {
        block_on($future)
    };
}

macro_rules! at_once {
    ($settled:expr) => {
        $settled
    };
}

macro_rules! awaiting {
    ($future:expr) => {
        $future.await
    };
}

macro_rules! store_blocking {
    ($attached:ident, $arguments:expr, $value:ident) => {{
        let mut place = Arguments::new();
        let key = $attached.key(&$arguments, &mut place)?;
        $attached.managed.precache_blocking(key, $value)
    }};
}

macro_rules! store_awaiting {
    ($attached:ident, $arguments:expr, $value:ident) => {{
        let key = $attached.own_key(&$arguments)?;
        match $attached.managed.precache_value(key, $value) {
            Ok(storing) => storing.await,
            Err(failure) => Ok(failure),
        }
    }};
}

without_arguments!(Attached(), fn(Chosen, A) -> Settled<R>, (), blocking);
without_arguments!(AsyncAttached('a), fn(Chosen, A) -> Pending<'a, Settled<R>>, (async), awaiting);

/// Both kinds, for one number of arguments and, one by one, all that are less.
macro_rules! both_kinds {
    ($($name:ident $argument:ident)*) => {
        with_arguments!(Attached(), (), at_once, blocking, store_blocking, $($name $argument)*);
        with_arguments!(AsyncAttached('a), (async), awaiting, awaiting, store_awaiting, $($name $argument)*);
        one_less!($($name $argument)*);
    };
}

macro_rules! one_less {
    () => {};
    ($name:ident $argument:ident $($rest:tt)*) => {
        both_kinds!($($rest)*);
    };
}

both_kinds!(A a B b C c D d E e F f G g H h I i J j K k L l);
