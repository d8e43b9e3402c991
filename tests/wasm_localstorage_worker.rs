//! There is no localStorage in a worker, which is said where a core is made.

#![cfg(all(feature = "localstorage", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use cachier::core::LocalStorage;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_worker_is_told_at_once_that_it_has_none() {
    let error = LocalStorage::<u32>::new("f").unwrap_err();
    assert!(error.is_out_of_range(), "{error}");
    assert!(error.to_string().contains("IndexedDB"), "{error}");
}
