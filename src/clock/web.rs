//! Sleeping and background tasks on a JavaScript event loop (page, worker or server).

use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, millis: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Runs a task in the background, in a later turn of the event loop's microtasks.
pub(crate) fn spawn<F: Future<Output = ()> + 'static>(task: impl FnOnce() -> F + 'static) {
    wasm_bindgen_futures::spawn_local(async move { task().await });
}

struct Sleep {
    timer: JsValue,
    elapsed: JsFuture,
}

pub(crate) fn sleep(millis: i64) -> impl Future<Output = ()> {
    let mut timer = JsValue::UNDEFINED;
    let elapsed = Promise::new(&mut |resolve, _| {
        timer = set_timeout(&resolve, millis as f64);
    });
    Sleep { timer, elapsed: elapsed.into() }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.elapsed).poll(context).map(|_| ())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}
