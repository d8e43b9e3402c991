//! The one door to what the attribute writes: nothing here is for anybody else, or promised to stay.

mod checks;
mod given;
mod probe;
mod slot;

use std::marker::PhantomData;

pub use crate::attached::{AsyncAttached, Attached, Chosen};
pub use crate::engine::Metrics;
pub use crate::entry::Entry;
pub use crate::error::Error;
pub use crate::key::Key;
pub use crate::memoize::given::Unbound;
pub use crate::memoize::parts::Settled;
pub use crate::memoize::{InMemory, KeepAll, KeepSome, Listed, Traced};
pub use crate::policy::CallOptions;
pub use crate::threads::Pending;
pub use checks::{check_duration, check_number, check_size, check_window};
pub use given::{
    Borrowing, Own, at_once, given, lend, named, own, part, renewable, renewable_async, scope,
};
pub use probe::{Probe, kinds, only_ok};
pub use slot::{Instance, Slot};

use crate::memoize::{CoreRule, Keep};

/// Where a `fn` keeps its values unless told otherwise. The single spot to change once files can be
/// the default: a rule whose `Core` is a front before a store of files, for values that are
/// `Serialize + DeserializeOwned`; on wasm32 a front before localStorage.
pub use crate::memoize::InMemory as DefaultCore;

/// The same for an `async fn`; on wasm32 a front before IndexedDB.
pub use crate::memoize::InMemory as DefaultAsyncCore;

/// A result's type, and what of it is kept.
pub struct Kept<R, K>(PhantomData<fn() -> (R, K)>);

impl<R, K> Kept<R, K> {
    /// A result and what was said to be kept of it.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// One call of a sync function.
#[inline]
pub fn call<R: 'static, K: Keep<R>, D: CoreRule<K::Value>, G: Borrowing<R>>(
    instance: &'static Instance,
    _kept: Kept<R, K>,
    _core: D,
    options: Chosen,
    given: G,
) -> Settled<R> {
    let parts = instance.parts::<R, K, D::Core>();
    let policy = G::admit(parts.policy(options));
    parts.call_blocking(policy, given)
}

/// One call of an async function.
#[inline]
pub fn call_async<R: 'static, K: Keep<R>, D: CoreRule<K::Value>, G: Borrowing<R>>(
    instance: &'static Instance,
    _kept: Kept<R, K>,
    _core: D,
    options: Chosen,
    given: G,
) -> impl Future<Output = Settled<R>> {
    let parts = instance.parts::<R, K, D::Core>();
    let policy = G::admit(parts.policy(options));
    parts.call(policy, given)
}

/// The handle of a sync function.
pub fn attached<A, R: 'static>(
    instance: &'static Instance,
    key: fn(&A) -> Result<Key, Error>,
    call: fn(Chosen, A) -> Settled<R>,
) -> Attached<A, R> {
    Attached::new(instance.managed(), key, call)
}

/// The handle of an async function.
pub fn attached_async<'a, A, R: 'static>(
    instance: &'static Instance,
    key: fn(&A) -> Result<Key, Error>,
    call: fn(Chosen, A) -> Pending<'a, Settled<R>>,
) -> AsyncAttached<'a, A, R> {
    AsyncAttached::new(instance.managed(), key, call)
}
