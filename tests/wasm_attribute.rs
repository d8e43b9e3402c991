//! The attribute where there is one thread and no files, but stores of a browser: the same source, in a page and in a worker.

#![cfg(all(
    feature = "indexeddb",
    feature = "localstorage",
    feature = "macros",
    target_arch = "wasm32"
))]
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use cachier::{CallOptions, Outcome, cachier};
use wasm_bindgen_test::wasm_bindgen_test;

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

#[cachier(core = memory, stale_after = "3d")]
fn report(year: u32, region: &str) -> Result<Rc<str>, String> {
    RUNS.set(RUNS.get() + 1);
    Ok(format!("{region} in {year}").into())
}

#[cachier(next_time, name = "attribute: length")]
async fn length(text: &str) -> Option<usize> {
    Some(text.len())
}

#[cachier(name = "attribute: half")]
fn half(number: u32) -> u32 {
    number / 2
}

#[cachier(core = localstorage, name = "attribute: third")]
async fn third(number: u32) -> u32 {
    number / 3
}

#[cachier(cache = all, core = memory)]
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

/// What a script says of the stores.
async fn script(body: &str) -> wasm_bindgen::JsValue {
    let promise = js_sys::eval(&format!("(async () => {{ {body} }})()")).unwrap();
    let promise = js_sys::Promise::from(promise);
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap()
}

#[wasm_bindgen_test]
async fn an_async_function_keeps_its_values_in_indexeddb() {
    assert_eq!(length("eleven").await, Some(6));
    let stored = script(
        "const database = await new Promise((resolve) => {
           indexedDB.open('cachier2').onsuccess = (event) => resolve(event.target.result);
         });
         const all = await new Promise((resolve) => {
           database.transaction('entries').objectStore('entries').getAll().onsuccess =
             (event) => resolve(event.target.result);
         });
         database.close();
         return all.find((entry) => entry.id === 'attribute: length' && entry.name === '[\"eleven\"]').entry.value;",
    );
    assert_eq!(stored.await.as_f64(), Some(6.0));
}

#[wasm_bindgen_test]
async fn a_sync_function_keeps_its_values_in_localstorage_where_there_is_one() {
    assert_eq!((half(8), half::trace(8).outcome), (4, Outcome::Hit));
    let stored = script(
        "const { localStorage: storage } = self;
         return storage && JSON.parse(storage.getItem('cachier:attribute: half:[8]')).value;",
    );
    let stored = stored.await;
    assert!(stored.is_undefined() || stored.as_f64() == Some(4.0));
}

#[wasm_bindgen_test]
async fn an_async_function_in_localstorage_is_found_by_javascript_as_a_promise() {
    if js_sys::eval("self.localStorage").unwrap().is_undefined() {
        return;
    }
    assert_eq!(third(9).await, 3);
    assert_eq!(third::trace(9).await.outcome, Outcome::Hit);
    let stored = script("return localStorage.getItem('cachier:attribute: third:[9]');").await;
    let stored = stored.as_string().unwrap();
    assert!(
        stored.ends_with(r#""value":{"$":["Promise",3]}}"#),
        "{stored}"
    );
}

#[wasm_bindgen_test]
fn each_instantiation_has_a_cache_of_its_own() {
    assert_eq!(twice(1_u8), (1, 1));
    assert_eq!(twice::trace(1_u32).outcome, Outcome::Computed);
    assert_eq!(twice::trace(1_u8).outcome, Outcome::Hit);
}
