//! The spellings of vectors.json, and those that vectors cannot show.

use std::fmt::Write;

use serde_json::Value;

use super::{key_of_number, key_of_spelling, key_of_text};
use crate::Key;

fn hexadecimal(key: &Key) -> String {
    key.as_bytes().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

fn shown(spelling: &str) -> String {
    key_of_spelling(spelling).expect("a spelling").diagnostic()
}

#[test]
fn spellings_of_the_vectors() {
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../../../tests/vectors.json")).expect("JSON");
    let mut spelled = 0;
    for vector in &vectors {
        let Some(spelling) = vector["spelling"].as_str() else {
            continue;
        };
        let key = key_of_spelling(spelling).expect("a spelling");
        assert_eq!(hexadecimal(&key), vector["cbor"], "{}", vector["name"]);
        spelled += 1;
    }
    assert!(spelled >= 150);
}

#[test]
fn one_primitive_has_the_key_of_its_spelling() {
    assert_eq!(
        key_of_number(1.0),
        key_of_spelling("1,").expect("a spelling")
    );
    assert_eq!(
        key_of_number(f64::NAN),
        key_of_spelling("N").expect("a spelling")
    );
    assert_eq!(
        key_of_text("\""),
        key_of_spelling("\"1\"").expect("a spelling")
    );
    assert_eq!(key_of_number(0.5), Key::of(&(0.5,)).expect("a number"));
    assert_eq!(key_of_text("ü"), Key::of(&("ü",)).expect("a text"));
}

#[test]
fn every_escape_is_undone() {
    assert_eq!(shown("~\"3~007e~d8001"), "[273(h'7eeda08031')]");
    assert_eq!(shown("~\"1~dfff\"2~007ex"), "[273(h'edbfbf'), \"~x\"]");
}

#[test]
fn two_keys_of_equal_content_are_refused() {
    let error = key_of_spelling("1,M[1,]1,[1,]2,]").expect_err("a key twice");
    assert!(error.is_argument());
    assert!(
        error
            .to_string()
            .starts_with("argument 2 cannot be part of a key: a Map")
    );
}

#[test]
fn what_is_no_spelling_is_an_error() {
    let deep = "[".repeat(100_000);
    for spelling in [
        "?", "1", "\"", "\"5abc", "\"1𐅑", "x1,", "[", "{1a", "M1,]", "v1X0", "d", &deep,
    ] {
        assert!(key_of_spelling(spelling).is_err(), "{spelling}");
    }
}

#[test]
fn any_text_is_read_or_refused() {
    proptest::proptest!(|(text in "[~\"0-9,x\\[\\]{}MSdrlyvbN#:tfnua🎉é-]{0,40}")| {
        let _ = key_of_spelling(&text);
    });
}
