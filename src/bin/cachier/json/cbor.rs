//! A CBOR item serialized as JSON, read while it is written; knows the table of the module above.

use std::borrow::Cow;
use std::collections::HashSet;

use data_encoding::BASE64;
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::wellformed::{ARRAY, BYTES, Head, MAP, TAG, TEXT, split_item};

/// How deep the JSON of one item may be: most readers stop at 128, and something stands around it.
const DEEPEST: u32 = 100;

const POSITIVE_BIGNUM: u64 = 2;
const NEGATIVE_BIGNUM: u64 = 3;
const SET: u64 = 258;

/// One CBOR item, or bytes that are none.
#[derive(Clone, Copy, Debug)]
pub struct Cbor<'a>(&'a [u8]);

impl<'a> Cbor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn is_well_formed(self) -> bool {
        split_item(self.0).is_some_and(|(_, rest)| rest.is_empty())
    }
}

impl Serialize for Cbor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_well_formed() {
            return marked(serializer, "$invalid", &BASE64.encode(self.0));
        }
        let item = Item {
            bytes: self.0,
            deepest: DEEPEST,
        };
        item.serialize(serializer)
    }
}

/// The canonical bytes of a key: the argument list and, where there is one, the scope.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    pub arguments: Cbor<'a>,
    pub scope: Option<Cbor<'a>>,
}

impl<'a> Sequence<'a> {
    pub fn new(canonical: &'a [u8]) -> Self {
        let (arguments, scope) = match split_item(canonical) {
            Some((arguments, scope)) if Cbor(scope).is_well_formed() => (arguments, Some(scope)),
            _ => (canonical, None),
        };
        Self {
            arguments: Cbor(arguments),
            scope: scope.map(Cbor),
        }
    }
}

/// An object of one key that stands for what JSON lacks.
fn marked<S: Serializer>(
    serializer: S,
    mark: &str,
    content: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(mark, content)?;
    map.end()
}

/// A well-formed item and nothing else.
#[derive(Clone, Copy)]
struct Item<'a> {
    bytes: &'a [u8],
    deepest: u32,
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Each level of an item is at most four of the JSON's: a map's object, its list, a pair in it.
        let Some(head) = Head::of(self.bytes).filter(|_| self.deepest >= 4) else {
            return self.as_cbor(serializer);
        };
        match (head.major, head.value) {
            (0, Some(value)) => serializer.serialize_u64(value),
            (1, Some(value)) => serializer.serialize_i128(-1 - i128::from(value)),
            (BYTES, _) => marked(serializer, "$bytes", &BASE64.encode(&self.string(head))),
            (TEXT, _) => match self.text(head) {
                Some(text) => serializer.serialize_str(&text),
                None => self.as_cbor(serializer),
            },
            (ARRAY, _) => self.members(head, 1).array(serializer),
            (MAP, _) => self.map(head, serializer),
            (TAG, Some(tag)) => self.tagged(tag, head, serializer),
            (_, value) => self.simple(value.unwrap_or_default(), head, serializer),
        }
    }
}

impl<'a> Item<'a> {
    fn as_cbor<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        marked(serializer, "$cbor", &BASE64.encode(self.bytes))
    }

    fn content(&self, head: Head) -> &'a [u8] {
        self.bytes.get(head.length..).unwrap_or_default()
    }

    /// The bytes of a string, its pieces put together.
    fn string(&self, head: Head) -> Cow<'a, [u8]> {
        if head.value.is_some() {
            return Cow::Borrowed(self.content(head));
        }
        let pieces = self.members(head, 1);
        let pieces = pieces.filter_map(|piece| piece.bytes.get(Head::of(piece.bytes)?.length..));
        Cow::Owned(pieces.collect::<Vec<_>>().concat())
    }

    fn text(&self, head: Head) -> Option<Cow<'a, str>> {
        match self.string(head) {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// The items within this one, so many levels of JSON below.
    fn members(&self, head: Head, levels: u32) -> Members<'a> {
        Members {
            rest: self.content(head),
            deepest: self.deepest - levels,
        }
    }

    fn map<S: Serializer>(&self, head: Head, serializer: S) -> Result<S::Ok, S::Error> {
        match self.names(head) {
            Some(names) => self.object(names, head, serializer),
            None => marked(serializer, "$map", &Pairs(self.members(head, 3))),
        }
    }

    /// The keys, if they can be those of a JSON object.
    fn names(&self, head: Head) -> Option<Vec<Cow<'a, str>>> {
        let keys = self.members(head, 1).step_by(2);
        let names: Vec<_> = keys.map(Item::name).collect::<Option<_>>()?;
        let distinct: HashSet<_> = names.iter().collect();
        (distinct.len() == names.len()).then_some(names)
    }

    fn name(self) -> Option<Cow<'a, str>> {
        let head = Head::of(self.bytes).filter(|head| head.major == TEXT)?;
        self.text(head).filter(|name| !name.starts_with('$'))
    }

    fn object<S: Serializer>(
        &self,
        names: Vec<Cow<'a, str>>,
        head: Head,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let values = self.members(head, 1).skip(1).step_by(2);
        serializer.collect_map(names.into_iter().zip(values))
    }

    fn tagged<S: Serializer>(
        &self,
        tag: u64,
        head: Head,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let inner = Self {
            bytes: self.content(head),
            deepest: self.deepest - 1,
        };
        if let Some(digits) = big_integer(tag, inner) {
            return marked(serializer, "$bigint", &digits);
        }
        if tag == SET
            && let Some(head) = Head::of(inner.bytes).filter(|head| head.major == ARRAY)
        {
            return marked(serializer, "$set", &Array(inner.members(head, 1)));
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("$tag", &tag)?;
        map.serialize_entry("value", &inner)?;
        map.end()
    }

    fn simple<S: Serializer>(
        &self,
        value: u64,
        head: Head,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match (head.length, value) {
            (1, 20) => serializer.serialize_bool(false),
            (1, 21) => serializer.serialize_bool(true),
            (1, 22) => serializer.serialize_unit(),
            (1, 23) => marked(serializer, "$undefined", &true),
            (1 | 2, _) => marked(serializer, "$simple", &value),
            (3, _) => self.float(half(value as u16), value == 0x7e00, serializer),
            (5, _) => self.float(
                f32::from_bits(value as u32).into(),
                value == 0x7fc0_0000,
                serializer,
            ),
            _ => self.float(f64::from_bits(value), value == 0x7ff8 << 48, serializer),
        }
    }

    fn float<S: Serializer>(
        &self,
        value: f64,
        is_plain_nan: bool,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let name = match value {
            f64::INFINITY => "Infinity",
            f64::NEG_INFINITY => "-Infinity",
            _ if is_plain_nan => "NaN",
            _ if value.is_nan() => return self.as_cbor(serializer),
            _ => return serializer.serialize_f64(value),
        };
        marked(serializer, "$float", &name)
    }
}

/// The items of an array, or the keys and values of a map in turn.
#[derive(Clone, Copy)]
struct Members<'a> {
    rest: &'a [u8],
    deepest: u32,
}

impl<'a> Iterator for Members<'a> {
    type Item = Item<'a>;

    /// The break behind the last member of an indefinite length is no item, and ends the iteration as well.
    fn next(&mut self) -> Option<Item<'a>> {
        let (bytes, rest) = split_item(self.rest)?;
        self.rest = rest;
        Some(Item {
            bytes,
            deepest: self.deepest,
        })
    }
}

impl Members<'_> {
    fn array<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

struct Array<'a>(Members<'a>);

impl Serialize for Array<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.array(serializer)
    }
}

/// A map as a list of pairs.
struct Pairs<'a>(Members<'a>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = self.0;
        let mut list = serializer.serialize_seq(None)?;
        while let Some(key) = members.next() {
            let value = members
                .next()
                .ok_or_else(|| Error::custom("a key without a value"))?;
            list.serialize_element(&[key, value])?;
        }
        list.end()
    }
}

/// The digits of a big integer that is not longer than it has to be.
fn big_integer(tag: u64, inner: Item<'_>) -> Option<String> {
    let head = Head::of(inner.bytes).filter(|head| head.major == BYTES)?;
    let bytes = inner.string(head);
    if bytes.first() == Some(&0) || bytes.len() > 16 {
        return None;
    }
    let number = bytes
        .iter()
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    match tag {
        POSITIVE_BIGNUM => Some(number.to_string()),
        NEGATIVE_BIGNUM => number
            .checked_add(1)
            .map(|magnitude| format!("-{magnitude}")),
        _ => None,
    }
}

/// The value of 16 bits in the format binary16 of IEEE 754.
fn half(bits: u16) -> f64 {
    let exponent = i32::from(bits >> 10 & 0x1f);
    let mantissa = f64::from(bits & 0x3ff);
    let magnitude = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + mantissa) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}
