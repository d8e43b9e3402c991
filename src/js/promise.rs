//! Futures that JavaScript waits for; one way for all, because each is compiled anew.

use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::threads::BoxedFuture;

/// A promise of what the future comes to.
pub(super) fn promise(future: BoxedFuture<JsValue>) -> Promise {
    wasm_bindgen_futures::future_to_promise(async move { Ok(future.await) })
}
