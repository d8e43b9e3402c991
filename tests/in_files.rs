//! What a definition says of files is what is done, and what cannot be done is refused.

#![cfg(all(feature = "file", unix, not(shuttle)))]
#![allow(clippy::unwrap_used)]

use std::path::Path;

use cachier::core::{FileCore, Tiered};
use cachier::{
    Builder, Error, FakeClock, InFiles, KeepAll, Memoize, OnError, Options, Outcome,
    reset_global_params, set_global_params,
};
use tempfile::{TempDir, tempdir};

type Function = Memoize<(u32,), String, KeepAll, Tiered<String, FileCore<String>>>;

fn folder() -> TempDir {
    tempdir().unwrap()
}

/// A function of ten characters a value.
fn ten(number: u32) -> String {
    format!("{number:010}")
}

fn define(builder: Builder) -> Result<Function, Error> {
    builder.name("ten").in_files().function(ten)
}

fn defined(builder: Builder) -> Function {
    define(builder).unwrap()
}

fn refusal<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        panic!("not refused")
    };
    assert!(error.is_invalid_option(), "{error}");
    error.to_string()
}

/// How many files lie in a directory.
fn count_files(directory: &Path) -> usize {
    std::fs::read_dir(directory).unwrap().count()
}

#[test]
fn a_directory_that_is_given_is_used_and_told_of_once_it_exists() {
    let folder = folder();
    let f = defined(Memoize::builder().cache_dir(folder.path()));
    assert_eq!(f.cache_dpath(), None);
    assert_eq!(f.call((1,)), ten(1));
    let directory = f.cache_dpath().unwrap();
    assert_eq!(directory.parent(), Some(folder.path()));
    assert!(directory.is_dir());
}

#[test]
fn an_entry_is_there_again_for_a_second_definition() {
    let folder = folder();
    let define = || defined(Memoize::builder().cache_dir(folder.path()));
    assert_eq!(define().trace((1,)).outcome, Outcome::Computed);
    assert_eq!(define().trace((1,)).outcome, Outcome::Hit);
}

#[test]
fn an_empty_directory_name_is_refused() {
    let message = refusal(define(Memoize::builder().cache_dir("")));
    assert!(message.starts_with("cache_dir: is empty"), "{message}");
}

#[test]
fn each_entry_is_a_file_of_its_own_where_that_is_asked_for() {
    let count = |separate: bool| {
        let folder = folder();
        let builder = Memoize::builder().cache_dir(folder.path());
        let f = defined(builder.separate_files(separate));
        f.call((1,));
        let before = count_files(&f.cache_dpath().unwrap());
        (2..=6).for_each(|number| drop(f.call((number,))));
        count_files(&f.cache_dpath().unwrap()) - before
    };
    assert_eq!((count(false), count(true)), (0, 5));
}

#[test]
fn every_option_of_files_and_fronts_keeps_what_is_stored() {
    for options in [
        Options::new().sync(true),
        Options::new().store_args(false),
        Options::new().coherent(true),
        Options::new().front(false).unwrap(),
        Options::new().front("1 KiB").unwrap(),
        Options::new().sync(true).separate_files(true),
        Options::new().store_args(false).separate_files(true),
    ] {
        let folder = folder();
        let builder = Memoize::builder().options(&options);
        let f = defined(builder.cache_dir(folder.path()));
        assert_eq!((f.call((1,)), f.call((1,))), (ten(1), ten(1)));
        assert_eq!(f.trace((1,)).outcome, Outcome::Hit, "{options:?}");
        f.clear_cache();
        assert_eq!(f.trace((1,)).outcome, Outcome::Computed, "{options:?}");
    }
}

#[test]
fn bounds_hold_without_a_weigher() {
    let folder = folder();
    let builder = Memoize::builder().cache_dir(folder.path());
    let f = defined(builder.max_bytes("2 KiB").unwrap().enable_metrics(true));
    for number in 0..100 {
        f.call((number,));
        assert!(f.metrics().unwrap().bytes <= 2_048);
    }
    assert!(f.metrics().unwrap().entries > 5);
}

#[test]
fn a_value_is_measured_as_it_is_encoded_unless_a_weigher_says_otherwise() {
    let folder = folder();
    let limited = |limit: u64| {
        let builder = Memoize::builder().cache_dir(folder.path()).name("ten");
        builder.entry_size_limit(limit).unwrap().in_files()
    };
    let f = limited(10).function(ten).unwrap();
    f.call((1,));
    assert!(f.peek(&(1,)).is_none(), "eleven bytes with their head");
    let f = limited(11).function(ten).unwrap();
    f.call((1,));
    assert!(f.peek(&(1,)).is_some());
    let weighed = limited(10).weigh(|_: &String| 10);
    let f = weighed.function(ten).unwrap();
    f.call((2,));
    assert!(f.peek(&(2,)).is_some());
}

#[test]
fn a_closure_has_to_be_given_a_name() {
    let folder = folder();
    let builder = || Memoize::builder().cache_dir(folder.path()).in_files();
    let message = refusal(builder().function(|number: u32| number));
    assert!(message.starts_with("name: "), "{message}");
    let pointer: fn(u32) -> String = ten;
    refusal(builder().function(pointer));
    let f = builder().function(ten).unwrap();
    assert_eq!((f.call((1,)), f.id()), (ten(1), "in_files::ten"));
}

#[test]
fn a_global_directory_holds_where_a_definition_names_none() {
    let (global, own) = (folder(), folder());
    set_global_params(Options::new().cache_dir(global.path()).separate_files(true)).unwrap();
    let (f, g) = (
        defined(Memoize::builder()),
        defined(Memoize::builder().cache_dir(own.path())),
    );
    reset_global_params();
    for (function, folder) in [(f, global), (g, own)] {
        function.call((1,));
        assert!(function.cache_dpath().unwrap().starts_with(folder.path()));
    }
}

#[test]
fn a_directory_that_cannot_be_one_costs_the_call_only_where_asked() {
    let folder = folder();
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "by a file").unwrap();
    let define = |on_error| defined(Memoize::builder().cache_dir(&taken).on_error(on_error));
    let f = define(OnError::Serve);
    assert_eq!((f.call((1,)), f.cache_dpath()), (ten(1), None));
    let error = define(OnError::Fail).try_call((1,)).unwrap_err();
    assert!(error.is_storage(), "{error}");
    assert!(error.to_string().contains("taken"), "{error}");
}

#[test]
fn a_core_made_by_hand_is_shared_by_its_id_and_needs_no_front() {
    let folder = folder();
    let define = || {
        let core = FileCore::new("by hand").cache_dir(folder.path());
        Memoize::builder().core(core).function(ten).unwrap()
    };
    assert_eq!(define().trace((1,)).outcome, Outcome::Computed);
    assert_eq!(define().trace((1,)).outcome, Outcome::Hit);
}

#[test]
fn a_none_is_stored_and_follows_allow_none() {
    let folder = folder();
    let define = |allow| {
        let builder = Memoize::builder().name("none").cache_dir(folder.path());
        let builder = builder.cache_some().allow_none(allow).in_files();
        builder.function(|_: u32| None::<u32>).unwrap()
    };
    assert_eq!(define(true).trace((1,)).outcome, Outcome::Computed);
    assert_eq!(define(true).trace((1,)).outcome, Outcome::Hit);
    assert_eq!(define(false).trace((1,)).outcome, Outcome::Computed);
}

#[test]
fn an_entry_in_a_file_ages() {
    let (folder, clock) = (folder(), FakeClock::new());
    let define = || {
        let builder = Memoize::builder().cache_dir(folder.path());
        defined(builder.clock(clock.clone()).stale_after("3s").unwrap())
    };
    define().call((1,));
    clock.advance(std::time::Duration::from_millis(2_999));
    let traced = define().trace((1,));
    assert_eq!((traced.outcome, traced.age), (Outcome::Hit, Some(2_999)));
    clock.advance(std::time::Duration::from_millis(1));
    assert_eq!(define().trace((1,)).outcome, Outcome::Computed);
}

#[test]
fn files_can_be_named_as_the_rule_they_are() {
    let folder = folder();
    let options = Options::new().cache_dir(folder.path());
    let core = cachier::CoreRule::<u32>::core(InFiles, &options, "rule").unwrap();
    let f = Memoize::builder().core(core).function(|n: u32| n).unwrap();
    assert_eq!((f.call((1,)), f.trace((1,)).outcome), (1, Outcome::Hit));
}
