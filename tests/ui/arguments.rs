#![allow(unused)]

use cachier::cachier;

struct Client;

#[cachier]
fn changes(list: &mut Vec<u32>) -> usize {
    list.len()
}

#[cachier]
fn hidden(text: impl AsRef<str>) -> usize {
    text.as_ref().len()
}

#[cachier]
fn no_key(client: &Client, n: u32) -> u32 {
    n
}

#[cachier(ignore(clinet))]
fn misspelt(client: &Client, n: u32) -> u32 {
    n
}

#[cachier(key = |n| *n)]
fn too_few(client: &Client, n: u32) -> u32 {
    n
}

#[cachier(key = |client, n| *n, ignore(client))]
fn both(client: &Client, n: u32) -> u32 {
    n
}

fn main() {}
