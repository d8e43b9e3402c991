//! The objects that lie in the database, and what is read of them; knows no request.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::core::browser::global::{get, number, set};
use crate::core::browser::ledger::{Function, Head, Mark, meta};
use crate::entry::Meta;
use crate::key::Key;

/// Values of this size and more lie apart, so that the small ones can be read together.
const LARGE_BYTES: u64 = 64 << 10;

/// Where an entry lies: the function's id and the digest of the key.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) id: Box<str>,
    pub(super) digest: String,
}

impl Address {
    pub(super) fn path(&self) -> Array {
        Array::of2(&(&*self.id).into(), &self.digest.as_str().into())
    }
}

/// What is to be stored.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) key: Key,
    pub(super) value: JsValue,
    pub(super) is_bytes: bool,
    pub(super) meta: Meta,
}

impl Fresh {
    pub(super) fn is_large(&self) -> bool {
        self.meta.size >= LARGE_BYTES
    }

    /// The entry, without its value if that is large.
    pub(super) fn record(&self, address: &Address, order: u64, generation: u64) -> JsValue {
        let record = addressed(address);
        set_number(&record, "order", order as f64);
        set_number(&record, "generation", generation as f64);
        set_number(&record, "storedAt", self.meta.stored_at.as_millis() as f64);
        set_number(&record, "size", self.meta.size as f64);
        set(&record, "isNone", &self.meta.none.into());
        set(&record, "isBytes", &self.is_bytes.into());
        set(&record, "isLarge", &self.is_large().into());
        set(&record, "arguments", &self.key.diagnostic().into());
        set(&record, "key", &Uint8Array::from(self.key.as_bytes()));
        if !self.is_large() {
            set(&record, "value", &self.value);
        }
        record
    }

    /// The large value.
    pub(super) fn large_record(&self, address: &Address) -> JsValue {
        let record = addressed(address);
        set(&record, "value", &self.value);
        record
    }
}

fn addressed(address: &Address) -> JsValue {
    let record = Object::new();
    set(&record, "id", &(&*address.id).into());
    set(&record, "digest", &address.digest.as_str().into());
    record.into()
}

fn set_number(record: &JsValue, name: &str, value: f64) {
    set(record, name, &value.into());
}

fn count(record: &JsValue, name: &str) -> u64 {
    number(record, name) as u64
}

fn is_set(record: &JsValue, name: &str) -> bool {
    get(record, name).is_truthy()
}

pub(super) fn is_large(record: &JsValue) -> bool {
    is_set(record, "isLarge")
}

pub(super) fn is_bytes(record: &JsValue) -> bool {
    is_set(record, "isBytes")
}

/// The canonical bytes of the key.
pub(super) fn key(record: &JsValue) -> Key {
    Key::from_canonical(&Uint8Array::new(&get(record, "key")).to_vec())
}

pub(super) fn digest(record: &JsValue) -> String {
    get(record, "digest").as_string().unwrap_or_default()
}

/// What is known of an entry; `None` where there is none.
pub(super) fn head(record: &JsValue) -> Option<Head> {
    record.is_object().then(|| Head {
        order: count(record, "order"),
        generation: count(record, "generation"),
        meta: meta(
            number(record, "storedAt") as i64,
            count(record, "size"),
            is_set(record, "isNone"),
        ),
    })
}

pub(super) fn mark(record: &JsValue) -> Option<Mark> {
    record.is_object().then(|| Mark {
        number: count(record, "number"),
        generation: count(record, "generation"),
        attempt: number(record, "attempt") as u32,
    })
}

pub(super) fn mark_record(address: &Address, mark: Mark) -> JsValue {
    let record = addressed(address);
    set_number(&record, "number", mark.number as f64);
    set_number(&record, "generation", mark.generation as f64);
    set_number(&record, "attempt", mark.attempt.into());
    record
}

/// What is kept of a function; all zero where there is nothing.
pub(super) fn function(record: &JsValue) -> Function {
    Function {
        serial: count(record, "serial"),
        freed: count(record, "freed"),
        entries: count(record, "entries"),
        bytes: count(record, "bytes"),
    }
}

pub(super) fn function_record(id: &str, function: Function) -> JsValue {
    let record = Object::new();
    set(&record, "id", &id.into());
    set_number(&record, "serial", function.serial as f64);
    set_number(&record, "freed", function.freed as f64);
    set_number(&record, "entries", function.entries as f64);
    set_number(&record, "bytes", function.bytes as f64);
    record.into()
}
