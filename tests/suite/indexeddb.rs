//! IndexedDB as a store of the suite: what is opened twice under one id shares what lies there.

use std::rc::Rc;

use cachier::core::IndexedDb;

use super::harness::{Bounds, Storable, Store};
use super::places::fresh_name;

/// The laws of one run share a database, so each has names of its own.
#[derive(Clone)]
pub struct InIndexedDb(Rc<str>);

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
