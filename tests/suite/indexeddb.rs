//! IndexedDB as a store of the suite, with and without a front: what is opened twice under one id shares what lies there.

use std::rc::Rc;

use cachier::core::{IndexedDb, Tiered};

use super::harness::{Bounds, Storable, Store};
use super::places::fresh_name;

/// The laws of one run share a database, so each has names of its own.
#[derive(Clone)]
pub struct InIndexedDb(Rc<str>);

/// The same behind a front, into which small entries are read at the first use.
#[derive(Clone)]
pub struct BehindAFront(InIndexedDb);

impl Store for BehindAFront {
    type Core<V: Storable> = Tiered<V, IndexedDb<V>>;

    fn new() -> Self {
        Self(InIndexedDb::new())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> Self::Core<V> {
        Tiered::new(self.0.open(id, bounds)).preload(1 << 20)
    }
}

impl Store for InIndexedDb {
    type Core<V: Storable> = IndexedDb<V>;

    fn new() -> Self {
        Self(fresh_name().into())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> IndexedDb<V> {
        let core = IndexedDb::new(&format!("{}/{id}", self.0));
        let core = bounds
            .max_entries
            .map_or(core.clone(), |most| core.max_entries(most));
        bounds
            .max_bytes
            .map_or(core.clone(), |most| core.max_bytes(most))
    }
}
