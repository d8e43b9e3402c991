//! Sync callers on threads: polls once, and parks the thread only if there is something to wait for.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The result of a future, waiting for it on this thread if need be.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => park_until(future),
    }
}

#[cfg(not(shuttle))]
use pollster::block_on as park_until;
#[cfg(shuttle)]
use shuttle::future::block_on as park_until;
