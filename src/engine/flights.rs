//! Calculations under way in this process: who runs them, who waits; not cores, policy or clock.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::waits::{self, Edges};
use crate::key::Key;
use crate::map::Map;
use crate::sync::{Mutex, lock};

/// Every flight of one memoized function, by key.
#[derive(Debug)]
pub(crate) struct Flights<T>(Mutex<Map<Key, Arc<Flight<T>>>>);

/// One key's calculation, with everybody who runs it or waits for it.
#[derive(Debug)]
pub(crate) struct Flight<T> {
    id: u64,
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    runners: usize,
    has_successor: bool,
    over: bool,
    waiters: Vec<(u64, Waiting<T>)>,
    next_waiter: u64,
}

#[derive(Debug)]
enum Waiting<T> {
    Still(Option<Waker>),
    Over(End<T>),
}

/// How a wait ends.
#[derive(Debug)]
pub(crate) enum End<T> {
    /// A runner's result, shared.
    Shared(Arc<T>),
    /// Nothing came, or the key was cleared: decide again.
    Retry,
}

/// What a caller becomes that wants a key calculated.
pub(crate) enum Joined<T> {
    Runner(Runner<T>),
    Follower(Arc<Flight<T>>),
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Mutex::new(Map::default()))
    }
}

impl<T> Flights<T> {
    /// Becomes the runner of a key, or a follower of the one there is.
    pub(crate) fn join(self: &Arc<Self>, key: &Key) -> Joined<T> {
        let mut flights = lock(&self.0);
        match flights.get(key) {
            Some(flight) => Joined::Follower(flight.clone()),
            None => Joined::Runner(self.start(&mut flights, key)),
        }
    }

    /// Becomes a runner of a key, beside those there are.
    pub(crate) fn run_beside(self: &Arc<Self>, key: &Key) -> Runner<T> {
        let mut flights = lock(&self.0);
        let Some(flight) = flights.get(key) else {
            return self.start(&mut flights, key);
        };
        lock(&flight.state).runners += 1;
        self.runner(key, flight.clone(), Role::Beside)
    }

    /// Becomes the one successor of a flight's late runner.
    pub(crate) fn succeed(self: &Arc<Self>, key: &Key, flight: &Arc<Flight<T>>) -> Option<Runner<T>> {
        let mut state = lock(&flight.state);
        if state.over || state.has_successor {
            return None;
        }
        state.has_successor = true;
        state.runners += 1;
        drop(state);
        Some(self.runner(key, flight.clone(), Role::Successor))
    }

    /// Whether a key is being calculated.
    pub(crate) fn contains(&self, key: &Key) -> bool {
        lock(&self.0).contains_key(key)
    }

    /// Forgets a key's flight; its waiters decide again, its runners end unheard.
    pub(crate) fn reset(&self, key: &Key) {
        let flight = lock(&self.0).remove(key);
        flight.iter().for_each(|flight| flight.dissolve());
    }

    /// Forgets every flight.
    pub(crate) fn reset_all(&self) {
        let flights = std::mem::take(&mut *lock(&self.0));
        flights.values().for_each(|flight| flight.dissolve());
    }

    fn start(self: &Arc<Self>, flights: &mut Map<Key, Arc<Flight<T>>>, key: &Key) -> Runner<T> {
        let flight = Arc::new(Flight::new());
        flights.insert(key.clone(), flight.clone());
        self.runner(key, flight, Role::Owner)
    }

    fn runner(self: &Arc<Self>, key: &Key, flight: Arc<Flight<T>>, role: Role) -> Runner<T> {
        Runner { flights: self.clone(), key: key.clone(), flight, role }
    }

    /// One runner less; the last one out closes the flight.
    fn leave(&self, key: &Key, flight: &Arc<Flight<T>>, role: Role) {
        let mut flights = lock(&self.0);
        let mut state = lock(&flight.state);
        state.runners -= 1;
        state.has_successor &= role != Role::Successor;
        state.over |= state.runners == 0;
        if state.over && flights.get(key).is_some_and(|known| Arc::ptr_eq(known, flight)) {
            flights.remove(key);
        }
    }
}

impl<T> Flight<T> {
    fn new() -> Self {
        let state = State {
            runners: 1,
            has_successor: false,
            over: false,
            waiters: Vec::new(),
            next_waiter: 0,
        };
        Self { id: waits::next_id(), state: Mutex::new(state) }
    }

    /// Waits for a runner's result; `None` if that wait could never end.
    pub(crate) fn wait(self: &Arc<Self>) -> Option<Waiter<T>> {
        let edges = waits::wait_for(self.id)?;
        let mut state = lock(&self.state);
        let id = state.next_waiter;
        state.next_waiter += 1;
        let waiting = if state.over { Waiting::Over(End::Retry) } else { Waiting::Still(None) };
        state.waiters.push((id, waiting));
        drop(state);
        Some(Waiter { flight: self.clone(), id, _edges: edges })
    }

    fn has_waiters(&self) -> bool {
        !lock(&self.state).waiters.is_empty()
    }

    fn dissolve(&self) {
        lock(&self.state).over = true;
        self.end_waits(|| End::Retry);
    }

    /// Wakers are called outside the lock: a waker may run whatever its executor likes.
    fn end_waits(&self, end: impl Fn() -> End<T>) {
        let mut state = lock(&self.state);
        let still = state.waiters.iter_mut().filter_map(|(_, waiting)| waiting.end(&end));
        let wakers: Vec<Waker> = still.collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl<T> Waiting<T> {
    fn end(&mut self, end: impl Fn() -> End<T>) -> Option<Waker> {
        let Self::Still(waker) = self else { return None };
        let waker = waker.take();
        *self = Self::Over(end());
        waker
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Owner,
    Beside,
    Successor,
}

/// The part of calculating a flight's key; dropped without a result, its waiters decide again.
#[derive(Debug)]
pub(crate) struct Runner<T> {
    flights: Arc<Flights<T>>,
    key: Key,
    flight: Arc<Flight<T>>,
    role: Role,
}

impl<T> Runner<T> {
    /// The number of this flight in the chain of who waits for whom.
    pub(crate) fn flight_id(&self) -> u64 {
        self.flight.id
    }

    /// Hands a result to whoever waits; `share` is asked only if somebody does.
    pub(crate) fn publish(self, share: impl FnOnce() -> Option<T>) {
        if !self.flight.has_waiters() {
            return;
        }
        // A result that cannot be shared leaves the waiters to decide again, as the drop does.
        let Some(shared) = share().map(Arc::new) else { return };
        self.flight.end_waits(|| End::Shared(shared.clone()));
    }
}

impl<T> Drop for Runner<T> {
    fn drop(&mut self) {
        self.flights.leave(&self.key, &self.flight, self.role);
        self.flight.end_waits(|| End::Retry);
    }
}

/// Somebody waiting for a flight; resolves when a runner has a result or none will come.
pub(crate) struct Waiter<T> {
    flight: Arc<Flight<T>>,
    id: u64,
    _edges: Edges,
}

impl<T> Waiter<T> {
    pub(crate) fn flight(&self) -> &Arc<Flight<T>> {
        &self.flight
    }
}

impl<T> Future for Waiter<T> {
    type Output = End<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<End<T>> {
        let mut state = lock(&self.flight.state);
        let own = state.waiters.iter().position(|(id, _)| *id == self.id);
        let Some(index) = own else { return Poll::Ready(End::Retry) };
        if let Waiting::Still(waker) = &mut state.waiters[index].1 {
            *waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        match state.waiters.swap_remove(index).1 {
            Waiting::Over(end) => Poll::Ready(end),
            Waiting::Still(_) => Poll::Pending,
        }
    }
}

impl<T> Drop for Waiter<T> {
    fn drop(&mut self) {
        lock(&self.flight.state).waiters.retain(|(id, _)| *id != self.id);
    }
}
