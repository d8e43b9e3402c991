//! Diagnostic notation (RFC 8949 §8) of canonical bytes; knows nothing of how they are written.

use crate::cbor::{ARRAY, BYTES, MAP, NEGATIVE, Reader, TAG, TEXT, UNSIGNED};
use crate::text::{append, append_character, first_character, push_digits};

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
            self.put(", ");
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
            ARRAY => self.members("[", "]", value, depth)?,
            MAP => self.members("{", "}", value, depth)?,
            TAG => self.tagged(value, depth)?,
            _ => self.simple(first, value)?,
        }
        Some(())
    }

    fn put(&mut self, part: &str) {
        append(&mut self.text, part);
    }

    fn negative(&mut self, value: u64) {
        self.put("-");
        match value.checked_add(1) {
            Some(magnitude) => push_digits(&mut self.text, magnitude),
            None => self.put(TWO_TO_64),
        }
    }

    fn byte_string(&mut self, bytes: &[u8]) {
        self.put("h'");
        for byte in bytes {
            self.hexadecimal(*byte);
        }
        self.put("'");
    }

    fn hexadecimal(&mut self, byte: u8) {
        self.digit(byte >> 4);
        self.digit(byte & 15);
    }

    fn digit(&mut self, digit: u8) {
        let digit = HEXADECIMAL[usize::from(digit)];
        append_character(&mut self.text, char::from(digit));
    }

    fn quoted(&mut self, length: u64) -> Option<()> {
        let mut bytes = self.reader.take(length)?;
        self.put("\"");
        while !bytes.is_empty() {
            let (character, rest) = first_character(bytes)?;
            self.character(character);
            bytes = rest;
        }
        self.put("\"");
        Some(())
    }

    fn character(&mut self, character: char) {
        match character {
            '"' => self.put("\\\""),
            '\\' => self.put("\\\\"),
            '\n' => self.put("\\n"),
            ..' ' | '\x7f' => {
                self.put("\\u00");
                self.hexadecimal(character as u8);
            }
            _ => append_character(&mut self.text, character),
        }
    }

    /// The elements of an array, or the entries of a map.
    fn members(&mut self, first: &str, last: &str, length: u64, depth: u32) -> Option<()> {
        self.put(first);
        for index in 0..length {
            if index > 0 {
                self.put(", ");
            }
            self.item(depth)?;
            if first == "{" {
                self.put(": ");
                self.item(depth)?;
            }
        }
        self.put(last);
        Some(())
    }

    fn tagged(&mut self, tag: u64, depth: u32) -> Option<()> {
        push_digits(&mut self.text, tag);
        self.put("(");
        self.item(depth)?;
        self.put(")");
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
        self.put(text);
        Some(())
    }

    fn float(&mut self, value: f64) -> Option<()> {
        if !value.is_finite() {
            self.put(not_finite(value));
            return Some(());
        }
        let text = decimal::text(value);
        self.put(&text);
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| matches!(byte, b'.' | b'e')) {
            self.put(".0");
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
