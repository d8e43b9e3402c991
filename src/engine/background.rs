//! How many refreshes and clean-ups are under way, and waiting for none; not what they do.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::sync::{Mutex, lock};

/// Counts background work.
#[derive(Clone, Debug, Default)]
pub(crate) struct Background(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    busy: usize,
    wakers: Vec<Waker>,
}

impl Background {
    /// Counts one more piece of work, until the result is dropped.
    pub(crate) fn busy(&self) -> Busy {
        lock(&self.0).busy += 1;
        Busy(self.clone())
    }

    /// Resolves once no work is under way.
    pub(crate) async fn drained(&self) {
        std::future::poll_fn(|context| self.poll_drained(context)).await;
    }

    pub(crate) fn poll_drained(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.busy == 0 {
            return Poll::Ready(());
        }
        state.wakers.push(context.waker().clone());
        Poll::Pending
    }

    fn end(&self) -> Vec<Waker> {
        let mut state = lock(&self.0);
        state.busy -= 1;
        if state.busy > 0 {
            return Vec::new();
        }
        std::mem::take(&mut state.wakers)
    }
}

/// One piece of background work.
pub(crate) struct Busy(Background);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.end().iter().for_each(Waker::wake_by_ref);
    }
}
