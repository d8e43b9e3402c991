//! Sleeping and background tasks of the npm package, whose front polls each by its number: tasks.ts is the other half.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use slab::Slab;
use wasm_bindgen::prelude::*;

use crate::threads::BoxedFuture;

#[wasm_bindgen]
extern "C" {
    /// Has a task polled in a later microtask.
    #[wasm_bindgen(js_name = wakeTask)]
    fn wake_task(task: usize);

    /// Has a task polled once so many milliseconds have passed.
    #[wasm_bindgen(js_name = startTimer)]
    fn start_timer(task: usize, millis: f64);

    #[wasm_bindgen(js_name = stopTimer)]
    fn stop_timer(task: usize);
}

thread_local! {
    /// What is to be polled; nothing in the place of the one that is being polled.
    static TASKS: RefCell<Slab<Option<BoxedFuture<f64>>>> = const { RefCell::new(Slab::new()) };

    /// The task that is being polled, and whether that is because its timer rang.
    static POLLED: Cell<(usize, bool)> = const { Cell::new((0, false)) };
}

/// Keeps a task that the front is to poll; its number.
pub(crate) fn keep(task: BoxedFuture<f64>) -> usize {
    TASKS.with_borrow_mut(|tasks| tasks.insert(Some(task)))
}

/// Runs a task in the background, in a later turn of the event loop's microtasks.
pub(crate) fn spawn<F: Future<Output = ()> + 'static>(task: impl FnOnce() -> F + 'static) {
    wake_task(keep(Box::pin(async move {
        task().await;
        0.0
    })));
}

/// Goes on with a task; what it came to, or NaN as long as it has not ended.
#[wasm_bindgen]
pub fn poll(task: usize, rang: bool) -> f64 {
    let place = |tasks: &mut Slab<_>| tasks.get_mut(task).and_then(Option::take);
    let Some(mut future) = TASKS.with_borrow_mut(place) else {
        return f64::NAN;
    };
    POLLED.set((task, rang));
    let waker = Waker::from(Arc::new(Sleeper(task)));
    let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
    TASKS.with_borrow_mut(|tasks| match polled {
        Poll::Ready(code) => {
            tasks.try_remove(task);
            code
        }
        Poll::Pending => {
            tasks[task] = Some(future);
            f64::NAN
        }
    })
}

/// The number of a task that waits to be woken.
struct Sleeper(usize);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        wake_task(self.0);
    }
}

/// A task sleeps in one place at a time.
struct Sleep {
    millis: i64,
    task: Option<usize>,
}

pub(crate) fn sleep(millis: i64) -> impl Future<Output = ()> {
    Sleep { millis, task: None }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let (task, rang) = POLLED.get();
        if self.task.is_some() && rang {
            return Poll::Ready(());
        }
        if self.task.is_none() {
            self.task = Some(task);
            start_timer(task, self.millis as f64);
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.task.into_iter().for_each(stop_timer);
    }
}
