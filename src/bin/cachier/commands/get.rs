//! `cachier get`: the value of one entry.

use serde::Serialize;

use crate::entry::Document;
use crate::failure::Failure;
use crate::json::Cbor;
use crate::keys;
use crate::screen::Screen;
use crate::select::Caches;
use crate::usage::{Common, Get};

#[derive(Serialize)]
struct Found<'a> {
    function: &'a str,
    #[serde(flatten)]
    entry: Document<'a>,
}

pub fn run(given: &Get, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let cache = caches.one(&given.function)?;
    let stored = keys::find(cache, &given.key, given.scope.as_deref())?;
    if screen.is_json() {
        return screen.json(&Found {
            function: cache.id(),
            entry: Document::of(&stored),
        });
    }
    screen.json(&Cbor::new(&stored.value))
}
