//! The one static of a function under the attribute, and what stands in it; not how a call is made.

#[cfg_attr(target_arch = "wasm32", path = "slot/web.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "slot/native.rs")]
mod place;

use std::any::type_name_of_val;

use super::Kept;
use crate::core::Core;
use crate::error::Error;
use crate::memoize::managed::Managed;
use crate::memoize::parts::Parts;
use crate::memoize::{Builder, ByArguments, CoreRule, InMemory, Keep, KeepAll, Memoize, WeighRule};
use crate::policy::Options;
use crate::report;
use crate::threads::Anything;

pub use place::Slot;

/// One memoized function: of a generic one, one for given types.
pub struct Instance {
    parts: &'static Anything,
    managed: Box<Anything>,
}

/// A builder as the attribute finds it, weighing as `W` says.
type Started<W> = Builder<KeepAll, ByArguments, W, InMemory>;

impl Slot {
    /// What stands here for a function, defined if this is its first use.
    ///
    /// # Panics
    ///
    /// Where an option that was no literal turns out to be impossible.
    #[inline]
    pub fn instance<F, R, K, D, W>(
        &'static self,
        function: &F,
        fingerprint: &str,
        _kept: Kept<R, K>,
        core: D,
        define: impl Fn(Builder) -> Result<Started<W>, Error>,
    ) -> &'static Instance
    where
        R: 'static,
        K: Keep<R>,
        D: CoreRule<K::Value> + Copy,
        W: WeighRule<K::Value>,
    {
        self.find_or_make(typeid::of::<F>(), || {
            let id = [type_name_of_val(function), "#", fingerprint].concat();
            let builder = define(Memoize::builder()).map(|builder| builder.ruled(core));
            let parts = builder.and_then(|builder| define_parts::<R, K, _, _>(builder, &id));
            parts.map_or_else(|error| refuse(&id, &error), Instance::of)
        })
    }
}

fn define_parts<R, K, D, W>(
    builder: Builder<KeepAll, ByArguments, W, D>,
    id: &str,
) -> Result<Parts<R, K, D::Core>, Error>
where
    K: Keep<R>,
    D: CoreRule<K::Value>,
    W: WeighRule<K::Value>,
{
    // Only what stands in the attribute lets values be stale: others cannot be called when their caller is gone.
    let usual = Options::new().name(id).next_time(false)?;
    let builder = builder.keep::<K>().options(&usual);
    // The attribute weighs where it names a limit itself; a global one is no reason to stop the program.
    if let Err(error) = builder.check_sizes::<K::Value>() {
        report::warn(id, error.message());
    }
    builder.parts(id)
}

#[cold]
fn refuse(id: &str, error: &Error) -> ! {
    panic!("cachier: {id}: {error}")
}

impl Instance {
    fn of<R: 'static, K: Keep<R>, C: Core<K::Value>>(parts: Parts<R, K, C>) -> Self {
        let parts: &'static Parts<R, K, C> = Box::leak(Box::new(parts));
        let managed: &'static dyn Managed<R> = parts;
        Self {
            parts,
            managed: Box::new(managed),
        }
    }

    #[inline]
    pub(super) fn parts<R: 'static, K: Keep<R>, C: Core<K::Value>>(
        &self,
    ) -> &'static Parts<R, K, C> {
        self.parts.downcast_ref().unwrap_or_else(|| mixed_up())
    }

    pub(super) fn managed<R: 'static>(&self) -> &'static dyn Managed<R> {
        let managed: Option<&&'static dyn Managed<R>> = self.managed.downcast_ref();
        managed.copied().unwrap_or_else(|| mixed_up())
    }
}

/// Only a static shared by two functions could bring anybody here, and the attribute writes none.
#[cold]
fn mixed_up() -> ! {
    panic!("cachier: two functions share one static")
}
