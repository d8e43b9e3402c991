//! A value of 1 MiB, read from files and stored in them.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use cachier::Memoize;
use cachier::core::FileCore;

use super::peers::{Files, Redb, Sqlite, Store, sound};
use crate::measure::timed;
use crate::work::{Against, Work};

const LENGTH: usize = 1 << 20;

/// The floor's file begins anew beyond this.
const LONGEST: u64 = 64 << 20;

fn large(_: u64) -> String {
    "x".repeat(LENGTH)
}

pub fn read() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = sound(
        Memoize::builder()
            .core(FileCore::new("large").cache_dir(dir.path()))
            .function(large),
    );
    ours.call((1,));
    let path = dir.path().join("floor");
    sound(std::fs::write(&path, large(1)));
    let floor = sound(File::open(&path));
    let (redb, sqlite, files) = (
        Redb::open(dir.path()),
        Sqlite::open(dir.path()),
        Files::open(dir.path()),
    );
    Work::new("file-read-large", "A value of 1 MiB read from files")
        .ours("cachier, files", repeated(move || ours.call((1,))))
        .floor(
            "pread into a new buffer",
            repeated(move || {
                let mut bytes = vec![0; LENGTH];
                sound(floor.read_exact_at(&mut bytes, 0));
                bytes
            }),
        )
        .peer("redb (one process)", reads(redb))
        .peer("SQLite", reads(sqlite))
        .peer("a file per entry", reads(files))
        .goal(1.3, Against::Named("pread into a new buffer"))
        .keeping(dir)
}

pub fn store() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = sound(
        Memoize::builder()
            .core(FileCore::new("large").cache_dir(dir.path()))
            .function(large),
    );
    let floor = sound(File::create(dir.path().join("floor")));
    let mut end = 0;
    let value = large(1);
    let (redb, sqlite, files) = (
        Redb::open(dir.path()),
        Sqlite::open(dir.path()),
        Files::open(dir.path()),
    );
    Work::new(
        "file-store-large",
        "A value of 1 MiB stored in files, not synced",
    )
    .at_most(8)
    .ours("cachier, files", {
        let mut next = Some(value.clone());
        repeated(move || {
            next = next
                .take()
                .and_then(|value| ours.precache_value((1,), value).ok())
        })
    })
    .floor("append", {
        let value = value.clone();
        repeated(move || {
            end = (end + LENGTH as u64) % LONGEST;
            if end == 0 {
                sound(floor.set_len(0));
            }
            sound(floor.write_all_at(value.as_bytes(), end));
        })
    })
    .peer("redb (one process)", writes(redb, &value))
    .peer("SQLite", writes(sqlite, &value))
    .peer("a file per entry", writes(files, &value))
    .goal(1.5, Against::Named("append"))
    .keeping(dir)
}

fn reads(store: impl Store + 'static) -> impl FnMut(u64) -> Duration + 'static {
    store.put(1, &large(1));
    repeated(move || store.get(1))
}

fn writes<S: Store + 'static>(store: S, value: &str) -> impl FnMut(u64) -> Duration + use<S> {
    let value = value.to_owned();
    repeated(move || store.put(1, &value))
}

fn repeated<T>(mut work: impl FnMut() -> T) -> impl FnMut(u64) -> Duration {
    move |count| timed(count, |_| work())
}
