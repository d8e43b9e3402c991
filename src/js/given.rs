//! Options as JavaScript hands them over, one by one, for what is made next; which of them are possible is policy's.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::policy::untyped::Given;

thread_local! {
    static GIVEN: Cell<Vec<(String, Given)>> = const { Cell::new(Vec::new()) };
}

/// Hands over one option; `kind` is the place of its type in the list of options.ts.
#[wasm_bindgen]
pub fn give(name: String, kind: usize, number: f64, text: String) {
    let mut given = GIVEN.take();
    given.push((name, read(kind, number, text)));
    GIVEN.set(given);
}

/// What was handed over since the last time.
pub(super) fn taken() -> Vec<(String, Given)> {
    GIVEN.take()
}

fn read(kind: usize, number: f64, text: String) -> Given {
    match kind {
        0 => Given::Undefined,
        1 => Given::Boolean(number != 0.0),
        2 => Given::Number(number),
        3 => Given::Text(text),
        4 => Given::Function,
        5 => Given::Other("null"),
        6 => Given::Other("a bigint"),
        7 => Given::Other("a symbol"),
        _ => Given::Other("an object"),
    }
}
