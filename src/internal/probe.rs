//! What of a result is kept, decided by its type: the first of four traits that fits, by autoref.

use std::marker::PhantomData;

use super::Kept;
use crate::memoize::{KeepAll, KeepOk, KeepOkUnshared, KeepSome};
use crate::threads::{MaybeSend, MaybeSync};

/// A result's type; `(&&&probe::<R>()).kept()` tells what of it is kept.
pub struct Probe<R>(PhantomData<fn() -> R>);

/// Asks about a result's type.
pub const fn probe<R>() -> Probe<R> {
    Probe(PhantomData)
}

/// A `Result` whose error can be given to everybody who waited.
pub trait Shared<R> {
    /// Only `Ok` is kept.
    fn kept(&self) -> Kept<R, KeepOk> {
        Kept::told()
    }
}

/// Any other `Result`.
pub trait Unshared<R> {
    /// Only `Ok` is kept.
    fn kept(&self) -> Kept<R, KeepOkUnshared> {
        Kept::told()
    }
}

/// An `Option`.
pub trait Optional<R> {
    /// `None` follows `allow_none`.
    fn kept(&self) -> Kept<R, KeepSome> {
        Kept::told()
    }
}

/// Any other result.
pub trait Whole<R> {
    /// All of it is kept.
    fn kept(&self) -> Kept<R, KeepAll> {
        Kept::told()
    }
}

impl<T, E> Shared<Result<T, E>> for &&Probe<Result<T, E>> where
    E: Clone + MaybeSend + MaybeSync + 'static
{
}

impl<T, E> Unshared<Result<T, E>> for &Probe<Result<T, E>> {}

impl<T> Optional<Option<T>> for &Probe<Option<T>> {}

impl<R> Whole<R> for Probe<R> {}

/// The traits, without names that could stand for something else where they are used.
pub mod kinds {
    pub use super::{Optional as _, Shared as _, Unshared as _, Whole as _};
}

/// What is kept where it was said to be only `Ok`.
#[diagnostic::on_unimplemented(
    message = "`cache = ok` asks for a function that returns a `Result`",
    note = "use `cache = some` for an `Option`, `cache = all` for anything else"
)]
pub trait OnlyOk {}

impl OnlyOk for KeepOk {}

impl OnlyOk for KeepOkUnshared {}

/// Insists on a `Result`.
pub const fn only_ok<R, K: OnlyOk>(kept: Kept<R, K>) -> Kept<R, K> {
    kept
}
