//! serde's view of a value, written as CBOR; knows nothing of how it is read.

use serde::ser::{self, Serialize, Serializer};

use super::{DEEPEST, Failure};
use crate::cbor::{
    ARRAY, BYTES, DOUBLE, FALSE, MAP, NEGATIVE, NEGATIVE_BIGNUM, NULL, POSITIVE_BIGNUM, SINGLE,
    SOME, TAG, TEXT, TRUE, UNSIGNED, push_head,
};

pub(super) struct Encoder<'a> {
    bytes: &'a mut Vec<u8>,
    depth: u32,
}

/// An array or a map whose members are being written.
pub(super) struct Container<'e, 'a> {
    encoder: &'e mut Encoder<'a>,
    major: u8,
    /// Where its head begins and ends, and what that announces.
    start: usize,
    content: usize,
    announced: usize,
    members: usize,
}

type Outcome = Result<(), Failure>;

impl<'a> Encoder<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self { bytes, depth: 0 }
    }

    fn head(&mut self, major: u8, value: u64) {
        push_head(self.bytes, major, value);
    }

    fn bignum(&mut self, tag: u64, magnitude: u128) -> Outcome {
        let bytes = magnitude.to_be_bytes();
        let leading = magnitude.leading_zeros() as usize / 8;
        self.head(TAG, tag);
        self.serialize_bytes(&bytes[leading..])
    }

    fn enter(&mut self) -> Outcome {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Failure::too_deep());
        }
        Ok(())
    }

    fn open<'e>(&'e mut self, major: u8, announced: usize) -> Result<Container<'e, 'a>, Failure> {
        self.enter()?;
        let start = self.bytes.len();
        self.head(major, announced as u64);
        Ok(Container {
            major,
            start,
            content: self.bytes.len(),
            announced,
            members: 0,
            encoder: self,
        })
    }

    /// A variant that holds something is a map of its name to that.
    fn variant(&mut self, name: &'static str) {
        self.head(MAP, 1);
        self.head(TEXT, name.len() as u64);
        self.bytes.extend_from_slice(name.as_bytes());
    }
}

impl<'e, 'a> Serializer for &'e mut Encoder<'a> {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = Container<'e, 'a>;
    type SerializeTuple = Container<'e, 'a>;
    type SerializeTupleStruct = Container<'e, 'a>;
    type SerializeTupleVariant = Container<'e, 'a>;
    type SerializeMap = Container<'e, 'a>;
    type SerializeStruct = Container<'e, 'a>;
    type SerializeStructVariant = Container<'e, 'a>;

    fn serialize_bool(self, value: bool) -> Outcome {
        self.bytes.push(if value { TRUE } else { FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Outcome {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Outcome {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Outcome {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Outcome {
        match u64::try_from(value) {
            Ok(value) => self.head(UNSIGNED, value),
            Err(_) => self.head(NEGATIVE, !value as u64),
        }
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Outcome {
        match (u128::try_from(value), u64::try_from(!value)) {
            (Ok(value), _) => return self.serialize_u128(value),
            (_, Ok(magnitude)) => self.head(NEGATIVE, magnitude),
            _ => return self.bignum(NEGATIVE_BIGNUM, !value as u128),
        }
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Outcome {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Outcome {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Outcome {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Outcome {
        self.head(UNSIGNED, value);
        Ok(())
    }

    fn serialize_u128(self, value: u128) -> Outcome {
        match u64::try_from(value) {
            Ok(value) => self.serialize_u64(value),
            Err(_) => self.bignum(POSITIVE_BIGNUM, value),
        }
    }

    fn serialize_f32(self, value: f32) -> Outcome {
        self.bytes.push(SINGLE);
        self.bytes.extend_from_slice(&value.to_bits().to_be_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Outcome {
        self.bytes.push(DOUBLE);
        self.bytes.extend_from_slice(&value.to_bits().to_be_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Outcome {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Outcome {
        self.head(TEXT, value.len() as u64);
        self.bytes.extend_from_slice(value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Outcome {
        self.head(BYTES, value.len() as u64);
        self.bytes.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Outcome {
        self.serialize_unit()
    }

    /// What would read back as one `Some` less is marked.
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Outcome {
        let start = self.bytes.len();
        self.enter()?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        let content = &self.bytes[start..];
        if content == [NULL] || content.starts_with(&SOME) {
            self.bytes.splice(start..start, SOME);
        }
        Ok(())
    }

    fn serialize_unit(self) -> Outcome {
        self.bytes.push(NULL);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Outcome {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Outcome {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Outcome {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Outcome {
        self.enter()?;
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Container<'e, 'a>, Failure> {
        self.open(ARRAY, length.unwrap_or(0))
    }

    fn serialize_tuple(self, length: usize) -> Result<Container<'e, 'a>, Failure> {
        self.open(ARRAY, length)
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Container<'e, 'a>, Failure> {
        self.open(ARRAY, length)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Container<'e, 'a>, Failure> {
        self.variant(variant);
        self.open(ARRAY, length)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Container<'e, 'a>, Failure> {
        self.open(MAP, length.unwrap_or(0))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Container<'e, 'a>, Failure> {
        self.open(MAP, length)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Container<'e, 'a>, Failure> {
        self.variant(variant);
        self.open(MAP, length)
    }
}

impl Container<'_, '_> {
    fn member<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.members += 1;
        value.serialize(&mut *self.encoder)
    }

    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        value.serialize(&mut *self.encoder)
    }

    /// The head is written anew where it announced another number.
    fn close(self) -> Outcome {
        self.encoder.depth -= 1;
        if self.members != self.announced {
            let mut head = Vec::with_capacity(9);
            push_head(&mut head, self.major, self.members as u64);
            self.encoder.bytes.splice(self.start..self.content, head);
        }
        Ok(())
    }
}

/// The traits of serde for what holds members without names.
macro_rules! elements {
    ($($kind:ident $method:ident)*) => {
        $(
            impl ser::$kind for Container<'_, '_> {
                type Ok = ();
                type Error = Failure;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
                    self.member(value)
                }

                fn end(self) -> Outcome {
                    self.close()
                }
            }
        )*
    };
}

elements! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

/// The traits of serde for what has named fields.
macro_rules! fields {
    ($($kind:ident)*) => {
        $(
            impl ser::$kind for Container<'_, '_> {
                type Ok = ();
                type Error = Failure;

                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    name: &'static str,
                    value: &T,
                ) -> Outcome {
                    self.member(name)?;
                    self.part(value)
                }

                fn end(self) -> Outcome {
                    self.close()
                }
            }
        )*
    };
}

fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Container<'_, '_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Outcome {
        self.member(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.part(value)
    }

    fn end(self) -> Outcome {
        self.close()
    }
}
