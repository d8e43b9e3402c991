//! How values of Rust look in a browser's store; knows neither entries nor stores.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec;
use crate::error::Error;
#[cfg(feature = "localstorage")]
use crate::key::hexadecimal;

/// A value as a store keeps it.
#[derive(Clone, Debug)]
pub struct Written<S> {
    /// The value, or its bytes.
    pub stored: S,
    /// Whether it is the value's bytes, because the store's own form would not bring the value back as it was.
    pub is_bytes: bool,
    /// An estimate of its size in bytes.
    pub size: u64,
}

/// How values `V` are written into a store of `S` and read again, exactly; one that cannot be is refused.
///
/// For IndexedDB, `S` is a `JsValue` that is cloned as it is; for localStorage it is the text of the value in JSON.
pub trait Form<V, S>: 'static {
    /// The value as the store keeps it.
    ///
    /// # Errors
    ///
    /// Where the value cannot be brought back as it is.
    fn write(value: &V) -> Result<Written<S>, Error>;

    /// The value of what was written.
    ///
    /// # Errors
    ///
    /// Where that is damaged, or of another type.
    fn read(stored: S, is_bytes: bool) -> Result<V, Error>;
}

/// Values of Rust by serde: in the store's own form, which its inspector shows, where that brings back the same
/// value; else as bytes of CBOR.
///
/// IndexedDB holds what serde-wasm-bindgen makes, localStorage JSON. Neither can tell `Some(None)` from `None`, and a
/// clone not 1.0 from 1 where the type does not say; so each value is read back before it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Serde(PhantomData<()>);

/// Values of JavaScript, which IndexedDB clones as they are: whatever structured clone allows.
///
/// They have no size but what a weigher says.
#[cfg(feature = "indexeddb")]
#[derive(Clone, Copy, Debug)]
pub struct AsIs(PhantomData<()>);

fn bytes_of<V: Serialize>(value: &V) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    codec::encode(value, &mut bytes)?;
    Ok(bytes)
}

/// Whether a value that was read back is the one these are the bytes of.
fn is_same<V: Serialize>(read: Option<V>, bytes: &[u8]) -> bool {
    read.and_then(|value| bytes_of(&value).ok())
        .is_some_and(|read| read == bytes)
}

#[cfg(feature = "indexeddb")]
mod clones {
    use js_sys::Uint8Array;
    use wasm_bindgen::prelude::*;

    use super::*;

    impl<V: JsCast + Clone + 'static> Form<V, JsValue> for AsIs {
        fn write(value: &V) -> Result<Written<JsValue>, Error> {
            Ok(Written {
                stored: value.clone().into(),
                is_bytes: false,
                size: 0,
            })
        }

        fn read(stored: JsValue, _is_bytes: bool) -> Result<V, Error> {
            Ok(stored.unchecked_into())
        }
    }

    impl<V: Serialize + DeserializeOwned> Form<V, JsValue> for Serde {
        fn write(value: &V) -> Result<Written<JsValue>, Error> {
            let bytes = bytes_of(value)?;
            let clone = serde_wasm_bindgen::to_value(value).ok();
            let exact = clone.filter(|clone| {
                let read = serde_wasm_bindgen::from_value(clone.clone());
                is_same::<V>(read.ok(), &bytes)
            });
            let is_bytes = exact.is_none();
            let size = bytes.len() as u64;
            let stored = exact.unwrap_or_else(|| Uint8Array::from(&*bytes).into());
            Ok(Written {
                stored,
                is_bytes,
                size,
            })
        }

        fn read(stored: JsValue, is_bytes: bool) -> Result<V, Error> {
            if is_bytes {
                return codec::decode(&Uint8Array::new(&stored).to_vec());
            }
            serde_wasm_bindgen::from_value(stored).map_err(|_| other_type())
        }
    }
}

#[cfg(feature = "localstorage")]
mod texts {
    use super::*;
    use crate::text::bytes_of_digits;

    /// Text in which JavaScript would see values of its own.
    const TAG: &str = "{\"$\":[";

    impl<V: Serialize + DeserializeOwned> Form<V, String> for Serde {
        fn write(value: &V) -> Result<Written<String>, Error> {
            let bytes = bytes_of(value)?;
            let text = serde_json::to_string(value).ok();
            let untagged = text.filter(|text| !text.contains(TAG));
            let exact =
                untagged.filter(|text| is_same::<V>(serde_json::from_str(text).ok(), &bytes));
            let is_bytes = exact.is_none();
            let stored = exact.unwrap_or_else(|| hexadecimal(&bytes));
            let size = 2 * stored.len() as u64;
            Ok(Written {
                stored,
                is_bytes,
                size,
            })
        }

        fn read(stored: String, is_bytes: bool) -> Result<V, Error> {
            if is_bytes {
                let bytes = bytes_of_digits(&stored).ok_or_else(other_type)?;
                return codec::decode(&bytes);
            }
            serde_json::from_str(&stored).map_err(|_| other_type())
        }
    }
}

fn other_type() -> Error {
    Error::damaged(
        "a stored value does not read back; it is calculated anew. \
         If its type has changed, give the function another `version`",
    )
}
