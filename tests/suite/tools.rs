//! Gates, counters and patience: how a law steers a running function without sleeping.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::{Context, Poll, Waker};

use cachier::{Error, FakeClock, MaybeSend, Options};
use futures_channel::oneshot;

use super::harness::{Arguments, Memoized, Sample, Subject};
use super::places::Place;

#[cfg(not(target_arch = "wasm32"))]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
#[cfg(target_arch = "wasm32")]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a scripted function returns in its run of this number.
pub trait Answer: MaybeSend + 'static {
    fn of_run(number: u64, switched: bool) -> Self;
}

impl Answer for u64 {
    fn of_run(number: u64, switched: bool) -> Self {
        assert!(!switched, "run {number} panics");
        number
    }
}

impl Answer for Result<u64, String> {
    fn of_run(number: u64, switched: bool) -> Self {
        if switched {
            Err(format!("run {number} failed"))
        } else {
            Ok(number)
        }
    }
}

/// An error that is not `Clone`.
#[derive(Debug, PartialEq)]
pub struct Unclonable(pub u64);

impl Answer for Result<u64, Unclonable> {
    fn of_run(number: u64, switched: bool) -> Self {
        if switched {
            Err(Unclonable(number))
        } else {
            Ok(number)
        }
    }
}

impl Answer for Option<u64> {
    fn of_run(number: u64, switched: bool) -> Self {
        (!switched).then_some(number)
    }
}

/// Ten bytes a run, and a hundred times as many while switched.
impl Answer for String {
    fn of_run(number: u64, switched: bool) -> Self {
        let text = format!("run {number:06}");
        if switched { text.repeat(100) } else { text }
    }
}

/// Counts the runs of a function and remembers what it was called with.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<Vec<Arguments>>>);

impl Runs {
    /// The number of a run that begins now; the first is 1.
    pub fn next(&self, arguments: Arguments) -> u64 {
        let mut runs = self.0.lock().unwrap();
        runs.push(arguments);
        runs.len() as u64
    }

    pub fn count(&self) -> u64 {
        self.0.lock().unwrap().len() as u64
    }

    pub fn of(&self, a: u32, b: u32) -> usize {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|run| **run == (a, b))
            .count()
    }
}

#[derive(Clone, Default)]
pub struct Switch(Arc<AtomicBool>);

impl Switch {
    pub fn turn(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }

    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Open at first; whoever comes to it while it is closed is held there.
#[derive(Clone, Default)]
pub struct Gate(Arc<Mutex<Held>>);

/// How many releases somebody who came to a gate waits for.
pub struct Arrival(u64);

#[derive(Default)]
struct Held {
    closed: bool,
    releases: u64,
    wakers: Vec<Waker>,
}

impl Gate {
    pub fn close(&self) {
        self.0.lock().unwrap().closed = true;
    }

    /// Lets everybody pass, those who are held and those who come.
    pub fn open(&self) {
        self.release(false);
    }

    /// Lets those pass who are held; those who come from now on are held.
    pub fn open_once(&self) {
        self.release(true);
    }

    fn release(&self, closed: bool) {
        let mut held = self.0.lock().unwrap();
        held.closed = closed;
        held.releases += 1;
        let wakers = std::mem::take(&mut held.wakers);
        drop(held);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Lets those pass who come from now on; those who are held stay.
    pub fn open_behind(&self) {
        self.0.lock().unwrap().closed = false;
    }

    pub async fn pass(&self) {
        let arrival = self.arrive();
        self.pass_after(arrival).await;
    }

    /// Comes to the gate; what it is now decides whether [`pass_after`](Self::pass_after) holds.
    pub fn arrive(&self) -> Arrival {
        let held = self.0.lock().unwrap();
        Arrival(if held.closed {
            held.releases + 1
        } else {
            held.releases
        })
    }

    pub async fn pass_after(&self, arrival: Arrival) {
        std::future::poll_fn(|context| self.poll_release(&arrival, context)).await;
    }

    fn poll_release(&self, arrival: &Arrival, context: &mut Context<'_>) -> Poll<()> {
        let mut held = self.0.lock().unwrap();
        if held.releases >= arrival.0 {
            return Poll::Ready(());
        }
        held.wakers.push(context.waker().clone());
        Poll::Pending
    }
}

/// A function as its own body knows it.
#[derive(Clone)]
pub struct Later<R>(Arc<OnceLock<Weak<dyn Memoized<R>>>>);

impl<R> Later<R> {
    pub fn new() -> Self {
        Self(Arc::default())
    }

    pub fn is(&self, memoized: &Arc<dyn Memoized<R>>) {
        assert!(self.0.set(Arc::downgrade(memoized)).is_ok());
    }

    pub fn get(&self) -> Arc<dyn Memoized<R>> {
        self.0
            .get()
            .and_then(Weak::upgrade)
            .expect("the function outlives its runs")
    }
}

/// A caller beside the law's own.
pub struct Task<T>(oneshot::Receiver<T>);

impl<T> Task<T> {
    /// What it returned.
    ///
    /// # Panics
    ///
    /// If it panicked.
    pub async fn result(self) -> T {
        self.outcome()
            .await
            .expect("the caller beside this one panicked")
    }

    /// What it returned; `None` if it panicked.
    pub async fn outcome(self) -> Option<T> {
        self.0.await.ok()
    }

    /// Whether it has not returned yet.
    pub fn is_under_way(&mut self) -> bool {
        matches!(self.0.try_recv(), Ok(None))
    }

    /// What it returned, with the clock moved on whenever somebody sleeps on it.
    pub async fn result_as_time_passes(mut self, clock: &FakeClock) -> T {
        let patience = Patience::new();
        loop {
            match self
                .0
                .try_recv()
                .expect("the caller beside this one panicked")
            {
                Some(result) => return result,
                None => pass_time(clock).await,
            }
            assert!(!patience.is_over(), "waited in vain for a caller");
        }
    }
}

pub fn spawn<S: Subject, T: MaybeSend + 'static>(
    task: impl Future<Output = T> + MaybeSend + 'static,
) -> Task<T> {
    let (sender, receiver) = oneshot::channel();
    S::Place::spawn(Box::pin(async move {
        let _ = sender.send(task.await);
    }));
    Task(receiver)
}

/// Calls a function beside this caller.
pub fn call<S: Subject, R: MaybeSend + 'static>(sample: &Sample<R>, a: u32, b: u32) -> Task<R> {
    let sample = sample.clone();
    spawn::<S, R>(async move { sample.call(a, b).await })
}

/// Lets everybody else go on until something holds.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let patience = Patience::new();
    while !holds() {
        assert!(!patience.is_over(), "waited in vain until {what}");
        yield_to_others().await;
    }
}

/// Lets everybody else go on until so many sleep on this clock, as every waiting caller does.
pub async fn until_waiting(clock: &FakeClock, count: usize) {
    until("callers wait", || clock.sleepers() == count).await;
}

/// Moves the clock by as little as it takes to wake somebody.
pub async fn pass_time(clock: &FakeClock) {
    if clock.sleepers() > 0 {
        clock.advance(millis(1));
    }
    yield_to_others().await;
}

/// Lets everybody else go on until a function was run so often.
pub async fn until_runs<R: MaybeSend + 'static>(sample: &Sample<R>, count: u64) {
    until("the function runs", || sample.runs() == count).await;
}

#[cfg(not(target_arch = "wasm32"))]
pub async fn yield_to_others() {
    std::thread::yield_now();
    futures_lite::future::yield_now().await;
}

/// A whole turn of the event loop: a database answers in one of its own.
#[cfg(target_arch = "wasm32")]
pub async fn yield_to_others() {
    super::places::next_turn().await;
}

#[cfg(not(target_arch = "wasm32"))]
struct Patience(std::time::Instant);

#[cfg(not(target_arch = "wasm32"))]
impl Patience {
    fn new() -> Self {
        Self(std::time::Instant::now())
    }

    fn is_over(&self) -> bool {
        self.0.elapsed() > std::time::Duration::from_secs(10)
    }
}

/// A page has no other threads: what does not come about within some turns never does.
#[cfg(target_arch = "wasm32")]
struct Patience(AtomicU64);

#[cfg(target_arch = "wasm32")]
impl Patience {
    fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    fn is_over(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 100_000
    }
}

/// Options that are known to be right.
pub fn options(given: Result<Options, Error>) -> Options {
    given.unwrap()
}

pub fn stale_after_3s() -> Options {
    Options::new().stale_after("3s").unwrap()
}

pub fn next_time() -> Options {
    stale_after_3s().next_time(true).unwrap()
}

pub fn seconds(count: u64) -> std::time::Duration {
    std::time::Duration::from_secs(count)
}

pub fn millis(count: u64) -> std::time::Duration {
    std::time::Duration::from_millis(count)
}
