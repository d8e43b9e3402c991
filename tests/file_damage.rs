//! Files cut short, changed, replaced or missing: a miss and a report, never a panic or a wrong value; the next store heals.

#![cfg(all(feature = "file", unix))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use cachier::core::FileCore;
use cachier::{KeepAll, Memoize, Outcome};

type Cache = Memoize<(u64,), String, KeepAll, FileCore<String>>;

const ARGUMENTS: [u64; 5] = [0, 1, 7, 500, 1_000];
/// The one whose value is too long for the log.
const LONG: u64 = 1_000;

fn value_of(argument: u64) -> String {
    let times = if argument == LONG { 15_000 } else { 3 };
    format!("{argument}, ").repeat(times)
}

fn open(directory: &Path) -> Cache {
    open_with(FileCore::new("f").cache_dir(directory))
}

fn open_with(core: FileCore<String>) -> Cache {
    let builder = Memoize::builder().name("f").core(core);
    builder.function(value_of).unwrap()
}

/// The directory of a function with an entry for each argument, and nobody who has it open.
fn filled(cache_dir: &Path) -> PathBuf {
    let cache = open(cache_dir);
    ARGUMENTS.iter().for_each(|&argument| {
        cache.call((argument,));
    });
    cache.cache_dpath().unwrap()
}

/// Every call is right whatever there is on disk, and once all were made, they are hits for whoever comes.
fn calls_are_right_and_heal(cache_dir: &Path, what: &str) {
    let cache = open(cache_dir);
    for argument in ARGUMENTS {
        assert_eq!(cache.call((argument,)), value_of(argument), "{what}");
    }
    drop(cache);
    let cache = open(cache_dir);
    for argument in ARGUMENTS {
        let traced = cache.trace((argument,));
        assert_eq!(traced.value, value_of(argument), "{what}");
        assert_eq!(
            traced.outcome,
            Outcome::Hit,
            "{what}: {argument} was not healed"
        );
    }
}

struct Saved(Vec<(PathBuf, Vec<u8>)>);

impl Saved {
    fn of(directory: &Path) -> Self {
        let files = files_in(directory).into_iter();
        Self(
            files
                .map(|path| (path.clone(), fs::read(path).unwrap()))
                .collect(),
        )
    }

    fn restore(&self, directory: &Path) {
        for path in files_in(directory) {
            remove(&path);
        }
        for (path, bytes) in &self.0 {
            fs::write(path, bytes).unwrap();
        }
    }
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(directory).unwrap();
    let mut files: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn remove(path: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    } else {
        fs::remove_file(path).unwrap();
    }
}

/// Does each of these to each file there is, every time from the same start.
fn damage_each_file(damages: impl Fn(&[u8]) -> Vec<(String, Vec<u8>)>) {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    let saved = Saved::of(&directory);
    assert!(
        saved.0.len() >= 3,
        "a control file, a log and a value beside it"
    );
    for (path, bytes) in &saved.0 {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (what, damaged) in damages(bytes) {
            saved.restore(&directory);
            fs::write(path, damaged).unwrap();
            calls_are_right_and_heal(cache_dir.path(), &format!("{name} {what}"));
        }
    }
}

/// Every byte of the first kilobyte; beyond it, or where there is no time, fewer.
fn positions(length: usize) -> Vec<usize> {
    let deep = std::env::var("CACHIER_DEEP").is_ok_and(|deep| deep == "1");
    let step = if deep { 1 } else { 7 };
    let near = (0..length.min(1_024)).step_by(step);
    let far = (1_024..length).step_by(length / 40 + 1);
    near.chain(far).collect()
}

#[test]
fn files_cut_short_anywhere_are_misses_and_heal() {
    damage_each_file(|bytes| {
        let cut = |at: usize| (format!("cut at {at}"), bytes[..at].to_vec());
        positions(bytes.len()).into_iter().map(cut).collect()
    });
}

#[test]
fn a_changed_byte_anywhere_is_a_miss_and_heals() {
    damage_each_file(|bytes| {
        let flip = |at: usize| {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1 << (at % 8);
            (format!("changed at {at}"), changed)
        };
        positions(bytes.len()).into_iter().map(flip).collect()
    });
}

#[test]
fn files_full_of_something_else_are_misses_and_heal() {
    damage_each_file(|bytes| {
        let noise = (0..bytes.len() as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8);
        vec![
            ("emptied".into(), Vec::new()),
            ("zeroed".into(), vec![0; bytes.len()]),
            ("of all ones".into(), vec![0xff; bytes.len()]),
            ("of noise".into(), noise.collect()),
            ("doubled".into(), [bytes, bytes].concat()),
            ("of text".into(), b"once upon a time\n".repeat(20)),
        ]
    });
}

#[test]
fn missing_files_are_misses_and_heal() {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    let saved = Saved::of(&directory);
    for (path, _) in &saved.0 {
        saved.restore(&directory);
        remove(path);
        calls_are_right_and_heal(cache_dir.path(), &format!("without {}", path.display()));
    }
    remove(&directory);
    calls_are_right_and_heal(cache_dir.path(), "without its directory");
}

#[test]
fn a_directory_in_the_place_of_a_file_is_a_miss_and_heals() {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    let saved = Saved::of(&directory);
    for (path, _) in &saved.0 {
        saved.restore(&directory);
        remove(path);
        fs::create_dir(path).unwrap();
        calls_are_right_and_heal(
            cache_dir.path(),
            &format!("a directory at {}", path.display()),
        );
    }
}

#[test]
fn what_is_damaged_in_use_is_a_miss_and_heals() {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    let cache = open(cache_dir.path());
    for path in files_in(&directory) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("control") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let changed: Vec<u8> = bytes.iter().map(|byte| byte ^ 0x55).collect();
        fs::write(&path, changed).unwrap();
        for argument in ARGUMENTS {
            assert_eq!(cache.call((argument,)), value_of(argument), "{name}");
        }
    }
}

#[test]
fn files_of_another_version_and_of_others_are_left_alone() {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    let foreign = ["log.2.0", "control.2", "value.2.abc", "notes.txt"];
    let contents = |name: &str| format!("{name} of somebody else");
    for name in foreign {
        fs::write(directory.join(name), contents(name)).unwrap();
    }
    let cache = open(cache_dir.path());
    cache.clear_cache();
    assert!(cache.entries().unwrap().is_empty());
    calls_are_right_and_heal(cache_dir.path(), "beside foreign files");
    for name in foreign {
        assert_eq!(
            fs::read_to_string(directory.join(name)).unwrap(),
            contents(name)
        );
    }
}

#[test]
fn with_separate_files_each_entry_is_a_file_and_a_deleted_one_is_a_miss() {
    let cache_dir = tempfile::tempdir().unwrap();
    let separate = || {
        open_with(
            FileCore::new("f")
                .cache_dir(cache_dir.path())
                .separate_files(true),
        )
    };
    let cache = separate();
    ARGUMENTS.iter().for_each(|&argument| {
        cache.call((argument,));
    });
    let directory = cache.cache_dpath().unwrap();
    let values = || -> Vec<_> {
        let is_value = |path: &PathBuf| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("value.")
        };
        files_in(&directory).into_iter().filter(is_value).collect()
    };
    assert_eq!(values().len(), ARGUMENTS.len());
    remove(&values()[0]);
    let misses = |cache: &Cache| {
        let outcomes = ARGUMENTS.map(|argument| cache.trace((argument,)).outcome);
        outcomes
            .iter()
            .filter(|outcome| **outcome == Outcome::Computed)
            .count()
    };
    assert_eq!(misses(&cache), 1, "the deleted one");
    assert_eq!(misses(&cache), 0, "stored again");
    assert_eq!(values().len(), ARGUMENTS.len());
    cache.remove(&(ARGUMENTS[1],)).unwrap();
    assert_eq!(values().len(), ARGUMENTS.len() - 1);
    cache.clear_cache();
    assert_eq!(values().len(), 0);
}

#[test]
fn a_damaged_file_is_set_aside_and_only_one_is_kept() {
    let cache_dir = tempfile::tempdir().unwrap();
    let directory = filled(cache_dir.path());
    for _ in 0..3 {
        let log = files_in(&directory).into_iter().find(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("log.")
        });
        let log = log.unwrap();
        let mut bytes = fs::read(&log).unwrap();
        bytes
            .iter_mut()
            .skip(4)
            .take(40)
            .for_each(|byte| *byte ^= 0x55);
        fs::write(&log, bytes).unwrap();
        // A reader finds the index still right; a whole look at the log does not.
        fs::read_dir(&directory).unwrap().for_each(|entry| {
            let path = entry.unwrap().path();
            if path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("index.")
            {
                fs::remove_file(path).unwrap();
            }
        });
        calls_are_right_and_heal(cache_dir.path(), "a log whose beginning is damaged");
    }
    let aside = files_in(&directory).into_iter().filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("damaged.")
    });
    assert_eq!(aside.count(), 1);
}
