//! Calculations under way in this process: who runs them, who waits; not cores, policy or clock.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::waits::{self, Edges};
use crate::key::Key;
use crate::map::Map;
use crate::sync::{Count, Mutex, lock};

/// Every flight of one memoized function, by key.
#[derive(Debug)]
pub(crate) struct Flights<T> {
    places: Mutex<Map<Place<T>>>,
    /// How many places there are, for who stores a value that nobody calculates.
    count: Count,
}

/// The flight of one key, and how many still run whose flight was forgotten: they may hold a claim.
#[derive(Debug)]
struct Place<T> {
    flight: Option<Arc<Flight<T>>>,
    strays: usize,
}

/// One key's calculation, with everybody who runs it or waits for it.
#[derive(Debug)]
pub(crate) struct Flight<T> {
    id: u64,
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    runners: usize,
    /// Whether there has been a runner beside the owner, who may have claimed first.
    /// How many became runners beside the first, those aside who stood back.
    company: usize,
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
        Self {
            places: Mutex::new(Map::default()),
            count: Count::default(),
        }
    }
}

impl<T> Flights<T> {
    /// Becomes the runner of a key, or a follower of the one there is.
    pub(crate) fn join(self: &Arc<Self>, key: &Key) -> Joined<T> {
        let mut places = lock(&self.places);
        match flight_in(&places, key) {
            Some(flight) => Joined::Follower(flight.clone()),
            None => Joined::Runner(self.start(&mut places, key)),
        }
    }

    /// Becomes a runner of a key, beside those there are.
    pub(crate) fn run_beside(self: &Arc<Self>, key: &Key) -> Runner<T> {
        let mut places = lock(&self.places);
        let Some(flight) = flight_in(&places, key) else {
            return self.start(&mut places, key);
        };
        lock(&flight.state).add_runner();
        self.runner(key, flight.clone(), Role::Beside)
    }

    /// Becomes the one successor of a flight's late runner.
    pub(crate) fn succeed(
        self: &Arc<Self>,
        key: &Key,
        flight: &Arc<Flight<T>>,
    ) -> Option<Runner<T>> {
        let mut state = lock(&flight.state);
        if state.over || state.has_successor {
            return None;
        }
        state.has_successor = true;
        state.add_runner();
        drop(state);
        Some(self.runner(key, flight.clone(), Role::Successor))
    }

    /// Whether a key is being calculated.
    pub(crate) fn contains(&self, key: &Key) -> bool {
        flight_in(&lock(&self.places), key).is_some()
    }

    /// Forgets a key's flight; its waiters decide again, its runners end unheard.
    pub(crate) fn reset(&self, key: &Key) {
        if self.count.is_zero() {
            return;
        }
        let flight = lock(&self.places)
            .get_mut(key)
            .and_then(Place::forget_flight);
        if let Some(flight) = flight {
            flight.end_waits(None);
        }
    }

    /// Forgets every flight.
    pub(crate) fn reset_all(&self) {
        let mut flights = Vec::new();
        for place in lock(&self.places).values_mut() {
            if let Some(flight) = place.forget_flight() {
                flights.push(flight);
            }
        }
        for flight in &flights {
            flight.end_waits(None);
        }
    }

    fn start(self: &Arc<Self>, places: &mut Map<Place<T>>, key: &Key) -> Runner<T> {
        let flight = Arc::new(Flight::new());
        let place = places.or_insert(
            key,
            Place {
                flight: None,
                strays: 0,
            },
        );
        place.flight = Some(flight.clone());
        let amid_strays = place.strays > 0;
        self.count.set(places.len());
        self.runner(key, flight, Role::Owner { amid_strays })
    }

    fn runner(self: &Arc<Self>, key: &Key, flight: Arc<Flight<T>>, role: Role) -> Runner<T> {
        Runner {
            flights: self.clone(),
            key: key.clone(),
            flight,
            role,
            stood_back: false,
        }
    }

    /// One runner less; the last one out closes the flight. Whether somebody waits who is to decide again.
    fn leave(&self, runner: &Runner<T>) -> bool {
        let Runner { key, flight, .. } = runner;
        let mut places = lock(&self.places);
        let mut state = lock(&flight.state);
        let was_over = state.over;
        let is_over = was_over || state.remove_runner(runner.role);
        // Who comes later finds it over, or waits for those who still run.
        let ends_waits = !state.waiters.is_empty() && (is_over || !runner.stood_back);
        drop(state);
        let Some(place) = places.get_mut(key) else {
            return ends_waits;
        };
        if was_over {
            place.strays -= 1;
        } else if is_over {
            place.flight = None;
        }
        if place.flight.is_none() && place.strays == 0 {
            places.remove(key);
            self.count.set(places.len());
        }
        ends_waits
    }
}

fn flight_in<'a, T>(places: &'a Map<Place<T>>, key: &Key) -> Option<&'a Arc<Flight<T>>> {
    places.get(key)?.flight.as_ref()
}

impl<T> Place<T> {
    fn forget_flight(&mut self) -> Option<Arc<Flight<T>>> {
        let flight = self.flight.take()?;
        let mut state = lock(&flight.state);
        state.over = true;
        self.strays += state.runners;
        drop(state);
        Some(flight)
    }
}

impl<T> State<T> {
    fn place_of(&self, waiter: u64) -> Option<usize> {
        self.waiters.iter().position(|(id, _)| *id == waiter)
    }

    fn add_runner(&mut self) {
        self.runners += 1;
        self.company += 1;
    }

    /// Whether that was the last one.
    fn remove_runner(&mut self, role: Role) -> bool {
        self.runners -= 1;
        self.has_successor &= role != Role::Successor;
        self.over = self.runners == 0;
        self.over
    }
}

impl<T> Flight<T> {
    fn new() -> Self {
        let state = State {
            runners: 1,
            company: 0,
            has_successor: false,
            over: false,
            waiters: Vec::new(),
            next_waiter: 0,
        };
        Self {
            id: waits::next_id(),
            state: Mutex::new(state),
        }
    }

    /// Waits for a runner's result; `None` if that wait could never end.
    pub(crate) fn wait(self: &Arc<Self>) -> Option<Waiter<T>> {
        let edges = waits::wait_for(self.id)?;
        let mut state = lock(&self.state);
        let id = state.next_waiter;
        state.next_waiter += 1;
        let waiting = if state.over {
            Waiting::Over(End::Retry)
        } else {
            Waiting::Still(None)
        };
        state.waiters.push((id, waiting));
        drop(state);
        Some(Waiter {
            flight: self.clone(),
            id,
            _edges: edges,
        })
    }

    fn has_waiters(&self) -> bool {
        !lock(&self.state).waiters.is_empty()
    }

    /// Wakers are called outside the lock: a waker may run whatever its executor likes.
    fn end_waits(&self, result: Option<&Arc<T>>) {
        let mut wakers = Vec::new();
        let mut state = lock(&self.state);
        for (_, waiting) in &mut state.waiters {
            if let Some(waker) = waiting.end(result) {
                wakers.push(waker);
            }
        }
        drop(state);
        for waker in &wakers {
            waker.wake_by_ref();
        }
    }
}

impl<T> Waiting<T> {
    fn end(&mut self, result: Option<&Arc<T>>) -> Option<Waker> {
        let Self::Still(waker) = self else {
            return None;
        };
        let waker = waker.take();
        *self = Self::Over(match result {
            Some(result) => End::Shared(result.clone()),
            None => End::Retry,
        });
        waker
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Owner { amid_strays: bool },
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
    stood_back: bool,
}

impl<T> Runner<T> {
    /// The number of this flight in the chain of who waits for whom.
    pub(crate) fn flight_id(&self) -> u64 {
        self.flight.id
    }

    /// Whether somebody else of this process may have claimed the key since this flight began.
    pub(crate) fn may_be_late(&self) -> bool {
        let state = lock(&self.flight.state);
        state.over || state.company > 0
    }

    /// Becomes the one successor of whoever is late elsewhere; `false` if a follower has become it.
    pub(crate) fn turn_successor(&mut self) -> bool {
        let mut state = lock(&self.flight.state);
        if state.has_successor {
            return self.role == Role::Successor;
        }
        state.has_successor = true;
        self.role = Role::Successor;
        true
    }

    /// Whether somebody of a forgotten flight, whom nobody hears any more, may hold the claim.
    pub(crate) fn is_amid_strays(&self) -> bool {
        self.role == Role::Owner { amid_strays: true }
    }

    /// Leaves without a claim, and lets those who wait do so as long as somebody runs here.
    pub(crate) fn stand_back(mut self) {
        self.stood_back = true;
        lock(&self.flight.state).company -= 1;
    }

    /// Hands a result to whoever waits; `share` is asked only if somebody does.
    pub(crate) fn publish(self, share: impl FnOnce() -> Option<T>) {
        if !self.flight.has_waiters() {
            return;
        }
        // A result that cannot be shared leaves the waiters to decide again, as the drop does.
        let Some(shared) = share().map(Arc::new) else {
            return;
        };
        self.flight.end_waits(Some(&shared));
    }
}

impl<T> Drop for Runner<T> {
    fn drop(&mut self) {
        if self.flights.leave(self) {
            self.flight.end_waits(None);
        }
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
        let Some(index) = state.place_of(self.id) else {
            return Poll::Ready(End::Retry);
        };
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
        let mut state = lock(&self.flight.state);
        if let Some(index) = state.place_of(self.id) {
            state.waiters.swap_remove(index);
        }
    }
}
