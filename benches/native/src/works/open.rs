//! The first hit of a process: opening a cache of 100,000 entries that the system has in memory.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cachier::core::FileCore;
use cachier::{KeepAll, Memoize};

use super::files::value;
use super::peers::{Redb, Sqlite, Store, sound};
use crate::work::{Against, Work};

const ENTRIES: u64 = 100_000;
const MOST: u64 = 20;

pub fn cold() -> Work {
    let dir = sound(tempfile::tempdir());
    let (whole, scanned) = (dir.path().join("whole"), dir.path().join("scanned"));
    fill(&whole);
    fill(&scanned);
    Redb::open(dir.path()).put_all(0..ENTRIES, &value(7));
    Sqlite::open(dir.path()).put_all(0..ENTRIES, &value(7));
    let (of_redb, of_sqlite) = (dir.path().to_owned(), dir.path().to_owned());
    Work::new(
        "file-open",
        "Opening a cache of 100,000 entries, and the first hit",
    )
    .at_most(MOST)
    .ours(
        "cachier, files",
        each(|| (), move || opened(&whole).call((7,))),
    )
    .ours("cachier, the whole log scanned", {
        let place = scanned.clone();
        each(
            move || remove_outline(&place),
            move || opened(&scanned).call((7,)),
        )
    })
    .peer(
        "redb (one process)",
        each(|| (), move || Redb::reopen(&of_redb).get(7)),
    )
    .peer(
        "SQLite",
        each(|| (), move || Sqlite::open(&of_sqlite).get(7)),
    )
    .goal(1.0, Against::Nanoseconds(2.5e6))
    .keeping(dir)
}

/// A store that shares nothing with others of this process.
fn opened(dir: &Path) -> Memoize<(u64,), String, KeepAll, FileCore<String>> {
    let core = FileCore::new("open").cache_dir(dir).apart();
    sound(Memoize::builder().core(core).function(value))
}

fn fill(dir: &Path) {
    let ours = opened(dir);
    (0..ENTRIES).for_each(|key| drop(ours.call((key,))));
}

/// Without it, opening reads the whole log.
fn remove_outline(dir: &Path) {
    for function in sound(std::fs::read_dir(dir)) {
        let files = sound(std::fs::read_dir(sound(function).path()));
        let names: Vec<PathBuf> = files.map(|file| sound(file).path()).collect();
        let is_outline = |path: &&PathBuf| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("index."))
        };
        names
            .iter()
            .filter(is_outline)
            .for_each(|path| sound(std::fs::remove_file(path)));
    }
}

/// Measures `work` alone, with something done before each run.
fn each<T>(before: impl Fn(), work: impl Fn() -> T) -> impl FnMut(u64) -> Duration {
    move |count| {
        let run = |_| {
            before();
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed()
        };
        (0..count).map(run).sum()
    }
}
