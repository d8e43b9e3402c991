//! Files with a front before them as a store of the suite; what is opened twice has two fronts.

use cachier::core::{FileCore, Tiered};

use super::file::{Files, InLog};
use super::harness::{Bounds, Storable, Store};

#[derive(Clone)]
pub struct Fronted(Files<InLog>);

impl Store for Fronted {
    type Core<V: Storable> = Tiered<V, FileCore<V>>;

    const HAS_DIRECTORY: bool = true;

    fn new() -> Self {
        Self(Files::new())
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> Self::Core<V> {
        Tiered::new(self.0.open(id, bounds))
    }
}
