//! Storing 100 bytes in files, not synced: the store alone, and a whole miss.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use cachier::Memoize;
use cachier::core::FileCore;
use nix::fcntl::{Flock, FlockArg};

use super::files::value;
use super::peers::{Cacache, Files, Redb, Sqlite, Store, sound};
use crate::measure::timed;
use crate::work::{Against, Work};

/// So many entries a turn at most: they stay.
const MOST: u64 = 1_000;
const FLOOR: &str = "flock, fstat, append";

pub fn store() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = sound(
        Memoize::builder()
            .core(FileCore::new("store").cache_dir(dir.path()))
            .function(value),
    );
    with_peers(
        Work::new("file-store", "A store in files, 100 bytes, not synced"),
        dir.path(),
    )
    .ours(
        "cachier, files",
        counted(move |key| drop(ours.precache_value((key,), value(key)))),
    )
    .goal(1.5, Against::Named(FLOOR))
    .goal(
        1.0,
        Against::BestOf(&["redb (one process)", "SQLite", "a file per entry"]),
    )
    .keeping(dir)
}

pub fn miss() -> Work {
    let dir = sound(tempfile::tempdir());
    let ours = sound(
        Memoize::builder()
            .core(FileCore::new("miss").cache_dir(dir.path()))
            .function(value),
    );
    with_peers(
        Work::new(
            "file-miss",
            "A whole miss in files: look, claim, calculate, store 100 bytes",
        ),
        dir.path(),
    )
    .ours(
        "cachier, files",
        counted(move |key| drop(ours.call((key,)))),
    )
    .goal(2.5, Against::Named(FLOOR))
    .goal(
        1.0,
        Against::BestOf(&["redb (one process)", "SQLite", "a file per entry"]),
    )
    .keeping(dir)
}

fn with_peers(work: Work, dir: &Path) -> Work {
    let floor = sound(File::create(dir.join("floor")));
    work.at_most(MOST)
        .floor(FLOOR, {
            let mut floor = Some(floor);
            counted(move |key| {
                floor = floor
                    .take()
                    .map(|file| appended(file, value(key).as_bytes()))
            })
        })
        .peer("redb (one process)", puts(Redb::open(dir)))
        .peer("SQLite", puts(Sqlite::open(dir)))
        .peer("a file per entry", puts(Files::open(dir)))
        .peer("cacache", puts(Cacache::open(dir)))
}

/// What one would write by hand for several processes.
fn appended(file: File, bytes: &[u8]) -> File {
    let locked = Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| error);
    let locked = sound(locked);
    let length = sound(locked.metadata()).len();
    let record = [bytes, &[0; 71]].concat();
    sound(locked.write_all_at(&record, length));
    sound(locked.unlock().map_err(|(_, error)| error))
}

fn puts(store: impl Store + 'static) -> impl FnMut(u64) -> Duration {
    counted(move |key| store.put(key, &value(key)))
}

/// A new key each time.
fn counted(mut put: impl FnMut(u64)) -> impl FnMut(u64) -> Duration {
    let mut key = 0;
    move |count| {
        timed(count, |_| {
            key += 1;
            put(key);
        })
    }
}
