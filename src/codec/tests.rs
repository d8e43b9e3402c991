//! Round trips of values, and what is refused.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::net::IpAddr;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*;

fn encoded<V: Serialize>(value: &V) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(value, &mut bytes).unwrap();
    assert!(is_whole(&bytes));
    bytes
}

fn round_trip<V: Serialize + DeserializeOwned>(value: &V) -> V {
    decode(&encoded(value)).unwrap()
}

fn returns<V: Serialize + DeserializeOwned + PartialEq + Debug>(value: V) {
    assert_eq!(round_trip(&value), value);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Empty(()),
    Line(i8, i8),
    Box { width: u128, label: Option<String> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Text(String),
    Address { address: IpAddr },
    Maybe { inner: Option<Option<u8>> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Unit,
    Held { unit: (), letter: char, number: f32 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    own: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, Option<Option<i64>>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct List(Option<Box<List>>);

fn list(length: usize) -> List {
    (0..length).fold(List(None), |rest, _| List(Some(Box::new(rest))))
}

#[test]
fn options_within_options_stay_what_they_are() {
    returns::<Option<Option<Option<()>>>>(None);
    returns::<Option<Option<Option<()>>>>(Some(None));
    returns::<Option<Option<Option<()>>>>(Some(Some(None)));
    returns(Some(Some(Some(()))));
    returns(Some(Some(7_u8)));
    returns(vec![Some(()), None]);
}

#[test]
fn integers_of_every_width_come_back() {
    for value in [
        i128::MIN,
        i64::MIN.into(),
        -1,
        0,
        23,
        24,
        u64::MAX.into(),
        i128::MAX,
    ] {
        returns(value);
    }
    returns((u128::MAX, u64::MAX, i64::MIN, i8::MIN, u16::MAX));
    returns(i128::from(i64::MIN) - 1);
}

#[test]
fn floats_come_back_bit_by_bit() {
    for bits in [
        0,
        1,
        f64::NAN.to_bits() | 5,
        (-0.0_f64).to_bits(),
        f64::MAX.to_bits(),
    ] {
        assert_eq!(round_trip(&f64::from_bits(bits)).to_bits(), bits);
    }
    for bits in [0x7f80_0001_u32, (-0.0_f32).to_bits(), 1] {
        assert_eq!(round_trip(&f32::from_bits(bits)).to_bits(), bits);
    }
}

#[test]
fn a_whole_float_is_no_integer() {
    decode::<u64>(&encoded(&1.0_f64)).unwrap_err();
    decode::<f64>(&encoded(&1_u64)).unwrap_err();
}

#[test]
fn enums_of_every_kind_come_back() {
    returns(vec![
        Shape::Point,
        Shape::Circle(-0.5),
        Shape::Empty(()),
        Shape::Line(-1, 1),
        Shape::Box {
            width: u128::MAX,
            label: None,
        },
    ]);
    returns(Some(Shape::Point));
    returns(Ok::<(), String>(()));
}

#[test]
fn what_is_read_without_knowing_its_type_comes_back() {
    returns(Untagged::Text("x".into()));
    returns(Untagged::Maybe { inner: Some(None) });
    returns(Untagged::Address {
        address: [127, 0, 0, 1].into(),
    });
    returns(Tagged::Unit);
    returns(Tagged::Held {
        unit: (),
        letter: 'ß',
        number: 0.1,
    });
    returns(Flat {
        own: 1,
        rest: [("a".into(), Some(None)), ("b".into(), None)].into(),
    });
    returns(serde_json::json!({"a": [null, 1, -1, 1.0, "x", {}, [], true]}));
}

#[test]
fn maps_may_have_any_keys() {
    returns(HashMap::from([((1, 'x'), Some(2)), ((2, 'y'), None)]));
    returns(BTreeMap::from([(None, 1), (Some(false), 2)]));
}

#[test]
fn a_length_that_was_not_known_is_written_in_the_end() {
    struct Evens;
    impl Serialize for Evens {
        fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            to.collect_seq((0..1_000_u32).filter(|number| number % 2 == 0))
        }
    }
    let evens: Vec<u32> = decode(&encoded(&Evens)).unwrap();
    assert_eq!(evens.len(), 500);
}

#[test]
fn depth_is_refused_alike_on_both_ways() {
    returns(list(200));
    assert!(
        encode(&list(300), &mut Vec::new())
            .unwrap_err()
            .is_storage()
    );
    let deep = [vec![0x81; 300], vec![0]].concat();
    decode::<serde_json::Value>(&deep).unwrap_err();
}

#[test]
fn what_follows_a_value_is_refused() {
    assert!(decode::<u8>(&[1, 1]).unwrap_err().is_damaged());
    decode::<u8>(&[]).unwrap_err();
    decode::<Vec<u8>>(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).unwrap_err();
    decode::<(u8, u8)>(&[0x83, 1, 2, 3]).unwrap_err();
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Point),
        (-1e9..1e9).prop_map(Shape::Circle),
        any::<(i8, i8)>().prop_map(|(a, b)| Shape::Line(a, b)),
        any::<(u128, Option<String>)>().prop_map(|(width, label)| Shape::Box { width, label }),
    ]
}

proptest! {
    #[test]
    fn values_come_back(value in any::<Vec<(Option<Option<i64>>, String, BTreeMap<u16, char>)>>()) {
        returns(value);
    }

    #[test]
    fn shapes_come_back(value in prop::collection::vec(shapes(), 0..8)) {
        returns(value);
    }

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
        let _ = decode::<serde_json::Value>(&bytes);
        let _ = decode::<Vec<Shape>>(&bytes);
        let _ = decode::<Option<Tagged>>(&bytes);
    }

    #[test]
    fn no_damaged_value_panics(value in prop::collection::vec(shapes(), 1..4), at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = encoded(&value);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let _ = decode::<Vec<Shape>>(&bytes);
        let _ = decode::<Vec<Shape>>(&bytes[..at]);
    }
}
