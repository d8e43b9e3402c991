//! The JavaScript object that holds a value; this side only asks for its use and tells of its end.

use wasm_bindgen::prelude::*;

use crate::core::{Bounds, MemoryCore};
use crate::policy::Layer;

#[wasm_bindgen]
extern "C" {
    /// A value held for JavaScript, as `record.ts` defines it.
    #[derive(Clone)]
    pub type Record;

    #[wasm_bindgen(method, getter)]
    fn used(this: &Record) -> bool;

    #[wasm_bindgen(method, setter)]
    fn set_used(this: &Record, used: bool);

    #[wasm_bindgen(method)]
    fn dropped(this: &Record);

    #[wasm_bindgen(method)]
    pub(super) fn listed(this: &Record, key: &str, stored_at: f64, size: f64, stale: bool);
}

/// A memory core whose values' uses and ends the front sees and is told of.
pub(super) fn core(layer: &Layer) -> MemoryCore<Record> {
    MemoryCore::bounded(Bounds {
        used: take_used,
        dropped: Record::dropped,
        ..Bounds::of(layer)
    })
}

fn take_used(record: &Record) -> bool {
    let used = record.used();
    record.set_used(false);
    used
}
