//! The table of the module above, and that it holds for whatever there is.

use std::collections::{BTreeMap, HashMap};

use cachier::Key;
use proptest::prelude::*;
use serde::Serialize;

use super::{Cbor, Sequence, key_of};

fn json(bytes: &[u8]) -> String {
    serde_json::to_string(&Cbor::new(bytes)).unwrap()
}

fn from_hex(digits: &str) -> Vec<u8> {
    let digits = digits.replace(' ', "");
    data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap()
}

/// The JSON of an argument list of this key.
fn printed(key: &Key) -> String {
    serde_json::to_string(&Sequence::new(key.as_bytes()).arguments).unwrap()
}

#[test]
fn each_kind_of_item_has_its_json() {
    for (item, expected) in [
        ("00", "0"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("20", "-1"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("f93c00", "1.0"),
        ("f98000", "-0.0"),
        ("f90001", "5.960464477539063e-8"),
        ("fa3dcccccd", "0.10000000149011612"),
        ("fb3fb999999999999a", "0.1"),
        ("fb7e37e43c8800759c", "1e+300"),
        ("f97e00", r#"{"$float":"NaN"}"#),
        ("fa7fc00000", r#"{"$float":"NaN"}"#),
        ("fb7ff8000000000000", r#"{"$float":"NaN"}"#),
        ("f97c00", r#"{"$float":"Infinity"}"#),
        ("fbfff0000000000000", r#"{"$float":"-Infinity"}"#),
        ("f97e01", r#"{"$cbor":"+X4B"}"#),
        ("f4", "false"),
        ("f5", "true"),
        ("f6", "null"),
        ("f7", r#"{"$undefined":true}"#),
        ("f0", r#"{"$simple":16}"#),
        ("f8ff", r#"{"$simple":255}"#),
        ("63e282ac", r#""€""#),
        ("7f 61 61 61 62 ff", r#""ab""#),
        ("61ff", r#"{"$cbor":"Yf8="}"#),
        ("43010203", r#"{"$bytes":"AQID"}"#),
        ("5f 41 01 42 0203 ff", r#"{"$bytes":"AQID"}"#),
        ("80", "[]"),
        ("83 01 02 03", "[1,2,3]"),
        ("9f 01 82 02 03 ff", "[1,[2,3]]"),
        ("a1 61 61 01", r#"{"a":1}"#),
        ("bf 61 61 01 61 62 9f ff ff", r#"{"a":1,"b":[]}"#),
        ("a1 01 61 61", r#"{"$map":[[1,"a"]]}"#),
        ("a2 61 61 01 61 61 02", r#"{"$map":[["a",1],["a",2]]}"#),
        ("a1 66 246279746573 01", r#"{"$map":[["$bytes",1]]}"#),
        ("a0", "{}"),
        (
            "c2 49 010000000000000000",
            r#"{"$bigint":"18446744073709551616"}"#,
        ),
        (
            "c3 49 010000000000000000",
            r#"{"$bigint":"-18446744073709551617"}"#,
        ),
        ("c2 40", r#"{"$bigint":"0"}"#),
        ("c2 41 00", r#"{"$tag":2,"value":{"$bytes":"AA=="}}"#),
        (
            "c2 51 0100000000000000000000000000000000",
            r#"{"$tag":2,"value":{"$bytes":"AQAAAAAAAAAAAAAAAAAAAAA="}}"#,
        ),
        (
            "c3 50 ffffffffffffffffffffffffffffffff",
            r#"{"$tag":3,"value":{"$bytes":"/////////////////////w=="}}"#,
        ),
        ("c1 1a 00000007", r#"{"$tag":1,"value":7}"#),
        ("d90102 82 01 02", r#"{"$set":[1,2]}"#),
        ("d90102 a0", r#"{"$tag":258,"value":{}}"#),
        (
            "d81b 82 64536f6d65 f6",
            r#"{"$tag":27,"value":["Some",null]}"#,
        ),
    ] {
        assert_eq!(json(&from_hex(item)), expected, "{item}");
    }
}

#[test]
fn what_is_no_item_is_shown_as_bytes() {
    for bytes in [
        "",
        "1c",
        "18",
        "f818",
        "ff",
        "81",
        "8181ff",
        "bf 01 ff",
        "7f 41 61 ff",
        "5f 5f ff ff",
        "df 00",
        "0000",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
    ] {
        let json = json(&from_hex(bytes));
        assert!(json.starts_with(r#"{"$invalid":""#), "{bytes}: {json}");
    }
}

#[test]
fn items_nested_a_hundred_thousand_times_are_read() {
    for level in [
        [0x81].as_slice(),
        &[0x9f],
        &[0xc1],
        &[0xa1, 0x00],
        &[0xbf, 0x00],
        &[0xd9, 0x01, 0x02, 0x81],
    ] {
        let is_indefinite = level[0] & 0x1f == 31;
        let mut nested = level.repeat(100_000);
        nested.push(0);
        nested.extend(std::iter::repeat_n(
            0xff,
            if is_indefinite { 100_000 } else { 0 },
        ));
        let json = json(&nested);
        assert!(json.contains("$cbor"));
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
}

#[test]
fn the_scope_of_a_key_is_told_from_its_arguments() {
    let key = Key::of(&(1, "a")).unwrap();
    let scoped = key.clone().scoped("alice");
    assert!(Sequence::new(key.as_bytes()).scope.is_none());
    let sequence = Sequence::new(scoped.as_bytes());
    assert_eq!(
        serde_json::to_string(&sequence.arguments).unwrap(),
        r#"[1,"a"]"#
    );
    assert_eq!(
        serde_json::to_string(&sequence.scope).unwrap(),
        r#""alice""#
    );
}

#[test]
fn arguments_in_json_have_the_key_of_the_call() {
    #[derive(Serialize)]
    struct Query {
        text: &'static str,
        page: Option<u32>,
        exact: bool,
    }

    let query = Query {
        text: "\u{1f980} \"x\"",
        page: None,
        exact: true,
    };
    for (text, expected) in [
        ("[]", Key::of(&()).unwrap()),
        ("5", Key::of(&(5,)).unwrap()),
        ("[5.0]", Key::of(&(5,)).unwrap()),
        (" [ -1 , 2.5 ] ", Key::of(&(-1, 2.5)).unwrap()),
        (
            "[340282366920938463463374607431768211455]",
            Key::of(&(u128::MAX,)).unwrap(),
        ),
        (
            "[-170141183460469231731687303715884105728]",
            Key::of(&(i128::MIN,)).unwrap(),
        ),
        (
            "[18446744073709551616.0]",
            Key::of(&(18_446_744_073_709_551_616.0,)).unwrap(),
        ),
        (
            r#"[2024, "eu", null]"#,
            Key::of(&(2024, "eu", None::<u8>)).unwrap(),
        ),
        (
            r#"[{"exact": true, "page": null, "text": "\ud83e\udd80 \"x\""}]"#,
            Key::of(&(query,)).unwrap(),
        ),
        (r#"[[1, [2]]]"#, Key::of(&((1, (2,)),)).unwrap()),
        (
            r#"[{"$set": [2, 1]}]"#,
            key_of(r#"[{"$set": [1, 2]}]"#).unwrap(),
        ),
    ] {
        assert_eq!(key_of(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn arguments_that_are_no_key_are_refused_with_the_reason() {
    for (text, reason) in [
        ("", "EOF"),
        ("eu", "expected value"),
        ("[1", "EOF"),
        ("[1] 2", "trailing"),
        ("[1e400]", "too large"),
        ("[999999999999999999999999999999999999999999]", "128 bits"),
        (r#"[{"a": 1, "a": 2}]"#, "twice"),
        (r#"[{"$bytes": "?"}]"#, "base64"),
        (r#"[{"$float": "1"}]"#, "$float"),
        (r#"[{"$bigint": "x"}]"#, "integer"),
        (r#"[{"$tag": 1, "value": 7}]"#, "digest"),
        (r#"[{"$undefined": true}]"#, "digest"),
        (r#"[{"$bytes": "AA==", "more": 1}]"#, "digest"),
    ] {
        let refusal = key_of(text).unwrap_err();
        assert!(refusal.contains(reason), "{text}: {refusal}");
    }
}

/// Whatever serde can tell, in the order of nothing.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Null,
    Bool(bool),
    Unsigned(u128),
    Signed(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
    Map(Vec<(i64, Tree)>),
    SomeNull,
}

impl Serialize for Tree {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Unsigned(value) => serializer.serialize_u128(*value),
            Self::Signed(value) => serializer.serialize_i128(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::Array(values) => serializer.collect_seq(values),
            Self::Object(members) => serializer.collect_map(members),
            Self::Map(pairs) => {
                serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
            }
            Self::SomeNull => serializer.serialize_some(&()),
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Null),
        Just(Tree::SomeNull),
        any::<bool>().prop_map(Tree::Bool),
        any::<u128>().prop_map(Tree::Unsigned),
        any::<i128>().prop_map(Tree::Signed),
        any::<i64>().prop_map(|number| Tree::Signed(number.into())),
        (-3..3_i8).prop_map(|number| Tree::Signed(number.into())),
        any::<f64>().prop_map(Tree::Float),
        Just(Tree::Float(f64::NAN)),
        Just(Tree::Float(f64::NEG_INFINITY)),
        "[$a-c\"\\\\é]{0,3}".prop_map(Tree::Text),
        any::<Vec<u8>>().prop_map(Tree::Bytes),
    ];
    leaf.prop_recursive(5, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Array),
            prop::collection::btree_map("[$ab]{0,2}", inner.clone(), 0..4).prop_map(Tree::Object),
            prop::collection::btree_map(any::<i64>(), inner, 0..4)
                .prop_map(|map| Tree::Map(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_have_their_json(bytes: Vec<u8>) {
        let text = json(&bytes);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        let _ = Sequence::new(&bytes);
    }

    #[test]
    fn bytes_that_look_like_items_have_their_json(bytes in prop::collection::vec(prop_oneof![
        Just(0x9f_u8), Just(0xff), Just(0xbf), Just(0x5f), Just(0x7f), Just(0xc2), Just(0x81), Just(0xa1), Just(0x41), Just(0x61), Just(0xf9), any::<u8>()
    ], 0..40)) {
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json(&bytes)).is_ok());
    }

    #[test]
    fn printed_arguments_give_the_same_key_again(arguments in prop::collection::vec(tree(), 0..4)) {
        let key = Key::of(&arguments).unwrap();
        prop_assert_eq!(key_of(&printed(&key)).unwrap(), key);
    }

    #[test]
    fn keys_that_differ_are_printed_differently(trees in prop::collection::vec(tree(), 0..50)) {
        let mut seen = HashMap::new();
        for tree in trees {
            let key = Key::of(&[tree]).unwrap();
            let text = printed(&key);
            prop_assert_eq!(seen.entry(text).or_insert_with(|| key.clone()), &key);
        }
    }

    #[test]
    fn any_text_is_a_key_or_refused(text in ".*") {
        let _ = key_of(&text);
    }
}
