//! What concerns every memoized function at once, for JavaScript.

use js_sys::{Error as JsError, Object, RangeError, Reflect, TypeError};
use wasm_bindgen::prelude::*;

use super::options;
use crate::config;
use crate::engine::Metrics;
use crate::error::Error;

/// Sets options that hold wherever a definition says nothing else.
#[wasm_bindgen(js_name = setGlobalParams)]
pub fn set_global_params(options: JsValue) -> Result<(), JsValue> {
    Ok(config::set_global_params(options::global(&options)?)?)
}

/// The options that were set globally.
#[wasm_bindgen(js_name = getGlobalParams)]
pub fn get_global_params() -> JsValue {
    options::to_js(&config::get_global_params())
}

/// Serves from caches again.
#[wasm_bindgen(js_name = enableCaching)]
pub fn enable_caching() {
    config::enable_caching();
}

/// Lets every call run its function; what is stored stays.
#[wasm_bindgen(js_name = disableCaching)]
pub fn disable_caching() {
    config::disable_caching();
}

/// Whether caching is on.
#[wasm_bindgen(js_name = cachingEnabled)]
pub fn caching_enabled() -> bool {
    config::caching_enabled()
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let text = error.message();
        if error.is_out_of_range() {
            return RangeError::new(text).into();
        }
        if error.is_invalid_option() || error.is_argument() {
            return TypeError::new(text).into();
        }
        JsError::new(text).into()
    }
}

impl Metrics {
    /// A plain object with a number for each count.
    pub(super) fn to_js(self) -> JsValue {
        let object = Object::new();
        for (name, count) in self.named() {
            // A plain new object takes every property, so there is nothing to report.
            let _ = Reflect::set(&object, &name.into(), &(count as f64).into());
        }
        object.into()
    }
}
