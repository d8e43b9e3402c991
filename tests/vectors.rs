//! The keys of vectors.json, on the side of Rust; check_vectors.py says what a description means.

use std::fmt::Write;

use cachier::Key;
use serde::{Serialize, Serializer};
use serde_json::Value;

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn keys_of_the_vectors() {
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("vectors.json")).expect("vectors.json is JSON");
    let mine: Vec<_> = vectors
        .iter()
        .filter(|vector| is_for_rust(vector))
        .collect();
    assert!(mine.len() >= 150);
    for vector in mine {
        let key = vector_key(vector);
        assert_eq!(
            hexadecimal(key.as_bytes()),
            vector["cbor"],
            "{}",
            vector["name"]
        );
        assert_eq!(
            hexadecimal(&key.digest()),
            vector["sha256"],
            "{}",
            vector["name"]
        );
        assert!(!key.diagnostic().starts_with("h'"), "{}", vector["name"]);
    }
}

fn is_for_rust(vector: &Value) -> bool {
    elements(&vector["sides"]).iter().any(|side| side == "rust")
}

fn vector_key(vector: &Value) -> Key {
    let arguments: Vec<_> = elements(&vector["arguments"])
        .iter()
        .map(Described)
        .collect();
    let key = Key::of(&arguments).expect("arguments that can be keyed");
    match vector["scope"].as_str() {
        Some(scope) => key.scoped(scope),
        None => key,
    }
}

/// What a description describes, as far as Rust has it.
struct Described<'a>(&'a Value);

impl Serialize for Described<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(elements) => serializer.collect_seq(elements.iter().map(Described)),
            Value::Object(object) => {
                let (kind, content) = object.iter().next().expect("one member");
                serialize_kind(kind, content, serializer)
            }
            plain => plain.serialize(serializer),
        }
    }
}

fn serialize_kind<S: Serializer>(kind: &str, content: &Value, to: S) -> Result<S::Ok, S::Error> {
    match kind {
        "$object" | "$entries" => to.collect_map(elements(content).iter().map(entry)),
        "$set" => {
            let elements: Vec<_> = elements(content).iter().map(Described).collect();
            cachier::set::serialize(&elements, to)
        }
        "$some" => to.serialize_some(&Described(content)),
        "$none" => to.serialize_none(),
        "$variant" => {
            let name = leaked(&content[0]);
            to.serialize_newtype_variant("Enum", 0, name, &Described(&content[1]))
        }
        "$unit" => to.serialize_unit_variant("Enum", 0, leaked(content)),
        "$range" => to.collect_seq(0..content.as_u64().expect("a length")),
        "$deep" => deep(content.as_u64().expect("a depth")).serialize(to),
        _ => serialize_leaf(kind, content, to),
    }
}

fn serialize_leaf<S: Serializer>(kind: &str, content: &Value, to: S) -> Result<S::Ok, S::Error> {
    match kind {
        "$float" => to.serialize_f64(f64::from_bits(bits(content))),
        "$single" => to.serialize_f32(f32::from_bits(bits(content) as u32)),
        "$integer" => serialize_integer(text(content), to),
        "$bytes" => to.serialize_bytes(&bytes(text(content))),
        "$repeat" => {
            let times = content[1].as_u64().expect("a number") as usize;
            to.serialize_str(&text(&content[0]).repeat(times))
        }
        _ => panic!("{kind} is not described for Rust"),
    }
}

fn serialize_integer<S: Serializer>(digits: &str, to: S) -> Result<S::Ok, S::Error> {
    match digits.parse() {
        Ok(value) => to.serialize_i128(value),
        Err(_) => to.serialize_u128(digits.parse().expect("an integer")),
    }
}

fn entry(pair: &Value) -> (Described<'_>, Described<'_>) {
    (Described(&pair[0]), Described(&pair[1]))
}

fn deep(depth: u64) -> Value {
    (0..depth).fold(Value::Array(Vec::new()), |inner, _| {
        Value::Array(vec![inner])
    })
}

fn elements(array: &Value) -> &[Value] {
    array.as_array().expect("an array")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn leaked(value: &Value) -> &'static str {
    text(value).to_owned().leak()
}

fn bits(value: &Value) -> u64 {
    u64::from_str_radix(text(value), 16).expect("hexadecimal bits")
}

fn bytes(digits: &str) -> Vec<u8> {
    let starts = (0..digits.len()).step_by(2);
    let byte = |start| u8::from_str_radix(&digits[start..start + 2], 16);
    starts
        .map(|start| byte(start).expect("hexadecimal bytes"))
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
