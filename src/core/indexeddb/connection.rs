//! The one connection of a tab to the one database: opened lazily, given up when the browser asks; not what is in it.

use std::cell::RefCell;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::api::{self, Idb};
use crate::core::browser::FORMAT;
use crate::core::browser::global::{get, set, set_timeout};
use crate::text::joined;

/// Entries, small values with them; values too large to be read with all the others; what is kept of functions,
/// and of keys whose claims were overtaken.
pub(super) const ENTRIES: &str = "entries";
pub(super) const LARGE: &str = "large";
pub(super) const FUNCTIONS: &str = "functions";
pub(super) const MARKS: &str = "marks";

/// Entries in the order in which they were stored.
pub(super) const BY_ORDER: &str = "byOrder";

/// Another tab may keep the database from being opened, but no caller waits longer for it.
const PATIENCE_MILLIS: f64 = 3_000.0;

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

#[derive(Clone)]
struct Connection {
    opened: Promise,
    /// Broken when opening takes too long.
    patience: Promise,
}

/// The database, open.
pub(super) async fn connect() -> Result<Idb, JsValue> {
    let known = CONNECTION.with_borrow(Clone::clone);
    let connection = match known {
        Some(connection) => connection,
        None => {
            let connection = open()?;
            CONNECTION.set(Some(connection.clone()));
            connection
        }
    };
    let Connection { opened, patience } = connection;
    let first = Promise::race(&Array::of2(&opened, &patience));
    match JsFuture::from(first).await {
        Ok(database) => Ok(database.unchecked_into()),
        Err(error) if error.is_undefined() => Err(too_long()),
        Err(error) => {
            CONNECTION.set(None);
            Err(error)
        }
    }
}

/// Opens the database anew at the next use.
pub(super) fn forget() {
    CONNECTION.set(None);
}

fn open() -> Result<Connection, JsValue> {
    let factory = api::factory().ok_or_else(absent)?;
    let request = factory.open(&joined!("cachier", FORMAT), 1)?;
    let create = Closure::once_into_js(move |event: JsValue| {
        let request = get(&event, "target");
        // What throws here makes the opening fail, which says why.
        let _ = create_stores(&get(&request, "result").unchecked_into());
    });
    set(&request, "onupgradeneeded", &create);
    let opened = wasm_bindgen_futures::future_to_promise(async move {
        let database: Idb = api::settled(request).await?.unchecked_into();
        give_up_when_asked(&database);
        Ok(database.into())
    });
    let patience = Promise::new(&mut |_, reject| {
        set_timeout(&reject, PATIENCE_MILLIS);
    });
    Ok(Connection { opened, patience })
}

fn create_stores(database: &Idb) -> Result<(), JsValue> {
    let by_digest = path(&["id", "digest"]);
    let entries = database.create_object_store(ENTRIES, &by_digest)?;
    entries.create_index(BY_ORDER, &names(&["id", "order"]))?;
    database.create_object_store(LARGE, &by_digest)?;
    database.create_object_store(MARKS, &by_digest)?;
    database.create_object_store(FUNCTIONS, &path(&["id"]))?;
    Ok(())
}

fn path(fields: &[&str]) -> JsValue {
    let options = Object::new();
    set(&options, "keyPath", &names(fields));
    options.into()
}

fn names(names: &[&str]) -> Array {
    names.iter().map(|name| JsValue::from_str(name)).collect()
}

/// Another tab that deletes or upgrades the database does not wait for this one.
fn give_up_when_asked(database: &Idb) {
    let asked = database.clone();
    let give_up = Closure::<dyn FnMut()>::new(move || {
        asked.close();
        forget();
    });
    let give_up = give_up.into_js_value();
    set(database, "onversionchange", &give_up);
    set(database, "onclose", &give_up);
}

fn absent() -> JsValue {
    js_sys::Error::new("there is no IndexedDB here, or its use is forbidden").into()
}

fn too_long() -> JsValue {
    js_sys::Error::new("the database does not open: another tab blocks it").into()
}
