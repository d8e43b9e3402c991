//! Which part of a returned value is kept, by the type it has; not whether it is fresh.

use std::convert::Infallible;
use std::fmt;

use crate::threads::{MaybeSend, MaybeSync};

/// Which part of a returned `R` is kept, and how a failure reaches callers that waited for it.
///
/// Chosen at the builder: everything ([`KeepAll`]), only `Ok` ([`KeepOk`], [`KeepOkUnshared`]), or an
/// `Option` whose `None` follows `allow_none` ([`KeepSome`]).
#[diagnostic::on_unimplemented(
    message = "`{R}` cannot be kept by `{Self}`",
    label = "this function's result cannot be kept",
    note = "a kept value is `Clone + Send + Sync + 'static`; put one that is not `Clone` in an `Arc`",
    note = "`cache_ok()` asks for a `Result` with a `Clone` error (`cache_ok_unshared()` for any error), \
            `cache_some()` for an `Option`; so do `cache = ok` and `cache = some`"
)]
///
/// # Example
///
/// ```
/// use cachier::{Keep, KeepOk};
/// let kept: Result<u8, String> = KeepOk::split(Ok(7));
/// assert_eq!(kept, Ok(7));
/// ```
pub trait Keep<R>: 'static {
    /// What is stored.
    type Value: Clone + MaybeSend + MaybeSync + 'static;
    /// What is returned to its caller and never stored.
    type Failure;
    /// A failure as those receive it who waited for the call that failed.
    type Shared: Clone + MaybeSend + MaybeSync + 'static;

    /// Parts what is stored from what is not.
    ///
    /// # Errors
    ///
    /// The failure, where that is what was returned.
    fn split(returned: R) -> Result<Self::Value, Self::Failure>;

    /// The returned value again.
    fn join(result: Result<Self::Value, Self::Failure>) -> R;

    /// Whether a stored value is none, and served only where `allow_none` holds.
    fn is_none(_value: &Self::Value) -> bool {
        false
    }

    /// The failure for those who waited; `None` if each must find out alone.
    fn share(failure: &Self::Failure) -> Option<Self::Shared>;

    /// A shared failure as one of them returns it.
    fn unshare(shared: Self::Shared) -> Self::Failure;
}

/// Everything a function returns is kept.
///
/// # Example
///
/// ```
/// use cachier::{Keep, KeepAll};
/// assert_eq!(KeepAll::join(KeepAll::split(7)), 7);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct KeepAll;

/// Only `Ok` is kept; an `Err` is returned to its caller and to those who waited for it.
///
/// # Example
///
/// ```
/// use cachier::{Keep, KeepOk};
/// let shared = <KeepOk as Keep<Result<u8, String>>>::share(&"down".to_owned());
/// assert_eq!(shared.as_deref(), Some("down"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct KeepOk;

/// Only `Ok` is kept; of those who waited for an `Err`, one after another tries for itself.
///
/// # Example
///
/// ```
/// use cachier::{Keep, KeepOkUnshared};
/// let shared = <KeepOkUnshared as Keep<Result<u8, String>>>::share(&"down".to_owned());
/// assert!(shared.is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct KeepOkUnshared;

/// An `Option` is kept, and a stored `None` is served only where `allow_none` holds.
///
/// # Example
///
/// ```
/// use cachier::{Keep, KeepSome};
/// assert!(<KeepSome as Keep<Option<u8>>>::is_none(&None));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct KeepSome;

#[diagnostic::do_not_recommend]
impl<R: Clone + MaybeSend + MaybeSync + 'static> Keep<R> for KeepAll {
    type Value = R;
    type Failure = Infallible;
    type Shared = Infallible;

    fn split(returned: R) -> Result<R, Infallible> {
        Ok(returned)
    }

    fn join(result: Result<R, Infallible>) -> R {
        result.unwrap_or_else(|never| match never {})
    }

    fn share(failure: &Infallible) -> Option<Infallible> {
        Some(*failure)
    }

    fn unshare(shared: Infallible) -> Infallible {
        shared
    }
}

#[diagnostic::do_not_recommend]
impl<T, E> Keep<Result<T, E>> for KeepOk
where
    T: Clone + MaybeSend + MaybeSync + 'static,
    E: Clone + MaybeSend + MaybeSync + 'static,
{
    type Value = T;
    type Failure = E;
    type Shared = E;

    fn split(returned: Result<T, E>) -> Result<T, E> {
        returned
    }

    fn join(result: Result<T, E>) -> Result<T, E> {
        result
    }

    fn share(failure: &E) -> Option<E> {
        Some(failure.clone())
    }

    fn unshare(shared: E) -> E {
        shared
    }
}

/// What [`KeepOkUnshared`] shares: nothing, so it cannot be made.
#[derive(Clone, Copy)]
pub struct Nothing(Infallible);

impl fmt::Debug for Nothing {
    fn fmt(&self, _formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone + MaybeSend + MaybeSync + 'static, E> Keep<Result<T, E>> for KeepOkUnshared {
    type Value = T;
    type Failure = E;
    type Shared = Nothing;

    fn split(returned: Result<T, E>) -> Result<T, E> {
        returned
    }

    fn join(result: Result<T, E>) -> Result<T, E> {
        result
    }

    fn share(_failure: &E) -> Option<Nothing> {
        None
    }

    fn unshare(shared: Nothing) -> E {
        match shared.0 {}
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone + MaybeSend + MaybeSync + 'static> Keep<Option<T>> for KeepSome {
    type Value = Option<T>;
    type Failure = Infallible;
    type Shared = Infallible;

    fn split(returned: Option<T>) -> Result<Option<T>, Infallible> {
        Ok(returned)
    }

    fn join(result: Result<Option<T>, Infallible>) -> Option<T> {
        result.unwrap_or_else(|never| match never {})
    }

    fn is_none(value: &Option<T>) -> bool {
        value.is_none()
    }

    fn share(failure: &Infallible) -> Option<Infallible> {
        Some(*failure)
    }

    fn unshare(shared: Infallible) -> Infallible {
        shared
    }
}
