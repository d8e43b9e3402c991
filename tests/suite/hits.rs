//! What shares an entry and what does not.

use cachier::{Options, Outcome};

use super::harness::{Scene, Subject};
use super::tools::*;

pub async fn equal_arguments_are_calculated_once<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.runs(), 1);
}

pub async fn other_arguments_are_other_entries<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.call(2, 1).await, 2);
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.entry_count().await, 2);
}

/// Names and versions, each pair another function.
fn identities() -> Vec<Options> {
    let long = "x".repeat(300);
    let longer = "x".repeat(301);
    let names = [
        "foo",
        "foo_bar",
        "foo/bar",
        "foo/../foo",
        "/foo",
        "..",
        ".",
        "/",
        "",
        " ",
        "foo\0",
        "foo\0bar",
        "FOO",
        "föö",
        "🦀",
        "🦀🦀",
        &long,
        &longer,
        "foo@1",
        "foo@",
        "foo\\@1",
        "foo\\",
        "\\@",
        "con",
    ];
    let unversioned = names.map(|name| Options::new().name(name));
    let versioned = names.map(|name| Options::new().name(name).version("1"));
    let others = ["", "2", "@1", "1@1", "/", "\0", "🦀", "\\@1"];
    let others = others.map(|version| Options::new().name("foo").version(version));
    [&unversioned[..], &versioned, &others].concat()
}

async fn share_nothing<S: Subject>(identities: &[Options]) {
    let scene = Scene::<S>::new();
    let functions: Vec<_> = identities
        .iter()
        .map(|options| scene.counter(options.clone()))
        .collect();
    for (function, options) in functions.iter().zip(identities) {
        let traced = function.trace(1, 2).await;
        assert_eq!(
            traced.outcome,
            Outcome::Computed,
            "{options:?} shares an entry with another"
        );
    }
    for function in &functions {
        assert_eq!(function.trace(1, 2).await.outcome, Outcome::Hit);
    }
}

pub async fn functions_of_other_names_share_nothing<S: Subject>() {
    share_nothing::<S>(&identities()).await;
}

pub async fn another_version_shares_nothing<S: Subject>() {
    let versions = [
        Options::new(),
        Options::new().version("1"),
        Options::new().version("2"),
    ];
    share_nothing::<S>(&versions).await;
}

pub async fn a_second_handle_of_the_same_name_shares_everything<S: Subject>() {
    let scene = Scene::<S>::new();
    let options = Options::new().name("shared").version("1");
    let (one, other) = (scene.counter(options.clone()), scene.counter(options));
    assert_eq!(one.call(1, 2).await, 1);
    assert_eq!(other.trace(1, 2).await.outcome, Outcome::Hit);
    one.clear().await;
    assert_eq!(other.trace(1, 2).await.outcome, Outcome::Computed);
    assert_eq!(one.trace(1, 2).await.outcome, Outcome::Hit);
}
