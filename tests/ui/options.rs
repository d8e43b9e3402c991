#![allow(unused)]

use cachier::cachier;

#[cachier(stale_aftr = "3d")]
fn misspelt() {}

#[cachier(maxEntries = 3)]
fn of_another_language() {}

#[cachier(colour = "red")]
fn unknown() {}

#[cachier(max_age = "3d")]
fn of_one_call() {}

#[cachier(allow_none, version = "1", allow_none = false)]
fn twice() {}

#[cachier(stale_after)]
fn without_value() {}

#[cachier(associated = 3)]
fn no_switch() {}

#[cachier(ignore = client)]
fn no_list(client: u32) {}

#[cachier(core = files)]
fn no_core() {}

#[cachier(core = indexeddb)]
fn nothing_to_wait_with() {}

#[cachier(core = memory, sync)]
fn no_files() {}

#[cachier(cache = none)]
fn no_kind() {}

#[cachier(stale_after = true)]
fn no_duration() {}

fn main() {}
