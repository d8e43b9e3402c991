//! Sleeping and background tasks on threads: a timer, and a small bounded pool that ends when idle.

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// More than a few would only fight the program itself for the processor.
const MOST_THREADS: usize = 4;
const IDLE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    state: Mutex<State>,
    work: Condvar,
}

struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

static POOL: Pool = Pool::new();

/// Apart from the other: slow refreshes are not to hold up reads.
#[cfg(all(feature = "file", unix))]
static BLOCKING: Pool = Pool::new();

pub(crate) fn sleep(millis: i64) -> impl Future<Output = ()> + Send {
    futures_timer::Delay::new(Duration::from_millis(millis.unsigned_abs()))
}

/// Runs a task in the background, after those queued before it; its future stays on one thread.
pub(crate) fn spawn<F: Future<Output = ()>>(task: impl FnOnce() -> F + Send + 'static) {
    POOL.push(Box::new(move || crate::blocking::block_on(task())));
}

/// Runs what blocks on a thread of its own, unless the caller is one that may block.
#[cfg(all(feature = "file", unix))]
pub(crate) async fn unblock<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    if crate::blocking::may_block().await {
        return work();
    }
    let (give, taken) = super::handover::pair();
    BLOCKING.push(Box::new(move || give.give(work())));
    taken.await
}

impl Pool {
    const fn new() -> Self {
        Self {
            state: Mutex::new(State {
                queue: VecDeque::new(),
                threads: 0,
                idle: 0,
            }),
            work: Condvar::new(),
        }
    }

    fn push(&'static self, job: Job) {
        let mut state = self.lock();
        state.queue.push_back(job);
        if state.idle >= state.queue.len() || state.threads >= most_threads() {
            self.work.notify_one();
            return;
        }
        state.threads += 1;
        drop(state);
        self.start_thread();
    }

    fn start_thread(&'static self) {
        let started = thread::Builder::new()
            .name("cachier".into())
            .spawn(|| self.work());
        if started.is_err() {
            self.work_here();
        }
    }

    fn work(&self) {
        while let Some(job) = self.wait_for_job() {
            run(job);
        }
    }

    /// Without a thread of its own, the work is done on this one rather than never.
    fn work_here(&self) {
        self.lock().threads -= 1;
        loop {
            let job = self.lock().queue.pop_front();
            match job {
                Some(job) => run(job),
                None => return,
            }
        }
    }

    fn wait_for_job(&self) -> Option<Job> {
        let mut state = self.lock();
        state.idle += 1;
        let (mut state, _) = self
            .work
            .wait_timeout_while(state, IDLE, |state| state.queue.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        state.idle -= 1;
        let job = state.queue.pop_front();
        if job.is_none() {
            state.threads -= 1;
        }
        job
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(job: Job) {
    if catch_unwind(AssertUnwindSafe(job)).is_err() {
        crate::report::warn(
            "cachier",
            "work in the background panicked; what was stored is kept",
        );
    }
}

fn most_threads() -> usize {
    thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_THREADS)
}
