//! A value to CBOR bytes and back, by serde; knows neither keys, entries nor where the bytes lie.
//!
//! What comes back is what was given, or an error: never another value. Numbers keep their type's
//! width and bits, `Some(None)` stays what it is, and nothing is left over.

mod decoder;
mod encoder;
#[cfg(all(feature = "file", unix))]
mod long;

use std::fmt::{self, Display};

#[cfg(all(feature = "file", unix))]
use std::any::Any;

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(all(feature = "file", unix))]
use crate::cbor::{Reader, TEXT, push_head};
use crate::error::Error;
#[cfg(all(feature = "file", unix))]
pub(crate) use long::{Kind, announced, decode_long};

/// What is nested deeper is refused on both ways: the stack is finite.
const DEEPEST: u32 = 256;

/// Appends the encoding of a value.
pub(crate) fn encode<V: Serialize + ?Sized>(value: &V, into: &mut Vec<u8>) -> Result<(), Error> {
    let encoded = value.serialize(&mut encoder::Encoder::new(into));
    encoded.map_err(|failure| {
        Error::storage(format!(
            "the value cannot be stored: {failure}; it is returned and calculated anew at each call"
        ))
    })
}

/// As [`encode`], where who goes on can do so with an end that lies elsewhere: a text of so many bytes or more is not
/// appended, but lent.
#[cfg(all(feature = "file", unix))]
pub(crate) fn encode_start<'v, V: Serialize + Any>(
    value: &'v V,
    longest: usize,
    into: &mut Vec<u8>,
) -> Result<&'v [u8], Error> {
    let text = (value as &dyn Any).downcast_ref::<String>();
    match text.filter(|text| text.len() >= longest) {
        Some(text) => {
            push_head(into, TEXT, text.len() as u64);
            Ok(text.as_bytes())
        }
        None => encode(value, into).map(|()| &[][..]),
    }
}

/// The value whose encoding these bytes are.
pub(crate) fn decode<V: DeserializeOwned>(bytes: &[u8]) -> Result<V, Error> {
    let mut decoder = decoder::Decoder::new(bytes);
    let decoded = V::deserialize(&mut decoder).and_then(|value| {
        decoder.finish()?;
        Ok(value)
    });
    decoded.map_err(|failure| does_not_read_back(&failure))
}

fn does_not_read_back(failure: &Failure) -> Error {
    Error::damaged(format!(
        "a stored value does not read back: {failure}; it is calculated anew. \
         If its type has changed, give the function another `version`"
    ))
}

/// Whether these bytes are one whole item of CBOR.
#[cfg(all(feature = "file", unix))]
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.skip().is_some() && reader.remaining() == 0
}

/// Why a value was refused.
#[derive(Debug)]
pub(crate) struct Failure(Box<str>);

impl Failure {
    #[cold]
    fn new(text: &str) -> Self {
        Self(text.into())
    }

    #[cold]
    fn too_deep() -> Self {
        Self::new("it is nested too deeply")
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl serde::ser::Error for Failure {
    #[cold]
    fn custom<T: Display>(text: T) -> Self {
        Self(text.to_string().into())
    }
}

impl serde::de::Error for Failure {
    #[cold]
    fn custom<T: Display>(text: T) -> Self {
        Self(text.to_string().into())
    }
}

#[cfg(all(test, feature = "file", unix))]
mod tests;
