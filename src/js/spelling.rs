//! The spelling of a call's arguments to its key; knows how spelling.ts writes, nothing of calls.
//!
//! The grammar stands in spelling.ts. Here is decided what each value is in CBOR; the tags are
//! those of <https://www.iana.org/assignments/cbor-tags>.

use crate::Error;
use crate::cbor::{FALSE, NULL, TRUE};
use crate::key::{DuplicateKey, Encoder, Key, SET};
use crate::text::{integer, joined};

/// The simple value (RFC 8949 §3.3) that JavaScript alone has.
const UNDEFINED: u8 = 0xf7;
/// The head of an array of two.
const PAIR: u8 = 0x82;

/// Seconds since 1970 (RFC 8949 §3.4.2).
const DATE: u64 = 1;
/// RFC 8949 §3.4.5.3.
const URI: u64 = 32;
/// A map with keys of any type (<https://github.com/shanewholloway/js-cbor-codec>).
const MAP: u64 = 259;
/// Text with lone surrogates (<https://simonsapin.github.io/wtf-8>).
const WTF_8: u64 = 273;
/// A regular expression of ECMAScript (draft-bormann-cbor-notable-tags): source and flags.
const REGULAR_EXPRESSION: u64 = 21066;

/// What is nested deeper than spelling.ts goes is no spelling.
const DEEPEST: u32 = 210;

/// The first unit of a spelling whose lone surrogates are escaped.
const ESCAPE: u8 = b'~';

/// The key of the arguments that `spelling` spells.
///
/// # Errors
///
/// [`Error::is_argument`] if a `Map` has two keys of equal content.
pub(crate) fn key_of_spelling(spelling: &str) -> Result<Key, Error> {
    match spelling.as_bytes() {
        [ESCAPE, escaped @ ..] => key_of_bytes(&unescaped(escaped)),
        bytes => key_of_bytes(bytes),
    }
}

/// The key of one number as the only argument.
pub(crate) fn key_of_number(number: f64) -> Key {
    let mut encoder = Encoder::new();
    encoder.open_array(1);
    encoder.float(number);
    encoder.finish()
}

/// The key of one well-formed string as the only argument; others are to be spelled.
pub(crate) fn key_of_text(text: &str) -> Key {
    let mut encoder = Encoder::new();
    encoder.open_array(1);
    encoder.text(text);
    encoder.finish()
}

const DUPLICATE_KEY: &str = " cannot be part of a key: a Map in it has two keys of equal content; \
     give the option `key`, a function that returns what tells calls apart";
const MALFORMED: &str = " is not spelled as this version spells it";

/// Why there is no key.
#[derive(Debug)]
enum Flaw {
    DuplicateKey,
    Malformed,
}

impl Flaw {
    fn in_argument(self, index: usize) -> Error {
        let reason = match self {
            Self::DuplicateKey => DUPLICATE_KEY,
            Self::Malformed => MALFORMED,
        };
        Error::argument(joined!("argument ", &integer(index as i64 + 1), reason))
    }
}

impl From<DuplicateKey> for Flaw {
    fn from(_: DuplicateKey) -> Self {
        Self::DuplicateKey
    }
}

fn key_of_bytes(spelling: &[u8]) -> Result<Key, Error> {
    let mut parser = Parser {
        rest: spelling,
        encoder: Encoder::new(),
    };
    let list = parser.encoder.open(false);
    let mut members = 0;
    while !parser.rest.is_empty() {
        let argument = parser.value(DEEPEST);
        argument.map_err(|flaw| flaw.in_argument(members))?;
        members += 1;
    }
    parser.encoder.close_array(&list, members);
    Ok(parser.encoder.finish())
}

/// WTF-8: what is escaped becomes the three bytes that UTF-8 would have for it, were it allowed.
fn unescaped(escaped: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = escaped;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if *byte == ESCAPE {
            let (digits, behind) = rest.split_at(rest.len().min(4));
            push_unit(&mut bytes, unit_of(digits));
            rest = behind;
        } else {
            bytes.extend_from_slice(&[*byte]);
        }
    }
    bytes
}

fn unit_of(digits: &[u8]) -> u16 {
    let digits = digits.iter();
    digits.fold(0, |unit, digit| unit << 4 | hexadecimal(*digit))
}

fn push_unit(bytes: &mut Vec<u8>, unit: u16) {
    let tail = |bits: u16| 0x80 | (bits & 0x3f) as u8;
    match unit {
        ..0x80 => bytes.extend_from_slice(&[unit as u8]),
        _ => {
            let head = 0xe0 | (unit >> 12) as u8;
            bytes.extend_from_slice(&[head, tail(unit >> 6), tail(unit)]);
        }
    }
}

fn hexadecimal(digit: u8) -> u16 {
    match digit {
        b'0'..=b'9' => u16::from(digit - b'0'),
        _ => u16::from(digit.wrapping_sub(b'a') & 7) + 10,
    }
}

/// Reads a spelling in WTF-8 and writes CBOR.
struct Parser<'a> {
    rest: &'a [u8],
    encoder: Encoder,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth: u32) -> Result<(), Flaw> {
        let depth = depth.checked_sub(1).ok_or(Flaw::Malformed)?;
        match self.byte()? {
            kind @ (b'[' | b'{' | b'M' | b'S') => self.container(kind, depth),
            kind => self.scalar(kind),
        }
    }

    fn scalar(&mut self, kind: u8) -> Result<(), Flaw> {
        match kind {
            b't' => self.literal(TRUE),
            b'f' => self.literal(FALSE),
            b'n' => self.literal(NULL),
            b'u' => self.literal(UNDEFINED),
            b'"' => self.string(),
            b'b' => self.big_integer(),
            b'd' => self.date(),
            b'l' => self.tagged_string(URI),
            b'r' => self.regular_expression(),
            b'v' => self.typed_array(),
            b'y' => self.byte_string(),
            _ => self.plain_number(kind),
        }
    }

    fn literal(&mut self, byte: u8) -> Result<(), Flaw> {
        self.encoder.write(&[byte]);
        Ok(())
    }

    fn plain_number(&mut self, first: u8) -> Result<(), Flaw> {
        let number = self.number(first)?;
        self.encoder.float(number);
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Flaw> {
        let (first, rest) = self.rest.split_first().ok_or(Flaw::Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    /// Whether the container ends here; its end is then passed.
    fn at(&mut self, end: u8) -> bool {
        let rest = self.rest.strip_prefix(&[end]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Not inlined where it is called: there are five of those.
    #[inline(never)]
    fn until(&mut self, end: u8) -> Result<&'a [u8], Flaw> {
        let length = self.rest.iter().position(|byte| *byte == end);
        let (found, rest) = self.split(length.ok_or(Flaw::Malformed)?)?;
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(found)
    }

    fn split(&self, length: usize) -> Result<(&'a [u8], &'a [u8]), Flaw> {
        self.rest.split_at_checked(length).ok_or(Flaw::Malformed)
    }

    /// An array, an object, a `Map` or a `Set`: one function, for in WebAssembly each is half a kilobyte.
    fn container(&mut self, kind: u8, depth: u32) -> Result<(), Flaw> {
        match kind {
            b'M' => self.encoder.tag(MAP),
            b'S' => self.encoder.tag(SET),
            _ => {}
        }
        let is_map = matches!(kind, b'{' | b'M');
        let container = self.encoder.open(is_map);
        let end = if kind == b'{' { b'}' } else { b']' };
        let mut members = 0;
        while !self.at(end) {
            members += 1;
            self.member(kind, depth)?;
        }
        match kind {
            b'[' => self.encoder.close_array(&container, members),
            b'S' => self.encoder.close_set(&container),
            _ => self.encoder.close_map(&container)?,
        }
        Ok(())
    }

    fn member(&mut self, kind: u8, depth: u32) -> Result<(), Flaw> {
        if kind == b'[' {
            return self.value(depth);
        }
        self.encoder.begin_entry();
        match kind {
            b'{' => self.string()?,
            _ => self.value(depth)?,
        }
        self.encoder.end_key();
        match kind {
            b'S' => Ok(()),
            _ => self.value(depth),
        }
    }

    fn date(&mut self) -> Result<(), Flaw> {
        let kind = self.byte()?;
        let milliseconds = self.number(kind)?;
        self.encoder.tag(DATE);
        self.encoder.float(milliseconds / 1000.0);
        Ok(())
    }

    fn regular_expression(&mut self) -> Result<(), Flaw> {
        self.encoder.tag(REGULAR_EXPRESSION);
        self.literal(PAIR)?;
        self.string()?;
        self.string()
    }

    fn typed_array(&mut self) -> Result<(), Flaw> {
        let name = self.units()?;
        self.encoder
            .tag(typed_array_tag(name).ok_or(Flaw::Malformed)?);
        self.byte_string()
    }

    fn tagged_string(&mut self, tag: u64) -> Result<(), Flaw> {
        self.encoder.tag(tag);
        self.string()
    }

    fn string(&mut self) -> Result<(), Flaw> {
        let units = self.units()?;
        if has_surrogate(units) {
            self.encoder.tag(WTF_8);
            self.encoder.byte_string(units);
        } else {
            self.encoder.utf_8(units);
        }
        Ok(())
    }

    fn byte_string(&mut self) -> Result<(), Flaw> {
        let mut units = self.units()?.iter();
        let mut bytes = Vec::new();
        while let Some(first) = units.next() {
            bytes.extend_from_slice(&[match first {
                ..0x80 => *first,
                0xc2 | 0xc3 => first << 6 | units.next().ok_or(Flaw::Malformed)? & 0x3f,
                _ => return Err(Flaw::Malformed),
            }]);
        }
        self.encoder.byte_string(&bytes);
        Ok(())
    }

    /// The WTF-8 of a string, whose length is spelled in units of UTF-16.
    fn units(&mut self) -> Result<&'a [u8], Flaw> {
        let mut units = self.length()?;
        let mut length = 0;
        while units > 0 {
            let first = *self.rest.get(length).ok_or(Flaw::Malformed)?;
            let (bytes, pair) = width(first);
            length += bytes;
            units = units.checked_sub(pair).ok_or(Flaw::Malformed)?;
        }
        let (string, rest) = self.split(length)?;
        self.rest = rest;
        Ok(string)
    }

    fn length(&mut self) -> Result<u64, Flaw> {
        match self.byte()? {
            b'#' => Ok(decimal(self.until(b':')?)),
            short => Ok(u64::from(short.saturating_sub(b'0'))),
        }
    }

    /// The number that begins with `first`.
    fn number(&mut self, first: u8) -> Result<f64, Flaw> {
        match first {
            b'N' => Ok(f64::NAN),
            b'x' => {
                let high = decimal(self.until(b',')?);
                let low = decimal(self.until(b',')?);
                Ok(f64::from_bits(high << 32 | low))
            }
            b'-' => Ok(-(decimal(self.until(b',')?) as f64)),
            b'0'..=b'9' => Ok(self.integer(first)? as f64),
            _ => Err(Flaw::Malformed),
        }
    }

    fn integer(&mut self, first: u8) -> Result<u64, Flaw> {
        let digits = self.until(b',')?;
        Ok(append_digits(u64::from(first - b'0'), digits))
    }

    fn big_integer(&mut self) -> Result<(), Flaw> {
        let negative = self.at(b'-');
        let mut magnitude = big_endian(self.until(b',')?);
        if negative {
            decrement(&mut magnitude);
        }
        self.encoder.bignum(negative, &magnitude);
        Ok(())
    }
}

/// Whether WTF-8 is no UTF-8. The standard library's check would be half a kilobyte.
fn has_surrogate(units: &[u8]) -> bool {
    units
        .windows(2)
        .any(|pair| pair[0] == 0xed && pair[1] >= 0xa0)
}

/// How many bytes the character has that begins with `first`, and how many units of UTF-16.
fn width(first: u8) -> (usize, u64) {
    match first {
        ..0x80 => (1, 1),
        0x80..0xe0 => (2, 1),
        0xe0..0xf0 => (3, 1),
        _ => (4, 2),
    }
}

/// What spelling.ts calls a safe integer at most, or 32 bits: it cannot overflow.
fn decimal(digits: &[u8]) -> u64 {
    append_digits(0, digits)
}

fn append_digits(value: u64, digits: &[u8]) -> u64 {
    digits.iter().fold(value, |value, digit| {
        value.wrapping_mul(10).wrapping_add(u64::from(digit & 15))
    })
}

fn big_endian(digits: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut byte = 0;
    for (index, digit) in digits.iter().enumerate() {
        byte = byte << 4 | hexadecimal(*digit) as u8;
        if (digits.len() - index) % 2 == 1 {
            bytes.extend_from_slice(&[byte]);
        }
    }
    bytes
}

/// CBOR has -1 - n for a negative integer.
fn decrement(magnitude: &mut [u8]) {
    for byte in magnitude.iter_mut().rev() {
        *byte = byte.wrapping_sub(1);
        if *byte != 0xff {
            return;
        }
    }
}

/// RFC 8746 §2, little-endian as WebAssembly is.
const TYPED_ARRAYS: &[(&str, u8)] = &[
    ("Uint8ClampedArray", 68),
    ("Uint16Array", 69),
    ("Uint32Array", 70),
    ("BigUint64Array", 71),
    ("Int8Array", 72),
    ("Int16Array", 77),
    ("Int32Array", 78),
    ("BigInt64Array", 79),
    ("Float16Array", 84),
    ("Float32Array", 85),
    ("Float64Array", 86),
];

fn typed_array_tag(name: &[u8]) -> Option<u64> {
    for (known, tag) in TYPED_ARRAYS {
        if known.as_bytes() == name {
            return Some((*tag).into());
        }
    }
    None
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
