//! The key of the call at hand: spelled first, then used by whatever is asked of the engine next.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use super::spelling::{key_of_number, key_of_spelling, key_of_text};
use crate::key::Key;

thread_local! {
    static KEY: Cell<Option<Key>> = const { Cell::new(None) };
}

/// The key of these arguments, and of this scope.
#[wasm_bindgen]
pub fn spell(spelling: &str, scope: Option<String>) -> Result<(), JsValue> {
    let key = key_of_spelling(spelling)?;
    keep(match scope {
        Some(scope) => key.scoped(&scope),
        None => key,
    });
    Ok(())
}

/// The key of one number.
#[wasm_bindgen(js_name = spellNumber)]
pub fn spell_number(argument: f64) {
    keep(key_of_number(argument));
}

/// The key of one well-formed string.
#[wasm_bindgen(js_name = spellText)]
pub fn spell_text(argument: &str) {
    keep(key_of_text(argument));
}

/// The key of canonical bytes, which are not checked.
#[wasm_bindgen(js_name = spellBytes)]
pub fn spell_bytes(canonical: &[u8]) {
    keep(Key::from_canonical(canonical));
}

/// Canonical bytes in diagnostic notation.
#[wasm_bindgen]
pub fn notation(canonical: &[u8]) -> JsValue {
    Key::from_canonical(canonical).diagnostic().into()
}

/// Its canonical bytes, in hexadecimal.
#[wasm_bindgen(js_name = keyOf)]
pub fn key_of() -> JsValue {
    taken().hexadecimal().into()
}

fn keep(key: Key) {
    KEY.with(|kept| kept.set(Some(key)));
}

/// The key that was spelled last; it is used once.
pub(super) fn taken() -> Key {
    KEY.take().unwrap_or_else(Key::of_nothing)
}
