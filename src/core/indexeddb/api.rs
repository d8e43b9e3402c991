//! The methods of IndexedDB that are used, and promises of its requests; knows no store of ours.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::core::browser::global::{get, named, set};

#[wasm_bindgen]
extern "C" {
    /// Any object of IndexedDB: one type for all keeps the casts out.
    #[wasm_bindgen(js_name = Object)]
    #[derive(Clone, Debug)]
    pub(super) type Idb;

    #[wasm_bindgen(method, catch)]
    pub(super) fn open(this: &Idb, name: &str, version: u32) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    pub(super) fn create_object_store(
        this: &Idb,
        name: &str,
        options: &JsValue,
    ) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch, js_name = createIndex)]
    pub(super) fn create_index(this: &Idb, name: &str, path: &Array) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn transaction(
        this: &Idb,
        stores: &Array,
        mode: &str,
        options: &JsValue,
    ) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Idb);

    #[wasm_bindgen(method, catch, js_name = objectStore)]
    pub(super) fn object_store(this: &Idb, name: &str) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn index(this: &Idb, name: &str) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn commit(this: &Idb) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn abort(this: &Idb) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = get)]
    pub(super) fn read(this: &Idb, key: &Array) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getAll)]
    pub(super) fn read_all(this: &Idb, range: &Idb, most: u32) -> Result<Idb, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn put(this: &Idb, record: &JsValue) -> Result<Idb, JsValue>;

    /// A key, or a range of keys.
    #[wasm_bindgen(method, catch)]
    pub(super) fn delete(this: &Idb, keys: &JsValue) -> Result<Idb, JsValue>;

    #[wasm_bindgen(catch, js_namespace = IDBKeyRange)]
    pub(super) fn bound(
        lower: &Array,
        upper: &Array,
        lower_open: bool,
        upper_open: bool,
    ) -> Result<Idb, JsValue>;
}

/// The factory of databases; `None` where there is none, or it is forbidden.
pub(super) fn factory() -> Option<Idb> {
    named("indexedDB").map(JsCast::unchecked_into)
}

/// A promise that two events of an object keep or break.
pub(super) fn promise(object: &Idb, kept: &str, broken: &str) -> Promise {
    Promise::new(&mut |resolve: Function, reject: Function| {
        set(object, kept, &resolve);
        set(object, broken, &reject);
    })
}

/// The result of a request.
pub(super) async fn settled(request: Idb) -> Result<JsValue, JsValue> {
    let done = promise(&request, "onsuccess", "onerror");
    match JsFuture::from(done).await {
        Ok(_) => Ok(get(&request, "result")),
        Err(_) => Err(get(&request, "error")),
    }
}
