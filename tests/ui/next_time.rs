#![allow(unused)]

use cachier::cachier;

#[derive(serde::Serialize)]
struct Client;

#[cachier(next_time)]
fn borrowed_inside(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

#[cachier(next_time)]
fn named<'a>(text: std::borrow::Cow<'a, str>) -> usize {
    text.len()
}

#[cachier(next_time)]
fn not_owned(client: &Client, n: u32) -> u32 {
    n
}

fn main() {}
