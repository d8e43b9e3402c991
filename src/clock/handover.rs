//! One value from one thread to whoever awaits it; knows no pool.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

pub(super) struct Give<T>(Arc<Shared<T>>);

pub(super) struct Taken<T>(Arc<Shared<T>>);

type Shared<T> = Mutex<State<T>>;

enum State<T> {
    Waiting(Option<Waker>),
    Given(T),
    /// Whoever should give it panicked.
    Never,
}

pub(super) fn pair<T>() -> (Give<T>, Taken<T>) {
    let shared = Arc::new(Mutex::new(State::Waiting(None)));
    (Give(shared.clone()), Taken(shared))
}

impl<T> Give<T> {
    pub(super) fn give(self, value: T) {
        settle(&self.0, State::Given(value));
    }
}

impl<T> Drop for Give<T> {
    fn drop(&mut self) {
        settle(&self.0, State::Never);
    }
}

/// What was given first stays.
fn settle<T>(shared: &Shared<T>, settled: State<T>) {
    let mut state = lock(shared);
    let State::Waiting(waker) = &mut *state else {
        return;
    };
    let waker = waker.take();
    *state = settled;
    drop(state);
    waker.into_iter().for_each(Waker::wake);
}

impl<T> Future for Taken<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut state = lock(&self.0);
        if let State::Waiting(waker) = &mut *state {
            *waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Never) {
            State::Given(value) => Poll::Ready(value),
            _ => panic!("work on the cache's files panicked; the first panic says where"),
        }
    }
}

fn lock<T>(shared: &Shared<T>) -> MutexGuard<'_, State<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::{block_on, poll_once};

    #[test]
    fn a_value_comes_from_another_thread() {
        let (give, mut taken) = pair();
        assert!(block_on(poll_once(&mut taken)).is_none());
        let giver = std::thread::spawn(|| give.give(7));
        assert_eq!(block_on(taken), 7);
        giver.join().unwrap();
    }

    #[test]
    #[should_panic(expected = "panicked")]
    fn a_giver_that_panicked_is_a_panic() {
        let (give, taken) = pair::<u8>();
        drop(give);
        block_on(taken);
    }
}
