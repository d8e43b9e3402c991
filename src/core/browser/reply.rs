//! Work that goes on when nobody waits for it any more; knows not what it is.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen_futures::spawn_local;

/// What some work comes to. It is done also where its caller gives up; what it then comes to is dropped.
pub(super) async fn on_its_own<T: 'static>(work: impl Future<Output = T> + 'static) -> T {
    let mut work = Box::pin(work);
    if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return done;
    }
    let reply = Reply::new();
    let there = reply.clone();
    spawn_local(async move { there.leave(work.await) });
    reply.await
}

/// Where the result will lie; a future of it.
struct Reply<T>(Rc<RefCell<Slot<T>>>);

struct Slot<T> {
    result: Option<T>,
    waker: Option<Waker>,
}

impl<T> Clone for Reply<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Reply<T> {
    fn new() -> Self {
        Self(Rc::new(RefCell::new(Slot {
            result: None,
            waker: None,
        })))
    }

    fn leave(&self, result: T) {
        let mut slot = self.0.borrow_mut();
        slot.result = Some(result);
        let waker = slot.waker.take();
        drop(slot);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Future for Reply<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.0.borrow_mut();
        if let Some(result) = slot.result.take() {
            return Poll::Ready(result);
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
