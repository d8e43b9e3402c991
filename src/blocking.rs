//! Sync callers: polls once, and parks the thread only if there is something to wait for.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// The result of a future, waiting for it on this thread if need be.
#[inline(always)]
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match poll_once(future.as_mut()) {
        Poll::Ready(output) => output,
        Poll::Pending => park_until(future),
    }
}

#[inline(always)]
fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Sees to it that a future ends: waits for it.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn see_to(future: impl Future<Output = ()>) {
    block_on(future);
}

/// Sees to it that a future ends: a page cannot stand still, so what has to wait goes on by itself.
#[cfg(target_arch = "wasm32")]
pub(crate) fn see_to(future: impl Future<Output = ()> + 'static) {
    let mut future = Box::pin(future);
    if poll_once(future.as_mut()).is_pending() {
        crate::clock::spawn(move || future);
    }
}

/// Whether who polls is [`block_on`], whose thread has nothing else to do.
#[cfg(all(feature = "file", unix))]
pub(crate) fn may_block() -> impl Future<Output = bool> {
    std::future::poll_fn(|context| Poll::Ready(context.waker().will_wake(Waker::noop())))
}

#[cfg(all(not(shuttle), not(target_arch = "wasm32")))]
use pollster::block_on as park_until;
#[cfg(shuttle)]
use shuttle::future::block_on as park_until;

/// A page cannot stand still. Only a core that has to wait could bring a sync caller here, and no
/// sync function accepts one.
#[cfg(all(not(shuttle), target_arch = "wasm32"))]
fn park_until<T>(_future: impl Future<Output = T>) -> T {
    wasm_bindgen::throw_str("cachier: a sync function cannot wait in a page; make it async")
}
