//! Who waits for whom in this process, so that no wait closes a circle; knows flights by number only.

use std::cell::RefCell;
use std::pin::Pin;
// Not the model checker's lock: nothing inside yields, and a static must outlive its executions.
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

crate::sync::thread_local! {
    /// The flights whose calculation is on this thread's stack, outermost first.
    static STACK: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// `(a, b)`: flight `a` cannot go on before flight `b` has.
static WAITS: Mutex<Vec<(u64, u64)>> = Mutex::new(Vec::new());

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number no other flight has.
pub(crate) fn next_id() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Puts a flight on this thread's stack.
pub(crate) fn enter(flight: u64) {
    STACK.with(|stack| stack.borrow_mut().push(flight));
}

/// Takes a flight off this thread's stack.
pub(crate) fn leave(flight: u64) {
    STACK.with(|stack| {
        let mut stack = stack.borrow_mut();
        if let Some(index) = stack.iter().rposition(|id| *id == flight) {
            stack.remove(index);
        }
    });
}

/// Notes that everything on this thread's stack waits for `target`, as long as the result lives;
/// `None` if `target` itself waits, however indirectly, for something on this stack.
pub(crate) fn wait_for(target: u64) -> Option<Edges> {
    let stack = STACK.with(|stack| stack.borrow().clone());
    if stack.is_empty() {
        return Some(Edges {
            waiting: stack,
            target,
        });
    }
    let mut waits = lock_waits();
    if reaches(&waits, target, &stack) {
        return None;
    }
    for from in &stack {
        waits.push((*from, target));
    }
    Some(Edges {
        waiting: stack,
        target,
    })
}

fn reaches(waits: &[(u64, u64)], from: u64, stack: &[u64]) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(&flight) = seen.get(next) {
        if stack.contains(&flight) {
            return true;
        }
        for (waiting, on) in waits {
            if *waiting == flight && !seen.contains(on) {
                seen.push(*on);
            }
        }
        next += 1;
    }
    false
}

fn lock_waits() -> MutexGuard<'static, Vec<(u64, u64)>> {
    WAITS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The noted waits of one caller, taken back when dropped.
#[derive(Debug)]
pub(crate) struct Edges {
    waiting: Vec<u64>,
    target: u64,
}

impl Drop for Edges {
    fn drop(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let mut waits = lock_waits();
        for &from in &self.waiting {
            if let Some(index) = waits.iter().position(|&edge| edge == (from, self.target)) {
                waits.swap_remove(index);
            }
        }
    }
}

/// A calculation that stands on the stack of whichever thread polls it, while it does.
pub(crate) struct OnStack<F> {
    flight: u64,
    calculation: F,
}

impl<F> OnStack<F> {
    pub(crate) fn new(flight: u64, calculation: F) -> Self {
        Self {
            flight,
            calculation,
        }
    }
}

impl<F: Future + Unpin> Future for OnStack<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _standing = Standing::new(self.flight);
        Pin::new(&mut self.calculation).poll(context)
    }
}

/// The flights on this thread's stack, outermost first.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) fn stack() -> Vec<u64> {
    STACK.with(|stack| stack.borrow().clone())
}

/// What stands on `callers` asks for: they stand on the stack of whoever polls this later, as if they still asked.
/// The result, and they, unless it was there at once.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) async fn on_behalf<T>(
    callers: Vec<u64>,
    asked: impl Future<Output = T>,
) -> (T, Vec<u64>) {
    let mut asked = std::pin::pin!(asked);
    let mut is_later = false;
    let result = std::future::poll_fn(|context| {
        let standing: &[u64] = if is_later { &callers } else { &[] };
        is_later = true;
        standing.iter().copied().for_each(enter);
        let polled = asked.as_mut().poll(context);
        standing.iter().copied().for_each(leave);
        polled.map(|result| (result, !standing.is_empty()))
    });
    let (result, was_later) = result.await;
    (result, if was_later { callers } else { Vec::new() })
}

/// Leaves the stack also when the calculation panics.
struct Standing(u64);

impl Standing {
    fn new(flight: u64) -> Self {
        enter(flight);
        Self(flight)
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        leave(self.0);
    }
}
