//! The one opaque error of the crate, with `is_…()` predicates; knows no other module.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Everything that can go wrong in this crate, as one opaque and cheaply cloned value.
///
/// Ask what it is with the `is_…()` predicates; its [`Display`](fmt::Display) text says what to do.
///
/// # Example
///
/// ```
/// let error = cachier::Options::new().stale_after("3 dayz").unwrap_err();
/// assert!(error.is_invalid_option());
/// assert!(error.to_string().contains("stale_after"));
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    OptionType,
    OptionRange,
    Argument,
    Storage,
    Damaged,
}

impl Error {
    /// An option, or a part of it, of the wrong type or with an unknown name.
    pub(crate) fn option_type(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::OptionType, message)
    }

    /// An option of the right type whose value is not possible.
    pub(crate) fn option_range(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::OptionRange, message)
    }

    /// An argument of the memoized function that cannot become part of a key.
    pub(crate) fn argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Argument, message)
    }

    /// A store that could not be read or written.
    ///
    /// Public for those who write a [`Core`](crate::core::Core) of their own.
    ///
    /// # Example
    ///
    /// ```
    /// let error = cachier::Error::storage("the disk is full");
    /// assert!(error.is_storage());
    /// ```
    pub fn storage(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Storage, message)
    }

    /// A stored entry that is not what was written: a bad checksum, an undecodable value.
    ///
    /// # Example
    ///
    /// ```
    /// let error = cachier::Error::damaged("checksum of entry 7 is wrong");
    /// assert!(error.is_damaged());
    /// ```
    pub fn damaged(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Damaged, message)
    }

    fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner { kind, message: message.into() }))
    }

    /// What [`Display`](fmt::Display) shows, without the standard library's formatting.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether an option was refused: unknown, of the wrong type, unparsable or out of range.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Options::new().stale_after("soon").is_err_and(|error| error.is_invalid_option()));
    /// ```
    pub fn is_invalid_option(&self) -> bool {
        matches!(self.0.kind, Kind::OptionType | Kind::OptionRange)
    }

    /// Whether an option had the right type but an impossible value (`RangeError` in JavaScript).
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Options::new().max_entries(0).is_err_and(|error| error.is_out_of_range()));
    /// ```
    pub fn is_out_of_range(&self) -> bool {
        self.0.kind == Kind::OptionRange
    }

    /// Whether an argument could not be made part of a key.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(!cachier::Error::storage("the disk is full").is_argument());
    /// ```
    pub fn is_argument(&self) -> bool {
        self.0.kind == Kind::Argument
    }

    /// Whether a store could not be read or written.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Error::storage("the disk is full").is_storage());
    /// ```
    pub fn is_storage(&self) -> bool {
        self.0.kind == Kind::Storage
    }

    /// Whether something stored turned out to be damaged.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Error::damaged("bad checksum").is_damaged());
    /// ```
    pub fn is_damaged(&self) -> bool {
        self.0.kind == Kind::Damaged
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Error").field(&self.0.kind).field(&self.0.message).finish()
    }
}

impl std::error::Error for Error {}
