//! What processes that share a directory see of one another, tried with real ones.

#![cfg(all(feature = "file", feature = "tracing", unix, not(shuttle)))]
#![allow(clippy::unwrap_used)]

#[path = "processes/child.rs"]
mod child;
#[path = "processes/parent.rs"]
mod parent;

use std::time::{Duration, Instant};

use cachier::Memoize;
use parent::{Child, Start};
use tempfile::{TempDir, tempdir};

const WAITS_ELSEWHERE: &str = "told [1]: waits for a calculation elsewhere";

/// Not a test: what the tests below start, with `--ignored`, as processes of their own.
#[test]
#[ignore = "it is run by the other tests, which talk with it"]
fn in_a_process_of_its_own() {
    child::live();
}

fn start(tag: &str, folder: &TempDir) -> Child {
    Start::new(tag).directory(folder.path()).start()
}

/// A process whose runs are not held.
fn start_open(tag: &str, folder: &TempDir) -> Child {
    let mut child = start(tag, folder);
    child.order("open");
    child
}

#[test]
fn a_name_and_version_is_shared_by_processes() {
    let folder = tempdir().unwrap();
    let (mut one, mut other) = (start_open("one", &folder), start_open("other", &folder));
    assert_eq!(one.call(1), "computed one 1");
    assert_eq!(other.call(1), "hit one 1");
    assert_eq!(other.call(2), "computed other 2");
    assert_eq!(one.call(2), "hit other 2");
    let newer = Start::new("newer")
        .directory(folder.path())
        .with(child::VERSION, "2");
    let mut newer = newer.start();
    newer.order("open");
    assert_eq!(newer.call(1), "computed newer 1");
    assert_eq!(one.call(1), "hit one 1");
}

#[test]
fn a_process_waits_for_the_run_of_another() {
    let folder = tempdir().unwrap();
    let (mut one, mut other) = (start("one", &folder), start("other", &folder));
    one.order("call 1");
    one.hear("runs 1");
    other.order("call 1");
    other.hear(WAITS_ELSEWHERE);
    one.order("open");
    assert_eq!(one.hear("done "), "computed one 1");
    assert_eq!(other.hear("done "), "waited one 1");
}

#[test]
fn callers_of_many_processes_are_one_run() {
    let folder = tempdir().unwrap();
    let mut children = ["a", "b", "c", "d"].map(|tag| start(tag, &folder));
    for child in &mut children {
        child.order("crowd 1 16");
    }
    for child in &children {
        child.hear_any(&["runs 1", WAITS_ELSEWHERE]);
    }
    for child in &mut children {
        child.order("open");
    }
    let done: Vec<String> = children
        .iter()
        .flat_map(|child| child.hear_all("done ", 16))
        .collect();
    let values: Vec<&str> = done
        .iter()
        .filter_map(|done| done.split_once(' '))
        .map(|(_, value)| value)
        .collect();
    assert_eq!(values.len(), 64);
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    let computed = done.iter().filter(|done| done.starts_with("computed"));
    assert_eq!(computed.count(), 1, "{done:?}");
}

#[test]
fn a_waiter_has_a_result_soon_after_the_owner_is_killed() {
    let folder = tempdir().unwrap();
    let (mut owner, mut waiter) = (start("owner", &folder), start_open("waiter", &folder));
    owner.order("call 1");
    owner.hear("runs 1");
    waiter.order("call 1");
    waiter.hear(WAITS_ELSEWHERE);
    owner.kill();
    let since = Instant::now();
    assert_eq!(waiter.hear("done "), "computed waiter 1");
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
}

#[test]
fn a_front_follows_what_another_process_stores_and_clears_at_the_next_call() {
    let folder = tempdir().unwrap();
    let (mut one, mut other) = (start_open("one", &folder), start_open("other", &folder));
    assert_eq!(one.call(1), "computed one 1");
    assert_eq!(one.call(1), "hit one 1");
    for value in ["x", "y", "z"] {
        other.order(&format!("store 1 {value}"));
        other.hear("stored");
        assert_eq!(one.call(1), format!("hit {value}"));
    }
    other.order("clear");
    other.hear("cleared");
    assert_eq!(one.call(1), "computed one 1");
    assert_eq!(other.call(1), "hit one 1");
}

#[test]
fn a_value_cleared_by_another_process_while_it_is_calculated_is_not_stored() {
    let folder = tempdir().unwrap();
    let (mut one, mut other) = (start("one", &folder), start_open("other", &folder));
    one.order("call 1");
    one.hear("runs 1");
    other.order("clear");
    other.hear("cleared");
    one.order("open");
    assert_eq!(one.hear("done "), "computed one 1");
    assert_eq!(other.call(1), "computed other 1");
    assert_eq!(one.call(1), "hit other 1");
}

#[test]
fn four_processes_store_at_once_and_nothing_is_lost_or_torn() {
    for separate in [false, true] {
        let folder = tempdir().unwrap();
        let start = |tag: &str| {
            let start = Start::new(tag).directory(folder.path());
            let start = if separate {
                start.with(child::SEPARATE, "1")
            } else {
                start
            };
            let mut child = start.start();
            child.order("open");
            child
        };
        let (mut reader, mut writers) = (start("reader"), ["0", "1", "2", "3"].map(start));
        reader.order("read");
        reader.hear("reads");
        for (index, writer) in writers.iter_mut().enumerate() {
            writer.order(&format!("fill {} 200", index * 200));
        }
        for writer in &writers {
            assert_eq!(writer.hear("filled with "), "0 errors");
        }
        reader.order("stop");
        reader.hear("read ");
        assert!(reader.end().iter().all(|said| !said.starts_with("told")));
        assert_all_are_there(&folder, separate);
    }
}

fn assert_all_are_there(folder: &TempDir, separate: bool) {
    let builder = Memoize::builder().name("shared by processes").version("");
    let builder = builder
        .cache_dir(folder.path())
        .separate_files(separate)
        .in_files();
    let f = builder
        .function(|number: u32| format!("nobody {number}"))
        .unwrap();
    assert_eq!(f.entries().unwrap().len(), 800);
    for number in 0..800 {
        let writer = number / 200;
        assert_eq!(f.call((number,)), format!("{writer} {number}"));
    }
}

/// Where a process without a directory of its own keeps what it has stored.
fn default_directory(start: Start) -> String {
    let mut child = start.without(child::DIRECTORY).start();
    child.order("where");
    assert_eq!(
        child.hear("where "),
        "None",
        "nothing is there before the first entry"
    );
    child.order("open");
    child.call(1);
    child.order("where");
    child.hear("where ")
}

#[test]
fn without_a_directory_the_cache_is_where_the_platform_has_them() {
    for (xdg, expected) in [
        (Some("given"), "given/cachier/"),
        (Some(""), ""),
        (None, ""),
    ] {
        let folder = tempdir().unwrap();
        let home = folder.path().to_str().unwrap();
        let start = Start::new("one").with("HOME", home);
        let start = match xdg {
            Some("") => start.with("XDG_CACHE_HOME", "relative"),
            Some(given) => start.with("XDG_CACHE_HOME", &format!("{home}/{given}")),
            None => start.without("XDG_CACHE_HOME"),
        };
        let directory = default_directory(start);
        assert!(
            directory.starts_with(&format!("Some(\"{home}/{expected}")),
            "{directory}"
        );
        assert!(
            directory.contains("/cachier/") && !directory.contains("relative"),
            "{directory}"
        );
    }
}
