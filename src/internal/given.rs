//! The arguments of an attribute's function, borrowed for a call or owned for a refresh; not what is kept.

use std::borrow::Borrow;
use std::future::{Ready, ready};

use serde::Serialize;

use crate::error::Error;
use crate::key::Key;
use crate::memoize::given::{Background, Given, Later, Unbound};
use crate::policy::Policy;
use crate::threads::MaybeSend;

/// The call of a function whose arguments may be borrowed.
pub trait Borrowing<R>: Given<R> {
    /// The policy of such a call, where it cannot follow the given one.
    fn admit(policy: Policy) -> Policy;
}

// Pointers to functions rather than closures: the compiler forgets the lifetimes of arguments when it asks
// whether a future can be sent, and holds closures, but not pointers, to them.

/// Arguments as they came, their key, and the call.
pub struct Now<A, T> {
    arguments: A,
    key: fn(&A) -> Result<Key, Error>,
    run: fn(A) -> T,
}

/// The same, and how to go on without the caller, in a place for such calls.
pub struct Renewable<A, T, O, R, P: Place>
where
    R: 'static,
{
    now: Now<A, T>,
    own: fn(A) -> O,
    later: Stored<O, R, P>,
}

/// How owned arguments are keyed and called with.
struct Stored<O, R: 'static, P: Place> {
    key: fn(&O) -> Result<Key, Error>,
    run: fn(O) -> P::Running<R>,
}

/// Arguments that are owned, their key, and the call.
pub struct Owned<O, R: 'static, P: Place> {
    arguments: O,
    stored: Stored<O, R, P>,
}

/// A call that is never made later.
pub enum Never {}

/// Where refreshes run.
pub trait Place: 'static {
    /// A function at work there.
    type Running<R: 'static>: Background<R>;
}

/// On threads of the library's own.
pub struct OnThreads;

/// On the caller's runtime, if it has one.
pub struct OnRuntime;

impl Place for OnThreads {
    type Running<R: 'static> = Ready<R>;
}

impl Place for OnRuntime {
    type Running<R: 'static> = Unbound<R>;
}

/// One call.
#[inline]
pub fn given<A, T>(arguments: A, key: fn(&A) -> Result<Key, Error>, run: fn(A) -> T) -> Now<A, T> {
    Now {
        arguments,
        key,
        run,
    }
}

/// One call that may be followed by a refresh.
#[inline]
pub fn renewable<A, R: 'static, O>(
    now: Now<A, Ready<R>>,
    own: fn(A) -> O,
    key: fn(&O) -> Result<Key, Error>,
    run: fn(O) -> Ready<R>,
) -> Renewable<A, Ready<R>, O, R, OnThreads> {
    let later = Stored { key, run };
    Renewable { now, own, later }
}

/// One call of an async function that may be followed by a refresh.
#[inline]
pub fn renewable_async<A, T, R: 'static, O>(
    now: Now<A, T>,
    own: fn(A) -> O,
    key: fn(&O) -> Result<Key, Error>,
    run: fn(O) -> Unbound<R>,
) -> Renewable<A, T, O, R, OnRuntime> {
    let later = Stored { key, run };
    Renewable { now, own, later }
}

impl<R: 'static, A, T: Future<Output = R>> Given<R> for Now<A, T> {
    type Running = T;
    type Later = Never;

    #[inline(always)]
    fn key(&self) -> Result<Key, Error> {
        (self.key)(&self.arguments)
    }

    #[inline]
    fn run(self) -> T {
        (self.run)(self.arguments)
    }

    fn keep(self) -> Option<Never> {
        None
    }
}

impl<R: 'static, A, T: Future<Output = R>> Borrowing<R> for Now<A, T> {
    #[inline]
    fn admit(policy: Policy) -> Policy {
        policy.without_next_time()
    }
}

impl<R, A, T, O, P> Given<R> for Renewable<A, T, O, R, P>
where
    R: 'static,
    T: Future<Output = R>,
    O: MaybeSend + 'static,
    P: Place,
{
    type Running = T;
    type Later = Owned<O, R, P>;

    #[inline]
    fn key(&self) -> Result<Key, Error> {
        self.now.key()
    }

    #[inline]
    fn run(self) -> T {
        self.now.run()
    }

    fn keep(self) -> Option<Self::Later> {
        let Self { now, own, later } = self;
        let arguments = own(now.arguments);
        let stored = later;
        Some(Owned { arguments, stored })
    }
}

impl<R, A, T, O, P> Borrowing<R> for Renewable<A, T, O, R, P>
where
    Self: Given<R>,
    P: Place,
{
    #[inline]
    fn admit(policy: Policy) -> Policy {
        policy
    }
}

impl<R: 'static, O: MaybeSend + 'static, P: Place> Later<R> for Owned<O, R, P> {
    type Running = P::Running<R>;

    fn key(&self) -> Result<Key, Error> {
        (self.stored.key)(&self.arguments)
    }

    fn run(self) -> P::Running<R> {
        (self.stored.run)(self.arguments)
    }
}

impl<R: 'static> Later<R> for Never {
    type Running = Ready<R>;

    fn key(&self) -> Result<Key, Error> {
        match *self {}
    }

    fn run(self) -> Ready<R> {
        match self {}
    }
}

/// What can be part of a key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a key: it is not `Serialize`",
    label = "the arguments of a memoized function tell its entries apart",
    note = "derive `serde::Serialize` for it, leave it out with `ignore(..)`, or give a `key = |..| ..`"
)]
pub trait Part: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> Part for T {}

/// A part of a key.
#[inline]
pub fn part<T: Part + ?Sized>(part: &T) -> &T {
    part
}

/// What stands behind a reference and can be owned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept for a refresh: it is not `ToOwned`",
    label = "`next_time` calls the function again when its caller is gone, with arguments it owns",
    note = "derive `Clone` for `{Self}`, take the argument as an `Arc`, or leave out `next_time`"
)]
pub trait Own {
    /// The same, owned.
    type Owned: Borrow<Self> + MaybeSend + 'static;

    /// Makes an owned one.
    fn own(&self) -> Self::Owned;
}

#[diagnostic::do_not_recommend]
impl<T: ToOwned<Owned: MaybeSend + 'static> + ?Sized> Own for T {
    type Owned = T::Owned;

    fn own(&self) -> T::Owned {
        self.to_owned()
    }
}

/// What stands behind a reference, to be kept.
pub fn own<T: Own + ?Sized>(argument: &T) -> T::Owned {
    argument.own()
}

/// What was kept, as the function takes it.
pub fn lend<T: Own + ?Sized>(owned: &T::Owned) -> &T {
    owned.borrow()
}

/// A name with the type parameters it is used with.
pub fn named(name: impl Into<String>, parameters: &str) -> String {
    [&name.into(), parameters].concat()
}

/// What a scope may be: text, or a function that gives some.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no scope",
    note = "give text, or a function of no arguments that returns text"
)]
pub trait Scope {
    /// The text as it is now.
    fn now(self) -> String;
}

impl Scope for &str {
    fn now(self) -> String {
        self.to_owned()
    }
}

impl Scope for String {
    fn now(self) -> String {
        self
    }
}

impl<F: FnOnce() -> S, S: Scope> Scope for F {
    fn now(self) -> String {
        self().now()
    }
}

/// The text of a scope.
pub fn scope(scope: impl Scope) -> String {
    scope.now()
}

/// A result that is there at once.
#[inline]
pub fn at_once<R>(result: R) -> Ready<R> {
    ready(result)
}
