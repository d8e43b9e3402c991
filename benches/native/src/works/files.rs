//! A hit in files of a value of 100 bytes: from the front, and without one.

use std::fs::File;
use std::hint::black_box;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use cachier::core::{Core, FileCore, Tiered};
use cachier::{KeepAll, Memoize};

use super::peers::{Cacache, Files, Redb, Sqlite, Store, sound};
use crate::draw::uniform;
use crate::measure::timed;
use crate::work::{Against, Work};

const ENTRIES: u64 = 1_000;
const DRAWN: usize = 1 << 14;

/// The length of a record of such a value.
const RECORD: usize = 171;

pub fn value(key: u64) -> String {
    format!("{key:0100}")
}

/// A memoized function on a core, with every entry there.
fn filled<C: Core<String>>(core: C) -> Memoize<(u64,), String, KeepAll, C> {
    let built = Memoize::builder().name("filled").core(core).function(value);
    let built = sound(built);
    (0..ENTRIES).for_each(|key| drop(built.call((key,))));
    built
}

pub fn front() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = filled(Tiered::new(FileCore::new("front").cache_dir(dir.path())));
    let memory = filled(cachier::core::MemoryCore::new());
    let redb = store(Redb::open(dir.path()));
    Work::new("file-front", "A hit in files through the front, 100 bytes")
        .ours("cachier, files", drawn(move |key| ours.call((key,))))
        .ours("cachier, memory", drawn(move |key| memory.call((key,))))
        .peer("redb", drawn(move |key| redb.get(key)))
        .goal(4.0, Against::Named("cachier, memory"))
        .goal(0.1, Against::Named("redb"))
        .keeping(dir)
}

pub fn hit() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = filled(FileCore::new("hit").cache_dir(dir.path()));
    let floor = records(&dir.path().join("floor"));
    let (redb, sqlite) = (
        store(Redb::open(dir.path())),
        store(Sqlite::open(dir.path())),
    );
    let (cacache, files) = (
        store(Cacache::open(dir.path())),
        store(Files::open(dir.path())),
    );
    Work::new("file-hit", "A hit in files without the front, 100 bytes")
        .ours("cachier, files", drawn(move |key| ours.call((key,))))
        .floor(
            "pread of the record",
            drawn(move |key| {
                let mut record = [0; RECORD];
                sound(floor.read_exact_at(&mut record, key * RECORD as u64));
                record[7]
            }),
        )
        .peer("redb (one process)", drawn(move |key| redb.get(key)))
        .peer("SQLite", drawn(move |key| sqlite.get(key)))
        .peer("a file per entry", drawn(move |key| files.get(key)))
        .peer("cacache", drawn(move |key| cacache.get(key)))
        .goal(1.3, Against::Named("pread of the record"))
        .goal(
            1.0,
            Against::BestOf(&["redb (one process)", "SQLite", "cacache"]),
        )
        .keeping(dir)
}

fn store<S: Store>(store: S) -> S {
    (0..ENTRIES).for_each(|key| store.put(key, &value(key)));
    store
}

fn records(path: &Path) -> File {
    sound(std::fs::write(path, vec![7; RECORD * ENTRIES as usize]));
    sound(File::open(path))
}

fn drawn<T>(get: impl Fn(u64) -> T + 'static) -> impl FnMut(u64) -> Duration {
    let keys = uniform(3, ENTRIES, DRAWN);
    let mut at = 0;
    move |count| {
        timed(count, |_| {
            at = (at + 1) & (DRAWN - 1);
            get(black_box(keys[at]))
        })
    }
}
