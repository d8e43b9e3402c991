//! A value that is one long text or byte string, given away as it is instead of copied; knows nothing of files.

use serde::de::{DeserializeOwned, Deserializer, Visitor, value::StringDeserializer};
use serde::forward_to_deserialize_any;

use super::{Failure, does_not_read_back};
use crate::cbor::{BYTES, Reader, TEXT};
use crate::error::Error;

/// What a head announces that nothing follows but bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Bytes,
}

/// The kind and the length of a text or a byte string that begins here, and how much of it is here.
pub(crate) fn announced(bytes: &[u8]) -> Option<(Kind, u64, usize)> {
    let mut reader = Reader::new(bytes);
    let (kind, length) = match reader.head()? {
        (TEXT, length) => (Kind::Text, length),
        (BYTES, length) => (Kind::Bytes, length),
        _ => return None,
    };
    Some((kind, length, reader.remaining()))
}

/// The value that these bytes are; as [`decode`](super::decode) with a head before them.
pub(crate) fn decode_long<V: DeserializeOwned>(kind: Kind, bytes: Vec<u8>) -> Result<V, Error> {
    let long = match kind {
        Kind::Bytes => Ok(Long::Bytes(bytes)),
        Kind::Text => String::from_utf8(bytes).map(Long::Text),
    };
    long.map_err(|_| Failure::new("a text is no UTF-8"))
        .and_then(V::deserialize)
        .map_err(|failure| does_not_read_back(&failure))
}

enum Long {
    Text(String),
    Bytes(Vec<u8>),
}

impl<'de> Deserializer<'de> for Long {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self {
            Self::Text(text) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self {
            Self::Text(text) => {
                StringDeserializer::new(text).deserialize_enum(name, variants, visitor)
            }
            Self::Bytes(_) => Err(Failure::new("it has something else than a variant")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{decode, encode};
    use serde::{Deserialize, Serialize};
    use std::fmt::Debug;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Wrapped(Option<String>);

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Named {
        Variant,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Number(u32),
        Text(String),
    }

    /// What comes back in one piece, which is what comes back otherwise.
    fn returned<V: DeserializeOwned + Debug>(value: &(impl Serialize + ?Sized)) -> Option<V> {
        let mut bytes = Vec::new();
        encode(value, &mut bytes).unwrap();
        let (kind, length, here) = announced(&bytes).unwrap();
        assert_eq!(length, here as u64);
        let content = bytes.split_off(bytes.len() - here);
        let long = decode_long::<V>(kind, content.clone());
        bytes.extend(content);
        let usual = decode::<V>(&bytes);
        assert_eq!(
            format!("{:?}", long.as_ref().ok()),
            format!("{:?}", usual.ok())
        );
        long.ok()
    }

    #[test]
    fn a_text_is_whatever_it_is_otherwise() {
        let text = "so far".to_owned();
        assert_eq!(returned(&text), Some(text.clone()));
        assert_eq!(returned(&text), Some(Some(text.clone())));
        assert_eq!(returned(&text), Some(Wrapped(Some(text.clone()))));
        assert_eq!(returned(&text), Some(Untagged::Text(text.clone())));
        assert_eq!(returned::<Box<str>>(&text), Some(text.into()));
        assert_eq!(returned("Variant"), Some(Named::Variant));
        assert_eq!(returned("c"), Some('c'));
        assert_eq!(returned::<Named>("Other"), None);
        assert_eq!(returned::<u32>("7"), None);
        assert_eq!(returned::<Vec<u8>>("7"), None);
        assert_eq!(returned::<()>("7"), None);
    }

    #[test]
    fn a_text_that_is_none_is_damage() {
        let decoded = decode_long::<String>(Kind::Text, vec![0xff]);
        assert!(decoded.is_err_and(|error| error.is_damaged()));
    }

    #[test]
    fn other_values_announce_nothing() {
        let mut bytes = Vec::new();
        encode(&[1_u8, 2], &mut bytes).unwrap();
        assert_eq!(announced(&bytes), None);
        assert_eq!(announced(&[]), None);
    }
}
