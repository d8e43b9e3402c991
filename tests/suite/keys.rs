//! What a key is made of beside the arguments, and arguments that make none.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use cachier::{KeepAll, Key, Options, Outcome};
use serde::{Serialize, Serializer, ser::Error as _};

use super::harness::{Sample, Scene, Subject};
use super::tools::*;

struct Unkeyable;

impl Serialize for Unkeyable {
    fn serialize<T: Serializer>(&self, _serializer: T) -> Result<T::Ok, T::Error> {
        Err(T::Error::custom("it has no key"))
    }
}

pub async fn arguments_can_be_left_out_of_the_key<S: Subject>() {
    let scene = Scene::<S>::new();
    let definition = scene
        .definition(Options::new())
        .key(|(first, _)| Key::of(&(first,)));
    let f = scene.sample::<KeepAll, u64>(definition);
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.call(1, 3).await, 1);
    assert_eq!(f.call(2, 2).await, 2);
    assert_eq!(
        f.runs.of(1, 2),
        1,
        "the function itself receives all of them"
    );
}

/// A function with a key for every second argument but 0.
fn keyed_unless_zero<S: Subject>() -> Sample<u64> {
    let scene = Scene::<S>::new();
    let definition = scene
        .definition(Options::new().enable_metrics(true))
        .key(|arguments| match arguments {
            (_, 0) => Key::of(&(Unkeyable,)),
            _ => Key::of(arguments),
        });
    scene.sample::<KeepAll, u64>(definition)
}

pub async fn arguments_that_cannot_be_keyed_run_uncached<S: Subject>() {
    let f = keyed_unless_zero::<S>();
    assert_eq!(f.call(1, 0).await, 1);
    let traced = f.trace(1, 0).await;
    assert_eq!((traced.value, traced.outcome), (2, Outcome::Bypassed));
    assert_eq!(f.entry_count().await, 0);
    assert_eq!(f.peek(1, 0).await, None);
    assert_eq!(f.memoized.metrics().await.unwrap().storage_errors, 0);
}

pub async fn arguments_that_cannot_be_keyed_are_an_error_where_asked<S: Subject>() {
    let f = keyed_unless_zero::<S>();
    let error = f.memoized.try_call((1, 0)).await.unwrap_err();
    assert!(
        error.is_argument() && error.to_string().contains("it has no key"),
        "{error}"
    );
    assert!(f.memoized.key_of((1, 0)).is_err());
    assert_eq!(f.runs(), 0);
    assert_eq!(f.memoized.try_call((1, 1)).await.unwrap(), 1);
    assert_eq!(f.call(1, 1).await, 1);
}

pub async fn a_scope_is_part_of_the_key<S: Subject>() {
    let scene = Scene::<S>::new();
    let user = std::sync::Arc::new(Mutex::new("alice"));
    let asked = user.clone();
    let definition = scene
        .definition(Options::new())
        .scope(move || asked.lock().unwrap().to_string());
    let f = scene.sample::<KeepAll, u64>(definition);
    assert_eq!(f.call(1, 2).await, 1);
    *user.lock().unwrap() = "bob";
    assert_eq!(f.call(1, 2).await, 2);
    *user.lock().unwrap() = "alice";
    assert_eq!(f.call(1, 2).await, 1);
    assert!(f.memoized.remove((1, 2)).await);
    *user.lock().unwrap() = "bob";
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_refresh_is_not_run_in_another_scope<S: Subject>() {
    let scene = Scene::<S>::new();
    let asked = AtomicU32::new(0);
    // The two calls below are alice's; whatever comes later is bob's.
    let scope = move || match asked.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => "alice".to_owned(),
        _ => "bob".to_owned(),
    };
    let f = scene.sample::<KeepAll, u64>(scene.definition(next_time()).scope(scope));
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(3));
    assert_eq!(f.call(1, 2).await, 1);
    f.settle().await;
    assert_eq!(
        f.runs(),
        1,
        "bob's result would have been stored as alice's"
    );
}

pub async fn a_refresh_given_up_for_another_scope_is_no_failure<S: Subject>() {
    let scene = Scene::<S>::new();
    let asked = AtomicU32::new(0);
    // Bob is there only when the first refresh is about to begin.
    let scope = move || match asked.fetch_add(1, Ordering::SeqCst) {
        2 => "bob".to_owned(),
        _ => "alice".to_owned(),
    };
    let options = next_time().enable_metrics(true);
    let f = scene.sample::<KeepAll, u64>(scene.definition(options).scope(scope));
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(3));
    for runs_then in [1, 2] {
        assert_eq!(f.call(1, 2).await, 1);
        f.settle().await;
        assert_eq!(f.runs(), runs_then);
    }
    let all = f.memoized.metrics().await.unwrap();
    assert_eq!((all.refreshes, all.refresh_failures), (1, 0));
}
