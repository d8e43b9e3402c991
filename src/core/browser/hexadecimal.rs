//! Bytes as hexadecimal text and back; nothing else.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn text(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// The bytes of a text; `None` if it is of another kind.
#[cfg(feature = "localstorage")]
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

#[cfg(feature = "localstorage")]
fn digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    Some(value as u8)
}
