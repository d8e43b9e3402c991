//! What several callers may do to one another, in as many interleavings as time allows (shuttle).
//!
//! A scenario fails where somebody is never woken (shuttle sees that nobody can go on), where a
//! function runs twice at once without leave, or where a call returns less than it has to.
#![cfg(shuttle)]

#[path = "../suite/slotted.rs"]
mod slotted;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use cachier::core::{Core, Tiered};
use cachier::{
    AsyncMemoize, CallOptions, Entry, FakeClock, KeepAll, KeepOk, KeepOkUnshared, Key, Memoize,
    Meta, Outcome, Timestamp,
};
use shuttle::future::block_on;
use shuttle::rand::Rng;
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Scheduler};
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::{Config, Runner, thread};
use slotted::Slotted;

type Sync = Memoize<(u32,), u32>;
type Async = AsyncMemoize<(u32,), u32>;
type Fallible<K> = Memoize<(u32,), Result<u32, String>, K>;

const SECOND: Duration = Duration::from_secs(1);

/// Interleavings of each scenario: a taste, or a night's worth.
fn rounds() -> usize {
    let deep = std::env::var("CACHIER_DEEP").is_ok_and(|deep| deep == "1");
    if deep { 200_000 } else { 6_000 }
}

fn run_under(scheduler: impl Scheduler + 'static, scenario: fn()) {
    let mut config = Config::new();
    config.stack_size = 256 * 1024;
    Runner::new(scheduler, config).run(scenario);
}

/// Half of the rounds choose anybody at every step, half favour one caller over the others.
fn explore(scenario: fn()) {
    run_under(RandomScheduler::new(rounds() / 2), scenario);
    run_under(PctScheduler::new(3, rounds() / 2), scenario);
}

/// Besides, the first interleavings in order; all of them where there are few.
fn exhaust(scenario: fn()) {
    run_under(DfsScheduler::new(Some(rounds() * 5), false), scenario);
    explore(scenario);
}

/// What a memoized function reads: a number that grows, and is to be seen no older than `floor`.
#[derive(Default)]
struct Source {
    newest: AtomicU32,
    floor: AtomicU32,
    running: AtomicU32,
    most: AtomicU32,
    runs: AtomicU32,
}

impl Source {
    fn new() -> Arc<Self> {
        let source = Self::default();
        source.newest.store(1, SeqCst);
        Arc::new(source)
    }

    /// One run of the function, long enough for anything to happen meanwhile.
    fn read(&self) -> u32 {
        let _running = Running::new(self);
        let value = self.newest.load(SeqCst);
        thread::yield_now();
        value
    }

    async fn read_later(self: Arc<Self>) -> u32 {
        let _running = Running::new(&self);
        let value = self.newest.load(SeqCst);
        shuttle::future::yield_now().await;
        shuttle::future::yield_now().await;
        value
    }

    /// Changes what is read, and has the caller make sure that nothing older is served.
    fn change(&self, make_known: impl FnOnce(u32)) {
        let newest = self.newest.fetch_add(1, SeqCst) + 1;
        make_known(newest);
        self.floor.store(newest, SeqCst);
    }

    /// A call returns nothing that was out of date when it began.
    fn check(&self, call: impl FnOnce() -> u32) {
        let floor = self.floor.load(SeqCst);
        let value = call();
        assert!(value >= floor, "{value} was served after {floor} was known");
    }

    fn runs(&self) -> u32 {
        self.runs.load(SeqCst)
    }

    fn most_at_once(&self) -> u32 {
        self.most.load(SeqCst)
    }
}

struct Running<'a>(&'a Source);

impl<'a> Running<'a> {
    fn new(source: &'a Source) -> Self {
        source.runs.fetch_add(1, SeqCst);
        let now = source.running.fetch_add(1, SeqCst) + 1;
        source.most.fetch_max(now, SeqCst);
        Self(source)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, SeqCst);
    }
}

fn memoized(source: &Arc<Source>) -> Arc<Sync> {
    let source = source.clone();
    let function = move |_: u32| source.read();
    Arc::new(Memoize::builder().function(function).unwrap())
}

fn memoized_async(source: &Arc<Source>) -> Arc<Async> {
    let source = source.clone();
    let function = move |_: u32| source.clone().read_later();
    Arc::new(Memoize::builder().async_function(function).unwrap())
}

/// A function whose values are stale after a second, and served while they are refreshed.
fn refreshed(source: &Arc<Source>, clock: &FakeClock) -> Arc<Sync> {
    let source = source.clone();
    let builder = Memoize::builder()
        .clock(clock.clone())
        .stale_after("1s")
        .unwrap();
    let builder = builder.next_time(true).unwrap();
    Arc::new(builder.function(move |_: u32| source.read()).unwrap())
}

/// A function whose waiters take over after a second.
fn impatient(source: &Arc<Source>, clock: &FakeClock) -> Arc<Sync> {
    let source = source.clone();
    let builder = Memoize::builder()
        .clock(clock.clone())
        .wait_for_calc_timeout("1s")
        .unwrap();
    Arc::new(builder.function(move |_: u32| source.read()).unwrap())
}

fn overwrite() -> CallOptions {
    CallOptions::new().overwrite_cache(true)
}

type Task = Box<dyn FnOnce() + Send>;

fn task(task: impl FnOnce() + Send + 'static) -> Task {
    Box::new(task)
}

/// Runs every task on a thread of its own, to the end of all.
fn together(tasks: impl IntoIterator<Item = Task>) {
    let threads: Vec<_> = tasks.into_iter().map(thread::spawn).collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
}

fn caller(source: &Arc<Source>, memoized: &Arc<Sync>) -> Task {
    let (source, memoized) = (source.clone(), memoized.clone());
    task(move || source.check(|| memoized.call((1,))))
}

fn async_caller(source: &Arc<Source>, memoized: &Arc<Async>) -> Task {
    let (source, memoized) = (source.clone(), memoized.clone());
    task(move || source.check(|| block_on(memoized.call((1,)))))
}

/// Begins a call, gives it some time, and drops it wherever it is.
fn quitter(memoized: &Arc<Async>, polls: usize) -> Task {
    let memoized = memoized.clone();
    task(move || {
        let mut call = pin!(memoized.call((1,)));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            if call.as_mut().poll(&mut context).is_ready() {
                break;
            }
            thread::yield_now();
        }
    })
}

/// Two callers, while a third changes the source and makes that known; then one more call.
fn callers_and(make_known: fn(&Sync, u32)) -> Arc<Source> {
    let source = Source::new();
    let memoized = memoized(&source);
    let changer = changer(&source, &memoized, make_known);
    together([
        caller(&source, &memoized),
        caller(&source, &memoized),
        changer,
    ]);
    source.check(|| memoized.call((1,)));
    source
}

fn changer(source: &Arc<Source>, memoized: &Arc<Sync>, make_known: fn(&Sync, u32)) -> Task {
    let (source, memoized) = (source.clone(), memoized.clone());
    task(move || {
        source.change(|value| make_known(&memoized, value));
        source.check(|| memoized.call((1,)));
    })
}

fn clock_hand(clock: &FakeClock, times: usize) -> Task {
    let clock = clock.clone();
    task(move || (0..times).for_each(|_| clock.advance(SECOND)))
}

#[test]
fn two_callers_share_one_run() {
    exhaust(|| {
        let source = Source::new();
        let memoized = memoized(&source);
        together([caller(&source, &memoized), caller(&source, &memoized)]);
        assert_eq!(source.runs(), 1);
    });
}

#[test]
fn callers_of_one_key_run_it_once_and_leave_the_other_key_alone() {
    explore(|| {
        let sources = [Source::new(), Source::new()];
        let both = sources.clone();
        let function = move |key: u32| both[key as usize].read();
        let memoized = Arc::new(Memoize::builder().function(function).unwrap());
        let call = |key: u32| {
            let memoized = memoized.clone();
            task(move || assert_eq!(memoized.call((key,)), 1))
        };
        together([call(0), call(1), call(0), call(1)]);
        assert_eq!(sources.map(|source| source.runs()), [1, 1]);
    });
}

#[test]
fn nothing_calculated_before_a_clear_is_served_after_it() {
    explore(|| {
        let source = callers_and(|memoized, _| memoized.clear_cache());
        assert!(
            source.most_at_once() <= 2,
            "one before the clear, one after it"
        );
    });
}

#[test]
fn a_caller_and_a_clear_end_in_every_order() {
    exhaust(|| {
        let source = Source::new();
        let memoized = memoized(&source);
        let clear = changer(&source, &memoized, |memoized, _| memoized.clear_cache());
        together([caller(&source, &memoized), clear]);
    });
}

#[test]
fn nothing_calculated_before_a_removal_is_served_after_it() {
    explore(|| {
        let source = callers_and(|memoized, _| {
            memoized.remove(&(1,)).unwrap();
        });
        assert!(source.most_at_once() <= 2);
    });
}

#[test]
fn a_precached_value_is_not_replaced_by_what_ran_before() {
    explore(|| {
        let source = callers_and(|memoized, value| {
            memoized.precache_value((1,), value).unwrap();
        });
        assert!(source.most_at_once() <= 2);
    });
}

#[test]
fn an_overwritten_value_is_not_replaced_by_what_ran_before() {
    explore(|| {
        let source = callers_and(|memoized, value| {
            assert_eq!(memoized.with(overwrite()).call((1,)), value);
        });
        assert!(source.most_at_once() <= 2, "the owner and who overwrites");
    });
}

#[test]
fn freed_claims_leave_nobody_waiting() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized(&source);
        let freed = memoized.clone();
        let free = task(move || freed.clear_being_calculated());
        together([caller(&source, &memoized), caller(&source, &memoized), free]);
        assert!(source.most_at_once() <= 2);
    });
}

#[test]
fn two_clears_and_two_callers_end() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized(&source);
        let clear = |freed: Arc<Sync>| task(move || freed.clear_cache());
        let callers = [caller(&source, &memoized), caller(&source, &memoized)];
        together(
            callers
                .into_iter()
                .chain([clear(memoized.clone()), clear(memoized.clone())]),
        );
    });
}

#[test]
fn a_failing_run_hands_its_error_to_those_who_waited_for_it() {
    explore(|| {
        let source = Source::new();
        let read = source.clone();
        let function = move |_: u32| Err(format!("run {}", read.read() + read.runs()));
        let memoized: Fallible<KeepOk> = Memoize::builder().cache_ok().function(function).unwrap();
        let memoized = Arc::new(memoized);
        let call = |_| {
            let memoized = memoized.clone();
            task(move || assert!(memoized.call((1,)).is_err()))
        };
        together((0..3).map(call));
        assert_eq!(source.most_at_once(), 1);
    });
}

#[test]
fn callers_try_one_after_another_where_an_error_cannot_be_shared() {
    explore(|| {
        let source = Source::new();
        let read = source.clone();
        let function = move |_: u32| {
            read.read();
            Err("always".to_owned())
        };
        let builder = Memoize::builder().cache_ok_unshared();
        let memoized: Fallible<KeepOkUnshared> = builder.function(function).unwrap();
        let memoized = Arc::new(memoized);
        let call = |_| {
            let memoized = memoized.clone();
            task(move || assert!(memoized.call((1,)).is_err()))
        };
        together((0..3).map(call));
        assert_eq!((source.runs(), source.most_at_once()), (3, 1));
    });
}

#[test]
fn a_panic_reaches_its_caller_alone_and_another_takes_over() {
    explore(|| {
        let source = Source::new();
        let read = source.clone();
        let function = move |_: u32| match read.read() + read.runs() {
            // Without a message, which the hook would print at each of many rounds.
            2 => resume_unwind(Box::new("the first run fails")),
            sum => sum,
        };
        let memoized = Arc::new(Memoize::builder().function(function).unwrap());
        let panics = Arc::new(AtomicU32::new(0));
        let call = |_| {
            let (memoized, panics) = (memoized.clone(), panics.clone());
            task(move || {
                let ended = catch_unwind(AssertUnwindSafe(|| memoized.call((1,))));
                panics.fetch_add(u32::from(ended.is_err()), SeqCst);
            })
        };
        together((0..3).map(call));
        assert_eq!((source.runs(), panics.load(SeqCst)), (2, 1));
        assert_eq!(source.most_at_once(), 1);
    });
}

#[test]
fn a_call_that_is_dropped_leaves_its_claim_to_another() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized_async(&source);
        let callers = [
            async_caller(&source, &memoized),
            async_caller(&source, &memoized),
        ];
        together(callers.into_iter().chain([quitter(&memoized, 2)]));
        assert_eq!(source.most_at_once(), 1);
    });
}

#[test]
fn two_dropped_calls_and_a_clear_leave_nobody_waiting() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized_async(&source);
        let (cleared, changed) = (memoized.clone(), source.clone());
        let clear = task(move || changed.change(|_| block_on(cleared.clear_cache())));
        let quitters = [quitter(&memoized, 1), quitter(&memoized, 3)];
        together(
            quitters
                .into_iter()
                .chain([async_caller(&source, &memoized), clear]),
        );
        source.check(|| block_on(memoized.call((1,))));
    });
}

#[test]
fn tasks_of_one_executor_share_one_run() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized_async(&source);
        let call = |_| {
            let memoized = memoized.clone();
            shuttle::future::spawn(async move { memoized.call((1,)).await })
        };
        let tasks: Vec<_> = (0..3).map(call).collect();
        block_on(async {
            for task in tasks {
                assert_eq!(task.await.unwrap(), 1);
            }
        });
        assert_eq!(source.runs(), 1);
    });
}

#[test]
fn past_the_timeout_one_waiter_takes_over_and_everybody_ends() {
    explore(|| {
        let (source, clock) = (Source::new(), FakeClock::new());
        let memoized = impatient(&source, &clock);
        let callers = (0..3).map(|_| caller(&source, &memoized));
        together(callers.chain([clock_hand(&clock, 2)]));
        assert!(source.most_at_once() <= 2, "the owner and one successor");
    });
}

#[test]
fn a_clear_amid_a_take_over_leaves_nothing_old() {
    explore(|| {
        let (source, clock) = (Source::new(), FakeClock::new());
        let memoized = impatient(&source, &clock);
        let clear = changer(&source, &memoized, |memoized, _| memoized.clear_cache());
        let callers = [caller(&source, &memoized), caller(&source, &memoized)];
        together(callers.into_iter().chain([clock_hand(&clock, 1), clear]));
        source.check(|| memoized.call((1,)));
    });
}

#[test]
fn an_overwrite_amid_a_take_over_leaves_nothing_old() {
    explore(|| {
        let (source, clock) = (Source::new(), FakeClock::new());
        let memoized = impatient(&source, &clock);
        let anew = changer(&source, &memoized, |memoized, _| {
            memoized.with(overwrite()).call((1,));
        });
        let callers = [caller(&source, &memoized), caller(&source, &memoized)];
        together(callers.into_iter().chain([clock_hand(&clock, 1), anew]));
        source.check(|| memoized.call((1,)));
        assert!(
            source.most_at_once() <= 3,
            "the owner, one successor and who overwrites"
        );
    });
}

/// A stale value of 1, and a source that has moved on to 2.
fn stale() -> (Arc<Source>, FakeClock, Arc<Sync>) {
    let (source, clock) = (Source::new(), FakeClock::new());
    let memoized = refreshed(&source, &clock);
    assert_eq!(memoized.call((1,)), 1);
    clock.advance(SECOND);
    source.newest.store(2, SeqCst);
    (source, clock, memoized)
}

#[test]
fn a_stale_value_is_refreshed_once_however_many_are_served_it() {
    explore(|| {
        let (source, _clock, memoized) = stale();
        together((0..3).map(|_| caller(&source, &memoized)));
        memoized.drain();
        assert_eq!(memoized.trace((1,)).outcome, Outcome::Hit);
        assert_eq!((memoized.call((1,)), source.runs()), (2, 2));
    });
}

#[test]
fn a_refresh_that_began_before_a_clear_stores_nothing_after_it() {
    explore(|| {
        let (source, _clock, memoized) = stale();
        let clear = changer(&source, &memoized, |memoized, _| memoized.clear_cache());
        together([
            caller(&source, &memoized),
            caller(&source, &memoized),
            clear,
        ]);
        memoized.drain();
        source.check(|| memoized.call((1,)));
    });
}

#[test]
fn a_refresh_does_not_bring_a_removed_entry_back() {
    explore(|| {
        let (source, _clock, memoized) = stale();
        let removed = memoized.clone();
        let remove = task(move || {
            removed.remove(&(1,)).unwrap();
        });
        assert_eq!(memoized.call((1,)), 1, "and begins a refresh");
        together([remove]);
        memoized.drain();
        assert_eq!(memoized.peek(&(1,)).map(|entry| entry.value), None);
        assert!(source.runs() <= 2);
    });
}

#[test]
fn a_refresh_beside_precached_and_overwritten_values_keeps_the_newer() {
    explore(|| {
        let (source, _clock, memoized) = stale();
        let precache = changer(&source, &memoized, |memoized, value| {
            memoized.precache_value((1,), value).unwrap();
            memoized.with(overwrite()).call((1,));
        });
        together([caller(&source, &memoized), precache]);
        memoized.drain();
        source.check(|| memoized.call((1,)));
    });
}

#[test]
fn a_refresh_that_fails_keeps_the_old_value_and_frees_its_claim() {
    explore(|| {
        let (source, clock) = (Source::new(), FakeClock::new());
        let read = source.clone();
        let function = move |_: u32| match read.read() {
            2 => Err("down".to_owned()),
            value => Ok(value),
        };
        let builder = Memoize::builder()
            .clock(clock.clone())
            .stale_after("1s")
            .unwrap();
        let builder = builder.next_time(true).unwrap().cache_ok();
        let memoized: Arc<Fallible<KeepOk>> = Arc::new(builder.function(function).unwrap());
        assert_eq!(memoized.call((1,)), Ok(1));
        clock.advance(SECOND);
        source.newest.store(2, SeqCst);
        let call = |_| {
            let memoized = memoized.clone();
            task(move || assert_eq!(memoized.call((1,)), Ok(1)))
        };
        together((0..2).map(call));
        memoized.drain();
        assert_eq!(source.runs(), 2, "the next try is a second away");
        clock.advance(SECOND);
        source.newest.store(3, SeqCst);
        assert_eq!(memoized.call((1,)), Ok(1));
        memoized.drain();
        assert_eq!(memoized.call((1,)), Ok(3));
    });
}

#[test]
fn a_clean_up_amid_calls_and_clears_keeps_nobody_waiting() {
    explore(|| {
        let (source, clock) = (Source::new(), FakeClock::new());
        let read = source.clone();
        let builder = Memoize::builder()
            .clock(clock.clone())
            .stale_after("1s")
            .unwrap();
        let builder = builder.cleanup_stale(true).cleanup_interval("1s").unwrap();
        let memoized = Arc::new(builder.function(move |_: u32| read.read()).unwrap());
        let clear = changer(&source, &memoized, |memoized, _| memoized.clear_cache());
        let callers = [caller(&source, &memoized), caller(&source, &memoized)];
        together(callers.into_iter().chain([clock_hand(&clock, 2), clear]));
        memoized.drain();
    });
}

#[test]
fn the_one_place_of_a_bounded_cache_is_fought_over_in_peace() {
    explore(|| {
        let source = Source::new();
        let read = source.clone();
        let builder = Memoize::builder().max_entries(1).unwrap();
        let memoized = Arc::new(builder.function(move |_: u32| read.read()).unwrap());
        let call = |key: u32| {
            let memoized = memoized.clone();
            task(move || assert_eq!(memoized.call((key,)), 1))
        };
        together([call(1), call(2), call(1), call(2)]);
        assert_eq!(memoized.entries().unwrap().len(), 1);
    });
}

type Fronted = Tiered<u32, Slotted<u32>>;

/// One store and two fronts before it, as two processes have them; a 1 is stored.
fn two_fronts() -> [Arc<Fronted>; 2] {
    let core = Slotted::new();
    let fronts = [(); 2].map(|()| Arc::new(Tiered::new(core.clone())));
    store(&fronts[0], Some(1));
    fronts
}

fn entry(value: &u32) -> Entry<&u32> {
    let meta = Meta {
        stored_at: Timestamp::from_millis(0),
        size: 10,
        none: false,
    };
    Entry { value, meta }
}

fn store(front: &Fronted, value: Option<u32>) {
    let entry = value.as_ref().map(entry);
    block_on(front.set(&Key::of(&(1,)).unwrap(), entry)).unwrap();
}

/// Reads again and again; what it finds, if anything, was not replaced or cleared before it began.
fn reader(source: &Arc<Source>, front: &Arc<Fronted>) -> Task {
    let (source, front) = (source.clone(), front.clone());
    task(move || {
        for _ in 0..3 {
            source.check(|| {
                let found = block_on(front.get(&Key::of(&(1,)).unwrap())).unwrap();
                found.map_or(u32::MAX, |entry| entry.value)
            });
        }
    })
}

fn clear_or_store(front: &Fronted, value: u32) {
    match shuttle::rand::thread_rng().gen_range(0..3) {
        0 => block_on(front.clear()).unwrap(),
        1 => store(front, None),
        _ => store(front, Some(value)),
    }
}

#[test]
fn no_front_serves_what_another_one_cleared_or_replaced() {
    explore(|| {
        let (source, [front, other]) = (Source::new(), two_fronts());
        let (changed, changer) = (source.clone(), other.clone());
        let change = task(move || {
            for _ in 0..2 {
                changed.change(|value| clear_or_store(&changer, value));
            }
        });
        together([reader(&source, &front), reader(&source, &front), change]);
        together([reader(&source, &front), reader(&source, &other)]);
    });
}

#[test]
fn nothing_is_left_in_a_front_by_who_stored_while_another_cleared() {
    explore(|| {
        let (source, [front, other]) = (Source::new(), two_fronts());
        let (changed, changer) = (source.clone(), other.clone());
        let change = task(move || changed.change(|_| block_on(changer.clear()).unwrap()));
        let (read, putting) = (source.clone(), front.clone());
        let put = task(move || {
            let claim = block_on(putting.claim(&Key::of(&(1,)).unwrap(), 0)).unwrap();
            if let Some(claim) = claim {
                block_on(putting.put(claim, entry(&read.read()))).unwrap();
            }
        });
        together([put, change, reader(&source, &front)]);
        together([reader(&source, &front), reader(&source, &other)]);
    });
}

fn memoized_behind_a_front(source: &Arc<Source>) -> Arc<Memoize<(u32,), u32, KeepAll, Fronted>> {
    let source = source.clone();
    let builder = Memoize::builder().core(Tiered::new(Slotted::new()));
    Arc::new(builder.function(move |_: u32| source.read()).unwrap())
}

#[test]
fn any_change_amid_calls_leaves_nothing_old_in_a_front() {
    explore(|| {
        let source = Source::new();
        let memoized = memoized_behind_a_front(&source);
        let call = || {
            let (source, memoized) = (source.clone(), memoized.clone());
            task(move || source.check(|| memoized.call((1,))))
        };
        let (changed, changer) = (source.clone(), memoized.clone());
        let change = task(move || {
            changed.change(|value| change_any(&changer, value));
            changed.check(|| changer.call((1,)));
        });
        together([call(), call(), change]);
        source.check(|| memoized.call((1,)));
    });
}

/// Two functions that call one another with the argument they were given, `depth` times.
struct Pair {
    functions: [std::sync::OnceLock<Sync>; 2],
    depth: AtomicU32,
}

impl Pair {
    fn new(depth: u32) -> Arc<Self> {
        let pair = Arc::new(Self {
            functions: Default::default(),
            depth: AtomicU32::new(depth),
        });
        for (index, place) in pair.functions.iter().enumerate() {
            let other = Arc::downgrade(&pair);
            let function = move |key: u32| match other.upgrade() {
                Some(pair) if pair.may_go_deeper() => pair.call(1 - index, key),
                _ => key,
            };
            assert!(
                place
                    .set(Memoize::builder().function(function).unwrap())
                    .is_ok()
            );
        }
        pair
    }

    fn may_go_deeper(&self) -> bool {
        let less = |depth: u32| depth.checked_sub(1);
        self.depth.fetch_update(SeqCst, SeqCst, less).is_ok()
    }

    fn call(&self, index: usize, key: u32) -> u32 {
        self.functions[index].get().unwrap().call((key,))
    }

    fn caller(self: &Arc<Self>, index: usize) -> Task {
        let pair = self.clone();
        task(move || assert_eq!(pair.call(index, 1), 1))
    }
}

#[test]
fn crossed_calls_do_not_wait_for_one_another() {
    explore(|| {
        let pair = Pair::new(4);
        together([pair.caller(0), pair.caller(1), pair.caller(0)]);
    });
}

#[test]
fn crossed_calls_end_while_claims_are_freed_and_caches_cleared() {
    explore(|| {
        let pair = Pair::new(4);
        let freed = pair.clone();
        let free = task(move || {
            freed.functions[0].get().unwrap().clear_being_calculated();
            freed.functions[1].get().unwrap().clear_cache();
        });
        together([pair.caller(0), pair.caller(1), free]);
    });
}

/// A function that calls itself with its own argument, once.
fn recursive(source: &Arc<Source>) -> Arc<Sync> {
    let source = source.clone();
    let depth = AtomicU32::new(0);
    Arc::new_cyclic(|itself: &std::sync::Weak<Sync>| {
        let itself = itself.clone();
        let function = move |key: u32| match itself.upgrade() {
            Some(itself) if depth.fetch_add(1, SeqCst) == 0 => itself.call((key,)),
            _ => source.read(),
        };
        Memoize::builder().function(function).unwrap()
    })
}

#[test]
fn a_function_that_calls_itself_ends() {
    explore(|| {
        let source = Source::new();
        let memoized = recursive(&source);
        together((0..3).map(|_| caller(&source, &memoized)));
    });
}

#[test]
fn a_function_that_calls_itself_ends_while_its_cache_is_cleared() {
    explore(|| {
        let source = Source::new();
        let memoized = recursive(&source);
        let clear = changer(&source, &memoized, |memoized, _| memoized.clear_cache());
        together([
            caller(&source, &memoized),
            caller(&source, &memoized),
            clear,
        ]);
        source.check(|| memoized.call((1,)));
    });
}

/// One of everything that makes a change known.
fn change_somehow(memoized: &Sync, value: u32) {
    change_any(memoized, value);
}

fn change_any<C: Core<u32>>(memoized: &Memoize<(u32,), u32, KeepAll, C>, value: u32) {
    if shuttle::rand::thread_rng().r#gen() {
        memoized.with(overwrite()).call((1,));
    } else {
        empty_or_fill(memoized, value);
    }
}

fn empty_or_fill<C: Core<u32>>(memoized: &Memoize<(u32,), u32, KeepAll, C>, value: u32) {
    match shuttle::rand::thread_rng().gen_range(0..3) {
        0 => memoized.clear_cache(),
        1 => drop(memoized.remove(&(1,))),
        _ => drop(memoized.precache_value((1,), value)),
    }
}

/// Two impatient callers, while two changes are made known one after the other.
fn two_changes_and(make_known: fn(&Sync, u32), disturb: fn(&Sync)) {
    let (source, clock) = (Source::new(), FakeClock::new());
    let memoized = impatient(&source, &clock);
    let changed = (source.clone(), memoized.clone());
    let change = task(move || {
        let (source, memoized) = changed;
        source.change(|value| make_known(&memoized, value));
        source.change(|value| make_known(&memoized, value));
        source.check(|| memoized.call((1,)));
    });
    let disturbed = memoized.clone();
    let disturbance = task(move || {
        clock.advance(SECOND);
        disturb(&disturbed);
    });
    let callers = [caller(&source, &memoized), caller(&source, &memoized)];
    together(callers.into_iter().chain([change, disturbance]));
    source.check(|| memoized.call((1,)));
}

#[test]
fn any_two_changes_amid_take_overs_leave_nothing_old() {
    explore(|| two_changes_and(change_somehow, |_| ()));
}

// Without overwriting: who frees the claim of an overwriting call asks that its value be lost.
#[test]
fn any_two_changes_amid_take_overs_and_freed_claims_leave_nothing_old() {
    explore(|| two_changes_and(empty_or_fill, |memoized| memoized.clear_being_calculated()));
}
