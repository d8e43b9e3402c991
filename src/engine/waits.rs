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
    let stack = stack();
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
        if holds(stack, flight) {
            return true;
        }
        for (waiting, on) in waits {
            if *waiting == flight && !holds(&seen, *on) {
                seen.push(*on);
            }
        }
        next += 1;
    }
    false
}

/// The standard library's `contains` compares several at once, in more code than the rest of the search.
#[expect(clippy::manual_contains, reason = "it is larger")]
fn holds(flights: &[u64], flight: u64) -> bool {
    flights.iter().any(|other| *other == flight)
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
pub(crate) fn stack() -> Vec<u64> {
    let mut flights = Vec::new();
    STACK.with(|stack| flights.extend_from_slice(&stack.borrow()));
    flights
}

/// Puts flights on this thread's stack, or takes them off.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) fn for_each(flights: &[u64], each: fn(u64)) {
    for flight in flights {
        each(*flight);
    }
}

/// What stands on `callers` asks for: they stand on the stack of whoever polls this later, as if they still asked.
/// The result, and they, unless it was there at once.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) fn on_behalf<T>(
    mut callers: Vec<u64>,
    mut asked: crate::threads::BoxedFuture<T>,
) -> impl Future<Output = (T, Vec<u64>)> + Unpin {
    let mut is_later = false;
    std::future::poll_fn(move |context| {
        let standing: &[u64] = if is_later { &callers } else { &[] };
        for_each(standing, enter);
        let polled = asked.as_mut().poll(context);
        for_each(standing, leave);
        let was_later = std::mem::replace(&mut is_later, true);
        polled.map(|result| {
            (
                result,
                if was_later {
                    std::mem::take(&mut callers)
                } else {
                    Vec::new()
                },
            )
        })
    })
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
