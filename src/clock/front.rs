//! Sleeping and background tasks of the npm package, whose front polls each by its number: tasks.ts is the other half.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use slab::Slab;
use wasm_bindgen::prelude::*;

use crate::error::Error;
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

    /// What a promise comes to, and that a task is woken then; `None` for what is no promise.
    #[wasm_bindgen(js_name = replyOf)]
    fn reply_of(answer: &JsValue, task: usize) -> Option<Reply>;

    type Reply;

    #[wasm_bindgen(method, getter, js_name = isThere)]
    fn is_there(this: &Reply) -> bool;

    #[wasm_bindgen(method, catch)]
    fn take(this: &Reply) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = messageOf)]
    fn message_of(thrown: &JsValue) -> String;
}

/// Without the durations between, which are the standard library's.
pub(super) fn wall_clock_millis() -> i64 {
    js_sys::Date::now() as i64
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

fn begin_to_poll(task: usize, rang: bool) {
    POLLED.with(|polled| polled.set((task, rang)));
}

/// Starts a task: what it came to at once or, as an error, the number of one that goes on.
pub(crate) fn start(mut task: BoxedFuture<f64>) -> Result<f64, usize> {
    let number = TASKS.with_borrow_mut(|tasks| tasks.insert(None));
    begin_to_poll(number, false);
    // Whoever follows it polls it anew, with a waker that is worth its making.
    let polled = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    TASKS.with_borrow_mut(|tasks| match polled {
        Poll::Ready(code) => {
            tasks.try_remove(number);
            Ok(code)
        }
        Poll::Pending => {
            tasks[number] = Some(task);
            Err(number)
        }
    })
}

/// Runs a task in the background, in a later turn of the event loop's microtasks.
pub(crate) fn spawn<F: Future<Output = ()> + 'static>(task: impl FnOnce() -> F + 'static) {
    let mut task = Box::pin(task());
    wake_task(keep(Box::pin(poll_fn(move |context| {
        task.as_mut().poll(context).map(|()| 0.0)
    }))));
}

/// Goes on with a task; what it came to, or NaN as long as it has not ended.
#[wasm_bindgen]
pub fn poll(task: usize, rang: bool) -> f64 {
    let place = |tasks: &mut Slab<_>| tasks.get_mut(task).and_then(Option::take);
    let Some(mut future) = TASKS.with_borrow_mut(place) else {
        return f64::NAN;
    };
    begin_to_poll(task, rang);
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
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
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

/// What a store answers, at once or later; what it throws is trouble with the store.
pub(crate) fn answered(answer: Result<JsValue, JsValue>) -> Answer {
    Answer {
        answer,
        reply: None,
    }
}

/// No `async fn`: that would be a state machine in each of those that wait for it.
pub(crate) struct Answer {
    answer: Result<JsValue, JsValue>,
    /// From the first poll on: stores are asked before it is known which task waits for the answer.
    reply: Option<Option<Reply>>,
}

impl Future for Answer {
    type Output = Result<JsValue, Error>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { answer, reply } = &mut *self;
        let asked = || reply_of(answer.as_ref().ok()?, POLLED.get().0);
        let settled = match reply.get_or_insert_with(asked) {
            None => answer.clone(),
            Some(reply) if reply.is_there() => reply.take(),
            Some(_) => return Poll::Pending,
        };
        Poll::Ready(settled.map_err(|thrown| Error::storage(message_of(&thrown))))
    }
}
