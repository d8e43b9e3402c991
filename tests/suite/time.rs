//! How long a value is served, and what happens when it is no longer.

use cachier::{CallOptions, Options, Outcome};

use super::harness::{Sample, Scene, Subject};
use super::tools::*;

fn max_age(age: i64) -> CallOptions {
    CallOptions::new().max_age(age).unwrap()
}

pub async fn a_value_is_served_until_its_limit<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(millis(2_999));
    assert_eq!(f.call(1, 2).await, 1);
    assert!(f.memoized.is_fresh((1, 2)).await);
}

pub async fn a_value_is_not_served_at_its_limit<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(3));
    assert!(!f.memoized.is_fresh((1, 2)).await);
    assert_eq!(f.call(1, 2).await, 2);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn with_a_limit_of_zero_every_call_runs<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new().stale_after(0).unwrap());
    for run in 1..=3 {
        assert_eq!(f.call(1, 2).await, run);
    }
}

pub async fn without_a_limit_a_value_is_served_for_ever<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(Options::new());
    f.call(1, 2).await;
    scene.clock.advance(seconds(100 * 365 * 24 * 3600));
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Hit);
}

pub async fn a_stale_value_is_served_at_once_and_renewed_next_time<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(next_time());
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(3));
    let traced = f.trace(1, 2).await;
    assert_eq!(
        (traced.value, traced.outcome, traced.age),
        (1, Outcome::StaleHit, Some(3_000))
    );
    f.settle().await;
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Hit);
    assert_eq!((f.call(1, 2).await, f.runs()), (2, 2));
}

pub async fn two_calls_of_a_stale_value_are_one_refresh<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(next_time());
    f.call(1, 2).await;
    scene.clock.advance(seconds(3));
    f.gate.close();
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.call(1, 2).await, 1);
    f.gate.open();
    f.settle().await;
    assert_eq!((f.call(1, 2).await, f.runs()), (2, 2));
}

pub async fn beyond_its_window_a_stale_value_is_not_served<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s().next_time("2s").unwrap());
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(5));
    assert_eq!(f.call(1, 2).await, 2);
}

/// A function whose value has turned stale and whose every run now fails.
async fn stale_and_failing<S: Subject>(
    options: Options,
) -> (Scene<S>, Sample<Result<u64, String>>) {
    let scene = Scene::<S>::new();
    let f = scene.fallible(options);
    assert_eq!(f.call(1, 2).await, Ok(1));
    scene.clock.advance(seconds(3));
    f.switch.turn(true);
    (scene, f)
}

pub async fn a_failed_refresh_keeps_the_old_value<S: Subject>() {
    let (_scene, f) = stale_and_failing::<S>(next_time()).await;
    assert_eq!(f.call(1, 2).await, Ok(1));
    f.settle().await;
    assert_eq!(f.runs(), 2);
    assert_eq!(f.call(1, 2).await, Ok(1));
    assert_eq!(f.peek(1, 2).await, Some(Ok(1)));
}

pub async fn retries_of_a_failed_refresh_back_off<S: Subject>() {
    let (scene, f) = stale_and_failing::<S>(next_time()).await;
    let mut runs_after = Vec::new();
    for pause in [0, 999, 1, 1_999, 1, 3_999, 1] {
        scene.clock.advance(millis(pause));
        assert_eq!(f.call(1, 2).await, Ok(1));
        f.settle().await;
        runs_after.push(f.runs());
    }
    assert_eq!(runs_after, [2, 2, 3, 3, 4, 4, 5]);
}

pub async fn a_success_ends_the_pause_after_failures<S: Subject>() {
    let options = Options::new()
        .stale_after("10ms")
        .unwrap()
        .next_time(true)
        .unwrap();
    let (scene, f) = stale_and_failing::<S>(options).await;
    f.call(1, 2).await.unwrap();
    f.settle().await;
    f.switch.turn(false);
    let overwrite = CallOptions::new().overwrite_cache(true);
    assert_eq!(f.call_with(overwrite, 1, 2).await, Ok(3));
    scene.clock.advance(millis(10));
    assert_eq!(f.call(1, 2).await, Ok(3));
    f.settle().await;
    assert_eq!(f.call(1, 2).await, Ok(4));
}

pub async fn a_stricter_max_age_calculates_anew<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    f.call(1, 2).await;
    scene.clock.advance(seconds(2));
    assert_eq!(f.call_with(max_age(2_001), 1, 2).await, 1);
    assert_eq!(f.call_with(max_age(2_000), 1, 2).await, 2);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_looser_max_age_changes_nothing<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    f.call(1, 2).await;
    scene.clock.advance(seconds(3));
    assert_eq!(f.call_with(max_age(3_600_000), 1, 2).await, 2);
}

pub async fn a_negative_max_age_always_calculates<S: Subject>() {
    let f = Scene::<S>::new().counter(next_time());
    assert_eq!(f.call(1, 2).await, 1);
    assert_eq!(f.call_with(max_age(-1), 1, 2).await, 2);
    assert_eq!(f.call_with(max_age(-1), 1, 2).await, 3);
}

pub async fn a_max_age_with_next_time_serves_and_refreshes<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(next_time());
    f.call(1, 2).await;
    scene.clock.advance(seconds(2));
    assert_eq!(f.call_with(max_age(1_000), 1, 2).await, 1);
    f.settle().await;
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn after_an_error_the_old_value_is_served_up_to_its_limit<S: Subject>() {
    let options = stale_after_3s().stale_if_error("10s").unwrap();
    let (scene, f) = stale_and_failing::<S>(options).await;
    scene.clock.advance(millis(6_999));
    let traced = f.trace(1, 2).await;
    assert_eq!(
        (traced.value, traced.outcome, traced.age),
        (Ok(1), Outcome::StaleHit, Some(9_999))
    );
    scene.clock.advance(millis(1));
    assert_eq!(f.call(1, 2).await, Err("run 3 failed".to_owned()));
}

pub async fn an_error_after_clearing_is_not_hidden<S: Subject>() {
    let options = stale_after_3s().stale_if_error(true).unwrap();
    let (_scene, f) = stale_and_failing::<S>(options).await;
    assert_eq!(f.call(1, 2).await, Ok(1));
    f.clear().await;
    assert_eq!(f.call(1, 2).await, Err("run 3 failed".to_owned()));
}

pub async fn an_entry_from_the_future_is_stale<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    f.call(1, 2).await;
    scene.clock.set(scene.clock.now().saturating_add(-1_001));
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_small_step_back_of_the_clock_changes_nothing<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(stale_after_3s());
    f.call(1, 2).await;
    scene.clock.set(scene.clock.now().saturating_add(-1_000));
    assert_eq!(f.call(1, 2).await, 1);
}
