//! The one door to what the attribute writes: nothing here is for anybody else, or promised to stay.

mod checks;
mod given;
#[cfg_attr(target_arch = "wasm32", path = "internal/places/web.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "internal/places/native.rs")]
mod places;
mod probe;
mod slot;

use std::marker::PhantomData;

use crate::attached::{AsyncAttached, Attached};
use crate::error::Error;
use crate::key::Key;

pub use crate::key::Arguments;

pub use crate::attached::{Chosen, Fill};
pub use crate::memoize::given::Unbound;
pub use crate::memoize::parts::Settled;
pub use crate::memoize::{InMemory, KeepAll, KeepSome};
pub use crate::threads::Pending;
pub use checks::{check_duration, check_number, check_size, check_window};
pub use given::{
    Borrowing, Own, at_once, given, lend, named, own, part, renewable, renewable_async, scope,
};
pub use probe::{kinds, only_ok, probe};
pub use slot::{Instance, Slot};

use crate::core::{Core, refuse_to_wait};
use crate::memoize::parts::Parts;
use crate::memoize::settings::Rules;
use crate::memoize::{CoreRule, Keep};

pub use places::{
    DefaultAsyncCore, DefaultCore, FileCore, IndexedDbCore, LocalStorageCore,
    SharedLocalStorageCore,
};

/// A result's type, and what of it is kept.
pub struct Kept<R, K>(PhantomData<fn() -> (R, K)>);

impl<R, K> Kept<R, K> {
    /// A result and what was said to be kept of it.
    pub const fn told() -> Self {
        Self(PhantomData)
    }
}

/// One call of a sync function.
#[inline(always)]
pub fn call<R: 'static, K: Keep<R>, D: CoreRule<K::Value>, G: Borrowing<R>>(
    instance: &'static Instance,
    _kept: Kept<R, K>,
    _core: D,
    options: Chosen,
    arguments: &mut Arguments,
    keyed: Result<(), Error>,
    given: G,
) -> Settled<R> {
    const { refuse_to_wait::<K::Value, D::Core>() };
    let parts = instance.parts::<R, K, D::Core>();
    if options.is_none() {
        return parts.call_as_defined(arguments, keyed, given);
    }
    let rules = rules::<R, K, _, G>(parts, options);
    parts.call_blocking(arguments, keyed, rules, given)
}

/// One call of an async function.
#[inline]
pub fn call_async<R: 'static, K: Keep<R>, D: CoreRule<K::Value>, G: Borrowing<R>>(
    instance: &'static Instance,
    _kept: Kept<R, K>,
    _core: D,
    options: Chosen,
    arguments: &mut Arguments,
    keyed: Result<(), Error>,
    given: G,
) -> impl Future<Output = Settled<R>> {
    let parts = instance.parts::<R, K, D::Core>();
    let rules = rules::<R, K, _, G>(parts, options);
    parts.call(arguments, keyed, rules, given)
}

/// Without options of its own a call follows the definition, which says of itself whether values may be stale.
#[inline]
fn rules<R: 'static, K: Keep<R>, C: Core<K::Value>, G: Borrowing<R>>(
    parts: &Parts<R, K, C>,
    options: Chosen,
) -> Rules<'_> {
    match options {
        None => parts.rules(),
        Some(options) => G::admit(parts.policy_of_call(&options)).into(),
    }
}

/// The key that `fill` makes.
///
/// # Errors
///
/// Its own.
pub fn keyed(fill: impl FnOnce(&mut Arguments) -> Result<(), Error>) -> Result<Key, Error> {
    let mut arguments = Arguments::new();
    fill(&mut arguments)?;
    Ok(arguments.take())
}

/// The handle of a sync function.
pub fn attached<A, R: 'static>(
    instance: &'static Instance,
    key: Fill<A>,
    call: fn(Chosen, A) -> Settled<R>,
) -> Attached<A, R> {
    Attached::new(instance.managed(), key, call)
}

/// The handle of an async function.
pub fn attached_async<'a, A, R: 'static>(
    instance: &'static Instance,
    key: Fill<A>,
    call: fn(Chosen, A) -> Pending<'a, Settled<R>>,
) -> AsyncAttached<'a, A, R> {
    AsyncAttached::new(instance.managed(), key, call)
}
