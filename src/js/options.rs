//! JavaScript's options objects, read and written; which names and values are possible is policy's.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::policy::untyped::{self, Given, Place, Reading};
use crate::{CallOptions, Error, Options};

/// The options of a definition; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn definition(options: &JsValue) -> Result<Options, Error> {
    read(options, Place::Definition)
}

/// The options of one call; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn call(options: &JsValue) -> Result<CallOptions, Error> {
    let layer = read(options, Place::Call)?.layer;
    Ok(CallOptions { layer })
}

/// Global options; `undefined` stands for none.
///
/// # Errors
///
/// An unknown name, a wrong type, or a value that is not possible.
pub(crate) fn global(options: &JsValue) -> Result<Options, Error> {
    read(options, Place::Global)
}

/// An object of the options that are set, which [`global`] reads back as they are.
pub(crate) fn to_js(options: &Options) -> JsValue {
    let object = Object::new();
    untyped::list(options, &mut |name, value| {
        // A plain new object takes every property, so there is nothing to report.
        let _ = Reflect::set(&object, &name.into(), &written(&value));
    });
    object.into()
}

/// Reads the own enumerable properties. Getters have run before: the caller passes a plain copy.
#[inline(never)]
fn read(options: &JsValue, place: Place) -> Result<Options, Error> {
    let mut reading = Reading::at(place);
    if options.is_undefined() {
        return Ok(reading.options);
    }
    if !options.is_object() || Array::is_array(options) {
        return Err(Error::option_type("options: give an object"));
    }
    let entries = Object::entries(options.unchecked_ref());
    for index in 0..entries.length() {
        let entry: Array = entries.get(index).unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        reading.take(&name, given(&entry.get(1)))?;
    }
    Ok(reading.options)
}

fn given(value: &JsValue) -> Given {
    if let Some(text) = value.as_string() {
        return Given::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Given::Number(number);
    }
    if let Some(boolean) = value.as_bool() {
        return Given::Boolean(boolean);
    }
    if value.is_undefined() {
        return Given::Undefined;
    }
    if value.is_function() {
        return Given::Function;
    }
    Given::Other(noun(value))
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

fn written(value: &Given) -> JsValue {
    match value {
        Given::Boolean(value) => (*value).into(),
        Given::Number(value) => (*value).into(),
        _ => JsValue::UNDEFINED,
    }
}
