//! Arguments given as JSON to the library's own key; reads back what the table of the module above writes.

use std::fmt;

use cachier::Key;
use data_encoding::BASE64;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The key of an argument list: a JSON array; anything else is the only argument.
///
/// The error says what is wrong with the text.
pub fn key_of(json: &str) -> Result<Key, String> {
    let argument: &RawValue = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Key::of(&Argument(argument)).map_err(|error| error.to_string())
}

/// A JSON value that serializes as what it stands for. Its text is kept, for numbers have more digits than a float.
#[derive(Clone, Copy)]
struct Argument<'a>(&'a RawValue);

impl Serialize for Argument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.get().as_bytes().first() {
            Some(b'"') => serializer.serialize_str(&self.read::<String, _>()?),
            Some(b't') => serializer.serialize_bool(true),
            Some(b'f') => serializer.serialize_bool(false),
            Some(b'n') => serializer.serialize_unit(),
            Some(b'[') => serializer.collect_seq(self.elements()?),
            Some(b'{') => self.object(serializer),
            _ => self.number(serializer),
        }
    }
}

impl<'a> Argument<'a> {
    fn read<T: Deserialize<'a>, E: Error>(&self) -> Result<T, E> {
        serde_json::from_str(self.0.get()).map_err(E::custom)
    }

    fn elements<E: Error>(&self) -> Result<Vec<Self>, E> {
        let elements: Vec<&'a RawValue> = self.read()?;
        Ok(elements.into_iter().map(Argument).collect())
    }

    fn number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.get();
        if text.contains(['.', 'e', 'E']) {
            return match text.parse::<f64>() {
                Ok(number) if number.is_finite() => serializer.serialize_f64(number),
                _ => Err(S::Error::custom(format!("{text} is too large for a float"))),
            };
        }
        integer(text, serializer)
    }

    fn object<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fields(fields) = self.read()?;
        match fields.as_slice() {
            [(mark, content), rest @ ..] if mark.starts_with('$') => {
                let more = rest
                    .iter()
                    .map(|(name, content)| (name.as_str(), Argument(content)));
                Argument(content).marked(mark, more.collect(), serializer)
            }
            _ => serializer.collect_map(fields.iter().map(|(name, value)| (name, Argument(value)))),
        }
    }

    /// What an object stands for whose first key is a mark.
    fn marked<S: Serializer>(
        &self,
        mark: &str,
        more: Vec<(&str, Self)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match (mark, more.as_slice()) {
            ("$bytes", []) => serializer.serialize_bytes(&self.bytes()?),
            ("$bigint", []) => integer(&self.read::<String, _>()?, serializer),
            ("$float", []) => serializer.serialize_f64(self.special_float()?),
            ("$map", []) => self.map(serializer),
            ("$set", []) => cachier::set::serialize(&self.elements()?, serializer),
            ("$tag", [("value", some)]) if self.0.get() == "27" => some.some(serializer),
            _ => Err(S::Error::custom(format!(
                "an object that begins with the key \"{mark}\" cannot be part of a key here; \
                 give the entry's digest, as `cachier show` prints it"
            ))),
        }
    }

    fn bytes<E: Error>(&self) -> Result<Vec<u8>, E> {
        let text: String = self.read()?;
        let bytes = BASE64.decode(text.as_bytes());
        bytes.map_err(|error| E::custom(format!("\"$bytes\" is no base64: {error}")))
    }

    fn special_float<E: Error>(&self) -> Result<f64, E> {
        match self.read::<String, E>()?.as_str() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            other => Err(E::custom(format!(
                "\"$float\" is \"NaN\", \"Infinity\" or \"-Infinity\", not \"{other}\""
            ))),
        }
    }

    fn map<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.elements()?;
        let mut map = serializer.serialize_map(Some(pairs.len()))?;
        for pair in pairs {
            let [key, value]: [&RawValue; 2] = pair.read()?;
            map.serialize_entry(&Argument(key), &Argument(value))?;
        }
        map.end()
    }

    /// `["Some", x]`, by which a key tells `Some(None)` from `None`.
    fn some<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, content): (String, &RawValue) = self.read()?;
        match name.as_str() {
            "Some" => serializer.serialize_some(&Argument(content)),
            _ => Err(S::Error::custom("tag 27 stands for [\"Some\", value] only")),
        }
    }
}

fn integer<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(number) = digits.parse::<u128>() {
        return serializer.serialize_u128(number);
    }
    match digits.parse::<i128>() {
        Ok(number) => serializer.serialize_i128(number),
        Err(_) => Err(S::Error::custom(format!(
            "{digits} is no integer of up to 128 bits"
        ))),
    }
}

/// The members of an object in their order.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Fields(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
