//! What one call does with its result.

use cachier::{CallOptions, KeepAll, Options, Outcome};

use super::harness::{Sample, Scene, Subject};
use super::tools::*;

pub async fn a_skipping_call_runs_and_touches_nothing<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.call(1, 2).await;
    let skip = CallOptions::new().skip_cache(true);
    assert_eq!(f.call_with(skip, 1, 2).await, 2);
    assert_eq!(f.call_with(skip, 3, 4).await, 3);
    assert_eq!(f.runs.of(3, 4), 1);
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.peek(3, 4).await, None);
}

pub async fn an_overwriting_call_runs_and_stores<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.call(1, 2).await;
    let overwrite = CallOptions::new().overwrite_cache(true);
    assert_eq!(f.call_with(overwrite, 1, 2).await, 2);
    assert_eq!(f.runs.of(1, 2), 2);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_none_is_not_served_unless_allowed<S: Subject>() {
    let f = Scene::<S>::new().optional(Options::new());
    f.switch.turn(true);
    assert_eq!(f.call(1, 2).await, None);
    assert_eq!(f.call(1, 2).await, None);
    assert_eq!(f.runs(), 2);
    assert_eq!(f.peek(1, 2).await, Some(None), "it is stored all the same");
    let allow = CallOptions::new().allow_none(true);
    assert_eq!(f.call_with(allow, 1, 2).await, None);
    assert_eq!(f.runs(), 2);
}

pub async fn a_none_is_served_where_allowed<S: Subject>() {
    let f = Scene::<S>::new().optional(Options::new().allow_none(true));
    f.switch.turn(true);
    assert_eq!(f.call(1, 2).await, None);
    assert_eq!(f.call(1, 2).await, None);
    assert_eq!(f.runs(), 1);
    let refuse = CallOptions::new().allow_none(false);
    f.call_with(refuse, 1, 2).await;
    assert_eq!(f.runs(), 2);
}

pub async fn other_values_do_not_mind_allow_none<S: Subject>() {
    for allow in [false, true] {
        let f = Scene::<S>::new().optional(Options::new().allow_none(allow));
        assert_eq!(f.call(1, 2).await, Some(1));
        assert_eq!(f.call(1, 2).await, Some(1));
    }
}

pub async fn a_failure_is_not_stored<S: Subject>() {
    let f = Scene::<S>::new().fallible(Options::new());
    f.switch.turn(true);
    assert_eq!(f.call(1, 2).await, Err("run 1 failed".to_owned()));
    assert_eq!(f.peek(1, 2).await, None);
    f.switch.turn(false);
    let traced = f.trace(1, 2).await;
    assert_eq!((traced.value, traced.outcome), (Ok(2), Outcome::Computed));
    assert_eq!(f.call(1, 2).await, Ok(2));
}

fn limited<S: Subject>() -> Sample<String> {
    let scene = Scene::<S>::new();
    let options = Options::new().entry_size_limit(100).unwrap();
    scene.sample::<KeepAll, String>(scene.definition(options))
}

pub async fn a_large_value_is_returned_and_not_stored<S: Subject>() {
    let f = limited::<S>();
    f.switch.turn(true);
    assert_eq!(f.call(1, 2).await.len(), 1_000);
    assert_eq!(f.peek(1, 2).await, None);
    f.switch.turn(false);
    assert_eq!(f.call(1, 2).await, "run 000002");
    assert_eq!(f.call(1, 2).await, "run 000002");
}

pub async fn a_large_value_stored_by_hand_is_not_kept<S: Subject>() {
    let f = limited::<S>();
    f.call(1, 2).await;
    let large = "x".repeat(101);
    assert_eq!(
        f.memoized.precache_value((1, 2), large.clone()).await,
        large
    );
    assert_eq!(
        f.call(1, 2).await,
        "run 000002",
        "nor is the value it was to replace"
    );
}

pub async fn the_origin_of_a_result_is_told<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(Options::new());
    let computed = f.trace(1, 2).await;
    assert_eq!(
        (computed.outcome, computed.age),
        (Outcome::Computed, Some(0))
    );
    scene.clock.advance(millis(5));
    let hit = f.trace(1, 2).await;
    assert_eq!((hit.outcome, hit.age), (Outcome::Hit, Some(5)));
    let skip = CallOptions::new().skip_cache(true);
    let bypassed = f.memoized.trace(skip, (1, 2)).await;
    assert_eq!((bypassed.outcome, bypassed.age), (Outcome::Bypassed, None));
}
