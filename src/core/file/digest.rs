//! The name of a key in files: its SHA-256; knows no record.

use std::fmt::{self, Display, Write};
use std::str::FromStr;

use crate::error::Error;
use crate::key::Key;
use crate::text::bytes_of_digits;

/// The SHA-256 of a key's canonical bytes, which names its entry in files.
///
/// # Example
///
/// ```
/// use cachier::Key;
/// use cachier::inspect::Digest;
///
/// let digest = Digest::of(&Key::of(&()).unwrap());
/// assert!(digest.to_string().starts_with("76be8b52"));
/// assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a key.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{Key, inspect::Digest};
    /// let key = Key::of(&(1, 2)).unwrap();
    /// assert_eq!(Digest::of(&key).as_bytes(), &key.digest());
    /// ```
    pub fn of(key: &Key) -> Self {
        Self(key.digest())
    }

    /// A digest from its bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::Digest;
    /// assert_eq!(Digest::from_bytes([7; 32]).as_bytes(), &[7; 32]);
    /// ```
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::Digest;
    /// assert_eq!(Digest::from_bytes([0; 32]).as_bytes().len(), 32);
    /// ```
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its first eight bytes, by which entries are looked up before the whole is compared.
    pub(crate) fn tag(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

impl Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(")?;
        Display::fmt(self, formatter)?;
        formatter.write_char(')')
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = bytes_of_digits(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| not_a_digest(text))
    }
}

fn not_a_digest(text: &str) -> Error {
    Error::argument(format!(
        "`{text}` is no digest: give the 64 hexadecimal digits that a listing shows"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_digest_is_an_error() {
        for text in [
            "",
            "76be",
            &"x".repeat(64),
            &"é".repeat(32),
            &"0".repeat(65),
        ] {
            assert!(
                text.parse::<Digest>()
                    .is_err_and(|error| error.is_argument())
            );
        }
    }

    #[test]
    fn a_tag_is_the_beginning_of_the_text() {
        let digest = Digest::of(&Key::of(&(1,)).unwrap());
        assert!(
            digest
                .to_string()
                .starts_with(&format!("{:016x}", digest.tag()))
        );
    }
}
