//! A hit in memory of a function that borrows text: no key is to be allocated.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::hint::black_box;
use std::sync::Mutex;

use cached::macros::cached;
use cachier::cachier;
use memoize::memoize;
use quick_cache::Equivalent;

use super::memory::locked;
use crate::measure::timed;
use crate::work::{Against, Work};

const KEY: (&str, u32) = ("a-key-of-some-length", 2024);

fn label(name: &str, number: u32) -> String {
    format!("{name}/{number}")
}

#[cachier(core = memory)]
fn ours(name: &str, number: u32) -> String {
    label(name, number)
}

#[cached]
fn by_cached(name: String, number: u32) -> String {
    label(&name, number)
}

#[memoize(SharedCache)]
fn by_memoize(name: String, number: u32) -> String {
    label(&name, number)
}

/// Hashes as the owned pair does.
struct Borrowed<'a>(&'a str, u32);

impl Hash for Borrowed<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1).hash(state);
    }
}

impl Equivalent<(String, u32)> for Borrowed<'_> {
    fn equivalent(&self, key: &(String, u32)) -> bool {
        self.0 == key.0 && self.1 == key.1
    }
}

pub fn hit() -> Work {
    let (name, number) = KEY;
    let (key, value) = ((name.to_owned(), number), label(name, number));
    let floor = Mutex::new(HashMap::from([(key.clone(), value.clone())]));
    let quick = quick_cache::sync::Cache::new(1_000);
    quick.insert(key.clone(), value.clone());
    let moka = moka::sync::Cache::new(1_000);
    moka.insert(key, value);
    ours(name, number);
    by_cached(name.to_owned(), number);
    by_memoize(name.to_owned(), number);
    let owned = move || (black_box(name).to_owned(), black_box(number));
    Work::new("hit-borrowed", "A hit in memory, fn(&str, u32) -> String")
        .ours("cachier, the attribute", move |count| {
            timed(count, |_| ours(black_box(name), black_box(number)))
        })
        .floor("Mutex<HashMap>, an owned key", move |count| {
            timed(count, |_| locked(&floor).get(&owned()).cloned())
        })
        .peer("quick_cache, a borrowed key", move |count| {
            timed(count, |_| {
                quick.get(&Borrowed(black_box(name), black_box(number)))
            })
        })
        .peer("cached", move |count| {
            timed(count, |_| {
                let (name, number) = owned();
                by_cached(name, number);
            })
        })
        .peer("memoize, shared", move |count| {
            timed(count, |_| {
                let (name, number) = owned();
                by_memoize(name, number);
            })
        })
        .peer("moka", move |count| timed(count, |_| moka.get(&owned())))
        .goal(1.2, Against::Named("quick_cache, a borrowed key"))
}
