//! Memoized functions among threads that steal work, and the threads of refreshes.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use cachier::{FakeClock, Memoize, Outcome};

/// Fails, rather than never ends, where somebody waits for themselves.
fn ends(work: impl FnOnce() + Send + 'static) {
    let (sender, over) = channel();
    std::thread::spawn(move || {
        work();
        sender.send(()).unwrap();
    });
    over.recv_timeout(Duration::from_secs(30))
        .expect("it failed, or it is deadlocked");
}

fn until(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
}

/// How far the two workers of the test below have come.
#[derive(Default)]
struct Progress {
    second_half_began: AtomicBool,
    other_job_ended: AtomicBool,
    runs: AtomicUsize,
}

/// Its first run joins two halves; the second one takes as long as another job of the pool.
fn halves(progress: &Progress) -> usize {
    let run = progress.runs.fetch_add(1, Ordering::SeqCst) + 1;
    if run == 1 {
        let first = || until(&progress.second_half_began);
        let second = || {
            progress.second_half_began.store(true, Ordering::SeqCst);
            until(&progress.other_job_ended);
        };
        rayon::join(first, second);
    }
    run
}

#[test]
fn a_worker_that_steals_a_job_amid_a_run_does_not_wait_for_itself() {
    ends(|| {
        let progress = Arc::new(Progress::default());
        let body = progress.clone();
        let f = Memoize::builder()
            .function(move |_: u32| halves(&body))
            .unwrap();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(2)
            .build()
            .unwrap();
        pool.in_place_scope(|scope| {
            scope.spawn(|_| assert_eq!(f.call((1,)), 1));
            until(&progress.second_half_began);
            // One worker is in the second half until this ends; the other, in the first, takes it.
            scope.spawn(|_| {
                assert_eq!(f.trace((1,)).outcome, Outcome::Bypassed);
                progress.other_job_ended.store(true, Ordering::SeqCst);
            });
        });
        assert_eq!((f.call((1,)), progress.runs.load(Ordering::SeqCst)), (1, 2));
    });
}

/// Who is inside at the same time, and a door that keeps them there.
#[derive(Default)]
struct Room {
    open: Mutex<bool>,
    opened: Condvar,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Room {
    fn visit(&self) {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }

    fn open(&self, open: bool) {
        *self.open.lock().unwrap() = open;
        self.opened.notify_all();
    }
}

#[test]
fn refreshes_run_on_a_few_threads_only() {
    let (clock, room) = (FakeClock::new(), Arc::new(Room::default()));
    let visited = room.clone();
    let visit = move |n: u32| {
        visited.visit();
        n
    };
    let builder = Memoize::builder()
        .stale_after("3s")
        .unwrap()
        .next_time(true)
        .unwrap();
    let f = builder.clock(clock.clone()).function(visit).unwrap();
    room.open(true);
    (0..50).for_each(|n| assert_eq!(f.call((n,)), n));
    room.open(false);
    clock.advance(Duration::from_secs(3));
    (0..50).for_each(|n| assert_eq!(f.call((n,)), n));
    room.open(true);
    f.drain();
    assert!(
        (0..50).all(|n| f.is_fresh(&(n,))),
        "all of them were refreshed"
    );
    assert!(room.most.load(Ordering::SeqCst) <= 4);
}
