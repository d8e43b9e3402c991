//! `cachier rm`: removes single entries.

use cachier::inspect::Stored;
use serde::Serialize;

use crate::entry;
use crate::failure::Failure;
use crate::human;
use crate::keys;
use crate::screen::Screen;
use crate::select::Caches;
use crate::usage::{Common, Rm};

#[derive(Serialize)]
struct Removed<'a> {
    function: &'a str,
    removed: Vec<String>,
    bytes: u64,
}

/// All entries are found before the first is removed.
pub fn run(given: &Rm, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let cache = caches.one(&given.function)?;
    let find = |key: &String| keys::find(cache, key, given.scope.as_deref());
    let found = given.keys.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let id = human::plain(cache.id());
    screen.confirm(
        &given.consent,
        &format!("Remove {} of {id}?", listed(&found)),
    )?;
    let mut removed = Removed {
        function: cache.id(),
        removed: Vec::new(),
        bytes: 0,
    };
    for stored in &found {
        if cache.remove(&stored.digest)? {
            removed.removed.push(stored.digest.to_string());
            removed.bytes += stored.size;
        }
    }
    screen.result(&removed, || {
        let entries = human::entries(removed.removed.len() as u64);
        format!("Removed {entries} ({}) of {id}", human::size(removed.bytes))
    })
}

fn listed(found: &[Stored]) -> String {
    match found {
        [only] => entry::arguments(only),
        _ => human::entries(found.len() as u64),
    }
}
