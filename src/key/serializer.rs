//! serde's view of the arguments, written by the encoder; knows no rule of the format itself.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Serialize, Serializer};

use super::encoder::{Container, DuplicateKey, Encoder};
use super::set;
use crate::Error;

/// Why an argument could not be serialized, and which one it is once that is known.
#[derive(Debug)]
pub(crate) struct Failure(Box<Reason>);

#[derive(Debug)]
struct Reason {
    message: String,
    argument: Option<usize>,
}

impl Failure {
    fn new(message: String) -> Self {
        let argument = None;
        Self(Box::new(Reason { message, argument }))
    }

    /// The outermost sequence names its element last, and its elements are the arguments.
    #[cold]
    pub(super) fn of_element(mut self, index: usize) -> Self {
        self.0.argument = Some(index + 1);
        self
    }

    #[cold]
    pub(super) fn into_error(self) -> Error {
        let Reason { message, argument } = *self.0;
        let which = match argument {
            Some(number) => format!("argument {number}"),
            None => "the argument".to_owned(),
        };
        Error::argument(format!(
            "{which} cannot be part of a key: {message}; \
             give a `key` of your own, or leave it out with `ignore`"
        ))
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}

impl ser::Error for Failure {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl From<DuplicateKey> for Failure {
    #[cold]
    fn from(_: DuplicateKey) -> Self {
        Self::new("a map in it has the same key twice".to_owned())
    }
}

type Outcome = Result<(), Failure>;

impl<'e> Serializer for &'e mut Encoder {
    type Ok = ();
    type Error = Failure;
    type SerializeSeq = Elements<'e>;
    type SerializeTuple = Elements<'e>;
    type SerializeTupleStruct = Elements<'e>;
    type SerializeTupleVariant = Elements<'e>;
    type SerializeMap = Fields<'e>;
    type SerializeStruct = Fields<'e>;
    type SerializeStructVariant = Fields<'e>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Outcome {
        self.boolean(value);
        Ok(())
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Outcome {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i16(self, value: i16) -> Outcome {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Outcome {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Outcome {
        self.signed(value);
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Outcome {
        match (u128::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => return self.serialize_u128(value),
            (_, Ok(value)) => self.signed(value),
            _ => self.bignum(true, &(!value).to_be_bytes()),
        }
        Ok(())
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Outcome {
        self.serialize_u64(value.into())
    }

    #[inline]
    fn serialize_u16(self, value: u16) -> Outcome {
        self.serialize_u64(value.into())
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Outcome {
        self.serialize_u64(value.into())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Outcome {
        self.unsigned(value);
        Ok(())
    }

    fn serialize_u128(self, value: u128) -> Outcome {
        match u64::try_from(value) {
            Ok(value) => self.unsigned(value),
            Err(_) => self.bignum(false, &value.to_be_bytes()),
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Outcome {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Outcome {
        self.float(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Outcome {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Outcome {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Outcome {
        self.byte_string(value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Outcome {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Outcome {
        let mark = self.mark();
        value.serialize(&mut *self)?;
        self.some(mark);
        Ok(())
    }

    #[inline]
    fn serialize_unit(self) -> Outcome {
        self.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Outcome {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Outcome {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Outcome {
        let mark = self.mark();
        value.serialize(&mut *self)?;
        if name == set::MARKER {
            self.set(mark);
        }
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Outcome {
        self.open_map(1);
        self.text(variant);
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Elements<'e>, Failure> {
        self.serialize_tuple(length.unwrap_or(0))
    }

    #[inline]
    fn serialize_tuple(self, length: usize) -> Result<Elements<'e>, Failure> {
        Ok(Elements::open(self, length))
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Elements<'e>, Failure> {
        self.serialize_tuple(length)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Elements<'e>, Failure> {
        self.open_map(1);
        self.text(variant);
        self.serialize_tuple(length)
    }

    #[inline]
    fn serialize_map(self, length: Option<usize>) -> Result<Fields<'e>, Failure> {
        Ok(Fields::open(self, length.unwrap_or(0)))
    }

    #[inline]
    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Fields<'e>, Failure> {
        Ok(Fields::open(self, length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'e>, Failure> {
        self.open_map(1);
        self.text(variant);
        Ok(Fields::open(self, length))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Outcome {
        let mut text = String::new();
        write!(text, "{value}").map_err(<Failure as ser::Error>::custom)?;
        self.serialize_str(&text)
    }
}

/// The elements of an array, as they come.
pub(crate) struct Elements<'e> {
    encoder: &'e mut Encoder,
    container: Container,
    written: usize,
}

impl<'e> Elements<'e> {
    #[inline]
    fn open(encoder: &'e mut Encoder, announced: usize) -> Self {
        let container = encoder.open_array(announced);
        let written = 0;
        Self {
            encoder,
            container,
            written,
        }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        let index = self.written;
        self.written += 1;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(()),
            Err(failure) => Err(failure.of_element(index)),
        }
    }

    #[inline]
    fn close(self) -> Outcome {
        self.encoder.close_array(&self.container, self.written);
        Ok(())
    }
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Failure;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Outcome {
        self.close()
    }
}

impl ser::SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = Failure;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Outcome {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Elements<'_> {
    type Ok = ();
    type Error = Failure;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Outcome {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Elements<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        self.element(value)
    }

    fn end(self) -> Outcome {
        self.close()
    }
}

/// The entries of a map or struct, sorted when all are there.
pub(crate) struct Fields<'e> {
    encoder: &'e mut Encoder,
    container: Container,
}

impl<'e> Fields<'e> {
    #[inline]
    fn open(encoder: &'e mut Encoder, announced: usize) -> Self {
        let container = encoder.open_map(announced);
        Self { encoder, container }
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Outcome {
        self.encoder.begin_entry();
        self.encoder.text(name);
        self.encoder.end_key();
        value.serialize(&mut *self.encoder)
    }

    #[inline]
    fn close(self) -> Outcome {
        Ok(self.encoder.close_map(&self.container)?)
    }
}

impl ser::SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Outcome {
        self.encoder.begin_entry();
        key.serialize(&mut *self.encoder)?;
        self.encoder.end_key();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Outcome {
        value.serialize(&mut *self.encoder)
    }

    fn end(self) -> Outcome {
        self.close()
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Failure;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Outcome {
        self.field(name, value)
    }

    #[inline]
    fn end(self) -> Outcome {
        self.close()
    }
}

impl ser::SerializeStructVariant for Fields<'_> {
    type Ok = ();
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Outcome {
        self.field(name, value)
    }

    fn end(self) -> Outcome {
        self.close()
    }
}
