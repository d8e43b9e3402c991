//! When the page is put aside and comes back; knows not what then has to be done.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::global;

/// Leaving for the back/forward cache or for good, and being frozen: nothing of the page runs until it is back.
const ASIDE: [&str; 2] = ["pagehide", "freeze"];
const BACK: [&str; 2] = ["pageshow", "resume"];

thread_local! {
    static WHEN_ASIDE: RefCell<Vec<fn()>> = const { RefCell::new(Vec::new()) };
    static WHEN_BACK: RefCell<Vec<fn()>> = const { RefCell::new(Vec::new()) };
}

/// Calls a function whenever the page is put aside.
pub(super) fn when_aside(call: fn()) {
    add(&WHEN_ASIDE, &ASIDE, call, || run(&WHEN_ASIDE));
}

/// Calls a function whenever the page is back.
pub(super) fn when_back(call: fn()) {
    add(&WHEN_BACK, &BACK, call, || run(&WHEN_BACK));
}

type Calls = std::thread::LocalKey<RefCell<Vec<fn()>>>;

fn add(calls: &'static Calls, events: &[&str], call: fn(), listener: fn()) {
    let is_first = calls.with_borrow(Vec::is_empty);
    if is_first {
        let listener = Closure::<dyn FnMut()>::new(listener).into_js_value();
        events
            .iter()
            .for_each(|event| global::listen(event, &listener));
    }
    calls.with_borrow_mut(|calls| {
        if !calls.contains(&call) {
            calls.push(call);
        }
    });
}

fn run(calls: &'static Calls) {
    let calls = calls.with_borrow(Clone::clone);
    calls.iter().for_each(|call| call());
}
