//! What one call brings: arguments, their key, what is called with them, now or later; not what is kept.

use std::future::Ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::keep::Keep;
use super::parts::Refresh;
use crate::clock;
use crate::core::Core;
use crate::error::Error;
use crate::key::{Arguments, Key};
use crate::threads::{BoxedFill, BoxedFunction, BoxedFuture, MaybeSend};

/// The arguments of one call, and the function they are for.
pub trait Given<R>: Sized {
    /// The function at work.
    type Running: Future<Output = R>;
    /// The same, to be run when the caller is gone.
    type Later: Later<R>;

    /// The key of the arguments, whatever the scope.
    fn key(&self) -> Result<Key, Error>;

    /// Calls the function.
    fn run(self) -> Self::Running;

    /// Makes the call independent of its caller.
    fn keep(self) -> Option<Self::Later>;
}

/// A call that depends on no caller.
pub trait Later<R>: MaybeSend + 'static {
    /// The function at work.
    type Running: Background<R>;

    /// The key of the arguments, whatever the scope.
    fn key(&self) -> Result<Key, Error>;

    /// Calls the function.
    fn run(self) -> Self::Running;
}

/// Where a function runs that nobody waits for.
pub trait Background<R>: Future<Output = R> + Sized {
    /// Starts a refresh there.
    fn start<K: Keep<R>, C: Core<K::Value>, L: Later<R, Running = Self>>(
        refresh: Refresh<R, K, C>,
        later: L,
    );
}

impl<R: 'static> Background<R> for Ready<R> {
    fn start<K: Keep<R>, C: Core<K::Value>, L: Later<R, Running = Self>>(
        refresh: Refresh<R, K, C>,
        later: L,
    ) {
        clock::spawn(move || refresh.run(later));
    }
}

/// A future that waits for nothing of its caller's.
///
/// A type of its own: in a future that is to cross threads the compiler forgets that what is boxed is `'static`.
pub struct Unbound<R>(BoxedFuture<R>);

impl<R> Unbound<R> {
    /// Puts a future in a box.
    pub fn new(future: impl Future<Output = R> + MaybeSend + 'static) -> Self {
        Self(Box::pin(future))
    }
}

impl<R> Future for Unbound<R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        self.0.as_mut().poll(context)
    }
}

impl<R: 'static> Background<R> for Unbound<R> {
    fn start<K: Keep<R>, C: Core<K::Value>, L: Later<R, Running = Self>>(
        refresh: Refresh<R, K, C>,
        later: L,
    ) {
        clock::spawn_future(refresh.run(later));
    }
}

/// A function whose type is forgotten, and how its arguments are keyed.
pub(super) struct Body<A, O> {
    pub(super) function: BoxedFunction<A, O>,
    pub(super) key: BoxedFill<A, Arguments, Result<(), Error>>,
}

impl<A, O> Body<A, O> {
    pub(super) fn key_of(&self, arguments: &A) -> Result<Key, Error> {
        let mut place = Arguments::new();
        (self.key)(arguments, &mut place)?;
        Ok(place.take())
    }
}

/// Owned arguments for a [`Body`]; `settle` makes a future of what the function gives.
pub(super) struct Asked<'a, A, O, F> {
    pub(super) body: &'a Arc<Body<A, O>>,
    pub(super) arguments: A,
    pub(super) settle: fn(O) -> F,
}

/// The same, with a share of the body.
pub(super) struct Kept<A, O, F> {
    body: Arc<Body<A, O>>,
    arguments: A,
    settle: fn(O) -> F,
}

impl<A, O, R, F> Given<R> for Asked<'_, A, O, F>
where
    A: MaybeSend + 'static,
    O: 'static,
    F: Background<R> + 'static,
{
    type Running = F;
    type Later = Kept<A, O, F>;

    #[inline]
    fn key(&self) -> Result<Key, Error> {
        self.body.key_of(&self.arguments)
    }

    fn run(self) -> F {
        (self.settle)((self.body.function)(self.arguments))
    }

    fn keep(self) -> Option<Self::Later> {
        let Self {
            body,
            arguments,
            settle,
        } = self;
        let body = body.clone();
        Some(Kept {
            body,
            arguments,
            settle,
        })
    }
}

impl<A, O, R, F> Later<R> for Kept<A, O, F>
where
    A: MaybeSend + 'static,
    O: 'static,
    F: Background<R> + 'static,
{
    type Running = F;

    fn key(&self) -> Result<Key, Error> {
        self.body.key_of(&self.arguments)
    }

    fn run(self) -> F {
        (self.settle)((self.body.function)(self.arguments))
    }
}
