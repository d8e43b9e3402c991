//! The attribute where there is one thread and no files: the same source, in a page and in a worker.

#![cfg(all(feature = "macros", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use cachier::{CallOptions, Outcome, cachier};
use wasm_bindgen_test::wasm_bindgen_test;

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

#[cachier(stale_after = "3d")]
fn report(year: u32, region: &str) -> Result<Rc<str>, String> {
    RUNS.set(RUNS.get() + 1);
    Ok(format!("{region} in {year}").into())
}

#[cachier(next_time)]
async fn length(text: &str) -> Option<usize> {
    Some(text.len())
}

#[cachier(cache = all)]
fn twice<T: Clone + serde::Serialize + 'static>(value: T) -> (T, T) {
    (value.clone(), value)
}

#[wasm_bindgen_test]
fn a_value_that_cannot_cross_threads_is_kept() {
    let first = report(2024, "eu").unwrap();
    assert!(Rc::ptr_eq(&first, &report(2024, "eu").unwrap()));
    assert_eq!(RUNS.get(), 1);
    let past = report::with(CallOptions::new().skip_cache(true));
    assert_eq!(past.trace(2024, "eu").outcome, Outcome::Bypassed);
    report::clear_cache();
    assert!(!report::is_fresh(2024, "eu"));
}

#[wasm_bindgen_test]
async fn an_async_function_is_calculated_once() {
    assert_eq!(length("four").await, Some(4));
    assert_eq!(length::trace("four").await.outcome, Outcome::Hit);
}

#[wasm_bindgen_test]
fn each_instantiation_has_a_cache_of_its_own() {
    assert_eq!(twice(1_u8), (1, 1));
    assert_eq!(twice::trace(1_u32).outcome, Outcome::Computed);
    assert_eq!(twice::trace(1_u8).outcome, Outcome::Hit);
}
