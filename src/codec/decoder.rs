//! CBOR as serde asks for it; never panics, whatever the bytes; knows nothing of how they are written.

use serde::de::{
    Deserialize as _, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::{DEEPEST, Failure};
use crate::cbor::{
    ARRAY, BYTES, DOUBLE, FALSE, MAP, NEGATIVE, NEGATIVE_BIGNUM, NULL, POSITIVE_BIGNUM, Reader,
    SINGLE, SOME, TAG, TEXT, TRUE, UNSIGNED,
};

pub(super) struct Decoder<'a> {
    reader: Reader<'a>,
    depth: u32,
}

/// A number as it was written.
enum Number {
    Unsigned(u128),
    /// Minus one minus this.
    Negative(u128),
    Single(f32),
    Double(f64),
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            depth: 0,
        }
    }

    pub(super) fn finish(&self) -> Result<(), Failure> {
        match self.reader.remaining() {
            0 => Ok(()),
            _ => Err(Failure::new("something follows it")),
        }
    }

    fn peek(&self) -> Result<u8, Failure> {
        self.reader.peek().ok_or_else(ended)
    }

    fn head(&mut self) -> Result<(u8, u64), Failure> {
        self.reader.head().ok_or_else(ended)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Failure> {
        self.reader.take(length).ok_or_else(ended)
    }

    /// The value of a head that has to be of this major type.
    fn expect(&mut self, major: u8, what: &str) -> Result<u64, Failure> {
        match self.head()? {
            (found, value) if found == major => Ok(value),
            _ => Err(Failure::new(
                &["it has something else than ", what].concat(),
            )),
        }
    }

    fn text(&mut self) -> Result<&'a str, Failure> {
        let length = self.expect(TEXT, "a text")?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Failure::new("a text is no UTF-8"))
    }

    fn byte_string(&mut self) -> Result<&'a [u8], Failure> {
        let length = self.expect(BYTES, "a byte string")?;
        self.take(length)
    }

    fn number(&mut self) -> Result<Number, Failure> {
        match self.peek()? {
            SINGLE => Ok(Number::Single(f32::from_bits(self.bits()? as u32))),
            DOUBLE => Ok(Number::Double(f64::from_bits(self.bits()?))),
            _ => self.integer(),
        }
    }

    fn bits(&mut self) -> Result<u64, Failure> {
        Ok(self.head()?.1)
    }

    fn integer(&mut self) -> Result<Number, Failure> {
        match self.head()? {
            (UNSIGNED, value) => Ok(Number::Unsigned(value.into())),
            (NEGATIVE, value) => Ok(Number::Negative(value.into())),
            (TAG, POSITIVE_BIGNUM) => Ok(Number::Unsigned(self.magnitude()?)),
            (TAG, NEGATIVE_BIGNUM) => Ok(Number::Negative(self.magnitude()?)),
            _ => Err(Failure::new("it has something else than a number")),
        }
    }

    fn magnitude(&mut self) -> Result<u128, Failure> {
        let bytes = self.byte_string()?;
        if bytes.len() > 16 {
            return Err(Failure::new("an integer has more than 128 bits"));
        }
        Ok(bytes
            .iter()
            .fold(0, |value, byte| value << 8 | u128::from(*byte)))
    }

    fn visit_number<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Failure> {
        match self.number()? {
            Number::Unsigned(value) => match u64::try_from(value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_u128(value),
            },
            Number::Negative(value) => match i64::try_from(value) {
                Ok(value) => visitor.visit_i64(!value),
                Err(_) => visitor.visit_i128(negative(value)?),
            },
            Number::Single(value) => visitor.visit_f32(value),
            Number::Double(value) => visitor.visit_f64(value),
        }
    }

    /// An integer is none of a float's values, however alike they look.
    fn visit_float<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Failure> {
        match self.peek()? {
            SINGLE | DOUBLE => self.visit_number(visitor),
            _ => Err(Failure::new("it has something else than a float")),
        }
    }

    fn visit_integer<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Failure> {
        match self.peek()? {
            SINGLE | DOUBLE => Err(Failure::new("it has a float where an integer belongs")),
            _ => self.visit_number(visitor),
        }
    }

    fn visit_simple<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Failure> {
        match self.peek()? {
            SINGLE | DOUBLE => return self.visit_number(visitor),
            FALSE | TRUE => return self.deserialize_bool(visitor),
            NULL => self.reader.take(1),
            _ => return Err(Failure::new("it has something unknown")),
        };
        visitor.visit_unit()
    }

    /// A tag: a large integer, or a `Some` that was marked.
    fn visit_tagged<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Failure> {
        if self.reader.rest().starts_with(&SOME) {
            return self.deserialize_option(visitor);
        }
        self.visit_number(visitor)
    }

    /// Goes one level deeper for what `visit` reads.
    fn nested<T>(
        &mut self,
        visit: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Failure::too_deep());
        }
        let visited = visit(self)?;
        self.depth -= 1;
        Ok(visited)
    }

    fn members(&mut self, left: u64) -> Members<'_, 'a> {
        Members {
            decoder: self,
            left,
        }
    }
}

fn ended() -> Failure {
    Failure::new("it ends too early")
}

fn negative(value: u128) -> Result<i128, Failure> {
    let value = i128::try_from(value);
    value
        .map(|value| !value)
        .map_err(|_| Failure::new("an integer has more than 128 bits"))
}

/// The methods of serde's trait that ask for the same kind of thing.
macro_rules! same {
    ($how:ident: $($method:ident)*) => {
        $(
            fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
                self.$how(visitor)
            }
        )*
    };
}

impl<'a> Deserializer<'a> for &mut Decoder<'a> {
    type Error = Failure;

    same!(visit_integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128);
    same!(visit_integer: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128);
    same!(visit_float: deserialize_f32 deserialize_f64);
    same!(deserialize_str: deserialize_char deserialize_string deserialize_identifier);
    same!(deserialize_bytes: deserialize_byte_buf);

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.peek()? >> 5 {
            UNSIGNED | NEGATIVE => self.visit_number(visitor),
            BYTES => self.deserialize_bytes(visitor),
            TEXT => self.deserialize_str(visitor),
            ARRAY => self.deserialize_seq(visitor),
            MAP => self.deserialize_map(visitor),
            TAG => self.visit_tagged(visitor),
            _ => self.visit_simple(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.take(1)? {
            [FALSE] => visitor.visit_bool(false),
            [TRUE] => visitor.visit_bool(true),
            _ => Err(Failure::new("it has something else than a boolean")),
        }
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_bytes<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_bytes(self.byte_string()?)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.peek()? == NULL {
            self.take(1)?;
            return visitor.visit_none();
        }
        if self.reader.rest().starts_with(&SOME) {
            self.take(SOME.len() as u64)?;
        }
        self.nested(|decoder| visitor.visit_some(decoder))
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.take(1)? {
            [NULL] => visitor.visit_unit(),
            _ => Err(Failure::new("it has something where nothing belongs")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        let length = self.expect(ARRAY, "a sequence")?;
        self.nested(|decoder| {
            let mut members = decoder.members(length);
            let value = visitor.visit_seq(&mut members)?;
            members.finish()?;
            Ok(value)
        })
    }

    fn deserialize_tuple<V: Visitor<'a>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        let length = self.expect(MAP, "a map")?;
        self.nested(|decoder| {
            let mut members = decoder.members(length);
            let value = visitor.visit_map(&mut members)?;
            members.finish()?;
            Ok(value)
        })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if self.peek()? >> 5 == TEXT {
            return visitor.visit_enum(UnitVariant(self));
        }
        match self.expect(MAP, "a variant")? {
            1 => self.nested(|decoder| visitor.visit_enum(HeldVariant(decoder))),
            _ => Err(Failure::new("it has something else than a variant")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.reader.skip().ok_or_else(ended)?;
        visitor.visit_unit()
    }
}

/// The members of an array or a map that are still to be read.
struct Members<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: u64,
}

impl Members<'_, '_> {
    fn finish(&self) -> Result<(), Failure> {
        match self.left {
            0 => Ok(()),
            _ => Err(Failure::new("it has too many members")),
        }
    }

    fn next(&mut self) -> bool {
        let more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        more
    }

    /// No more than there are bytes: a head may announce anything.
    fn at_most(&self) -> Option<usize> {
        let bytes = self.decoder.reader.remaining();
        Some(usize::try_from(self.left).map_or(bytes, |left| left.min(bytes)))
    }
}

impl<'a> SeqAccess<'a> for &mut Members<'_, 'a> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        if !self.next() {
            return Ok(None);
        }
        seed.deserialize(&mut *self.decoder).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

impl<'a> MapAccess<'a> for &mut Members<'_, 'a> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        if !self.next() {
            return Ok(None);
        }
        seed.deserialize(&mut *self.decoder).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        seed.deserialize(&mut *self.decoder)
    }

    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

/// A variant that is only a name.
struct UnitVariant<'d, 'a>(&'d mut Decoder<'a>);

impl<'a> EnumAccess<'a> for UnitVariant<'_, 'a> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Self), Failure> {
        Ok((seed.deserialize(&mut *self.0)?, self))
    }
}

impl<'a> VariantAccess<'a> for UnitVariant<'_, 'a> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, _seed: T) -> Result<T::Value, Failure> {
        Err(empty_variant())
    }

    fn tuple_variant<V: Visitor<'a>>(
        self,
        _length: usize,
        _visitor: V,
    ) -> Result<V::Value, Failure> {
        Err(empty_variant())
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Failure> {
        Err(empty_variant())
    }
}

fn empty_variant() -> Failure {
    Failure::new("a variant holds nothing")
}

/// A variant that holds something.
struct HeldVariant<'d, 'a>(&'d mut Decoder<'a>);

impl<'a> EnumAccess<'a> for HeldVariant<'_, 'a> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Self), Failure> {
        Ok((seed.deserialize(&mut *self.0)?, self))
    }
}

impl<'a> VariantAccess<'a> for HeldVariant<'_, 'a> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        <()>::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Failure> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'a>>(self, length: usize, visitor: V) -> Result<V::Value, Failure> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.0.deserialize_struct("", fields, visitor)
    }
}
