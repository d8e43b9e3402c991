//! Arguments to canonical bytes to [`Key`]; knows neither time, nor values, nor cores.

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
mod arguments;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "key/whole.rs"]
mod arguments;
#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
#[path = "key/inline.rs"]
mod bytes;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "key/heap.rs"]
mod bytes;
mod diagnostic;
#[cfg(any(
    all(test, not(target_arch = "wasm32")),
    all(feature = "js", target_arch = "wasm32")
))]
mod digest;
mod encoder;
mod serializer;
pub mod set;

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::Serialize;

use crate::Error;
pub use arguments::Arguments;
use bytes::Bytes;
#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
pub(crate) use bytes::Kept;
#[cfg(all(
    any(feature = "indexeddb", feature = "js", feature = "localstorage"),
    target_arch = "wasm32"
))]
pub(crate) use diagnostic::hexadecimal;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
use digest::sha_256;
pub(crate) use encoder::Encoder;
#[cfg(any(
    all(test, not(target_arch = "wasm32")),
    all(feature = "js", target_arch = "wasm32")
))]
pub(crate) use encoder::{DuplicateKey, SET};

/// The canonical bytes of the arguments of one call.
///
/// Equal arguments have equal keys in Rust and JavaScript, in every process, on every platform;
/// arguments that differ have keys that differ. Short keys are held without an allocation.
///
/// # Format
///
/// A CBOR array (RFC 8949) of the arguments, deterministically encoded (§4.2.1: shortest heads,
/// definite lengths, map keys in the bytewise order of their encodings) with the number rule of
/// dCBOR: a float without a fraction within [-2⁶³, 2⁶⁴-1] is an integer, any other is the shortest
/// of 16, 32 and 64 bits that keeps its value, and there is one NaN. A key with a scope is a CBOR
/// sequence (RFC 8742): that array, then the scope as a text string.
///
/// What serde tells becomes:
///
/// | serde | CBOR |
/// |---|---|
/// | `bool`, integers, `char`, strings, bytes | themselves; integers beyond 64 bits: tags 2 and 3 |
/// | `()`, unit structs, `None` | null |
/// | `Some(x)` | `x`; where that is null: tag 27, `["Some", x]`, so that it differs from `None` |
/// | tuples, sequences | array |
/// | maps, structs | map |
/// | unit variants; other variants | the name as text; a map of the name to the content |
/// | newtype structs | what they hold |
/// | [`set`] | tag 258, elements in bytewise order |
///
/// Types that serialize in one way for people and in another for machines (IP addresses, UUIDs)
/// are asked for the one for people, which is what JavaScript has for them as well.
///
/// # Example
///
/// ```
/// use cachier::Key;
/// let key = Key::of(&("eu", 2024)).unwrap();
/// assert_eq!(key, Key::of(&("eu", 2024.0)).unwrap());
/// assert_ne!(key, Key::of(&("eu", "2024")).unwrap());
/// assert_eq!(key.diagnostic(), r#"["eu", 2024]"#);
/// ```
#[derive(Clone, Eq)]
pub struct Key(Bytes);

impl PartialEq for Key {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Key {
    /// The key of an argument list: a tuple, an array, a slice or a `Vec`; `()` for no arguments.
    ///
    /// Anything else is taken for the only argument.
    ///
    /// # Errors
    ///
    /// [`Error::is_argument`] if an argument's `Serialize` fails, or if a map has a key twice.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Key;
    /// assert_eq!(Key::of(&()).unwrap().diagnostic(), "[]");
    /// assert_eq!(Key::of(&(1, "one")).unwrap().diagnostic(), r#"[1, "one"]"#);
    /// assert_eq!(Key::of("one").unwrap(), Key::of(&("one",)).unwrap());
    /// ```
    #[inline(always)]
    pub fn of<A: Serialize + ?Sized>(arguments: &A) -> Result<Self, Error> {
        let mut place = Arguments::new();
        place.give_all(arguments)?;
        Ok(place.take())
    }

    /// The key of no arguments.
    pub(crate) fn of_nothing() -> Self {
        Self::from_canonical(&[0x80])
    }

    /// A key from bytes that [`as_bytes`](Self::as_bytes) of another key gave; for stores.
    ///
    /// The bytes are not checked. A store that may be damaged checks its own checksums.
    #[doc(hidden)]
    pub fn from_canonical(canonical: &[u8]) -> Self {
        Self(Bytes::from_slice(canonical))
    }

    /// The canonical bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Key;
    /// assert_eq!(Key::of(&(1, true)).unwrap().as_bytes(), [0x82, 0x01, 0xf5]);
    /// ```
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The SHA-256 digest (FIPS 180-4) of the canonical bytes, computed anew at each call.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Key;
    /// let digest = Key::of(&()).unwrap().digest();
    /// assert_eq!(digest[..4], [0x76, 0xbe, 0x8b, 0x52]);
    /// ```
    pub fn digest(&self) -> [u8; 32] {
        sha_256(self.as_bytes())
    }

    /// The arguments in CBOR's diagnostic notation (RFC 8949 §8), for messages and listings.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Key;
    /// let key = Key::of(&(0.5, Some("x"), None::<u8>)).unwrap();
    /// assert_eq!(key.diagnostic(), r#"[0.5, "x", null]"#);
    /// ```
    pub fn diagnostic(&self) -> String {
        diagnostic::notation(self.as_bytes())
    }

    /// What an entry of this key goes by in a browser's store: the arguments as they are read, if they are short and
    /// may be seen; else their digest.
    #[cfg(all(
        any(feature = "indexeddb", feature = "js", feature = "localstorage"),
        target_arch = "wasm32"
    ))]
    pub(crate) fn name(&self, may_be_seen: bool) -> String {
        const LONGEST_READABLE: usize = 200;
        if let [b'#', ..] = self.as_bytes() {
            // No arguments begin so: it stands for a key of which only this is known.
            return self.latin();
        }
        let readable = self.diagnostic();
        if may_be_seen
            && matches!(readable.as_bytes(), [b'[', ..])
            && readable.len() <= LONGEST_READABLE
        {
            return readable;
        }
        crate::text::joined!("#", &hexadecimal(&self.digest()))
    }

    /// A character for each byte.
    #[cfg(all(
        any(feature = "indexeddb", feature = "js", feature = "localstorage"),
        target_arch = "wasm32"
    ))]
    fn latin(&self) -> String {
        let mut text = String::new();
        for byte in self.as_bytes() {
            crate::text::append_character(&mut text, char::from(*byte));
        }
        text
    }

    /// The canonical bytes in hexadecimal.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn hexadecimal(&self) -> String {
        hexadecimal(self.as_bytes())
    }

    /// This key within a scope, such as the current user: the scope's text follows the arguments.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Key;
    /// let key = Key::of(&(1,)).unwrap();
    /// assert_eq!(key.clone().scoped("alice").diagnostic(), r#"[1], "alice""#);
    /// assert_ne!(key.clone().scoped(""), key);
    /// ```
    #[must_use]
    pub fn scoped(self, scope: &str) -> Self {
        let mut encoder = Encoder::new();
        encoder.write(self.as_bytes());
        encoder.text(scope);
        encoder.finish()
    }
}

impl Hash for Key {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
fn sha_256(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};

    Sha256::digest(bytes).into()
}

/// How many bytes a value takes encoded; one that cannot be encoded is larger than any limit.
pub(crate) fn encoded_length<V: Serialize + ?Sized>(value: &V) -> u64 {
    let one_argument = Key::of(&(value,));
    one_argument.map_or(u64::MAX, |key| key.as_bytes().len() as u64 - 1)
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(")?;
        formatter.write_str(&self.diagnostic())?;
        formatter.write_str(")")
    }
}
