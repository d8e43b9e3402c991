//! A store that cannot be written, read or found: the function still returns, and says so once.

#![cfg(all(feature = "file", target_os = "linux"))]
#![allow(clippy::unwrap_used)]

mod children;

use std::fs;
use std::path::Path;
use std::process::Command;

use cachier::core::FileCore;
use cachier::{KeepAll, Memoize, Outcome};
use children::Process;

type Cache = Memoize<(u64,), String, KeepAll, FileCore<String>>;

fn open(directory: &Path) -> Cache {
    memoized(FileCore::new("f").cache_dir(directory))
}

fn memoized(core: FileCore<String>) -> Cache {
    Memoize::builder()
        .name("f")
        .enable_metrics(true)
        .core(core)
        .function(|number: u64| format!("value {number} ").repeat(100))
        .unwrap()
}

/// Mounts need root, as on a build server; elsewhere these tests have nothing to stand on.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn of(size: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let options = format!("size={size},mode=0700");
        let arguments = ["-t", "tmpfs", "-o", &options, "tmpfs"];
        let mounted = Command::new("mount")
            .args(arguments)
            .arg(directory.path())
            .status();
        let is_mounted = mounted.is_ok_and(|status| status.success());
        if !is_mounted {
            eprintln!("not tested: mounting a tmpfs needs root");
        }
        is_mounted.then_some(Self(directory))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let status = Command::new("mount")
            .args(["-o", &options])
            .arg(self.0.path())
            .status();
        assert!(status.unwrap().success());
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: a store may still have its files open.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_costs_no_caller_the_result() {
    let Some(disk) = Mounted::of("256k") else {
        return;
    };
    let cache = open(disk.path());
    for number in 0..1_000 {
        assert_eq!(
            cache.call((number,)),
            format!("value {number} ").repeat(100)
        );
    }
    let metrics = cache.metrics().unwrap();
    assert!(
        metrics.storage_errors > 0,
        "a thousand values of a kilobyte do not fit"
    );
    assert!(metrics.entries > 0, "those that fit are kept");
    let stored = cache.entries().unwrap().len();
    let hits = (0..1_000).filter(|&number| cache.trace((number,)).outcome == Outcome::Hit);
    assert!(hits.count() >= stored);
}

#[test]
fn what_a_full_disk_holds_survives_a_restart_and_room_is_used_again() {
    let Some(disk) = Mounted::of("256k") else {
        return;
    };
    let cache = open(disk.path());
    (0..1_000).for_each(|number| drop(cache.call((number,))));
    let stored = cache.entries().unwrap().len();
    drop(cache);
    let cache = open(disk.path());
    assert_eq!(cache.entries().unwrap().len(), stored);
    cache.clear_cache();
    cache.call((5_000,));
    assert_eq!(cache.trace((5_000,)).outcome, Outcome::Hit);
}

#[test]
fn a_disk_that_is_not_writable_is_read_and_costs_no_caller_the_result() {
    let Some(disk) = Mounted::of("1m") else {
        return;
    };
    open(disk.path()).call((1,));
    disk.remount("ro");
    let cache = open(disk.path());
    assert_eq!(
        cache.trace((1,)).outcome,
        Outcome::Hit,
        "it can still be read"
    );
    assert_eq!(cache.trace((2,)).outcome, Outcome::Computed);
    assert_eq!(
        cache.trace((2,)).outcome,
        Outcome::Computed,
        "it could not be stored"
    );
    assert!(cache.metrics().unwrap().storage_errors > 0);
    disk.remount("rw");
    cache.call((2,));
    assert_eq!(
        cache.trace((2,)).outcome,
        Outcome::Hit,
        "as soon as it can be written, it is"
    );
}

#[test]
fn a_directory_that_cannot_be_made_costs_no_caller_the_result() {
    let cache = open(Path::new("/proc/cachier"));
    assert_eq!(cache.trace((1,)).outcome, Outcome::Computed);
    assert_eq!(cache.cache_dpath(), None, "there is none");
    assert!(
        cache
            .precache_value((1,), String::new())
            .unwrap_err()
            .is_storage()
    );
}

#[test]
fn a_file_in_the_place_of_the_directory_costs_no_caller_the_result() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("cache");
    fs::write(&file, "mine").unwrap();
    let cache = open(&file);
    assert_eq!(cache.trace((1,)).outcome, Outcome::Computed);
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn symbolic_links_are_not_followed_out_of_the_cache() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = open(directory.path());
    cache.call((1,));
    let own = cache.cache_dpath().unwrap();
    drop(cache);
    fs::remove_dir_all(&own).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), &own).unwrap();
    let cache = open(directory.path());
    assert_eq!(cache.trace((1,)).outcome, Outcome::Computed);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn only_its_owner_can_look_into_a_cache() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let cache = open(directory.path());
    cache.call((1,));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let own = cache.cache_dpath().unwrap();
    assert_eq!(mode(&own), 0o700);
    for entry in fs::read_dir(&own).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

/// Stores as somebody who may not.
#[test]
#[ignore = "runs as a child of the test below"]
fn child_calls_as_nobody() {
    let Some(directory) = children::directory_of_child() else {
        return;
    };
    let nobody = nix::unistd::Uid::from_raw(65_534);
    nix::unistd::setuid(nobody).unwrap();
    let cache = open(&directory);
    children::say(cache.trace((1,)).outcome.as_str());
    children::say(&cache.metrics().unwrap().storage_errors.min(1).to_string());
}

#[test]
fn a_cache_of_somebody_else_costs_no_caller_the_result() {
    if !nix::unistd::Uid::effective().is_root() {
        return eprintln!("not tested: becoming somebody else needs root");
    }
    let directory = tempfile::tempdir().unwrap();
    open(directory.path()).call((1,));
    let mut nobody = Process::start("child_calls_as_nobody", directory.path(), "");
    assert_eq!(nobody.line().as_deref(), Some("computed"));
    assert_eq!(nobody.line().as_deref(), Some("1"));
    assert!(nobody.ended_well());
    assert_eq!(open(directory.path()).trace((1,)).outcome, Outcome::Hit);
}

#[test]
#[ignore = "runs as a child of the test below"]
fn child_calls_without_a_home() {
    if children::directory_of_child().is_none() {
        return;
    }
    let cache = memoized(FileCore::new("f"));
    children::say(cache.trace((1,)).outcome.as_str());
    children::say(&format!("{:?}", cache.cache_dpath()));
}

#[test]
fn without_a_home_a_call_still_returns() {
    let environment = [("HOME", "/proc/nowhere"), ("XDG_CACHE_HOME", "")];
    let mut homeless = Process::start_in("child_calls_without_a_home", &environment);
    assert_eq!(homeless.line().as_deref(), Some("computed"));
    assert_eq!(homeless.line().as_deref(), Some("None"));
    assert!(homeless.ended_well());
}
