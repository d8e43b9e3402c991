//! `#[serde(with = "cachier::set")]`: a collection whose order is no part of a key.
//!
//! serde shows a `HashSet` as a sequence, in an order that differs from run to run. A field marked
//! with this module is a set (tag 258) in a [`Key`](crate::Key) and stays a plain sequence in any
//! other format.
//!
//! # Example
//!
//! ```
//! use std::collections::HashSet;
//! use cachier::Key;
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Filter {
//!     #[serde(with = "cachier::set")]
//!     tags: HashSet<String>,
//! }
//!
//! let tags = ["red", "green"].map(String::from).into();
//! let key = Key::of(&(Filter { tags },)).unwrap();
//! assert_eq!(key.diagnostic(), r#"[{"tags": 258(["red", "green"])}]"#);
//! ```

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// The newtype struct's name by which the key's serializer knows a set.
pub(super) const MARKER: &str = "$cachier::set";

/// Serializes a collection as a set in a key, and as the sequence that it is anywhere else.
///
/// # Errors
///
/// Those of the serializer.
///
/// # Example
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Marked(#[serde(serialize_with = "cachier::set::serialize")] Vec<u8>);
///
/// let (one, other) = (Marked(vec![1, 2]), Marked(vec![2, 1]));
/// assert_eq!(cachier::Key::of(&[one]).unwrap(), cachier::Key::of(&[other]).unwrap());
/// ```
pub fn serialize<T, S>(collection: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + ?Sized,
    S: Serializer,
{
    serializer.serialize_newtype_struct(MARKER, collection)
}

/// Deserializes a collection that [`serialize`] wrote.
///
/// # Errors
///
/// Those of the deserializer.
///
/// # Example
///
/// ```
/// use serde::de::IntoDeserializer;
/// use serde::de::value::{Error, SeqDeserializer};
///
/// let sequence = SeqDeserializer::<_, Error>::new(vec![1_u8, 2].into_iter());
/// let elements: Vec<u8> = cachier::set::deserialize(sequence).unwrap();
/// assert_eq!(elements, [1, 2]);
/// ```
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_newtype_struct(MARKER, Collection(PhantomData))
}

/// Takes the marker with its content, or the content alone from formats that leave markers out.
struct Collection<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Collection<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence of elements")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, content: D) -> Result<T, D::Error> {
        T::deserialize(content)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<T, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(elements))
    }
}
