//! What is done with arbitrary bytes in the place of a cache's files: read somehow, never a panic, healed by a store.

use std::fs;
use std::path::Path;

use cachier::core::FileCore;
use cachier::inspect::Cache;
use cachier::{KeepAll, Memoize};

const LONG: u64 = 1;

fn value_of(number: u64) -> String {
    format!("{number} ").repeat(if number == LONG { 40_000 } else { 2 })
}

fn open(cache_dir: &Path) -> Memoize<(u64,), String, KeepAll, FileCore<String>> {
    let core = FileCore::new("fuzzed").cache_dir(cache_dir);
    let builder = Memoize::builder().name("fuzzed").core(core);
    builder.function(value_of).expect("these options are right")
}

/// These bytes as the log of a cache, and no other file that could tell what was in it.
pub fn log(data: &[u8]) {
    in_place_of("log.", data, &["control.", "index."]);
}

/// These bytes as the control file beside a log that is whole.
pub fn control(data: &[u8]) {
    in_place_of("control.", data, &[]);
}

/// These bytes as a file that holds one entry.
pub fn entry(data: &[u8]) {
    in_place_of("value.", data, &[]);
}

fn in_place_of(name: &str, data: &[u8], without: &[&str]) {
    let cache_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let directory = fill(cache_dir.path());
    for path in files_in(&directory) {
        let file_name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if file_name.starts_with(name) {
            let before = fs::read(&path).expect("it is ours");
            fs::write(&path, damaged(before, data)).expect("it is ours");
        } else if without.iter().any(|other| file_name.starts_with(other)) {
            fs::remove_file(&path).expect("it is ours");
        }
    }
    look_at(&directory);
    let cache = open(cache_dir.path());
    for number in [0, LONG] {
        assert_eq!(cache.call((number,)), value_of(number));
        assert_eq!(cache.call((number,)), value_of(number));
    }
}

/// What is left of a file: nothing but these bytes, or all of it with changes here and there.
fn damaged(mut before: Vec<u8>, data: &[u8]) -> Vec<u8> {
    let Some((1, changes)) = data.split_first().map(|(first, rest)| (first % 2, rest)) else {
        return data.to_vec();
    };
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        match before.get_mut(at) {
            Some(byte) => *byte ^= change[2],
            None => before.truncate(at / 2),
        }
    }
    before
}

fn fill(cache_dir: &Path) -> std::path::PathBuf {
    let cache = open(cache_dir);
    cache.call((0,));
    cache.call((LONG,));
    cache.cache_dpath().expect("something is stored")
}

/// As the command-line program does; errors are answers, too.
fn look_at(directory: &Path) {
    let Ok(cache) = Cache::open(directory) else {
        return;
    };
    let _ = cache.entries(|_| Ok(()));
    let _ = cache.summary();
    let _ = cache.verify(|_| ());
}

fn files_in(directory: &Path) -> Vec<std::path::PathBuf> {
    let listed = fs::read_dir(directory).expect("it is there");
    listed.flatten().map(|entry| entry.path()).collect()
}
