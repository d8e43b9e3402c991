//! What there is where the program runs, asked so that nothing throws or panics; knows no store.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// Something global; `None` where it does not exist or is forbidden.
pub(crate) fn named(name: &str) -> Option<JsValue> {
    let found = Reflect::get(&js_sys::global(), &name.into()).unwrap_or_default();
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// Whether this is a page; a worker is none.
pub(crate) fn is_page() -> bool {
    named("document").is_some()
}

/// Whether this is a page or a worker of one; a server is neither.
#[cfg(feature = "indexeddb")]
pub(crate) fn is_browser() -> bool {
    is_page() || named("WorkerGlobalScope").is_some()
}
