//! Files beyond the laws: several stores of one directory, damage, crashes, compaction, inspection.

#![cfg(all(feature = "file", unix))]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use cachier::core::{Behind, Core, FileClaim, FileCore};
use cachier::inspect::{self, Cache, Digest};
use cachier::{Entry, Error, Key, Meta, Timestamp};
use futures_lite::future::block_on;
use proptest::prelude::*;
use tempfile::TempDir;

/// A cache directory with the files of one function.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A store as of another process.
    fn store(&self) -> Files {
        Files(FileCore::new("f").cache_dir(self.0.path()).apart())
    }

    fn dir(&self) -> PathBuf {
        self.store().0.cache_dpath().unwrap()
    }

    fn cache(&self) -> Cache {
        Cache::open(&self.dir()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.dir()).unwrap();
        let mut names: Vec<_> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn file(&self, prefix: &str) -> PathBuf {
        let names = self.names();
        let mut found = names.iter().filter(|name| name.starts_with(prefix));
        let file = self.dir().join(found.next().unwrap());
        assert_eq!(found.next(), None, "more than one {prefix}");
        file
    }

    fn values(&self) -> usize {
        let names = self.names();
        names
            .iter()
            .filter(|name| name.starts_with("value."))
            .count()
    }
}

#[derive(Clone)]
struct Files(FileCore<String>);

impl Files {
    fn get(&self, number: u32) -> Option<String> {
        self.try_get(number).unwrap()
    }

    fn try_get(&self, number: u32) -> Result<Option<String>, Error> {
        let entry = block_on(self.0.get(&key(number)))?;
        Ok(entry.map(|entry| entry.value))
    }

    fn set(&self, number: u32, value: &str) {
        self.try_set(number, value).unwrap();
    }

    fn try_set(&self, number: u32, value: &str) -> Result<(), Error> {
        block_on(self.0.set(&key(number), Some(entry(&value.to_owned()))))
    }

    fn remove(&self, number: u32) {
        block_on(self.0.set(&key(number), None)).unwrap();
    }

    fn clear(&self) {
        block_on(self.0.clear()).unwrap();
    }

    fn claim(&self, number: u32, attempt: u32) -> Option<FileClaim> {
        block_on(self.0.claim(&key(number), attempt)).unwrap()
    }

    fn put(&self, claim: FileClaim, value: &str) -> bool {
        block_on(self.0.put(claim, entry(&value.to_owned()))).unwrap()
    }
}

fn key(number: u32) -> Key {
    Key::of(&(number,)).unwrap()
}

fn entry(value: &String) -> Entry<&String> {
    Entry {
        value,
        meta: Meta {
            stored_at: Timestamp::from_millis(1_780_000_000_000),
            size: 0,
            none: false,
        },
    }
}

fn long(letter: char) -> String {
    letter.to_string().repeat(100_000)
}

mod several_stores {
    use super::*;

    #[test]
    fn what_one_does_the_others_see_at_once() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        assert_eq!(other.get(1), None);
        one.set(1, "a");
        assert_eq!(other.get(1).unwrap(), "a");
        other.set(1, "b");
        assert_eq!(one.get(1).unwrap(), "b");
        one.remove(1);
        assert_eq!(other.get(1), None);
        one.set(2, "c");
        other.clear();
        assert_eq!(one.get(2), None);
    }

    #[test]
    fn a_key_is_claimed_by_one_of_them() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        let claim = one.claim(1, 0).unwrap();
        assert!(other.claim(1, 0).is_none() && one.claim(1, 0).is_none());
        assert!(other.claim(2, 0).is_some(), "another key is free");
        assert!(one.put(claim, "a"));
        assert!(other.claim(1, 0).is_some(), "it was given back");
    }

    #[test]
    fn whoever_takes_over_overtakes() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        let owner = one.claim(1, 0).unwrap();
        let successor = other.claim(1, 1).unwrap();
        assert!(one.claim(1, 1).is_none() && one.claim(1, 0).is_none());
        assert!(!one.put(owner, "late"));
        assert!(other.put(successor, "right"));
        assert_eq!(one.get(1).unwrap(), "right");
    }

    #[test]
    fn what_was_done_since_a_claim_refuses_its_value() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        let since: [fn(&Files); 4] = [
            |files| files.set(1, "precached"),
            |files| files.remove(1),
            Files::clear,
            |files| block_on(files.0.release_claims()).unwrap(),
        ];
        for happens in since {
            let claim = one.claim(1, 0).unwrap();
            happens(&other);
            assert!(!one.put(claim, "late"));
            assert_ne!(other.get(1).as_deref(), Some("late"));
        }
    }

    #[test]
    fn an_eviction_or_another_key_refuses_nothing() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        one.set(1, "old");
        let claim = one.claim(1, 0).unwrap();
        other.set(2, "other");
        let swept = block_on(other.0.sweep(|_, _| false)).unwrap();
        assert_eq!((swept.removed, swept.entries), (2, 0));
        assert!(one.put(claim, "new"));
        assert_eq!(other.get(1).unwrap(), "new");
    }

    #[test]
    fn freed_claims_can_be_taken_at_once() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        let late = one.claim(1, 0).unwrap();
        block_on(other.0.release_claims()).unwrap();
        let claim = other.claim(1, 0).unwrap();
        assert!(!one.put(late, "late"));
        assert!(other.put(claim, "right"));
    }

    #[test]
    fn a_stamp_moves_with_its_key() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        one.set(1, "a");
        let stamp = || block_on(other.0.get_stamped(&key(1))).unwrap().unwrap().1;
        let first = stamp();
        one.set(2, "elsewhere");
        one.0.cache_dpath().unwrap();
        assert!(other.0.is_current(first));
        let changes: [fn(&Files); 3] = [
            |files| files.set(1, "b"),
            |files| files.remove(1),
            Files::clear,
        ];
        for happens in changes {
            one.set(1, "a");
            let stamp = stamp();
            assert!(other.0.is_current(stamp));
            happens(&one);
            assert!(!other.0.is_current(stamp));
        }
    }

    #[test]
    fn a_compaction_moves_no_stamp_and_overtakes_nobody() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        one.set(1, "a");
        let stamp = block_on(other.0.get_stamped(&key(1))).unwrap().unwrap().1;
        let claim = other.claim(2, 0).unwrap();
        one.set(3, "c");
        folder.cache().compact().unwrap();
        one.set(4, "d");
        assert!(other.0.is_current(stamp));
        assert!(other.put(claim, "b"));
        let all = [1, 2, 3, 4].map(|number| one.get(number).unwrap());
        assert_eq!(all, ["a", "b", "c", "d"]);
    }

    #[test]
    fn what_was_done_before_and_after_a_compaction_counts() {
        for removed_before in [true, false] {
            let folder = Folder::new();
            let [one, other] = [(); 2].map(|()| folder.store());
            one.set(2, "old");
            let stamp = block_on(other.0.get_stamped(&key(2))).unwrap().unwrap().1;
            let claim = other.claim(2, 0).unwrap();
            if removed_before {
                one.remove(2);
            }
            folder.cache().compact().unwrap();
            one.remove(2);
            assert!(!other.0.is_current(stamp));
            assert!(!other.put(claim, "late"));
        }
    }

    #[test]
    fn who_missed_several_compactions_calculates_anew() {
        let folder = Folder::new();
        let [one, other] = [(); 2].map(|()| folder.store());
        one.set(1, "a");
        let claim = other.claim(1, 0).unwrap();
        (0..3).for_each(|_| folder.cache().compact().unwrap());
        assert!(!other.put(claim, "late"));
        assert_eq!(other.get(1).unwrap(), "a");
    }
}

mod at_once {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    const WRITERS: u32 = 4;
    const EACH: u32 = 200;

    fn text(number: u32) -> String {
        match number % 50 {
            0 => long('x') + &number.to_string(),
            _ => number.to_string(),
        }
    }

    /// Reads on until told to stop; what it sees is right or not there yet.
    fn read_on(files: &Files, done: &AtomicBool) {
        while !done.load(Ordering::Relaxed) {
            for number in (0..WRITERS * EACH).step_by(7) {
                if let Some(value) = files.get(number) {
                    assert_eq!(value, text(number));
                }
            }
        }
    }

    /// Whoever sleeps through two compactions cannot tell what he missed, and is refused.
    fn store_at_last(files: &Files, number: u32) {
        let put = || {
            let claim = files.claim(number, 0).unwrap();
            files.put(claim, &text(number))
        };
        while !put() {}
    }

    #[test]
    fn many_writers_lose_nothing_while_others_read_and_compact() {
        let folder = Folder::new();
        folder.store().set(0, &text(0));
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| read_on(&folder.store(), &done));
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    folder.cache().compact().unwrap();
                }
            });
            let writers = (0..WRITERS).map(|writer| {
                let files = folder.store();
                scope.spawn(move || {
                    for number in (writer..WRITERS * EACH).step_by(WRITERS as usize) {
                        store_at_last(&files, number);
                    }
                })
            });
            let writers: Vec<_> = writers.collect();
            let ended: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
            done.store(true, Ordering::Relaxed);
            ended.into_iter().for_each(Result::unwrap);
        });
        let files = folder.store();
        for number in 0..WRITERS * EACH {
            assert_eq!(files.get(number), Some(text(number)));
        }
        assert_eq!(folder.cache().verify(|_| {}).unwrap().damaged, vec![]);
        assert_eq!(folder.values() as u32, WRITERS * EACH / 50);
    }

    #[test]
    fn one_key_is_calculated_by_one_at_a_time() {
        let folder = Folder::new();
        let held = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    let files = folder.store();
                    for round in 0..EACH {
                        let Some(claim) = files.claim(1, 0) else {
                            continue;
                        };
                        assert!(!held.swap(true, Ordering::SeqCst), "held twice");
                        std::thread::yield_now();
                        held.store(false, Ordering::SeqCst);
                        assert!(files.put(claim, &round.to_string()));
                    }
                });
            }
        });
    }
}

#[derive(Clone, Debug)]
enum Step {
    Set(usize, u32, u8),
    Put(usize, u32, u8),
    Remove(usize, u32),
    Clear(usize),
    Reopen(usize),
    Compact,
    ForgetOutline,
    Sweep(usize, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (store, number) = (0..2_usize, 0..6_u32);
    let step = prop_oneof![
        6 => (store.clone(), number.clone(), any::<u8>()).prop_map(|(s, n, v)| Step::Set(s, n, v)),
        6 => (store.clone(), number.clone(), any::<u8>()).prop_map(|(s, n, v)| Step::Put(s, n, v)),
        3 => (store.clone(), number).prop_map(|(s, n)| Step::Remove(s, n)),
        1 => store.clone().prop_map(Step::Clear),
        2 => store.clone().prop_map(Step::Reopen),
        2 => Just(Step::Compact),
        1 => Just(Step::ForgetOutline),
        1 => (store, any::<u8>()).prop_map(|(s, v)| Step::Sweep(s, v)),
    ];
    prop::collection::vec(step, 1..40)
}

/// Now and then one that takes a file of its own.
fn value(letter: u8) -> String {
    match letter {
        0..8 => long('x') + &letter.to_string(),
        _ => letter.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_stores_are_one_map(steps in steps()) {
        let folder = Folder::new();
        let mut stores = [(); 2].map(|()| folder.store());
        let mut model = BTreeMap::<u32, String>::new();
        stores[0].set(0, "first");
        model.insert(0, "first".into());
        for step in steps {
            match step {
                Step::Set(store, number, letter) => {
                    stores[store].set(number, &value(letter));
                    model.insert(number, value(letter));
                }
                Step::Put(store, number, letter) => {
                    let claim = stores[store].claim(number, 0).unwrap();
                    prop_assert!(stores[store].put(claim, &value(letter)));
                    model.insert(number, value(letter));
                }
                Step::Remove(store, number) => {
                    stores[store].remove(number);
                    model.remove(&number);
                }
                Step::Clear(store) => {
                    stores[store].clear();
                    model.clear();
                }
                Step::Reopen(store) => stores[store] = folder.store(),
                Step::Compact => folder.cache().compact().unwrap(),
                Step::ForgetOutline => {
                    for name in folder.names().iter().filter(|name| name.starts_with("index.")) {
                        fs::remove_file(folder.dir().join(name)).unwrap();
                    }
                }
                Step::Sweep(store, kept) => {
                    let keep = |key: &Key| key.digest()[0] >= kept;
                    block_on(stores[store].0.sweep(|key, _| keep(key))).unwrap();
                    model.retain(|number, _| keep(&key(*number)));
                }
            }
            for files in &stores {
                for number in 0..6 {
                    prop_assert_eq!(files.get(number), model.get(&number).cloned());
                }
            }
        }
        prop_assert_eq!(folder.values(), model.values().filter(|value| value.len() > 9).count());
        let summary = folder.cache().summary().unwrap();
        prop_assert_eq!(summary.entries, model.len() as u64);
        prop_assert_eq!(folder.cache().verify(|_| {}).unwrap().damaged, vec![]);
    }
}

mod places {
    use super::*;

    #[test]
    fn directories_and_files_are_this_users_alone() {
        let folder = Folder::new();
        folder.store().set(1, &long('x'));
        assert_eq!(
            fs::metadata(folder.dir()).unwrap().permissions().mode() & 0o777,
            0o700
        );
        for name in folder.names() {
            let mode = fs::metadata(folder.dir().join(&name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_directory_is_there_once_something_is_stored() {
        let folder = Folder::new();
        let files = folder.store();
        assert_eq!((files.get(1), files.0.cache_dpath()), (None, None));
        files.clear();
        files.remove(1);
        assert_eq!(files.0.cache_dpath(), None);
        files.set(1, "a");
        assert!(files.0.cache_dpath().unwrap().starts_with(folder.0.path()));
    }

    #[test]
    fn a_symbolic_link_in_its_place_is_not_followed() {
        let folder = Folder::new();
        let elsewhere = tempfile::tempdir().unwrap();
        folder.store().set(1, "a");
        let dir = folder.dir();
        fs::remove_dir_all(&dir).unwrap();
        symlink(elsewhere.path(), &dir).unwrap();
        assert_eq!(folder.store().get(1), None);
        assert!(folder.store().try_set(1, "a").unwrap_err().is_storage());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_linked_file_is_set_aside() {
        let folder = Folder::new();
        folder.store().set(1, "a");
        let elsewhere = folder.0.path().join("elsewhere");
        fs::write(&elsewhere, "precious").unwrap();
        let control = folder.file("control.");
        fs::remove_file(&control).unwrap();
        symlink(&elsewhere, &control).unwrap();
        folder.store().try_get(1).unwrap_err();
        folder.store().set(2, "b");
        assert_eq!(folder.store().get(1).unwrap(), "a");
        assert_eq!(fs::read(&elsewhere).unwrap(), b"precious");
    }

    #[test]
    fn a_removed_directory_is_noticed_by_the_next_miss_and_the_next_store() {
        let folder = Folder::new();
        let files = folder.store();
        files.set(1, "a");
        fs::remove_dir_all(folder.dir()).unwrap();
        assert_eq!(files.get(2), None);
        assert_eq!(files.get(1), None);
        files.set(1, "b");
        fs::remove_dir_all(folder.dir()).unwrap();
        files.set(2, "c");
        assert_eq!((files.get(1), files.get(2)), (None, Some("c".into())));
        assert_eq!(folder.store().get(2).unwrap(), "c");
    }

    #[test]
    fn a_front_follows_a_directory_that_is_made_anew_again_and_again() {
        let folder = Folder::new();
        let (files, other) = (folder.store(), folder.store());
        for round in 0..3 {
            files.set(1, "a");
            let stamp = block_on(files.0.get_stamped(&key(1))).unwrap().unwrap().1;
            assert!(files.0.is_current(stamp), "round {round}");
            other.set(2, "b");
            assert!(files.0.is_current(stamp), "another key, round {round}");
            other.set(1, "c");
            assert!(!files.0.is_current(stamp), "round {round}");
            let stamp = block_on(files.0.get_stamped(&key(1))).unwrap().unwrap().1;
            fs::remove_dir_all(folder.dir()).unwrap();
            assert_eq!(files.get(3), None);
            assert!(
                !files.0.is_current(stamp),
                "without a directory, round {round}"
            );
        }
    }

    #[test]
    fn what_is_calculated_while_the_directory_goes_is_not_stored() {
        for value in ["short", &long('x')] {
            let folder = Folder::new();
            let files = folder.store();
            let claim = files.claim(1, 0).unwrap();
            fs::remove_dir_all(folder.dir()).unwrap();
            assert!(!files.put(claim, value));
            let claim = files.claim(1, 0).unwrap();
            assert!(files.put(claim, value));
            assert_eq!(folder.store().get(1).unwrap(), value);
        }
    }

    #[test]
    fn foreign_files_are_left_alone() {
        let folder = Folder::new();
        folder.store().set(1, &long('x'));
        let foreign = ["log.2.1", "notes.txt", "value.1.mine", "control.2"];
        for name in foreign {
            fs::write(folder.dir().join(name), "foreign").unwrap();
        }
        folder.store().clear();
        folder.store().set(1, "a");
        folder.cache().compact().unwrap();
        for name in foreign {
            assert_eq!(fs::read(folder.dir().join(name)).unwrap(), b"foreign");
        }
    }
}

mod values_of_their_own {
    use super::*;

    #[test]
    fn large_values_and_arguments_come_back() {
        let folder = Folder::new();
        let core = folder.store().0;
        let key = Key::of(&(long('k'),)).unwrap();
        for value in ["short".to_owned(), long('x')] {
            block_on(core.set(&key, Some(entry(&value)))).unwrap();
            assert_eq!(
                block_on(folder.store().0.get(&key)).unwrap().unwrap().value,
                value
            );
            assert_eq!(folder.values(), 1);
        }
        let stored = folder.cache().get(&Digest::of(&key)).unwrap().unwrap();
        assert_eq!(stored.arguments.unwrap(), key.as_bytes());
        block_on(core.set(&key, None)).unwrap();
        assert_eq!(folder.values(), 0);
    }

    #[test]
    fn a_file_deleted_by_hand_is_one_miss() {
        let folder = Folder::new();
        let files = folder.store();
        files.set(1, &long('a'));
        files.set(2, &long('b'));
        assert_eq!(folder.values(), 2);
        let digest = Digest::of(&key(1)).to_string();
        fs::remove_file(folder.file(&format!("value.1.{}", &digest[..16]))).unwrap();
        assert_eq!((files.get(1), files.get(2)), (None, Some(long('b'))));
        files.set(1, &long('c'));
        assert_eq!(files.get(1), Some(long('c')));
    }

    #[test]
    fn a_damaged_file_is_an_error_once() {
        let folder = Folder::new();
        let files = folder.store();
        files.set(1, &long('a'));
        let file = folder.file("value.");
        for damage in [0, 50_000] {
            let mut bytes = fs::read(&file).unwrap();
            bytes[damage] ^= 1;
            fs::write(&file, bytes).unwrap();
            let files = folder.store();
            assert!(files.try_get(1).unwrap_err().is_damaged());
            assert_eq!(files.get(1), None);
        }
        files.set(1, &long('b'));
        assert_eq!(files.get(1), Some(long('b')));
        assert_eq!(folder.values(), 1);
    }

    #[test]
    fn a_refused_value_leaves_no_file() {
        let folder = Folder::new();
        let files = folder.store();
        let claim = files.claim(1, 0).unwrap();
        folder.store().remove(1);
        assert!(!files.put(claim, &long('a')));
        assert_eq!(folder.values(), 0);
    }
}

/// What a process left that died, or a disk that lost something.
mod damage {
    use super::*;

    /// A store of a few entries, its files, and what they say.
    fn sample() -> (Folder, BTreeMap<u32, String>) {
        let folder = Folder::new();
        let files = folder.store();
        for number in 0..4 {
            files.set(number, &format!("value {number}"));
        }
        files.set(1, "newer");
        files.remove(2);
        let known = [(0, "value 0"), (1, "newer"), (3, "value 3")];
        (
            folder,
            known
                .map(|(number, value)| (number, value.to_owned()))
                .into(),
        )
    }

    /// Never a value that was not stored, never a panic, and sound again with the next store.
    fn survives(folder: &Folder, known: &BTreeMap<u32, String>, what: &str) {
        let old = ["value 1", "value 2"];
        let files = folder.store();
        for number in 0..4 {
            match files.try_get(number) {
                Ok(Some(value)) => assert!(
                    known.get(&number) == Some(&value) || old.contains(&value.as_str()),
                    "{what}: {value}"
                ),
                Ok(None) => {}
                Err(error) => assert!(error.is_damaged(), "{what}: {error}"),
            }
        }
        for files in [files, folder.store()] {
            files.set(9, "healed");
            assert_eq!(files.get(9).as_deref(), Some("healed"), "{what}");
            assert_eq!(folder.store().get(9).as_deref(), Some("healed"), "{what}");
        }
        let verified = folder.cache().verify(|_| {}).unwrap();
        assert_eq!(verified.damaged, vec![], "{what}");
    }

    /// Tries each change of a file on a fresh copy of its directory.
    fn try_changes(
        prefix: &str,
        changes: impl Iterator<Item = (String, Vec<u8>)>,
        folder: &Folder,
        known: &BTreeMap<u32, String>,
    ) {
        let file = folder.file(prefix);
        for (what, bytes) in changes {
            let copy = copy(folder);
            fs::write(copy.dir().join(file.file_name().unwrap()), bytes).unwrap();
            survives(&copy, known, &what);
        }
    }

    fn copy(folder: &Folder) -> Folder {
        let copy = Folder::new();
        let name = folder.dir();
        let to = copy.0.path().join(name.file_name().unwrap());
        fs::create_dir(&to).unwrap();
        for name in folder.names() {
            fs::copy(folder.dir().join(&name), to.join(&name)).unwrap();
        }
        copy
    }

    #[test]
    fn a_log_cut_at_any_byte_is_survived() {
        let (folder, known) = sample();
        let bytes = fs::read(folder.file("log.")).unwrap();
        let cuts = (0..bytes.len()).map(|at| (format!("log cut at {at}"), bytes[..at].to_vec()));
        try_changes("log.", cuts, &folder, &known);
    }

    #[test]
    fn a_log_with_any_byte_flipped_is_survived() {
        let (folder, known) = sample();
        let bytes = fs::read(folder.file("log.")).unwrap();
        let flips = (0..bytes.len()).map(|at| {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x41;
            (format!("log byte {at} flipped"), bytes)
        });
        try_changes("log.", flips, &folder, &known);
    }

    #[test]
    fn a_control_file_cut_at_any_byte_is_survived() {
        let (folder, known) = sample();
        let bytes = fs::read(folder.file("control.")).unwrap();
        let cuts = (0..64).chain([100, 4_095]);
        let cuts = cuts.map(|at| (format!("control cut at {at}"), bytes[..at].to_vec()));
        try_changes("control.", cuts, &folder, &known);
    }

    #[test]
    fn a_control_file_with_any_byte_flipped_is_survived() {
        let (folder, known) = sample();
        let bytes = fs::read(folder.file("control.")).unwrap();
        let flips = (0..64).map(|at| {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x41;
            (format!("control byte {at} flipped"), bytes)
        });
        try_changes("control.", flips, &folder, &known);
    }

    #[test]
    fn one_flipped_byte_costs_no_more_than_its_record() {
        let (folder, known) = sample();
        let file = folder.file("log.");
        let bytes = fs::read(&file).unwrap();
        let place = bytes
            .windows(7)
            .position(|window| window == b"value 3")
            .unwrap();
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        fs::write(&file, damaged).unwrap();
        let files = folder.store();
        files.try_get(0).unwrap_err();
        files.set(9, "healed");
        for number in [0, 1] {
            assert_eq!(files.get(number).as_ref(), known.get(&number));
        }
        assert_eq!((files.get(2), files.get(3)), (None, None));
        assert!(folder.names().contains(&"damaged.1".to_owned()));
    }

    #[test]
    fn a_damaged_replacement_does_not_bring_the_old_value_back() {
        let (folder, _) = sample();
        let file = folder.file("log.");
        let mut bytes = fs::read(&file).unwrap();
        let place = bytes
            .windows(5)
            .position(|window| window == b"newer")
            .unwrap();
        bytes[place] ^= 1;
        fs::write(&file, bytes).unwrap();
        let files = folder.store();
        files.set(9, "healed");
        assert_eq!(files.get(1), None);
    }

    #[test]
    fn garbage_nothing_or_a_directory_in_a_files_place_is_survived() {
        let garbage: Vec<u8> = (0..5_000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        for prefix in ["log.", "control."] {
            for bytes in [vec![], garbage.clone(), vec![0; 5_000], vec![255; 5_000]] {
                let (folder, known) = sample();
                fs::write(folder.file(prefix), bytes).unwrap();
                survives(&folder, &known, prefix);
            }
            let (folder, known) = sample();
            let file = folder.file(prefix);
            fs::remove_file(&file).unwrap();
            survives(&folder, &known, &format!("{prefix} missing"));
            let (folder, known) = sample();
            fs::remove_file(folder.file(prefix)).unwrap();
            fs::create_dir(file_again(&folder, &file)).unwrap();
            survives(&folder, &known, &format!("{prefix} a directory"));
        }
    }

    fn file_again(folder: &Folder, file: &Path) -> PathBuf {
        folder.dir().join(file.file_name().unwrap())
    }

    #[test]
    fn damage_under_an_open_store_is_survived() {
        let (folder, known) = sample();
        let files = folder.store();
        assert_eq!(files.get(0).as_ref(), known.get(&0));
        let log = folder.file("log.");
        let mut bytes = fs::read(&log).unwrap();
        let place = bytes
            .windows(7)
            .position(|window| window == b"value 0")
            .unwrap();
        bytes[place] ^= 1;
        fs::write(&log, &bytes).unwrap();
        assert!(files.try_get(0).unwrap_err().is_damaged());
        assert_eq!(files.get(0), None, "told once");
        let cut = bytes.len() - 10;
        fs::OpenOptions::new()
            .write(true)
            .open(&log)
            .unwrap()
            .set_len(cut as u64)
            .unwrap();
        survives(&folder, &known, "cut while open");
        files.set(5, "e");
        assert_eq!(folder.store().get(5).unwrap(), "e");
    }

    #[test]
    fn a_whole_record_that_was_not_announced_is_taken_in_and_a_part_is_not() {
        let (folder, known) = sample();
        let control = fs::read(folder.file("control.")).unwrap();
        let log = folder.file("log.");
        let announced = fs::metadata(&log).unwrap().size();
        folder.store().set(5, "unannounced");
        let whole = fs::read(&log).unwrap();
        for length in announced as usize..=whole.len() {
            let copy = copy(&folder);
            fs::write(copy.file("control."), &control).unwrap();
            fs::write(copy.file("log."), &whole[..length]).unwrap();
            copy.store().set(6, "next");
            let taken = copy.store().get(5);
            assert_eq!(taken.is_some(), length == whole.len(), "{length} bytes");
            assert_eq!(copy.store().get(0).as_ref(), known.get(&0));
            assert_eq!(copy.store().get(6).unwrap(), "next");
            assert_eq!(copy.cache().verify(|_| {}).unwrap().damaged, vec![]);
        }
    }

    #[test]
    fn a_log_that_was_begun_and_not_announced_is_no_log() {
        let (folder, known) = sample();
        fs::write(folder.dir().join("log.1.2"), "begun").unwrap();
        fs::write(folder.dir().join("next.1"), "begun").unwrap();
        folder.store().set(9, "x");
        assert_eq!(folder.store().get(0).as_ref(), known.get(&0));
        folder.cache().compact().unwrap();
        assert_eq!(folder.store().get(0).as_ref(), known.get(&0));
        folder.store().clear();
        assert_eq!(folder.store().get(0), None);
    }

    #[test]
    fn a_damaged_outline_costs_nothing_but_a_scan() {
        let (folder, known) = sample();
        folder.cache().compact().unwrap();
        let bytes = fs::read(folder.file("index.")).unwrap();
        for at in (0..bytes.len()).step_by(3) {
            let copy = copy(&folder);
            let mut bytes = bytes.clone();
            bytes[at] ^= 4;
            fs::write(copy.file("index."), &bytes).unwrap();
            for number in 0..4 {
                assert_eq!(
                    copy.store().get(number).as_ref(),
                    known.get(&number),
                    "byte {at}"
                );
            }
        }
    }
}

mod size {
    use super::*;

    #[test]
    fn the_disk_holds_less_than_twice_what_lives_and_a_little() {
        let folder = Folder::new();
        let files = folder.store();
        for round in 0..40 {
            for number in 0..100 {
                files.set(number, &format!("{round}").repeat(400));
            }
            let live = folder.cache().summary().unwrap().bytes;
            assert!(folder.cache().disk_bytes().unwrap() < 2 * live + (1 << 20));
        }
        assert_ne!(
            folder.file("log.").file_name().unwrap(),
            "log.1.1",
            "it was compacted"
        );
        assert_eq!(folder.store().get(7).unwrap(), "39".repeat(400));
    }

    #[test]
    fn many_entries_are_found_with_their_outline_and_without() {
        let folder = Folder::new();
        let (files, other) = (folder.store(), folder.store());
        for number in 0..10_000 {
            let by = if number == 7_000 { &other } else { &files };
            by.set(number, &number.to_string());
        }
        for number in (0..10_000).step_by(7) {
            files.remove(number);
        }
        let outline = folder.file("index.");
        for _ in 0..2 {
            let files = folder.store();
            for number in 0..10_000 {
                let there = (number % 7 != 0).then(|| number.to_string());
                assert_eq!(files.get(number), there);
            }
            let _ = fs::remove_file(&outline);
        }
    }

    #[test]
    fn bounds_hold_for_each_store_that_has_them() {
        let folder = Folder::new();
        let unbounded = folder.store();
        (0..20).for_each(|number| unbounded.set(number, "a"));
        let bounded = Files(unbounded.0.clone().max_entries(5));
        bounded.set(100, "b");
        let swept = block_on(bounded.0.sweep(|_, _| true)).unwrap();
        assert_eq!((swept.entries, swept.evicted), (5, 16));
        assert_eq!(folder.store().get(100).unwrap(), "b");
    }
}

mod inspection {
    use super::*;

    #[test]
    fn caches_are_listed_and_other_directories_are_not() {
        let folder = Folder::new();
        folder.store().set(1, "a");
        Cache::create(folder.0.path(), "a/b").unwrap();
        fs::create_dir(folder.0.path().join("foreign")).unwrap();
        fs::write(folder.0.path().join("file"), "").unwrap();
        let caches = inspect::caches(folder.0.path()).unwrap();
        let ids: Vec<_> = caches.iter().map(Cache::id).collect();
        assert_eq!(ids, ["a/b", "f"]);
        assert_eq!(caches[1].dir(), folder.dir());
    }

    #[test]
    fn entries_can_be_taken_from_one_cache_to_another() {
        let folder = Folder::new();
        folder.store().set(1, "a");
        folder.store().set(2, &long('b'));
        let copy = Folder::new();
        let to = Cache::create(copy.0.path(), "f").unwrap();
        folder.cache().entries(|stored| to.insert(stored)).unwrap();
        assert_eq!(copy.store().get(1).unwrap(), "a");
        assert_eq!(copy.store().get(2).unwrap(), long('b'));
        let mut keys = Vec::new();
        let mut list = |key: &Key, _: &Meta| {
            keys.push(key.diagnostic());
            true
        };
        block_on(copy.store().0.sweep(&mut list)).unwrap();
        assert_eq!(keys, ["[1]", "[2]"]);
    }

    #[test]
    fn nonsense_is_not_inserted() {
        let folder = Folder::new();
        folder.store().set(1, "a");
        let stored = folder.cache().get(&Digest::of(&key(1))).unwrap().unwrap();
        let mut no_value = stored.clone();
        no_value.value.push(0);
        let mut other_arguments = stored.clone();
        other_arguments.digest = Digest::of(&key(2));
        for wrong in [no_value, other_arguments] {
            assert!(folder.cache().insert(wrong).unwrap_err().is_argument());
        }
    }

    #[test]
    fn arguments_are_left_out_where_nobody_is_to_see_them() {
        let folder = Folder::new();
        let core = folder.store().0.store_args(false);
        block_on(core.set(
            &Key::of(&("secret",)).unwrap(),
            Some(entry(&"a".to_owned())),
        ))
        .unwrap();
        let log = fs::read(folder.file("log.")).unwrap();
        assert!(!log.windows(6).any(|window| window == b"secret"));
        let mut stored = None;
        folder
            .cache()
            .entries(|found| {
                stored = Some(found);
                Ok(())
            })
            .unwrap();
        assert_eq!(stored.unwrap().arguments, None);
    }

    #[test]
    fn damage_is_told_where_it_is() {
        let folder = Folder::new();
        folder.store().set(1, "abcdef");
        folder.store().set(2, &long('b'));
        let log = folder.file("log.");
        let mut bytes = fs::read(&log).unwrap();
        let place = bytes
            .windows(6)
            .position(|window| window == b"abcdef")
            .unwrap();
        bytes[place] ^= 1;
        fs::write(&log, bytes).unwrap();
        let value = folder.file("value.");
        fs::write(&value, "garbage").unwrap();
        let mut last = inspect::Progress::default();
        let verified = folder.cache().verify(|progress| last = progress).unwrap();
        let files: Vec<_> = verified
            .damaged
            .iter()
            .map(|damage| damage.file.clone())
            .collect();
        assert_eq!(files, [log, value]);
        assert_eq!(verified.damaged[1].digest, Some(Digest::of(&key(2))));
        assert_eq!((verified.entries, last.done), (0, last.total));
    }
}
