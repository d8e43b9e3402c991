//! Text from parts; knows nothing of what it says.
//!
//! The standard library's formatting and `concat` would be kilobytes of the WebAssembly.

/// The parts, one behind the other. A list of them would first be written to memory, at twice the code.
macro_rules! joined {
    ($($part:expr),+ $(,)?) => {{
        let mut text = String::new();
        $($crate::text::append(&mut text, $part);)+
        text
    }};
}

pub(crate) use joined;

#[inline(never)]
pub(crate) fn append(text: &mut String, part: &str) {
    text.push_str(part);
}

/// As `String::push`, which would bring a growth of its own.
pub(crate) fn append_character(text: &mut String, character: char) {
    append(text, character.encode_utf8(&mut [0; 4]));
}

/// The digits of a number.
pub(crate) fn integer(number: i64) -> String {
    let mut text = String::new();
    if number < 0 {
        append(&mut text, "-");
    }
    push_digits(&mut text, number.unsigned_abs());
    text
}

/// Appends the digits of a number.
pub(crate) fn push_digits(text: &mut String, number: u64) {
    if number > 9 {
        push_digits(text, number / 10);
    }
    append_character(text, char::from(b'0' + (number % 10) as u8));
}

/// The bytes of hexadecimal digits, two for each; `None` if they are none.
#[cfg(any(
    all(feature = "file", unix),
    all(feature = "localstorage", target_arch = "wasm32")
))]
pub(crate) fn bytes_of_digits(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).map(|digit| digit as u8);
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    pairs.map(byte).collect()
}

/// The first character of UTF-8, and the bytes behind it; `None` if they are no UTF-8.
pub(crate) fn first_character(bytes: &[u8]) -> Option<(char, &[u8])> {
    let first = *bytes.first()?;
    let (length, value) = match first {
        ..0x80 => (1, first),
        0xc0..0xe0 => (2, first & 0x1f),
        0xe0..0xf0 => (3, first & 0x0f),
        _ => (4, first & 0x07),
    };
    let (encoded, rest) = bytes.split_at_checked(length)?;
    let mut scalar = u32::from(value);
    for byte in encoded.get(1..)? {
        scalar = scalar << 6 | u32::from(byte & 0x3f);
    }
    let character = char::from_u32(scalar)?;
    (character.encode_utf8(&mut [0; 4]).as_bytes() == encoded).then_some((character, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn characters_are_those_of_the_standard_library(bytes: Vec<u8>, text in ".{1,9}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                let expected = bytes.utf8_chunks().next();
                let expected = expected.and_then(|chunk| chunk.valid().chars().next());
                let first = first_character(bytes);
                prop_assert_eq!(first.map(|(character, _)| character), expected);
                prop_assert_eq!(
                    first.map(|(_, rest)| rest.len()),
                    expected.map(|character| bytes.len() - character.len_utf8())
                );
            }
        }
    }

    #[test]
    fn parts_are_joined() {
        assert_eq!(joined!("one", "", " two"), "one two");
    }

    #[test]
    #[cfg(all(feature = "file", unix))]
    fn digits_are_bytes_or_nothing() {
        assert_eq!(bytes_of_digits("00fFa1"), Some(vec![0, 255, 161]));
        for none in ["0", "00f", "+1", "0g", "é"] {
            assert_eq!(bytes_of_digits(none), None, "{none}");
        }
    }

    #[test]
    fn integers_have_their_digits() {
        for number in [0, 9, 10, -1, 1203, i64::MIN, i64::MAX] {
            assert_eq!(integer(number), number.to_string());
        }
    }
}
