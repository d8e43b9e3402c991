//! Where instances stand when there are threads: in the static itself.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use super::Instance;

/// The place of one function's instances.
pub struct Slot {
    /// The only one there is, unless the function is generic.
    first: OnceLock<(TypeId, Instance)>,
    others: RwLock<BTreeMap<TypeId, &'static Instance>>,
}

impl Slot {
    /// An empty place.
    #[expect(
        clippy::new_without_default,
        reason = "statics have no use for a default"
    )]
    pub const fn new() -> Self {
        Self {
            first: OnceLock::new(),
            others: RwLock::new(BTreeMap::new()),
        }
    }

    #[inline]
    pub(super) fn find_or_make(
        &'static self,
        function: TypeId,
        make: impl Fn() -> Instance,
    ) -> &'static Instance {
        match self.first.get() {
            Some((first, instance)) if *first == function => instance,
            _ => self.look_further(function, make),
        }
    }

    #[inline(never)]
    fn look_further(
        &'static self,
        function: TypeId,
        make: impl Fn() -> Instance,
    ) -> &'static Instance {
        let (first, instance) = self.first.get_or_init(|| (function, make()));
        if *first == function {
            return instance;
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(instance) = others.get(&function) {
            return instance;
        }
        drop(others);
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        others
            .entry(function)
            .or_insert_with(|| Box::leak(Box::new(make())))
    }
}
