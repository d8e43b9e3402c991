//! What is done with arbitrary bytes: the same for the fuzzer and for the smoke test.

use std::str::FromStr;

use cachier::snapshot::{Header, Item, Part, Reader, Writer};
use cachier::{Error, Key, Options, Timestamp};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Text for every option that takes some: refused, or the same as the number it stands for.
pub fn options(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let new = Options::new;
    same_by_number(new().stale_after(text), |millis: i64| {
        new().stale_after(millis)
    });
    same_by_number(new().next_time(text), |millis: i64| new().next_time(millis));
    same_by_number(new().cleanup_interval(text), |millis: i64| {
        new().cleanup_interval(millis)
    });
    same_by_number(new().max_bytes(text), |bytes: u64| new().max_bytes(bytes));
    same_by_number(new().entry_size_limit(text), |bytes: u64| {
        new().entry_size_limit(bytes)
    });
}

fn same_by_number<N: FromStr>(
    by_text: Result<Options, Error>,
    by_number: impl FnOnce(N) -> Result<Options, Error>,
) {
    let Ok(by_text) = by_text else { return };
    let shown = format!("{by_text:?}");
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let number = digits
        .parse()
        .unwrap_or_else(|_| panic!("no number is set in {shown}"));
    assert_eq!(by_number(number).ok(), Some(by_text));
}

/// Bytes that a damaged store may take for a key: shown somehow, and kept as they are.
pub fn bytes(data: &[u8]) {
    let key = Key::from_canonical(data);
    assert_eq!(key.as_bytes(), data);
    assert!(!key.diagnostic().is_empty() || data.is_empty());
    assert_ne!(key.clone().scoped("somebody"), key);
}

/// Arguments of any shape: one key however often they are asked for it and whatever order maps are in.
pub fn values(data: &[u8]) {
    let value = Value::from(&mut data.iter());
    match Key::of(&(&value, 1)) {
        Ok(key) => check_key(&key, &value),
        Err(error) => assert!(error.is_argument(), "{error}"),
    }
}

fn check_key(key: &Key, value: &Value) {
    assert_eq!(Key::of(&(value, 1)).as_ref().ok(), Some(key));
    assert_eq!(Key::of(&(value.reversed(), 1)).as_ref().ok(), Some(key));
    assert_eq!(Key::from_canonical(key.as_bytes()), *key);
    assert_ne!(Key::of(&(value, 2)).as_ref().ok(), Some(key));
    let shown = key.diagnostic();
    assert!(
        shown.ends_with(", 1]") || shown.starts_with("h'"),
        "{shown}"
    );
}

/// What arguments are made of.
#[derive(Debug)]
enum Value {
    Nothing,
    Boolean(bool),
    Signed(i64),
    Unsigned(u64),
    Huge(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Some(Box<Value>),
    Set(Vec<Value>),
}

type Data<'a> = std::slice::Iter<'a, u8>;

impl Value {
    /// Each byte says what comes; where they end, nothing does.
    fn from(data: &mut Data<'_>) -> Self {
        let Some(&byte) = data.next() else {
            return Self::Nothing;
        };
        let length = usize::from(byte >> 4);
        match byte & 15 {
            0 => Self::Nothing,
            1 => Self::Boolean(length > 0),
            2 => Self::Signed(i64::from_le_bytes(array(data))),
            3 => Self::Unsigned(u64::from_le_bytes(array(data))),
            4 => Self::Huge(i128::from_le_bytes(array(data))),
            5 => Self::Float(f64::from_le_bytes(array(data))),
            6 => Self::Float(f64::from(f32::from_le_bytes(array(data)))),
            7 => Self::Text(String::from_utf8_lossy(&take(data, length)).into_owned()),
            8 => Self::Bytes(take(data, length)),
            9 | 10 => Self::List((0..length).map(|_| Self::from(data)).collect()),
            11 | 12 => Self::Map(
                (0..length)
                    .map(|_| (Self::from(data), Self::from(data)))
                    .collect(),
            ),
            13 => Self::Some(Box::new(Self::from(data))),
            14 => Self::Set((0..length).map(|_| Self::from(data)).collect()),
            _ => Self::Signed(length as i64 - 8),
        }
    }

    /// The same value, in the other order where order is nothing.
    fn reversed(&self) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Boolean(value) => Self::Boolean(*value),
            Self::Signed(value) => Self::Signed(*value),
            Self::Unsigned(value) => Self::Unsigned(*value),
            Self::Huge(value) => Self::Huge(*value),
            Self::Float(value) => Self::Float(*value),
            Self::Text(value) => Self::Text(value.clone()),
            Self::Bytes(value) => Self::Bytes(value.clone()),
            Self::List(items) => Self::List(items.iter().map(Self::reversed).collect()),
            Self::Map(pairs) => Self::Map(pairs.iter().rev().map(reversed_pair).collect()),
            Self::Some(value) => Self::Some(Box::new(value.reversed())),
            Self::Set(items) => Self::Set(items.iter().rev().map(Self::reversed).collect()),
        }
    }
}

fn reversed_pair((key, value): &(Value, Value)) -> (Value, Value) {
    (key.reversed(), value.reversed())
}

fn array<const N: usize>(data: &mut Data<'_>) -> [u8; N] {
    std::array::from_fn(|_| data.next().copied().unwrap_or(0))
}

fn take(data: &mut Data<'_>, length: usize) -> Vec<u8> {
    data.by_ref().take(length).copied().collect()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Huge(value) => serializer.serialize_i128(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::List(items) => items.serialize(serializer),
            Self::Map(pairs) => {
                let mut map = serializer.serialize_map(Some(pairs.len()))?;
                pairs
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Some(value) => serializer.serialize_some(&**value),
            Self::Set(items) => cachier::set::serialize(items, serializer),
        }
    }
}

/// Bytes in the place of a snapshot's, or of some of it: no entry comes out that was not written.
pub fn snapshots(data: &[u8]) {
    let file = snapshot();
    let [from, length, piece, noise @ ..] = data else {
        return;
    };
    let from = usize::from(*from) % file.len();
    let to = file.len().min(from + usize::from(*length));
    let damaged = [&file[..from], noise, &file[to..]].concat();
    read_snapshot(&damaged, usize::from(*piece) + 1);
    read_snapshot(noise, usize::from(*piece) + 1);
}

const STORED_AT: Timestamp = Timestamp::from_millis(7);

fn snapshot() -> Vec<u8> {
    let header = Header {
        id: "report",
        taken_at: STORED_AT,
    };
    let mut file = Vec::new();
    let mut writer = Writer::new(&header, &mut file);
    let key = Key::of(&(1,)).expect("a number is a key");
    writer.item(&item(&key), &mut file);
    writer.item(&item(&key.clone().scoped("somebody")), &mut file);
    writer.finish(&mut file);
    file
}

fn item(key: &Key) -> Item<'_> {
    Item {
        key: key.digest(),
        arguments: Some(key.as_bytes()),
        stored_at: STORED_AT,
        none: false,
        value: b"\x65value",
    }
}

/// Reads what is whole, to the end.
fn read_snapshot(bytes: &[u8], piece: usize) {
    let mut reader = Reader::new();
    for piece in bytes.chunks(piece) {
        reader.feed(piece);
        drain_snapshot(&mut reader);
    }
    reader.end();
    drain_snapshot(&mut reader);
}

fn drain_snapshot(reader: &mut Reader) {
    loop {
        match reader.part() {
            Ok(None) => return,
            Ok(Some(Part::Item(found))) => {
                let key = Key::from_canonical(found.arguments.unwrap_or_default());
                assert_eq!(found, item(&key));
            }
            Ok(Some(_)) => {}
            Err(error) => {
                assert!(error.is_damaged(), "{error}");
                reader.skip_damage();
            }
        }
    }
}
