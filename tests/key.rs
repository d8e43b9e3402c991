//! The laws of keys: what differs has keys that differ, what is equal has equal keys.
#![cfg(not(target_arch = "wasm32"))]

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use cachier::Key;
use proptest::prelude::*;
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};

fn key<A: Serialize + ?Sized>(arguments: &A) -> Key {
    Key::of(arguments).expect("arguments that can be keyed")
}

fn shown<A: Serialize + ?Sized>(arguments: &A) -> String {
    key(arguments).diagnostic()
}

fn assert_all_differ(keys: &[Key]) {
    for (index, one) in keys.iter().enumerate() {
        for other in &keys[index + 1..] {
            assert_ne!(one, other);
        }
    }
}

#[test]
fn argument_lists() {
    assert_eq!(shown(&()), "[]");
    assert_eq!(shown::<[u8; 0]>(&[]), "[]");
    assert_eq!(shown(&(1, 2)), "[1, 2]");
    assert_eq!(key(&vec![1, 2]), key(&(1, 2)));
    assert_eq!(key(&[1, 2][..]), key(&[1, 2]));
    assert_eq!(shown("alone"), r#"["alone"]"#);
    assert_eq!(shown(&((),)), "[null]");
    assert_eq!(shown(&((1,),)), "[[1]]");
    assert_eq!(shown(&"x".repeat(40)), format!("[\"{}\"]", "x".repeat(40)));
    assert_eq!(key(&vec![7_u8; 40]).as_bytes()[..3], [0x98, 40, 7]);
}

#[test]
fn look_alikes_differ() {
    assert_all_differ(&[
        key(&(1,)),
        key(&("1",)),
        key(&(true,)),
        key(&([1],)),
        key(&((),)),
        key(&()),
        key(&("",)),
        key(&([(); 0],)),
        key(&(1, 1)),
        key(&(Bytes(vec![1]),)),
        key(&(u64::MAX,)),
        key(&(u128::from(u64::MAX) + 1,)),
        key(&(-1,)),
        key(&(f64::NAN,)),
        key(&(f64::INFINITY,)),
        key(&(f64::NEG_INFINITY,)),
        key(&(5e-324,)),
        key(&(0.1_f32,)),
        key(&(0.1_f64,)),
        key(&(1e300,)),
        key(&(HashMap::<u8, u8>::new(),)),
    ]);
}

#[test]
fn numbers_agree_whatever_their_type() {
    let one = key(&(1_u8,));
    assert_eq!(one, key(&(1_i128,)));
    assert_eq!(one, key(&(1_f32,)));
    assert_eq!(one, key(&(1_f64,)));
    assert_eq!(key(&(0,)), key(&(-0.0,)));
    assert_eq!(key(&(i64::MIN,)), key(&(-9_223_372_036_854_775_808.0,)));
    assert_eq!(key(&(i64::MIN,)), key(&(i128::from(i64::MIN),)));
    assert_eq!(key(&(1_u64 << 63,)), key(&(9_223_372_036_854_775_808.0,)));
    assert_eq!(key(&(f64::NAN,)), key(&(-f32::NAN,)));
    assert_eq!(key(&(1.5_f32,)), key(&(1.5_f64,)));
}

#[test]
fn options_within_options_differ() {
    type Twice = Option<Option<u8>>;
    type Thrice = Option<Twice>;
    assert_all_differ(&[
        key::<(Thrice,)>(&(None,)),
        key::<(Thrice,)>(&(Some(None),)),
        key::<(Thrice,)>(&(Some(Some(None)),)),
        key::<(Thrice,)>(&(Some(Some(Some(1))),)),
    ]);
    assert_ne!(key(&(Some(()),)), key(&(None::<()>,)));
    assert_eq!(key(&(Some(1),)), key(&(1,)));
    assert_eq!(shown::<(Twice,)>(&(Some(None),)), r#"[27(["Some", null])]"#);
}

#[derive(Serialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(u8, u8),
    Rectangle { width: u8, height: u8 },
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Meters(u32);

#[test]
fn enums_and_structs() {
    assert_eq!(shown(&(Shape::Point,)), r#"["Point"]"#);
    assert_eq!(shown(&(Shape::Circle(0.5),)), r#"[{"Circle": 0.5}]"#);
    assert_eq!(shown(&(Shape::Line(1, 2),)), r#"[{"Line": [1, 2]}]"#);
    let rectangle = Shape::Rectangle {
        width: 1,
        height: 2,
    };
    assert_eq!(
        shown(&(rectangle,)),
        r#"[{"Rectangle": {"width": 1, "height": 2}}]"#
    );
    assert_eq!(shown(&(Unit, Meters(3), 'ß')), r#"[null, 3, "ß"]"#);
}

#[derive(Clone, Debug)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// A sequence or map that announces a length of its own choice.
struct Announced<T>(Option<usize>, T);

impl Serialize for Announced<Vec<u32>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut elements = serializer.serialize_seq(self.0)?;
        self.1
            .iter()
            .try_for_each(|element| elements.serialize_element(element))?;
        elements.end()
    }
}

impl Serialize for Announced<Vec<(u32, u32)>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(self.0)?;
        self.1
            .iter()
            .try_for_each(|(key, value)| entries.serialize_entry(key, value))?;
        entries.end()
    }
}

#[test]
fn announced_lengths_do_not_matter() {
    for length in [0, 1, 23, 24, 300] {
        let elements: Vec<u32> = (0..length).collect();
        let entries: Vec<(u32, u32)> = elements.iter().map(|index| (*index, 7)).collect();
        let map: BTreeMap<u32, u32> = entries.iter().copied().collect();
        for announced in [None, Some(0), Some(5), Some(24), Some(70_000)] {
            let sequence = Announced(announced, elements.clone());
            assert_eq!(key(&((sequence, 1),)), key(&((&elements, 1),)));
            let reversed = entries.iter().rev().copied().collect::<Vec<_>>();
            assert_eq!(
                key(&((Announced(announced, reversed), 1),)),
                key(&((&map, 1),))
            );
        }
    }
}

#[test]
fn map_keys_are_in_bytewise_order() {
    let map = HashMap::from([("b", 1), ("aa", 2), ("", 3), ("a", 4)]);
    assert_eq!(shown(&(map,)), r#"[{"": 3, "a": 4, "b": 1, "aa": 2}]"#);
    let map = HashMap::from([(-1, 0), (1000, 0), (10, 0)]);
    assert_eq!(shown(&(map,)), "[{10: 0, 1000: 0, -1: 0}]");
}

#[derive(Deserialize, PartialEq, Debug, Serialize)]
struct Filter {
    #[serde(with = "cachier::set")]
    names: Option<HashSet<String>>,
}

#[test]
fn sets_have_no_order() {
    #[derive(Serialize)]
    struct Marked<'a>(#[serde(serialize_with = "cachier::set::serialize")] &'a [Vec<&'a str>]);
    let (one, two) = (vec!["b", "c"], vec!["a"; 30]);
    let ordered = key(&(Marked(&[one.clone(), two.clone()]), 1));
    assert_eq!(ordered, key(&(Marked(&[two.clone(), one.clone()]), 1)));
    assert_ne!(ordered, key(&([one, two], 1)));
    assert_eq!(shown(&(Marked(&[]),)), "[258([])]");
    assert_eq!(shown(&(Filter { names: None },)), r#"[{"names": null}]"#);
}

#[test]
fn sets_are_sequences_in_other_formats() {
    let filter = Filter {
        names: Some(["red".to_owned()].into()),
    };
    let json = serde_json::to_string(&filter).expect("plain data");
    assert_eq!(json, r#"{"names":["red"]}"#);
    assert_eq!(
        serde_json::from_str::<Filter>(&json).expect("its own output"),
        filter
    );
}

struct Broken;

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("it is broken"))
    }
}

#[test]
fn errors_name_the_argument_and_the_way_out() {
    let error = Key::of(&(1, vec![Broken])).expect_err("it is broken");
    assert!(error.is_argument());
    let text = error.to_string();
    assert!(text.starts_with("argument 2 cannot be part of a key: it is broken; give a `key`"));
    let twice = Announced(None, vec![(1, 1), (2, 2), (1, 3)]);
    let text = Key::of(&(twice,)).expect_err("a key twice").to_string();
    assert!(
        text.contains("argument 1") && text.contains("same key twice"),
        "{text}"
    );
}

#[test]
fn damaged_bytes_are_shown_as_bytes() {
    assert_eq!(Key::from_canonical(&[0x82, 0x01]).diagnostic(), "h'8201'");
    assert_eq!(Key::from_canonical(&[]).diagnostic(), "h''");
    let deep = Key::from_canonical(&vec![0x81; 100_000]).diagnostic();
    assert!(deep.starts_with("h'8181"));
}

#[test]
fn scopes_are_told_apart_from_arguments() {
    let scoped = key(&(1,)).scoped("alice");
    assert_eq!(
        scoped.as_bytes(),
        [0x81, 1, 0x65, b'a', b'l', b'i', b'c', b'e']
    );
    assert_all_differ(&[
        scoped,
        key(&(1,)).scoped("bob"),
        key(&(1,)).scoped(""),
        key(&(1,)),
        key(&(1, "alice")),
        key(&(1,)).scoped(&"long".repeat(10)),
    ]);
}

/// Arguments as data, so that two of them can be compared.
#[derive(Clone, Debug)]
enum Data {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i128(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::List(elements) => elements.serialize(serializer),
            Self::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

impl Data {
    /// Equality by the rule that a number is its value.
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => {
                one.partial_cmp(other) == Some(Ordering::Equal) || one.is_nan() && other.is_nan()
            }
            (Self::Integer(integer), Self::Float(float))
            | (Self::Float(float), Self::Integer(integer)) => {
                float.fract() == 0.0
                    && (-9.3e18..1.9e19).contains(float)
                    && *float as i128 == *integer
                    && (i64::MIN.into()..=u64::MAX.into()).contains(integer)
            }
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::List(one), Self::List(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| one.same(other))
            }
            (Self::Map(one), Self::Map(other)) => {
                let find = |name| other.iter().find(|(key, _)| key == name);
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|(name, value)| find(name).is_some_and(|it| it.1.same(value)))
            }
            _ => false,
        }
    }

    /// The same data, with the entries of every map in the opposite order.
    fn reversed(&self) -> Self {
        match self {
            Self::List(elements) => Self::List(elements.iter().map(Self::reversed).collect()),
            Self::Map(entries) => {
                let entries = entries.iter().rev();
                Self::Map(
                    entries
                        .map(|(key, value)| (key.clone(), value.reversed()))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }
}

fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Boolean),
        (-3..30_i128).prop_map(Data::Integer),
        any::<i64>().prop_map(|value| Data::Integer(value.into())),
        any::<i128>().prop_map(Data::Integer),
        (-8..60_i8).prop_map(|value| Data::Float(f64::from(value) / 2.0)),
        any::<f32>().prop_map(|value| Data::Float(value.into())),
        prop::num::f64::ANY.prop_map(Data::Float),
        "[a-c]{0,2}".prop_map(Data::Text),
        any::<char>().prop_map(String::from).prop_map(Data::Text),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Data::Bytes),
    ];
    leaf.prop_recursive(3, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Data::List),
            prop::collection::btree_map("[a-e]{0,2}", inner, 0..4)
                .prop_map(|map| Data::Map(map.into_iter().collect())),
        ]
    })
}

fn arguments() -> impl Strategy<Value = Vec<Data>> {
    prop::collection::vec(data(), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn keys_are_equal_exactly_if_arguments_are(one in arguments(), other in arguments()) {
        let same = Data::List(one.clone()).same(&Data::List(other.clone()));
        prop_assert_eq!(key(&one) == key(&other), same);
    }

    #[test]
    fn one_change_changes_the_key(list in prop::collection::vec(data(), 1..4), at in any::<usize>(), new in data()) {
        let at = at % list.len();
        let mut changed = list.clone();
        changed[at] = new;
        prop_assert_eq!(key(&list) == key(&changed), list[at].same(&changed[at]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn map_order_does_not_matter(list in arguments()) {
        let reversed: Vec<Data> = list.iter().map(Data::reversed).collect();
        prop_assert_eq!(key(&list), key(&reversed));
    }

    #[test]
    fn every_integral_float_is_the_integer(value in -(1_i64 << 53)..=1 << 53) {
        prop_assert_eq!(key(&(value,)), key(&(value as f64,)));
    }

    #[test]
    fn floats_keep_their_value(bits in any::<u64>(), single in any::<u32>(), half in any::<u16>()) {
        for value in [f64::from_bits(bits), f32::from_bits(single).into(), f64::from(half) / 64.0] {
            let notation = shown(&(value,));
            let text = notation.trim_matches(['[', ']']).replace("Infinity", "inf");
            let back: f64 = text.parse().expect("a number");
            prop_assert!(back == value || back.is_nan() && value.is_nan(), "{notation} {value}");
        }
    }

    #[test]
    fn notation_reads_every_key(list in arguments()) {
        prop_assert!(shown(&list).starts_with('['));
    }

    #[test]
    fn order_is_that_of_the_bytes(one in arguments(), other in arguments()) {
        let (one, other) = (key(&one), key(&other));
        prop_assert_eq!(one.cmp(&other), one.as_bytes().cmp(other.as_bytes()));
        prop_assert_eq!(Key::from_canonical(one.as_bytes()), one);
    }
}
