//! What concerns every memoized function at once, for JavaScript.

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

#[wasm_bindgen]
extern "C" {
    /// An error of the kind that errors.ts has in this place.
    #[wasm_bindgen(js_name = errorOf)]
    fn error_of(kind: u32, message: &str) -> JsValue;
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let kind = if error.is_out_of_range() {
            2
        } else {
            u32::from(error.is_invalid_option() || error.is_argument())
        };
        error_of(kind, error.message())
    }
}
