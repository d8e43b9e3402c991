//! Memoized functions among threads that steal work, and the threads of refreshes.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::time::Duration;

use cachier::{FakeClock, Memoize};
use rayon::prelude::*;

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

static FIBONACCI: LazyLock<Memoize<(u64,), u64>> = LazyLock::new(|| {
    let sum = |n: u64| match n {
        0 | 1 => n,
        _ => {
            let (one, other) =
                rayon::join(|| FIBONACCI.call((n - 1,)), || FIBONACCI.call((n - 2,)));
            one + other
        }
    };
    Memoize::builder().function(sum).unwrap()
});

#[test]
fn workers_that_steal_each_others_jobs_do_not_wait_for_themselves() {
    ends(|| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(2)
            .build()
            .unwrap();
        for _ in 0..100 {
            FIBONACCI.clear_cache();
            let numbers: Vec<u64> = pool.install(|| {
                (0..24_u64)
                    .into_par_iter()
                    .map(|n| FIBONACCI.call((n,)))
                    .collect()
            });
            assert_eq!((numbers[10], numbers[23]), (55, 28_657));
        }
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
