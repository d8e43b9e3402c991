//! `cachier list`: the functions that have a cache.

use std::cmp::Reverse;

use cachier::inspect::{Cache, Summary};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::table::{Column, table};
use crate::usage::{Common, List, Order};

const COLUMNS: [Column; 6] = [
    Column::words("FUNCTION")
        .shortened_by(human::short_id)
        .styled(AnsiColor::Cyan.on_default()),
    Column::numbers("ENTRIES"),
    Column::numbers("SIZE"),
    Column::numbers("ON DISK"),
    Column::numbers("OLDEST"),
    Column::numbers("NEWEST"),
];
const FAINT: Style = Style::new().dimmed();

#[derive(Serialize)]
struct Row {
    function: String,
    directory: String,
    entries: u64,
    bytes: u64,
    disk_bytes: u64,
    /// Milliseconds since 1970, as is `newest`.
    oldest: Option<i64>,
    newest: Option<i64>,
    #[serde(skip)]
    summary: Summary,
}

impl Row {
    fn of(cache: &Cache) -> Result<Self, Failure> {
        let summary = cache.summary()?;
        Ok(Self {
            function: cache.id().into(),
            directory: cache.dir().display().to_string(),
            entries: summary.entries,
            bytes: summary.bytes,
            disk_bytes: cache.disk_bytes()?,
            oldest: summary.oldest.map(|moment| moment.as_millis()),
            newest: summary.newest.map(|moment| moment.as_millis()),
            summary,
        })
    }

    fn cells(&self, screen: &Screen) -> [String; 6] {
        let age = |moment: Option<_>| {
            moment.map_or_else(|| "–".into(), |moment| human::age(moment, screen.now()))
        };
        [
            human::plain(&self.function),
            human::count(self.entries),
            human::size(self.bytes),
            human::size(self.disk_bytes),
            age(self.summary.oldest),
            age(self.summary.newest),
        ]
    }
}

pub fn run(given: &List, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let all = caches.all().or_else(|failure| empty(failure, screen))?;
    let (mut rows, mut unreadable) = (Vec::new(), None);
    for cache in all {
        match Row::of(cache) {
            Ok(row) => rows.push(row),
            Err(failure) => unreadable = Some(failure),
        }
    }
    sort(&mut rows, given.sort);
    screen.result(&rows, || text(&rows, &caches, screen))?;
    unreadable.map_or(Ok(()), Err)
}

/// Programs are told of nothing as well.
fn empty<'a>(failure: Failure, screen: &Screen) -> Result<Vec<&'a Cache>, Failure> {
    if screen.is_json() {
        screen.json(&[(); 0])?;
    }
    Err(failure)
}

fn sort(rows: &mut [Row], order: Order) {
    match order {
        Order::Name => {}
        Order::Entries => rows.sort_by_key(|row| Reverse(row.entries)),
        Order::Size => rows.sort_by_key(|row| Reverse(row.disk_bytes)),
        Order::Age => rows.sort_by_key(|row| row.newest),
    }
}

fn text(rows: &[Row], caches: &Caches, screen: &Screen) -> String {
    let cells: Vec<_> = rows.iter().map(|row| row.cells(screen)).collect();
    let sum = |of: fn(&Row) -> u64| rows.iter().map(of).sum();
    format!(
        "{}{FAINT}{}, {}, {} in {}{FAINT:#}",
        table(&COLUMNS, &cells, screen.width()),
        human::counted(rows.len() as u64, "function", "functions"),
        human::entries(sum(|row| row.entries)),
        human::size(sum(|row| row.disk_bytes)),
        caches.directory.display(),
    )
}
