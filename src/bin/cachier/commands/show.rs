//! `cachier show`: the entries of a function.

use std::cell::RefCell;
use std::collections::BTreeMap;

use cachier::inspect::{Cache, Stored};
use clap::builder::styling::{AnsiColor, Style};
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::entry::{self, Document};
use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::table::{Column, table};
use crate::usage::{Common, Show};

const COLUMNS: [Column; 5] = [
    Column::words("KEY").styled(AnsiColor::Yellow.on_default()),
    Column::numbers("AGE"),
    Column::numbers("SIZE"),
    Column::words("ARGUMENTS").shortened_by(human::beginning),
    Column::words("VALUE").shortened_by(human::beginning),
];
const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
/// Digits of a key that tell it from others, as a rule.
const SHORT_KEY: usize = 12;

pub fn run(given: &Show, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let cache = caches.one(&given.function)?;
    match screen.is_json() {
        true => print_json(cache, screen),
        false => print_table(cache, given.limit, screen),
    }
}

fn print_table(cache: &Cache, limit: usize, screen: &Screen) -> Result<(), Failure> {
    let (rows, all) = newest(cache, limit, screen)?;
    if rows.is_empty() {
        return Err(empty(cache));
    }
    let shown = table(&COLUMNS, &rows, screen.width());
    let (id, footer) = (human::plain(cache.id()), footer(rows.len() as u64, all));
    screen.text(&format!(
        "{BOLD}{id}{BOLD:#}\n{shown}{FAINT}{footer}{FAINT:#}"
    ))
}

/// The rows of so many entries, or of all if that is 0, the newest first, and how many there are.
fn newest(
    cache: &Cache,
    limit: usize,
    screen: &Screen,
) -> Result<(Vec<[String; 5]>, u64), Failure> {
    let (mut newest, mut all) = (BTreeMap::new(), 0);
    entry::each(cache, |stored| {
        newest.insert((stored.stored_at, all), stored.digest);
        all += 1;
        if limit > 0 && newest.len() > limit {
            newest.pop_first();
        }
        Ok(())
    })?;
    // Only what is shown is worth the work of making a text of it.
    let read = |digest| Ok(cache.get(digest)?.map(|stored| cells(&stored, screen)));
    let rows = newest
        .values()
        .rev()
        .map(read)
        .filter_map(Result::transpose);
    Ok((rows.collect::<Result<_, Failure>>()?, all))
}

fn empty(cache: &Cache) -> Failure {
    Failure::Nothing(format!("{} has no entries", cache.id()))
}

fn footer(shown: u64, all: u64) -> String {
    match shown == all {
        true => human::entries(all),
        false => format!(
            "the newest {} of {}; --limit 0 shows all",
            human::count(shown),
            human::entries(all)
        ),
    }
}

fn cells(stored: &Stored, screen: &Screen) -> [String; 5] {
    let key: String = stored.digest.to_string().chars().take(SHORT_KEY).collect();
    [
        key,
        human::age(stored.stored_at, screen.now()),
        human::size(stored.size),
        entry::arguments(stored),
        entry::value(stored),
    ]
}

#[derive(Serialize)]
struct Shown<'a> {
    function: &'a str,
    directory: String,
    entries: Entries<'a>,
}

/// The entries, read while they are written: all of them may be more than the memory holds.
struct Entries<'a> {
    cache: &'a Cache,
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    entries: u64,
    unreadable: Option<Failure>,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut refused = None;
        let visited = entry::each(self.cache, |stored| {
            self.seen.borrow_mut().entries += 1;
            list.serialize_element(&Document::of(&stored))
                .map_err(|error| {
                    refused = Some(error);
                    Failure::Closed
                })
        });
        if let Some(refused) = refused {
            return Err(refused);
        }
        if let Err(failure) = visited {
            self.seen.borrow_mut().unreadable = Some(failure);
            return Err(S::Error::custom("unreadable"));
        }
        list.end()
    }
}

fn print_json(cache: &Cache, screen: &Screen) -> Result<(), Failure> {
    let shown = Shown {
        function: cache.id(),
        directory: cache.dir().display().to_string(),
        entries: Entries {
            cache,
            seen: RefCell::default(),
        },
    };
    let printed = screen.json(&shown);
    let seen = shown.entries.seen.take();
    if let Some(failure) = seen.unreadable {
        return Err(failure);
    }
    printed?;
    match seen.entries {
        0 => Err(empty(cache)),
        _ => Ok(()),
    }
}
