//! JavaScript's options objects, read and written; which names and values are possible is policy's.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::policy::untyped::{self, Definition, Given};
use crate::{CallOptions, Error, Options};

/// The options of a definition; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn definition(options: &JsValue) -> Result<Definition, Error> {
    untyped::definition(entries(options)?)
}

/// The options of one call; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn call(options: &JsValue) -> Result<CallOptions, Error> {
    untyped::call(entries(options)?)
}

/// Global options; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn global(options: &JsValue) -> Result<Options, Error> {
    untyped::global(entries(options)?)
}

/// An object of the options that are set, which [`global`] reads back as they are.
pub(crate) fn to_js(options: Options) -> JsValue {
    let object = Object::new();
    for (name, value) in untyped::listed(options) {
        // A plain new object takes every property, so there is nothing to report.
        let _ = Reflect::set(&object, &name.into(), &written(value));
    }
    object.into()
}

/// The own enumerable properties. Getters have run before: the caller passes a plain copy.
fn entries(options: &JsValue) -> Result<Vec<(String, Given)>, Error> {
    if options.is_undefined() {
        return Ok(Vec::new());
    }
    if !options.is_object() || Array::is_array(options) {
        return Err(Error::option_type("options: give an object"));
    }
    let keys = Object::keys(options.unchecked_ref::<Object>());
    let names = keys.iter().filter_map(|name| name.as_string());
    Ok(names.map(|name| property(options, name)).collect())
}

fn property(object: &JsValue, name: String) -> (String, Given) {
    let value = Reflect::get(object, &JsValue::from_str(&name)).unwrap_or(JsValue::UNDEFINED);
    (name, read(&value))
}

fn read(value: &JsValue) -> Given {
    if value.is_undefined() {
        return Given::Undefined;
    }
    if value.is_function() {
        return Given::Function;
    }
    let boolean = value.as_bool().map(Given::Boolean);
    let number = || value.as_f64().map(Given::Number);
    let text = || value.as_string().map(Given::Text);
    boolean
        .or_else(number)
        .or_else(text)
        .unwrap_or_else(|| Given::Other(noun(value)))
}

fn noun(value: &JsValue) -> &'static str {
    if value.is_null() {
        return "null";
    }
    if value.is_bigint() {
        return "a bigint";
    }
    if value.is_symbol() {
        return "a symbol";
    }
    "an object"
}

fn written(value: Given) -> JsValue {
    match value {
        Given::Boolean(value) => value.into(),
        Given::Number(value) => value.into(),
        Given::Text(value) => value.into(),
        Given::Undefined | Given::Function | Given::Other(_) => JsValue::UNDEFINED,
    }
}
