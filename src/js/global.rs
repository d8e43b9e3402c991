//! What concerns every memoized function at once, for JavaScript.

use js_sys::{Error as JsError, RangeError, TypeError};
use wasm_bindgen::prelude::*;

use super::given;
use crate::config;
use crate::error::Error;

/// Sets the options that were given: they hold wherever a definition says nothing else.
#[wasm_bindgen(js_name = setGlobalParams)]
pub fn set_global_params() -> Result<(), JsValue> {
    Ok(config::set_global_params(given::taken())?)
}

/// Serves from caches again, or lets every call run its function; what is stored stays.
#[wasm_bindgen(js_name = allowCaching)]
pub fn allow_caching(is_allowed: bool) {
    if is_allowed {
        config::enable_caching();
    } else {
        config::disable_caching();
    }
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
