//! CBOR as JSON and arguments in JSON as a key; knows neither caches nor how anything is printed.
//!
//! JSON has fewer kinds of values than CBOR. What it lacks is an object with one key that begins with `$`:
//!
//! | CBOR | JSON |
//! |---|---|
//! | byte string | `{"$bytes": "base64"}` |
//! | tags 2 and 3 (big integers) of up to 16 bytes | `{"$bigint": "decimal digits"}` |
//! | NaN, the infinities | `{"$float": "NaN"}`, `"Infinity"`, `"-Infinity"` |
//! | undefined, other simple values | `{"$undefined": true}`, `{"$simple": 16}` |
//! | a map with a key that is no text, twice the same, or a text that begins with `$` | `{"$map": [[key, value], …]}` |
//! | tag 258 of an array (sets) | `{"$set": […]}` |
//! | other tags | `{"$tag": 1, "value": …}` |
//! | nested too deeply, text that is no UTF-8, a NaN that carries bits | `{"$cbor": "base64 of the item"}` |
//! | bytes that are no CBOR | `{"$invalid": "base64"}` |
//!
//! Floats always have a point or an exponent, integers never. Values that differ give JSON that differs; only how a value was
//! encoded (width of a float, strings in pieces) is not told.

mod arguments;
mod cbor;
mod wellformed;

pub use arguments::key_of;
pub use cbor::{Cbor, Sequence};

#[cfg(test)]
mod tests;
