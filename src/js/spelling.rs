//! The spelling of a call's arguments to its key; knows how spelling.ts writes, nothing of calls.
//!
//! The grammar stands in spelling.ts. Here is decided what each value is in CBOR; the tags are
//! those of <https://www.iana.org/assignments/cbor-tags>.

use crate::key::{DuplicateKey, Encoder, Key, SET};
use crate::{Error, report};

/// The simple value (RFC 8949 §3.3) that JavaScript alone has.
const UNDEFINED: [u8; 1] = [0xf7];

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
        let which = report::decimal(index as i64 + 1);
        Error::argument(match self {
            Self::DuplicateKey => ["argument ", &which, DUPLICATE_KEY].concat(),
            Self::Malformed => ["argument ", &which, MALFORMED].concat(),
        })
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
    let list = parser.encoder.open_array(0);
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
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut pieces = escaped.split(|byte| *byte == ESCAPE);
    bytes.extend_from_slice(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (digits, rest) = piece.split_at(piece.len().min(4));
        let unit = digits
            .iter()
            .fold(0, |unit, digit| unit << 4 | hexadecimal(*digit));
        push_unit(&mut bytes, unit);
        bytes.extend_from_slice(rest);
    }
    bytes
}

fn push_unit(bytes: &mut Vec<u8>, unit: u16) {
    if unit < 0x80 {
        return bytes.push(unit as u8);
    }
    let tail = |bits: u16| 0x80 | (bits & 0x3f) as u8;
    bytes.extend([0xe0 | (unit >> 12) as u8, tail(unit >> 6), tail(unit)]);
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
            b'[' => self.array(depth)?,
            b'{' => self.object(depth)?,
            b'M' => self.map(depth)?,
            b'S' => self.set(depth)?,
            b'd' => self.date()?,
            b'r' => self.regular_expression()?,
            b'v' => self.typed_array()?,
            kind => self.scalar(kind)?,
        }
        Ok(())
    }

    fn scalar(&mut self, kind: u8) -> Result<(), Flaw> {
        match kind {
            b't' => self.encoder.boolean(true),
            b'f' => self.encoder.boolean(false),
            b'n' => self.encoder.null(),
            b'u' => self.encoder.write(&UNDEFINED),
            b'"' => self.string()?,
            b'b' => self.big_integer()?,
            b'l' => self.tagged_string(URI)?,
            b'y' => self.byte_string()?,
            _ => {
                let number = self.number(kind)?;
                self.encoder.float(number);
            }
        }
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

    fn until(&mut self, end: u8) -> Result<&'a [u8], Flaw> {
        let length = self.rest.iter().position(|byte| *byte == end);
        let (found, rest) = self.rest.split_at(length.ok_or(Flaw::Malformed)?);
        self.rest = &rest[1..];
        Ok(found)
    }

    fn array(&mut self, depth: u32) -> Result<(), Flaw> {
        let array = self.encoder.open_array(0);
        let mut members = 0;
        while !self.at(b']') {
            self.value(depth)?;
            members += 1;
        }
        self.encoder.close_array(&array, members);
        Ok(())
    }

    fn object(&mut self, depth: u32) -> Result<(), Flaw> {
        let map = self.encoder.open_map(0);
        while !self.at(b'}') {
            self.encoder.begin_entry();
            self.string()?;
            self.encoder.end_key();
            self.value(depth)?;
        }
        Ok(self.encoder.close_map(&map)?)
    }

    fn map(&mut self, depth: u32) -> Result<(), Flaw> {
        self.encoder.tag(MAP);
        let map = self.encoder.open_map(0);
        while !self.at(b']') {
            self.encoder.begin_entry();
            self.value(depth)?;
            self.encoder.end_key();
            self.value(depth)?;
        }
        Ok(self.encoder.close_map(&map)?)
    }

    fn set(&mut self, depth: u32) -> Result<(), Flaw> {
        self.encoder.tag(SET);
        let set = self.encoder.open_array(0);
        while !self.at(b']') {
            self.encoder.begin_entry();
            self.value(depth)?;
            self.encoder.end_key();
        }
        self.encoder.close_set(&set);
        Ok(())
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
        self.encoder.open_array(2);
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
        if let Ok(text) = std::str::from_utf8(units) {
            self.encoder.text(text);
            return Ok(());
        }
        self.encoder.tag(WTF_8);
        self.encoder.byte_string(units);
        Ok(())
    }

    fn byte_string(&mut self) -> Result<(), Flaw> {
        let text = std::str::from_utf8(self.units()?).map_err(|_| Flaw::Malformed)?;
        let bytes: Vec<u8> = text.chars().map(|unit| unit as u8).collect();
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
        let split = self.rest.split_at_checked(length);
        let (string, rest) = split.ok_or(Flaw::Malformed)?;
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
    let pairs = digits.rchunks(2).rev();
    let byte = |pair: &[u8]| {
        pair.iter()
            .fold(0, |byte, digit| byte << 4 | hexadecimal(*digit))
    };
    pairs.map(|pair| byte(pair) as u8).collect()
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
fn typed_array_tag(name: &[u8]) -> Option<u64> {
    let tag = match name {
        b"Uint8ClampedArray" => 68,
        b"Uint16Array" => 69,
        b"Uint32Array" => 70,
        b"BigUint64Array" => 71,
        b"Int8Array" => 72,
        b"Int16Array" => 77,
        b"Int32Array" => 78,
        b"BigInt64Array" => 79,
        b"Float16Array" => 84,
        b"Float32Array" => 85,
        b"Float64Array" => 86,
        _ => return None,
    };
    Some(tag)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
