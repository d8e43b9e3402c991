#![allow(unused)]

use cachier::cachier;

struct Large;

#[cachier]
fn borrowed(text: &str) -> &str {
    text
}

#[cachier]
fn borrowed_inside<'a>(text: &'a str) -> Option<Vec<std::borrow::Cow<'a, str>>> {
    None
}

#[cachier]
fn hidden(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

#[cachier]
fn undecided<T: Clone + Send + Sync + serde::Serialize + 'static>(value: T) -> T {
    value
}

#[cachier(core = memory)]
fn not_clone(n: u32) -> Large {
    Large
}

#[cachier(core = memory, cache = ok)]
fn no_result(n: u32) -> u32 {
    n
}

#[cachier(core = memory, cache = some)]
fn no_option(n: u32) -> u32 {
    n
}

#[cachier(core = memory, max_bytes = "1 MB")]
fn no_size(n: u32) -> std::sync::Arc<Large> {
    std::sync::Arc::new(Large)
}

#[derive(Clone)]
struct Plain;

#[cachier]
fn not_for_files(n: u32) -> Plain {
    Plain
}

fn main() {}
