//! Text from parts; knows nothing of what it says.
//!
//! The standard library's formatting and `concat` would be kilobytes of the WebAssembly.

/// The parts, one behind the other.
#[inline(never)]
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// The digits of a number.
pub(crate) fn integer(number: i64) -> String {
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    push_digits(&mut text, number.unsigned_abs());
    text
}

/// Appends the digits of a number.
pub(crate) fn push_digits(text: &mut String, number: u64) {
    if number > 9 {
        push_digits(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined() {
        assert_eq!(joined(&["one", "", " two"]), "one two");
    }

    #[test]
    fn integers_have_their_digits() {
        for number in [0, 9, 10, -1, 1203, i64::MIN, i64::MAX] {
            assert_eq!(integer(number), number.to_string());
        }
    }
}
