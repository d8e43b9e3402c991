//! What is counted, where it is asked for.

use cachier::{CallOptions, KeepAll, Metrics, Options};

use super::harness::{Sample, Scene, Subject};
use super::tools::*;

fn counted() -> Options {
    stale_after_3s().enable_metrics(true)
}

async fn metrics<R: cachier::MaybeSend + 'static>(f: &Sample<R>) -> Metrics {
    f.memoized.metrics().await.expect("metrics are on")
}

pub async fn without_metrics_there_are_none<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.call(1, 2).await;
    assert_eq!(f.memoized.metrics().await, None);
}

pub async fn outcomes_add_up_to_calls<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.fallible(
        counted()
            .next_time("1s")
            .unwrap()
            .stale_if_error("1h")
            .unwrap(),
    );
    f.call(1, 2).await.unwrap();
    f.call(1, 2).await.unwrap();
    f.call_with(CallOptions::new().skip_cache(true), 1, 2)
        .await
        .unwrap();
    f.call_with(CallOptions::new().overwrite_cache(true), 1, 2)
        .await
        .unwrap();
    scene.clock.advance(seconds(3));
    f.call(1, 2).await.unwrap();
    f.settle().await;
    f.switch.turn(true);
    f.call(3, 4).await.unwrap_err();
    scene.clock.advance(seconds(4));
    f.call(1, 2).await.unwrap();
    let all = metrics(&f).await;
    assert_eq!((all.hits, all.bypassed, all.waited), (1, 1, 0));
    assert_eq!((all.computed, all.stale_hits), (3, 2));
    assert_eq!(all.calls(), 7);
}

pub async fn entries_and_bytes_are_counted<S: Subject>() {
    let scene = Scene::<S>::new();
    let definition = scene.definition(counted()).max_entries(3);
    let f = scene.sample::<KeepAll, String>(definition);
    for number in 0..5 {
        f.call(number, 0).await;
    }
    let all = metrics(&f).await;
    let listed = f.memoized.entries().await;
    let bytes: u64 = listed.iter().map(|entry| entry.meta.size).sum();
    assert_eq!((all.entries, all.bytes, all.evictions), (3, bytes, 2));
    assert!(bytes >= 30, "three values of ten bytes");
    f.clear().await;
    let cleared = metrics(&f).await;
    assert_eq!((cleared.entries, cleared.bytes), (0, 0));
}

pub async fn rejections_and_recalculations_are_counted<S: Subject>() {
    let scene = Scene::<S>::new();
    let options = counted().entry_size_limit(100).unwrap();
    let f = scene.sample::<KeepAll, String>(scene.definition(options));
    f.call(1, 2).await;
    scene.clock.advance(seconds(3));
    f.call(1, 2).await;
    f.switch.turn(true);
    f.call(3, 4).await;
    let all = metrics(&f).await;
    assert_eq!(
        (all.computed, all.recalculations, all.rejections),
        (3, 1, 1)
    );
}

pub async fn refreshes_are_counted<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.fallible(counted().next_time(true).unwrap());
    f.call(1, 2).await.unwrap();
    for fails in [false, true] {
        scene.clock.advance(seconds(3));
        f.switch.turn(fails);
        f.call(1, 2).await.unwrap();
        f.settle().await;
    }
    let all = metrics(&f).await;
    assert_eq!((all.refreshes, all.refresh_failures), (1, 1));
    assert_eq!((all.computed, all.stale_hits, all.calls()), (1, 2, 3));
}

pub async fn waits_and_timeouts_are_counted<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(counted().wait_for_calc_timeout("1s").unwrap());
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    let others = [call::<S, _>(&f, 1, 2), call::<S, _>(&f, 1, 2)];
    until_waiting(&scene.clock, 2).await;
    scene.clock.advance(seconds(1));
    until_runs(&f, 2).await;
    f.gate.open();
    owner.result().await;
    for other in others {
        other.result().await;
    }
    let all = metrics(&f).await;
    assert_eq!(
        (all.computed, all.waited, all.timeouts, all.calls()),
        (2, 1, 1, 3)
    );
}
