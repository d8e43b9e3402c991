//! localStorage as a store of the suite, with claims of one tab or of all; opened twice it shares what lies there.

use std::rc::Rc;

use cachier::core::{LocalStorage, SharedLocalStorage, Tiered};

use super::harness::{Bounds, Storable, Store};
use super::places::fresh_name;

/// With claims that hold in one tab, as sync functions need them.
#[derive(Clone)]
pub struct InLocalStorage(Rc<str>);

/// With claims that hold in all tabs.
#[derive(Clone)]
pub struct AcrossTabs(InLocalStorage);

/// With claims that hold in one tab, and a front.
#[derive(Clone)]
pub struct BehindAFront(InLocalStorage);

impl Store for BehindAFront {
    type Core<V: Storable> = Tiered<V, LocalStorage<V>>;

    fn new() -> Self {
        Self(InLocalStorage::new())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> Self::Core<V> {
        Tiered::new(self.0.open(id, bounds))
    }
}

impl Store for InLocalStorage {
    type Core<V: Storable> = LocalStorage<V>;

    fn new() -> Self {
        Self(fresh_name().into())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> LocalStorage<V> {
        let core = LocalStorage::new(&format!("{}/{id}", self.0)).unwrap();
        let core = bounds
            .max_entries
            .map_or(core.clone(), |most| core.max_entries(most));
        bounds
            .max_bytes
            .map_or(core.clone(), |most| core.max_bytes(most))
    }
}

impl Store for AcrossTabs {
    type Core<V: Storable> = SharedLocalStorage<V>;

    fn new() -> Self {
        Self(InLocalStorage::new())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> SharedLocalStorage<V> {
        self.0.open(id, bounds).claims_across_tabs()
    }
}
