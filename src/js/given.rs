//! Options as JavaScript hands them over, one by one, for what is made next; which of them are possible is policy's.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::Options;
use crate::policy::untyped::{Given, Place, add};

thread_local! {
    static GIVEN: Cell<Options> = const { Cell::new(Options::new()) };
}

/// Hands over one option; `place` and `kind` are numbered as in options.ts. A wrong one forgets those before it.
#[wasm_bindgen]
pub fn give(place: usize, name: &str, kind: usize, number: f64, text: &str) -> Result<(), JsValue> {
    let mut given = GIVEN.take();
    add(&mut given, at(place), name, &read(kind, number, text))?;
    GIVEN.with(|kept| kept.set(given));
    Ok(())
}

/// What was handed over since the last time.
pub(super) fn taken() -> Options {
    GIVEN.take()
}

fn at(place: usize) -> Place {
    match place {
        0 => Place::Global,
        1 => Place::Definition,
        _ => Place::Call,
    }
}

fn read(kind: usize, number: f64, text: &str) -> Given<'_> {
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
