//! What trouble with a store costs: a report by default, the call where that is asked for.

#![cfg(not(any(target_arch = "wasm32", shuttle)))]
#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use cachier::core::{Core, MemoryClaim, MemoryCore, Swept};
use cachier::{
    CallOptions, Entry, Error, FakeClock, Key, MaybeSend, Memoize, Meta, OnError, Options, Outcome,
    reset_global_params, set_global_params,
};
use futures_lite::future::block_on;

/// What a faulty store cannot do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    Get,
    Claim,
    Put,
    Nothing,
}

/// A store that is out of order in one of its tasks.
struct Faulty {
    task: Task,
    error: fn() -> Error,
    memory: MemoryCore<u32>,
}

impl Faulty {
    fn at(task: Task) -> Self {
        Self {
            task,
            error: || Error::storage("the disk is gone"),
            memory: MemoryCore::new(),
        }
    }

    fn attempt(&self, task: Task) -> Result<(), Error> {
        if self.task == task {
            return Err((self.error)());
        }
        Ok(())
    }
}

impl Core<u32> for Faulty {
    type Claim = MemoryClaim<u32>;

    async fn get(&self, key: &Key) -> Result<Option<Entry<u32>>, Error> {
        self.attempt(Task::Get)?;
        self.memory.get(key).await
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<Self::Claim>, Error> {
        self.attempt(Task::Claim)?;
        self.memory.claim(key, attempt).await
    }

    async fn put(&self, claim: Self::Claim, entry: Entry<&u32>) -> Result<bool, Error> {
        self.attempt(Task::Put)?;
        self.memory.put(claim, entry).await
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&u32>>) -> Result<(), Error> {
        self.memory.set(key, entry).await
    }

    async fn clear(&self) -> Result<(), Error> {
        self.memory.clear().await
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.memory.release_claims().await
    }

    async fn sweep(
        &self,
        keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        self.memory.sweep(keep).await
    }
}

#[derive(Clone, Default)]
struct Runs(Arc<AtomicU32>);

impl Runs {
    fn body(&self) -> impl Fn(u32) -> u32 + Send + Sync + 'static {
        let runs = self.0.clone();
        move |n| n + runs.fetch_add(1, SeqCst)
    }

    fn count(&self) -> u32 {
        self.0.load(SeqCst)
    }
}

fn message(ended: Result<u32, Box<dyn std::any::Any + Send>>) -> String {
    *ended.unwrap_err().downcast::<String>().unwrap()
}

/// Where trouble is met before the function runs, it need not run.
const RUNS_BEFORE_TROUBLE: [(Task, u32); 3] = [(Task::Get, 0), (Task::Claim, 0), (Task::Put, 1)];

#[test]
fn trouble_fails_a_call_where_that_is_asked_for() {
    for (task, runs_before) in RUNS_BEFORE_TROUBLE {
        let runs = Runs::default();
        let builder = Memoize::builder().name("failing").on_error(OnError::Fail);
        let f = builder
            .core(Faulty::at(task))
            .function(runs.body())
            .unwrap();
        let error = f.try_call((4,)).unwrap_err();
        assert!(error.is_storage(), "{task:?}: {error}");
        assert_eq!(runs.count(), runs_before, "{task:?}");
        let ended = catch_unwind(AssertUnwindSafe(|| f.call((4,))));
        assert_eq!(message(ended), "cachier: failing: the disk is gone");
        catch_unwind(AssertUnwindSafe(|| f.trace((4,)).value)).unwrap_err();
    }
}

#[test]
fn trouble_fails_an_async_call_where_that_is_asked_for() {
    for (task, runs_before) in RUNS_BEFORE_TROUBLE {
        let runs = Runs::default();
        let body = runs.body();
        let builder = Memoize::builder().name("failing").on_error(OnError::Fail);
        let f = builder
            .core(Faulty::at(task))
            .async_function(move |n: u32| std::future::ready(body(n)))
            .unwrap();
        let error = block_on(f.try_call((4,))).unwrap_err();
        assert!(error.is_storage(), "{task:?}: {error}");
        assert_eq!(runs.count(), runs_before, "{task:?}");
        let ended = catch_unwind(AssertUnwindSafe(|| block_on(f.call((4,)))));
        assert_eq!(message(ended), "cachier: failing: the disk is gone");
    }
}

#[test]
fn trouble_costs_no_call_its_result_by_default() {
    for (task, _) in RUNS_BEFORE_TROUBLE {
        let runs = Runs::default();
        let builder = Memoize::builder().on_error(OnError::Serve);
        let f = builder
            .core(Faulty::at(task))
            .function(runs.body())
            .unwrap();
        assert_eq!(f.try_call((4,)).unwrap(), 4, "{task:?}");
        assert_eq!(f.call((4,)), 5, "{task:?}");
    }
}

#[test]
fn an_overwriting_call_fails_as_well() {
    for task in [Task::Claim, Task::Put] {
        let builder = Memoize::builder().on_error(OnError::Fail);
        let f = builder.core(Faulty::at(task)).function(|n: u32| n).unwrap();
        let anew = f.with(CallOptions::new().overwrite_cache(true));
        catch_unwind(AssertUnwindSafe(|| anew.call((4,)))).unwrap_err();
    }
}

#[test]
fn a_call_past_the_cache_does_not_mind_trouble() {
    let builder = Memoize::builder().on_error(OnError::Fail);
    let f = builder
        .core(Faulty::at(Task::Get))
        .function(|n: u32| n)
        .unwrap();
    let past = f.with(CallOptions::new().skip_cache(true));
    assert_eq!(past.call((4,)), 4);
}

#[test]
fn a_damaged_entry_is_a_miss_and_fails_nothing() {
    let damaged = Faulty {
        error: || Error::damaged("the checksum is wrong"),
        ..Faulty::at(Task::Get)
    };
    let builder = Memoize::builder().on_error(OnError::Fail);
    let f = builder.core(damaged).function(|n: u32| n * 2).unwrap();
    assert_eq!(f.try_call((4,)).unwrap(), 8);
}

#[test]
fn a_store_in_order_serves_as_ever() {
    let runs = Runs::default();
    let builder = Memoize::builder().on_error(OnError::Fail);
    let f = builder
        .core(Faulty::at(Task::Nothing))
        .function(runs.body())
        .unwrap();
    assert_eq!([f.call((4,)), f.try_call((4,)).unwrap()], [4, 4]);
    assert_eq!((f.trace((4,)).outcome, runs.count()), (Outcome::Hit, 1));
}

#[test]
fn trouble_in_a_refresh_fails_no_call() {
    let clock = FakeClock::new();
    let faulty = Faulty::at(Task::Put);
    let core = faulty.memory.clone();
    let builder = Memoize::builder()
        .on_error(OnError::Fail)
        .clock(clock.clone())
        .stale_after("3s")
        .and_then(|builder| builder.next_time(true))
        .unwrap();
    let f = builder.core(faulty).function(|n: u32| n).unwrap();
    let meta = Meta {
        stored_at: clock.now(),
        size: 0,
        none: false,
    };
    let stored = Entry { value: &9, meta };
    block_on(core.set(&Key::of(&(4_u32,)).unwrap(), Some(stored))).unwrap();
    clock.advance(Duration::from_secs(3));
    assert_eq!(f.call((4,)), 9);
    f.drain();
    assert_eq!(f.call((4,)), 9);
}

#[test]
fn what_is_said_globally_holds_until_a_definition_says_otherwise() {
    let function = |builder: cachier::Builder| {
        let f = builder.core(Faulty::at(Task::Get)).function(|n: u32| n);
        f.unwrap()
    };
    let silent = function(Memoize::builder());
    let serving = function(Memoize::builder().on_error(OnError::Serve));
    assert!(silent.try_call((4,)).is_ok());
    set_global_params(Options::new().on_error(OnError::Fail)).unwrap();
    let (said, overruled) = (silent.try_call((4,)), serving.try_call((4,)));
    reset_global_params();
    assert!(said.is_err() && overruled.is_ok());
    assert!(silent.try_call((4,)).is_ok());
}
