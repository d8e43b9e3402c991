//! Options are checked where they are given, and a refusal says what would be right.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use cachier::core::MemoryCore;
use cachier::{CallOptions, Error, Memoize, OnError, Options};

fn refused<T>(result: Result<T, Error>, parts: &[&str]) {
    let Err(error) = result else {
        panic!("not refused: {parts:?}")
    };
    assert!(error.is_invalid_option(), "{error}");
    for part in parts {
        assert!(
            error.to_string().contains(part),
            "{error} does not say {part}"
        );
    }
}

#[test]
fn what_is_no_duration_is_refused_with_the_name_of_its_option() {
    refused(
        Memoize::builder().stale_after("3 dayz"),
        &["stale_after", "dayz", "did you mean day"],
    );
    refused(Memoize::builder().next_time("soon"), &["next_time", "soon"]);
    refused(
        Memoize::builder().stale_if_error("1 houre"),
        &["stale_if_error", "hour"],
    );
    refused(
        Memoize::builder().wait_for_calc_timeout(-1),
        &["wait_for_calc_timeout", "at least 0"],
    );
    refused(
        Memoize::builder().cleanup_interval(0),
        &["cleanup_interval", "0"],
    );
    refused(CallOptions::new().max_age("1 fortnite"), &["max_age"]);
}

#[test]
fn what_is_no_size_is_refused_with_the_name_of_its_option() {
    refused(
        Memoize::builder().entry_size_limit("10 MX"),
        &["entry_size_limit", "MX"],
    );
    refused(Memoize::builder().max_bytes(0), &["max_bytes", "0"]);
    refused(
        Memoize::builder().front("1 GB of it"),
        &["front", "1 GB of it", "no size"],
    );
    refused(Memoize::builder().front(-1), &["front", "at least 0"]);
    refused(Memoize::builder().max_entries(0), &["max_entries", "0"]);
}

#[test]
fn a_limit_in_bytes_asks_how_to_weigh() {
    for builder in [
        Memoize::builder().max_bytes("1MB"),
        Memoize::builder().entry_size_limit("1MB"),
    ] {
        refused(
            builder.unwrap().function(|n: u32| n),
            &["max_bytes", "entry_size_limit", "weigh"],
        );
    }
    let weighed = Memoize::builder().max_bytes("1MB").unwrap().weigh_encoded();
    assert_eq!(weighed.function(|n: u32| n).unwrap().call((7,)), 7);
}

#[test]
fn the_bounds_of_a_core_are_set_where_it_is_made() {
    let builder = Memoize::builder()
        .max_entries(3)
        .unwrap()
        .core(MemoryCore::new());
    refused(builder.function(|n: u32| n), &["max_entries", "core"]);
}

/// Every option that only some stores can follow.
fn for_some_stores() -> [(&'static str, Options); 6] {
    [
        ("cache_dir", Options::new().cache_dir("/nowhere")),
        ("separate_files", Options::new().separate_files(true)),
        ("sync", Options::new().sync(true)),
        ("front", Options::new().front(false).unwrap()),
        ("coherent", Options::new().coherent(true)),
        ("store_args", Options::new().store_args(false)),
    ]
}

#[test]
fn memory_refuses_what_only_a_persistent_store_can_follow() {
    for (name, options) in for_some_stores() {
        let builder = Memoize::builder().options(&options);
        refused(builder.function(|n: u32| n), &[name, "in_files()"]);
    }
}

#[test]
fn the_options_of_a_store_are_set_where_it_is_made() {
    for (name, options) in for_some_stores() {
        let builder = Memoize::builder().options(&options).core(MemoryCore::new());
        refused(
            builder.function(|n: u32| n),
            &[name, "where the core is made"],
        );
    }
}

#[test]
fn what_trouble_costs_can_be_said_of_any_store() {
    let builder = Memoize::builder().on_error(OnError::Fail);
    assert_eq!(builder.function(|n: u32| n).unwrap().call((7,)), 7);
    let builder = Memoize::builder()
        .on_error(OnError::Fail)
        .core(MemoryCore::new());
    assert_eq!(builder.function(|n: u32| n).unwrap().call((7,)), 7);
    refused(
        "fails".parse::<OnError>(),
        &["on_error", "did you mean", "fail"],
    );
}

#[test]
fn a_value_weighs_as_much_as_its_encoding_where_that_is_asked_for() {
    let builder = Memoize::builder()
        .max_bytes(100)
        .unwrap()
        .enable_metrics(true)
        .weigh_encoded();
    let f = builder.function(|n: usize| "x".repeat(n)).unwrap();
    f.call((20,));
    assert_eq!(f.metrics().unwrap().bytes, 21);
    for n in 0..100 {
        f.call((n,));
        assert!(f.metrics().unwrap().bytes <= 100);
    }
    assert_eq!(f.call((200,)).len(), 200);
    assert!(f.peek(&(200,)).is_none());
}
