//! Diagnostic notation (RFC 8949 §8) of canonical bytes; knows nothing of how they are written.

use crate::cbor::{ARRAY, BYTES, MAP, NEGATIVE, Reader, TAG, TEXT, UNSIGNED};
use crate::text::{first_character, push_digits};

/// What is nested deeper than this is shown as bytes: the stack is finite.
const DEEPEST: u32 = 256;

/// Its digits: no integer is as large, but the magnitude of a negative one may be.
const TWO_TO_64: &str = "18446744073709551616";

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

/// The notation of a CBOR sequence; bytes that are none are shown as a byte string.
pub(super) fn notation(bytes: &[u8]) -> String {
    let mut writer = Writer {
        reader: Reader::new(bytes),
        text: String::new(),
    };
    if writer.sequence().is_some() {
        return writer.text;
    }
    writer.text.clear();
    writer.byte_string(bytes);
    writer.text
}

/// The digits of a byte string alone.
#[cfg(all(
    any(feature = "indexeddb", feature = "js", feature = "localstorage"),
    target_arch = "wasm32"
))]
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut writer = Writer {
        reader: Reader::new(&[]),
        text: String::new(),
    };
    bytes.iter().for_each(|byte| writer.hexadecimal(*byte));
    writer.text
}

struct Writer<'a> {
    reader: Reader<'a>,
    text: String,
}

impl Writer<'_> {
    fn sequence(&mut self) -> Option<()> {
        self.item(DEEPEST)?;
        while self.reader.remaining() > 0 {
            self.text.push_str(", ");
            self.item(DEEPEST)?;
        }
        Some(())
    }

    fn item(&mut self, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let first = self.reader.peek()?;
        let (major, value) = self.reader.head()?;
        match major {
            UNSIGNED => push_digits(&mut self.text, value),
            NEGATIVE => self.negative(value),
            BYTES => {
                let bytes = self.reader.take(value)?;
                self.byte_string(bytes);
            }
            TEXT => self.quoted(value)?,
            ARRAY => self.members(b"[]", value, depth)?,
            MAP => self.members(b"{}", value, depth)?,
            TAG => self.tagged(value, depth)?,
            _ => self.simple(first, value)?,
        }
        Some(())
    }

    fn negative(&mut self, value: u64) {
        self.text.push('-');
        match value.checked_add(1) {
            Some(magnitude) => push_digits(&mut self.text, magnitude),
            None => self.text.push_str(TWO_TO_64),
        }
    }

    fn byte_string(&mut self, bytes: &[u8]) {
        self.text.push_str("h'");
        for byte in bytes {
            self.hexadecimal(*byte);
        }
        self.text.push('\'');
    }

    fn hexadecimal(&mut self, byte: u8) {
        for digit in [byte >> 4, byte & 15] {
            self.text.push(char::from(HEXADECIMAL[usize::from(digit)]));
        }
    }

    fn quoted(&mut self, length: u64) -> Option<()> {
        let mut bytes = self.reader.take(length)?;
        self.text.push('"');
        while !bytes.is_empty() {
            let (character, rest) = first_character(bytes)?;
            self.character(character);
            bytes = rest;
        }
        self.text.push('"');
        Some(())
    }

    fn character(&mut self, character: char) {
        match character {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            ..' ' | '\x7f' => {
                self.text.push_str("\\u00");
                self.hexadecimal(character as u8);
            }
            _ => self.text.push(character),
        }
    }

    /// The elements of an array, or the entries of a map.
    fn members(&mut self, brackets: &[u8; 2], length: u64, depth: u32) -> Option<()> {
        self.text.push(char::from(brackets[0]));
        for index in 0..length {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.item(depth)?;
            if brackets[0] == b'{' {
                self.text.push_str(": ");
                self.item(depth)?;
            }
        }
        self.text.push(char::from(brackets[1]));
        Some(())
    }

    fn tagged(&mut self, tag: u64, depth: u32) -> Option<()> {
        push_digits(&mut self.text, tag);
        self.text.push('(');
        self.item(depth)?;
        self.text.push(')');
        Some(())
    }

    fn simple(&mut self, first: u8, value: u64) -> Option<()> {
        let text = match first {
            0xf4 => "false",
            0xf5 => "true",
            0xf6 => "null",
            0xf7 => "undefined",
            0xf9 => return self.float(half(value as u16)),
            0xfa => return self.float(f64::from(f32::from_bits(value as u32))),
            0xfb => return self.float(f64::from_bits(value)),
            _ => return None,
        };
        self.text.push_str(text);
        Some(())
    }

    fn float(&mut self, value: f64) -> Option<()> {
        if !value.is_finite() {
            self.text.push_str(not_finite(value));
            return Some(());
        }
        let text = decimal::text(value);
        self.text.push_str(&text);
        if !text.bytes().any(|byte| matches!(byte, b'.' | b'e')) {
            self.text.push_str(".0");
        }
        Some(())
    }
}

fn not_finite(value: f64) -> &'static str {
    match value {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}

/// The value of 16 bits in the format binary16 of IEEE 754.
fn half(bits: u16) -> f64 {
    let exponent = u64::from(bits >> 10 & 0x1f);
    let mantissa = f64::from(bits & 0x3ff);
    let magnitude = match exponent {
        0 => mantissa / f64::from(1 << 24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + mantissa) * f64::from_bits((exponent + 1023 - 25) << 52),
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod decimal {
    pub(super) fn text(value: f64) -> String {
        format!("{value:?}")
    }
}

/// JavaScript's own digits: the standard library's would be a tenth of the whole module.
#[cfg(target_arch = "wasm32")]
mod decimal {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = String)]
        pub(super) fn text(value: f64) -> String;
    }
}
