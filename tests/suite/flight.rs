//! One calculation for all who ask at the same moment, and what frees it.

use std::sync::Arc;

use cachier::{CallOptions, KeepAll, KeepOkUnshared, Options, Outcome};

use super::harness::{Arguments, Body, Memoized, Sample, Scene, Subject};
use super::tools::*;

fn impatient() -> Options {
    Options::new().wait_for_calc_timeout("1s").unwrap()
}

fn overwrite() -> CallOptions {
    CallOptions::new().overwrite_cache(true)
}

/// A function whose first run has begun and is held, and who called it.
async fn held<S: Subject>(options: Options) -> (Scene<S>, Sample<u64>, Task<u64>) {
    let scene = Scene::<S>::new();
    let f = scene.counter(options);
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    (scene, f, owner)
}

/// So many callers, all of whom wait.
async fn waiting<S: Subject, R: cachier::MaybeSend + 'static>(
    scene: &Scene<S>,
    f: &Sample<R>,
    count: usize,
) -> Vec<Task<R>> {
    let callers = (0..count).map(|_| call::<S, R>(f, 1, 2)).collect();
    until_waiting(&scene.clock, count).await;
    callers
}

async fn results<R>(callers: Vec<Task<R>>) -> Vec<R> {
    let mut results = Vec::new();
    for caller in callers {
        results.push(caller.result().await);
    }
    results
}

pub async fn a_second_caller_waits_for_the_first<S: Subject>() {
    let (scene, f, owner) = held::<S>(Options::new()).await;
    let second = f.clone();
    let second = spawn::<S, _>(async move { second.trace(1, 2).await });
    until_waiting(&scene.clock, 1).await;
    scene.clock.advance(millis(100));
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    let second = second.result().await;
    assert_eq!((second.value, second.outcome), (1, Outcome::Waited));
    assert_eq!(f.runs(), 1);
}

pub async fn many_callers_are_one_run<S: Subject>() {
    let (scene, f, owner) = held::<S>(Options::new()).await;
    let others = waiting(&scene, &f, 63).await;
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(results(others).await, [1; 63]);
    assert_eq!(f.runs(), 1);
}

pub async fn those_who_wait_receive_the_failure<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.fallible(Options::new());
    f.switch.turn(true);
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    let others = waiting(&scene, &f, 3).await;
    f.gate.open();
    let failure = Err("run 1 failed".to_owned());
    assert_eq!(owner.result().await, failure);
    assert_eq!(results(others).await, vec![failure; 3]);
    f.switch.turn(false);
    assert_eq!(f.call(1, 2).await, Ok(2));
}

pub async fn an_error_that_cannot_be_shared_is_met_by_each_in_turn<S: Subject>() {
    let scene = Scene::<S>::new();
    let definition = scene.definition(Options::new());
    let f = scene.sample::<KeepOkUnshared, Result<u64, Unclonable>>(definition);
    f.switch.turn(true);
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    let others = waiting(&scene, &f, 2).await;
    f.gate.open();
    assert_eq!(owner.result().await, Err(Unclonable(1)));
    let mut errors: Vec<_> = results(others)
        .await
        .into_iter()
        .map(|result| result.unwrap_err().0)
        .collect();
    errors.sort_unstable();
    assert_eq!(errors, [2, 3]);
}

pub async fn a_late_owner_has_one_successor<S: Subject>() {
    let (scene, f, owner) = held::<S>(impatient()).await;
    let others = waiting(&scene, &f, 6).await;
    scene.clock.advance(seconds(1));
    until_waiting(&scene.clock, 5).await;
    until_runs(&f, 2).await;
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    let values = results(others).await;
    assert!(
        values.contains(&2) && values.iter().all(|value| [1, 2].contains(value)),
        "{values:?}"
    );
    assert_eq!(f.runs(), 2);
    assert_eq!(
        f.peek(1, 2).await,
        Some(2),
        "the owner's late result is refused"
    );
}

pub async fn a_waiter_of_a_later_attempt_waits_on<S: Subject>() {
    let (scene, f, owner) = held::<S>(impatient()).await;
    let successor = waiting(&scene, &f, 1).await;
    scene.clock.advance(seconds(1));
    until_runs(&f, 2).await;
    let late = waiting(&scene, &f, 1).await;
    scene.clock.advance(seconds(1));
    until_waiting(&scene.clock, 1).await;
    f.gate.open();
    results(successor).await;
    results(late).await;
    owner.result().await;
    assert_eq!(f.runs(), 2);
}

pub async fn a_late_result_of_a_cleared_run_is_not_stored<S: Subject>() {
    let (_scene, f, owner) = held::<S>(Options::new()).await;
    f.clear().await;
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(f.peek(1, 2).await, None);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_late_result_of_a_removed_key_is_not_stored<S: Subject>() {
    let (_scene, f, owner) = held::<S>(Options::new()).await;
    assert!(!f.memoized.remove((1, 2)).await);
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_late_result_does_not_replace_a_precached_value<S: Subject>() {
    let (_scene, f, owner) = held::<S>(Options::new()).await;
    f.memoized.precache_value((1, 2), 99).await;
    assert_eq!(f.call(1, 2).await, 99);
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(f.call(1, 2).await, 99);
}

pub async fn clearing_frees_those_who_wait<S: Subject>() {
    let (scene, f, mut owner) = held::<S>(Options::new()).await;
    let others = waiting(&scene, &f, 3).await;
    f.gate.open_behind();
    f.clear().await;
    assert_eq!(results(others).await, [2; 3]);
    assert!(owner.is_under_way());
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn freeing_the_claims_frees_those_who_wait<S: Subject>() {
    let (scene, f, mut owner) = held::<S>(Options::new()).await;
    f.memoized.precache_value((3, 4), 99).await;
    let others = waiting(&scene, &f, 3).await;
    f.gate.open_behind();
    f.memoized.clear_being_calculated().await;
    assert_eq!(results(others).await, [2; 3]);
    assert!(owner.is_under_way());
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(
        (f.call(1, 2).await, f.call(3, 4).await),
        (2, 99),
        "entries stay"
    );
}

pub async fn a_precached_value_is_given_to_those_who_wait<S: Subject>() {
    let (scene, f, mut owner) = held::<S>(Options::new()).await;
    let others = waiting(&scene, &f, 3).await;
    f.memoized.precache_value((1, 2), 99).await;
    assert_eq!(results(others).await, [99; 3]);
    assert!(owner.is_under_way());
    assert_eq!(f.runs(), 1);
    f.gate.open();
    owner.result().await;
}

pub async fn a_large_value_is_given_to_those_who_wait<S: Subject>() {
    let scene = Scene::<S>::new();
    let options = Options::new().entry_size_limit(5).unwrap();
    let f = scene.sample::<KeepAll, String>(scene.definition(options));
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    let others = waiting(&scene, &f, 2).await;
    f.gate.open();
    assert_eq!(owner.result().await, "run 000001");
    assert_eq!(results(others).await, ["run 000001"; 2]);
    assert_eq!(f.peek(1, 2).await, None);
}

pub async fn a_none_is_given_to_those_who_wait<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.optional(Options::new());
    f.switch.turn(true);
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 1).await;
    let others = waiting(&scene, &f, 2).await;
    f.gate.open();
    assert_eq!(owner.result().await, None);
    assert_eq!(results(others).await, [None; 2]);
    assert_eq!(f.runs(), 1);
}

pub async fn an_overwriting_call_does_not_wait<S: Subject>() {
    let (_scene, f, mut owner) = held::<S>(Options::new()).await;
    f.gate.open_behind();
    assert_eq!(f.call_with(overwrite(), 1, 2).await, 2);
    assert!(owner.is_under_way());
    f.gate.open();
    assert_eq!(owner.result().await, 1);
    assert_eq!(
        f.call(1, 2).await,
        2,
        "the later run has overtaken the earlier one"
    );
}

pub async fn a_fresh_value_is_served_while_somebody_overwrites<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.call(1, 2).await;
    f.gate.close();
    let other = f.clone();
    let overwriting = spawn::<S, _>(async move { other.call_with(overwrite(), 1, 2).await });
    until_runs(&f, 2).await;
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::Hit);
    f.gate.open();
    assert_eq!(overwriting.result().await, 2);
    assert_eq!(f.call(1, 2).await, 2);
}

/// A function whose body, in its first run, does something with the function itself.
fn reflexive<S, D>(scene: &Scene<S>, runs: Runs, in_first_run: D) -> Arc<dyn Memoized<u64>>
where
    S: Subject,
    D: Fn(Arc<dyn Memoized<u64>>, Arguments) -> Pending<'static, u64>
        + cachier::MaybeSend
        + cachier::MaybeSync
        + Copy
        + 'static,
{
    let itself = Later::new();
    let known = itself.clone();
    let body = move |arguments: Arguments| -> Pending<'static, u64> {
        let (number, itself) = (runs.next(arguments), itself.clone());
        Box::pin(async move {
            match number {
                1 => in_first_run(itself.get(), arguments).await,
                later => later,
            }
        })
    };
    let memoized = scene.define::<KeepAll, u64>(scene.definition(Options::new()), Arc::new(body));
    known.is(&memoized);
    memoized
}

pub async fn recursion_on_the_same_key_ends<S: Subject>() {
    let runs = Runs::default();
    let f = reflexive(&Scene::<S>::new(), runs.clone(), |itself, arguments| {
        Box::pin(async move { 10 + itself.call(arguments).await })
    });
    assert_eq!(f.call((1, 2)).await, 12);
    assert_eq!(
        f.call((1, 2)).await,
        12,
        "the outer run is the one that is stored"
    );
    assert_eq!(runs.count(), 2);
}

/// The Fibonacci numbers, each the sum of two calls of the function itself.
fn fibonacci(itself: Later<u64>, runs: Runs) -> Body<u64> {
    Arc::new(move |(n, _): Arguments| -> Pending<'static, u64> {
        runs.next((n, 0));
        let itself = itself.clone();
        Box::pin(async move {
            match n {
                0 | 1 => u64::from(n),
                _ => itself.get().call((n - 1, 0)).await + itself.get().call((n - 2, 0)).await,
            }
        })
    })
}

pub async fn recursion_on_other_keys_is_kept<S: Subject>() {
    let scene = Scene::<S>::new();
    let (itself, runs) = (Later::new(), Runs::default());
    let body = fibonacci(itself.clone(), runs.clone());
    let f = scene.define::<KeepAll, u64>(scene.definition(Options::new()), body);
    itself.is(&f);
    assert_eq!(f.call((30, 0)).await, 832_040);
    assert_eq!(runs.count(), 31);
}

pub async fn a_run_ended_by_a_clear_is_not_stored<S: Subject>() {
    let f = reflexive(&Scene::<S>::new(), Runs::default(), |itself, _| {
        Box::pin(async move {
            itself.clear_cache().await;
            1
        })
    });
    assert_eq!(f.call((1, 2)).await, 1);
    assert_eq!(f.call((1, 2)).await, 2);
    assert_eq!(f.call((1, 2)).await, 2);
}

pub async fn a_run_ended_by_a_removal_is_not_stored<S: Subject>() {
    let f = reflexive(&Scene::<S>::new(), Runs::default(), |itself, arguments| {
        Box::pin(async move {
            itself.remove(arguments).await;
            1
        })
    });
    assert_eq!(f.call((1, 2)).await, 1);
    assert_eq!(f.call((1, 2)).await, 2);
}

pub async fn a_run_ended_by_a_stored_value_does_not_replace_it<S: Subject>() {
    let f = reflexive(&Scene::<S>::new(), Runs::default(), |itself, arguments| {
        Box::pin(async move {
            itself.precache_value(arguments, 99).await;
            1
        })
    });
    assert_eq!(f.call((1, 2)).await, 1);
    assert_eq!(f.call((1, 2)).await, 99);
}

/// A body that, in its first run, meets the other function's first run and then calls it.
fn crossing(runs: [Runs; 2], other: Later<u64>) -> Body<u64> {
    Arc::new(move |arguments: Arguments| -> Pending<'static, u64> {
        let (number, other) = (runs[0].next(arguments), other.clone());
        let [_, others] = runs.clone();
        Box::pin(async move {
            if number > 1 {
                return number;
            }
            until("both run", || others.count() > 0).await;
            10 + other.get().call(arguments).await
        })
    })
}

pub async fn crossed_calls_end<S: Subject>() {
    let scene = Scene::<S>::new();
    let (runs_of_f, runs_of_g) = (Runs::default(), Runs::default());
    let (later_f, later_g) = (Later::new(), Later::new());
    let define = |name: &str, body| {
        scene.define::<KeepAll, u64>(scene.definition(Options::new().name(name)), body)
    };
    let f = define(
        "f",
        crossing([runs_of_f.clone(), runs_of_g.clone()], later_g.clone()),
    );
    let g = define("g", crossing([runs_of_g, runs_of_f], later_f.clone()));
    later_f.is(&f);
    later_g.is(&g);
    let callers = [f.clone(), g.clone()]
        .map(|function| spawn::<S, _>(async move { function.call((1, 2)).await }));
    let mut values = results(callers.into()).await;
    values.sort_unstable();
    // One waits for the other, which called the first once more.
    assert_eq!(values, [12, 22]);
}

pub async fn a_dropped_owner_is_succeeded_by_one_who_waits<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(Options::new());
    f.gate.close();
    let cancel = Gate::default();
    cancel.close();
    let owner = cancellable::<S>(&f, &cancel);
    until_runs(&f, 1).await;
    let others = waiting(&scene, &f, 3).await;
    f.gate.open_behind();
    cancel.open();
    assert_eq!(owner.result().await, None);
    assert_eq!(results(others).await, [2; 3]);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_dropped_owner_alone_leaves_no_claim<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.gate.close();
    let mut owner = Box::pin(f.call(1, 2));
    while f.runs() == 0 {
        assert_eq!(futures_lite::future::poll_once(&mut owner).await, None);
        yield_to_others().await;
    }
    drop(owner);
    f.gate.open();
    assert_eq!(f.call(1, 2).await, 2);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_dropped_waiter_leaves_the_others_waiting<S: Subject>() {
    let (scene, f, owner) = held::<S>(Options::new()).await;
    let cancel = Gate::default();
    cancel.close();
    let dropped = cancellable::<S>(&f, &cancel);
    until_waiting(&scene.clock, 1).await;
    let stays = call::<S, _>(&f, 1, 2);
    until_waiting(&scene.clock, 2).await;
    cancel.open();
    assert_eq!(dropped.result().await, None);
    until_waiting(&scene.clock, 1).await;
    f.gate.open();
    assert_eq!(
        (owner.result().await, stays.result().await, f.runs()),
        (1, 1, 1)
    );
}

/// A caller that goes away, `None`, when the gate opens.
fn cancellable<S: Subject>(f: &Sample<u64>, cancel: &Gate) -> Task<Option<u64>> {
    let (f, cancel) = (f.clone(), cancel.clone());
    spawn::<S, _>(async move {
        let value = async { Some(f.call(1, 2).await) };
        let gone = async {
            cancel.pass().await;
            None
        };
        futures_lite::future::or(value, gone).await
    })
}

pub async fn a_panic_reaches_its_caller_and_leaves_no_claim<S: Subject>() {
    let f = Scene::<S>::new().counter(Options::new());
    f.switch.turn(true);
    assert_eq!(call::<S, _>(&f, 1, 2).outcome().await, None);
    f.switch.turn(false);
    assert_eq!(f.call(1, 2).await, 2);
    assert_eq!(f.call(1, 2).await, 2);
}

pub async fn a_panicked_owner_is_succeeded_by_one_who_waits<S: Subject>() {
    let (scene, f, owner) = held::<S>(Options::new()).await;
    let others = waiting(&scene, &f, 3).await;
    f.switch.turn(true);
    f.gate.open_once();
    assert_eq!(owner.outcome().await, None);
    until_runs(&f, 2).await;
    f.switch.turn(false);
    f.gate.open();
    assert_eq!(results(others).await, [2; 3]);
}

pub async fn a_panicked_refresh_keeps_the_old_value_and_backs_off<S: Subject>() {
    let scene = Scene::<S>::new();
    let f = scene.counter(next_time());
    assert_eq!(f.call(1, 2).await, 1);
    scene.clock.advance(seconds(3));
    f.switch.turn(true);
    for runs in [2, 2] {
        assert_eq!(f.call(1, 2).await, 1);
        f.settle().await;
        assert_eq!(f.runs(), runs);
    }
    f.switch.turn(false);
    scene.clock.advance(seconds(1));
    assert_eq!(f.call(1, 2).await, 1);
    f.settle().await;
    assert_eq!(f.call(1, 2).await, 3);
}

/// A second engine on the store of `f`, as another process has; its own runs start at 1 too.
fn elsewhere<S: Subject>(scene: &Scene<S>, options: Options) -> Sample<u64> {
    scene.counter(options)
}

/// Lets a caller look at the store again and again for a while.
async fn look_on<S: Subject>(scene: &Scene<S>) {
    for _ in 0..5 {
        until_waiting(&scene.clock, 1).await;
        scene.clock.advance(millis(50));
    }
    until_waiting(&scene.clock, 1).await;
}

/// A function that is called a first time and then a second, which is held; with who did that.
async fn held_again<S: Subject>(options: Options) -> (Scene<S>, Sample<u64>, Task<u64>) {
    let scene = Scene::<S>::new();
    let f = scene.counter(options);
    f.call_with(CallOptions::new().skip_cache(true), 1, 2).await;
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 2).await;
    (scene, f, owner)
}

pub async fn a_run_elsewhere_is_waited_for<S: Subject>() {
    let (scene, f, owner) = held_again::<S>(Options::new()).await;
    let g = elsewhere(&scene, Options::new());
    let caller = g.clone();
    let caller = spawn::<S, _>(async move { caller.trace(1, 2).await });
    look_on(&scene).await;
    f.gate.open();
    assert_eq!(owner.result().await, 2);
    let traced = caller.result_as_time_passes(&scene.clock).await;
    assert_eq!(
        (traced.value, traced.outcome, g.runs()),
        (2, Outcome::Waited, 0)
    );
}

pub async fn an_old_entry_does_not_end_a_wait_elsewhere<S: Subject>() {
    let options = Options::new().stale_after(0).unwrap();
    let scene = Scene::<S>::new();
    let (f, g) = (scene.counter(options.clone()), elsewhere(&scene, options));
    f.call(1, 2).await;
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 2).await;
    let caller = call::<S, _>(&g, 1, 2);
    look_on(&scene).await;
    f.gate.open();
    assert_eq!(owner.result().await, 2);
    assert_eq!(caller.result_as_time_passes(&scene.clock).await, 2);
    assert_eq!(g.runs(), 0);
}

pub async fn an_entry_from_the_future_does_not_end_a_wait_elsewhere<S: Subject>() {
    let scene = Scene::<S>::new();
    let (f, g) = (
        scene.counter(stale_after_3s()),
        elsewhere(&scene, stale_after_3s()),
    );
    f.call(1, 2).await;
    scene
        .clock
        .set(scene.clock.now().saturating_add(-3_600_000));
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 2).await;
    let caller = call::<S, _>(&g, 1, 2);
    look_on(&scene).await;
    f.gate.open();
    assert_eq!(owner.result().await, 2);
    assert_eq!(caller.result_as_time_passes(&scene.clock).await, 2);
}

pub async fn a_late_owner_elsewhere_is_overtaken<S: Subject>() {
    let (scene, f, mut owner) = held_again::<S>(impatient()).await;
    let g = elsewhere(&scene, impatient());
    let caller = call::<S, _>(&g, 1, 2);
    assert_eq!(caller.result_as_time_passes(&scene.clock).await, 1);
    assert!(owner.is_under_way());
    f.gate.open();
    assert_eq!(owner.result().await, 2);
    assert_eq!(f.peek(1, 2).await, Some(1), "the late result is refused");
}

pub async fn a_late_owner_elsewhere_has_one_successor<S: Subject>() {
    let (scene, f, owner) = held_again::<S>(impatient()).await;
    let g = elsewhere(&scene, impatient());
    g.gate.close();
    let callers = waiting(&scene, &g, 3).await;
    scene.clock.advance(seconds(1));
    until_runs(&g, 1).await;
    until_waiting(&scene.clock, 2).await;
    g.gate.open();
    assert_eq!(results_as_time_passes(&scene, callers).await, [1; 3]);
    f.gate.open();
    assert_eq!(owner.result().await, 2);
    assert_eq!((g.runs(), f.peek(1, 2).await), (1, Some(1)));
}

async fn results_as_time_passes<S: Subject>(scene: &Scene<S>, callers: Vec<Task<u64>>) -> Vec<u64> {
    let mut results = Vec::new();
    for caller in callers {
        results.push(caller.result_as_time_passes(&scene.clock).await);
    }
    results
}

/// A stale value is being refreshed, and the refresh is held.
async fn held_refresh<S: Subject>() -> (Scene<S>, Sample<u64>) {
    let scene = Scene::<S>::new();
    let f = scene.counter(next_time());
    f.call(1, 2).await;
    scene.clock.advance(seconds(3));
    f.gate.close();
    assert_eq!(f.call(1, 2).await, 1);
    until_runs(&f, 2).await;
    (scene, f)
}

pub async fn clearing_during_a_refresh_forgets_it<S: Subject>() {
    let (_scene, f) = held_refresh::<S>().await;
    f.clear().await;
    f.gate.open();
    f.settle().await;
    assert_eq!(f.peek(1, 2).await, None);
    assert_eq!(f.call(1, 2).await, 3);
}

pub async fn a_refresh_leaves_the_old_value_while_it_runs<S: Subject>() {
    let (_scene, f) = held_refresh::<S>().await;
    assert_eq!(f.peek(1, 2).await, Some(1));
    assert_eq!(f.trace(1, 2).await.outcome, Outcome::StaleHit);
    f.gate.open();
    f.settle().await;
    assert_eq!((f.call(1, 2).await, f.runs()), (2, 2));
}

pub async fn what_is_being_calculated_is_not_cleaned_up<S: Subject>() {
    let scene = Scene::<S>::new();
    let options = stale_after_3s()
        .cleanup_stale(true)
        .cleanup_interval("1h")
        .unwrap();
    let f = scene.counter(options);
    f.call(1, 2).await;
    f.call(3, 4).await;
    f.settle().await;
    scene.clock.advance(seconds(3_599));
    f.gate.close();
    let owner = call::<S, _>(&f, 1, 2);
    until_runs(&f, 3).await;
    scene.clock.advance(seconds(1));
    let cleaner = call::<S, _>(&f, 5, 6);
    until_runs(&f, 4).await;
    f.settle().await;
    assert_eq!((f.peek(1, 2).await, f.peek(3, 4).await), (Some(1), None));
    f.gate.open();
    owner.result().await;
    cleaner.result().await;
}
