//! What holds for every memoized function of a program at once; one such law runs at a time.

use std::sync::atomic::{AtomicBool, Ordering};

use cachier::{
    CallOptions, Options, Outcome, clear_all, disable_caching, enable_caching, get_global_params,
    reset_global_params, set_global_params,
};

use super::harness::{Scene, Subject};
use super::tools::*;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// The only law that runs; the global state is as it was at first, before and after.
struct Alone;

impl Alone {
    async fn enter() -> Self {
        while TAKEN.swap(true, Ordering::SeqCst) {
            yield_to_others().await;
        }
        Self
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        enable_caching();
        reset_global_params();
        TAKEN.store(false, Ordering::SeqCst);
    }
}

pub async fn a_disabled_cache_is_neither_read_nor_written<S: Subject>() {
    let _alone = Alone::enter().await;
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!(f.call(1, 2).await, 1);
    disable_caching();
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Bypassed);
    let overwrite = CallOptions::new().overwrite_cache(true);
    assert_eq!(f.call_with(overwrite, 1, 2).await, 3);
    assert!(!f.memoized.is_fresh((1, 2)).await);
    enable_caching();
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Hit);
    assert_eq!(f.call(1, 2).await, 1);
}

pub async fn a_call_stands_above_its_definition_and_that_above_what_is_global<S: Subject>() {
    let _alone = Alone::enter().await;
    set_global_params(Options::new().stale_after("2s").unwrap()).unwrap();
    let scene = Scene::<S>::new();
    let by_global = scene.counter(Options::new().name("by global"));
    let by_definition = scene.counter(stale_after_3s().name("by definition"));
    for f in [&by_global, &by_definition] {
        f.call(1, 2).await;
    }
    scene.clock.advance(seconds(2));
    assert_eq!(by_definition.call(1, 2).await, 1);
    let patient = CallOptions::new().stale_after("1h").unwrap();
    assert_eq!(by_global.call_with(patient, 1, 2).await, 1);
    assert_eq!(by_global.call(1, 2).await, 2);
    let strict = CallOptions::new().stale_after("2s").unwrap();
    assert_eq!(by_definition.call_with(strict, 1, 2).await, 2);
}

pub async fn a_function_follows_what_is_set_later<S: Subject>() {
    let _alone = Alone::enter().await;
    let scene = Scene::<S>::new();
    let f = scene.optional(Options::new());
    f.switch.turn(true);
    f.call(1, 2).await;
    set_global_params(Options::new().allow_none(true)).unwrap();
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Hit);
    reset_global_params();
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Computed);
}

pub async fn global_options_of_files_leave_other_stores_alone<S: Subject>() {
    let _alone = Alone::enter().await;
    let given = Options::new().cache_dir("/nowhere").sync(true);
    set_global_params(given.clone()).unwrap();
    set_global_params(Options::new().allow_none(true)).unwrap();
    assert_eq!(get_global_params(), given.allow_none(true));
    let f = Scene::<S>::new().counter(Options::new());
    assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (1, 1));
}

pub async fn a_limit_in_bytes_that_is_set_later_holds<S: Subject>() {
    let _alone = Alone::enter().await;
    let scene = Scene::<S>::new();
    let f = scene.sample::<cachier::KeepAll, String>(scene.definition(Options::new()));
    set_global_params(Options::new().entry_size_limit(5).unwrap()).unwrap();
    f.call(1, 2).await;
    assert_eq!(f.peek(1, 2).await, None);
}

pub async fn everything_can_be_cleared_at_once<S: Subject>() {
    let _alone = Alone::enter().await;
    let scene = Scene::<S>::new();
    let f = scene.counter(Options::new().name("f"));
    let g = scene.counter(Options::new().name("g"));
    for function in [&f, &g] {
        function.call(1, 2).await;
    }
    clear_all();
    for function in [&f, &g] {
        assert_eq!(function.call(1, 2).await, 2);
    }
}
