//! The few things of the global object that both cores use, asked so that nothing throws or panics.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Whatever object this is, with the methods of whichever interface it has.
    #[wasm_bindgen(js_name = Object)]
    #[derive(Clone)]
    pub(crate) type Global;

    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: Global;

    #[wasm_bindgen(method, js_name = addEventListener)]
    fn add_event_listener(this: &Global, event: &str, listener: &JsValue, capture: bool);

    #[wasm_bindgen(js_namespace = Math)]
    pub(crate) fn random() -> f64;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &js_sys::Function, millis: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(timer: &JsValue);
}

/// A property of an object; `undefined` where there is none or reading it throws.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Sets a property of an object of ours.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // It fails only on objects that are frozen or no objects.
    let _ = Reflect::set(object, &name.into(), value);
}

#[cfg(feature = "indexeddb")]
pub(crate) fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or_default()
}

/// Something global; `None` where it does not exist or is forbidden.
pub(crate) fn named(name: &str) -> Option<JsValue> {
    let found = GLOBAL.with(|global| get(global, name));
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// Listens for an event of the page before everybody else.
pub(crate) fn listen(event: &str, listener: &JsValue) {
    GLOBAL.with(|global| global.add_event_listener(event, listener, true));
}

/// What an exception says: its name and its message.
pub(crate) fn described(error: &JsValue) -> String {
    let text = |name| get(error, name).as_string().unwrap_or_default();
    crate::text::joined!(&text("name"), ": ", &text("message"))
}

/// Whether an exception has this name.
pub(crate) fn is_named(error: &JsValue, name: &str) -> bool {
    get(error, "name").as_string().as_deref() == Some(name)
}
