//! Values that the form of a store may lose, and how they come back; not which store.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use cachier::core::Core;
use cachier::{Entry, Key, Meta, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Untagged {
    Whole(i64),
    Part(f64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    Point,
    Circle(f64),
    Box { width: u64, label: Option<String> },
}

/// Opens a core for values of any type, under this id.
pub trait Opens {
    type Core<V: Kept>: Core<V>;

    fn open<V: Kept>(id: &str) -> Self::Core<V>;
}

pub trait Kept: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static {}
impl<T: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static> Kept for T {}

pub fn entry<V>(value: V, millis: i64) -> Entry<V> {
    let meta = Meta {
        stored_at: Timestamp::from_millis(millis),
        size: 0,
        none: false,
    };
    Entry { value, meta }
}

pub fn key(number: u32) -> Key {
    Key::of(&(number,)).unwrap()
}

async fn comes_back<O: Opens, V: Kept>(value: V) {
    let core = O::open::<V>(&super::places::fresh_name());
    core.set(&key(1), Some(entry(&value, 7))).await.unwrap();
    let read = core.get(&key(1)).await.unwrap().unwrap();
    assert_eq!((&read.value, read.meta.stored_at.as_millis()), (&value, 7));
}

pub async fn all_come_back<O: Opens>() {
    comes_back::<O, _>((
        0_u8,
        -1_i64,
        0.5,
        1.0,
        "text \u{0} \"x\" 🦀".to_owned(),
        'ß',
        (),
    ))
    .await;
    comes_back::<O, _>((u64::MAX, i64::MIN, u128::MAX, 1_u64 << 53)).await;
    comes_back::<O, _>((f64::INFINITY, f64::MIN_POSITIVE, 5e-324, 0.1_f32)).await;
    comes_back::<O, _>(vec![Some(None), None, Some(Some(1_u8))]).await;
    comes_back::<O, _>(vec![Some(()), None]).await;
    comes_back::<O, _>(vec![
        Untagged::Part(1.0),
        Untagged::Whole(1),
        Untagged::Text("1".into()),
    ])
    .await;
    comes_back::<O, _>(vec![
        Shape::Point,
        Shape::Circle(-2.0),
        Shape::Box {
            width: 1 << 60,
            label: None,
        },
    ])
    .await;
    comes_back::<O, _>(HashMap::from([((1_u8, 'x'), Some(2)), ((2, 'y'), None)])).await;
    comes_back::<O, _>(BTreeMap::from([(1_u64, vec![1_u8]), (u64::MAX, vec![])])).await;
    comes_back::<O, _>("x".repeat(200_000)).await;
    comes_back::<O, _>(serde_json::json!({"a": [null, 1, -1, 1.0, "x", {}, [], true]})).await;
}

pub async fn not_a_number_comes_back<O: Opens>() {
    let core = O::open::<(f64, f64)>(&super::places::fresh_name());
    core.set(&key(1), Some(entry(&(f64::NAN, -0.0), 7)))
        .await
        .unwrap();
    let (nan, zero) = core.get(&key(1)).await.unwrap().unwrap().value;
    assert!(nan.is_nan() && zero == 0.0 && zero.is_sign_negative());
}
