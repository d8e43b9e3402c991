//! The memory core as a store of the suite: what is opened twice under one id is one core.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use cachier::core::MemoryCore;

use super::harness::{Bounds, Storable, Store};

#[derive(Clone)]
pub struct Memory(Arc<Mutex<HashMap<String, Opened>>>);

#[cfg(not(target_arch = "wasm32"))]
type Opened = Box<dyn Any + Send>;
#[cfg(target_arch = "wasm32")]
type Opened = Box<dyn Any>;

impl Store for Memory {
    type Core<V: Storable> = MemoryCore<V>;

    fn new() -> Self {
        Self(Arc::default())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> MemoryCore<V> {
        let mut opened = self.0.lock().unwrap();
        let core = opened
            .entry(id.to_owned())
            .or_insert_with(|| Box::new(bounded::<V>(bounds)));
        core.downcast_ref::<MemoryCore<V>>()
            .expect("one type of value per id")
            .clone()
    }
}

fn bounded<V>(bounds: Bounds) -> MemoryCore<V> {
    let core = MemoryCore::new();
    let core = bounds
        .max_entries
        .map_or(core.clone(), |most| core.max_entries(most));
    bounds
        .max_bytes
        .map_or(core.clone(), |most| core.max_bytes(most))
}
