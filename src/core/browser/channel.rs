//! The news that tabs tell one another; knows counters, not what they stand for.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::news::{Watched, find, slot_of};
use super::{FORMAT, global, page};
use crate::text::joined;

/// A message about every key.
const EVERY: f64 = -1.0;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type BroadcastChannel;

    #[wasm_bindgen(constructor, catch)]
    fn new(name: &str) -> Result<BroadcastChannel, JsValue>;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &BroadcastChannel, message: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &BroadcastChannel, listener: &JsValue);

    #[wasm_bindgen(method)]
    fn close(this: &BroadcastChannel);
}

thread_local! {
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Tells the other tabs that the entry of a name has changed.
pub(crate) fn tell(watched: &Watched, name: &str) {
    post(watched, slot_of(name) as f64);
}

/// Tells the other tabs that everything may have changed.
pub(crate) fn tell_all(watched: &Watched) {
    post(watched, EVERY);
}

fn post(watched: &Watched, slot: f64) {
    let message = Array::of2(&watched.place().into(), &slot.into());
    if let Some(channel) = CHANNEL.with_borrow(Clone::clone) {
        // It throws only when closed, and whoever comes back re-reads.
        let _ = channel.post_message(&message);
    }
}

/// Listens to the other tabs from now on, except while the page is put aside.
pub(crate) fn listen() {
    page::when_aside(hang_up);
    page::when_back(open);
    open();
}

fn open() {
    if CHANNEL.with_borrow(Option::is_none) {
        CHANNEL.set(opened());
    }
}

/// The channel of this format; `None` where there are none, as on some servers.
fn opened() -> Option<BroadcastChannel> {
    global::named("BroadcastChannel")?;
    let channel = BroadcastChannel::new(&joined!("cachier", FORMAT)).ok()?;
    let listener = Closure::<dyn FnMut(JsValue)>::new(|event| hear(&event)).into_js_value();
    channel.set_onmessage(&listener);
    Some(channel)
}

/// An open channel would keep the page out of the back/forward cache, and hears nothing there.
fn hang_up() {
    if let Some(channel) = CHANNEL.take() {
        channel.close();
    }
}

fn hear(event: &JsValue) {
    let message = global::get(event, "data");
    let place = global::get(&message, "0").as_string();
    let Some(watched) = place.and_then(|place| find(&place)) else {
        return;
    };
    match global::number(&message, "1") {
        EVERY => watched.moved_all(),
        slot => watched.move_slot(slot as usize),
    }
}
