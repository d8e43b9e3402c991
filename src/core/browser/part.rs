//! What the stores of TypeScript are asked, and what they answer; `store.ts` is the other half. Knows no value.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::Written;
use crate::entry::Meta;
use crate::error::Error;
use crate::key::Key;
use crate::text::joined;

#[wasm_bindgen(module = "/src/core/browser/rust.js")]
extern "C" {
    #[cfg(feature = "indexeddb")]
    #[wasm_bindgen(js_name = openDatabase)]
    pub(crate) fn open_database(
        id: &str,
        max_entries: f64,
        max_bytes: f64,
        on_news: &JsValue,
        was_used: &JsValue,
    ) -> Part;

    #[cfg(feature = "localstorage")]
    #[wasm_bindgen(js_name = openItems)]
    pub(crate) fn open_items(
        storage: &web_sys::Storage,
        among: &str,
        id: &str,
        max_entries: f64,
        max_bytes: f64,
        on_news: &JsValue,
        was_used: &JsValue,
    ) -> Part;

    /// An entry to be stored.
    pub(super) type Fresh;

    #[wasm_bindgen(constructor)]
    fn new(
        name: &str,
        key: Option<Uint8Array>,
        arguments: Option<String>,
        value: &JsValue,
        is_bytes: bool,
        stored_at: f64,
        size: f64,
        is_none: bool,
    ) -> Fresh;
}

#[wasm_bindgen]
extern "C" {
    /// One function's part of a store. What it answers is there at once, or a promise of it.
    #[derive(Debug)]
    pub type Part;

    #[wasm_bindgen(method, catch)]
    pub(super) fn get(this: &Part, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn claim(this: &Part, name: &str, attempt: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn put(this: &Part, claim: &PartClaim, fresh: &Fresh) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn set(this: &Part, name: &str, fresh: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn clear(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = releaseClaims)]
    pub(super) fn release_claims(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn list(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn remove(this: &Part, listed: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn preload(this: &Part, most_bytes: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn evicted(this: &Part) -> f64;

    /// The right to calculate, of the store's making.
    #[derive(Debug)]
    pub(super) type PartClaim;

    #[wasm_bindgen(method)]
    pub(super) fn release(this: &PartClaim);

    /// Entries read at once.
    pub(super) type Preloaded;

    #[wasm_bindgen(method, getter)]
    pub(super) fn stored(this: &Preloaded) -> Array;

    /// A stored entry; in a list without its value.
    pub(super) type Found;

    #[wasm_bindgen(method, getter)]
    pub(super) fn name(this: &Found) -> String;

    #[wasm_bindgen(method, getter)]
    fn key(this: &Found) -> Option<Uint8Array>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Found) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = isBytes)]
    pub(super) fn is_bytes(this: &Found) -> bool;

    #[wasm_bindgen(method, getter, js_name = storedAt)]
    pub(super) fn stored_at(this: &Found) -> f64;

    #[wasm_bindgen(method, getter)]
    pub(super) fn size(this: &Found) -> f64;

    #[wasm_bindgen(method, getter, js_name = isNone)]
    pub(super) fn is_none(this: &Found) -> bool;
}

impl Found {
    /// What a store has answered, if there is something.
    pub(super) fn of(answer: &JsValue) -> Option<&Self> {
        (!answer.is_undefined()).then(|| answer.unchecked_ref())
    }

    /// The key, where the arguments are kept.
    pub(super) fn whole_key(&self) -> Option<Key> {
        self.key().map(|key| Key::from_canonical(&key.to_vec()))
    }

    /// The key, or what stands for it where only its digest is known.
    pub(super) fn key_or_name(&self) -> Key {
        self.whole_key()
            .unwrap_or_else(|| Key::from_canonical(self.name().as_bytes()))
    }
}

/// What is to be stored of an entry.
pub(super) fn fresh(
    key: &Key,
    name: &str,
    store_args: bool,
    written: &Written<JsValue>,
    meta: Meta,
) -> Fresh {
    Fresh::new(
        name,
        store_args.then(|| Uint8Array::from(key.as_bytes())),
        store_args.then(|| key.diagnostic()),
        &written.stored,
        written.is_bytes,
        meta.stored_at.as_millis() as f64,
        meta.size as f64,
        meta.none,
    )
}

/// What a store answers, at once or later; what it throws is trouble with the store.
pub(super) async fn answered(answer: Result<JsValue, JsValue>) -> Result<JsValue, Error> {
    let settled = match answer.map(JsCast::dyn_into::<Promise>) {
        Ok(Ok(promise)) => JsFuture::from(promise).await,
        Ok(Err(at_once)) => Ok(at_once),
        Err(thrown) => Err(thrown),
    };
    settled.map_err(|thrown| Error::storage(message_of(&thrown)))
}

fn message_of(thrown: &JsValue) -> String {
    let message = Reflect::get(thrown, &"message".into()).unwrap_or_default();
    match message.as_string() {
        Some(message) => message,
        None => joined!("the store failed: ", &format!("{thrown:?}")),
    }
}
