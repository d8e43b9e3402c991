//! Where instances stand when there is one thread, to which they belong: in a table, under the static's address.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Instance;

/// The place of one function's instances.
pub struct Slot {
    /// Statics without a size could share their address.
    _sized: u8,
}

thread_local! {
    static INSTANCES: RefCell<BTreeMap<(usize, TypeId), &'static Instance>> =
        const { RefCell::new(BTreeMap::new()) };
}

impl Slot {
    /// An empty place.
    #[expect(
        clippy::new_without_default,
        reason = "statics have no use for a default"
    )]
    pub const fn new() -> Self {
        Self { _sized: 0 }
    }

    pub(super) fn find_or_make(
        &'static self,
        function: TypeId,
        make: impl Fn() -> Instance,
    ) -> &'static Instance {
        let place = (std::ptr::from_ref(self).addr(), function);
        let found = INSTANCES.with_borrow(|instances| instances.get(&place).copied());
        if let Some(instance) = found {
            return instance;
        }
        let instance: &'static Instance = Box::leak(Box::new(make()));
        INSTANCES.with_borrow_mut(|instances| instances.insert(place, instance));
        instance
    }
}
