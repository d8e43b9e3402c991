//! Options of stores that outlive the program: where, how safe, what trouble with them costs; reads and writes nothing.

#[cfg_attr(target_arch = "wasm32", path = "storage/web.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "storage/native.rs")]
mod given;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::nearest::Nearest;
use super::options::{Options, checked};
use super::quantity::{IntoSize, Limit, Refusal};
use crate::Error;
use crate::text::joined;

pub(crate) use given::Storage;

/// What a front holds at most unless told otherwise, in bytes.
pub(crate) const USUAL_FRONT: u64 = 64 << 20;

/// How much of a browser's store is read into the front at once unless told otherwise, in bytes.
#[cfg(target_arch = "wasm32")]
const USUAL_PRELOAD: u64 = 4 << 20;

/// Where a browser keeps entries beyond the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(any(
        all(test, not(target_arch = "wasm32")),
        all(feature = "js", target_arch = "wasm32")
    )),
    expect(dead_code, reason = "only JavaScript names a store by a word")
)]
pub(crate) enum BrowserStore {
    IndexedDb,
    LocalStorage,
}

/// What trouble with a store costs: a store that cannot be read or written, a full disk, no permission.
///
/// # Example
///
/// ```
/// use cachier::OnError;
/// assert_eq!("fail".parse::<OnError>()?, OnError::Fail);
/// assert!("fails".parse::<OnError>().unwrap_err().to_string().contains("did you mean \"fail\""));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Nothing but one report: the function runs and its result is returned. The default.
    #[default]
    Serve,
    /// The call: it returns the error or, where it cannot, panics with it. A damaged entry is still a
    /// miss, for the next store heals it.
    Fail,
}

impl FromStr for OnError {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "serve" => Ok(Self::Serve),
            "fail" => Ok(Self::Fail),
            _ => Err(unknown_word(text)),
        }
    }
}

fn unknown_word(text: &str) -> Error {
    let mut nearest = Nearest::to(text);
    for name in ["serve", "fail"] {
        nearest.consider(name);
    }
    let advice = match nearest.found() {
        Some(meant) => joined!("did you mean \"", meant, "\"?"),
        None => "give \"serve\" or \"fail\"".to_owned(),
    };
    Error::option_range(joined!("on_error: \"", text, "\" is unknown; ", &advice))
}

/// What the options `front` and `preload` take: a `bool`, or an [`IntoSize`](crate::IntoSize) that bounds it.
///
/// # Example
///
/// ```
/// use cachier::Options;
/// assert!(Options::new().front(false).is_ok());
/// assert!(Options::new().front("16 MiB").is_ok());
/// assert!(Options::new().front("16 MiBs").is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a `bool` nor a size",
    note = "give `true`, `false`, text such as \"64 MiB\", or a whole number of bytes"
)]
pub trait IntoFront {
    #[doc(hidden)]
    fn into_front(self) -> Result<Limit, Refusal>;
}

impl IntoFront for bool {
    fn into_front(self) -> Result<Limit, Refusal> {
        Ok(Limit::of_switch(self))
    }
}

macro_rules! sizes {
    ($($size:ty)*) => {
        $(
            impl IntoFront for $size {
                fn into_front(self) -> Result<Limit, Refusal> {
                    self.into_size()
                }
            }
        )*
    };
}

sizes!(&str String i32 i64 u32 u64 usize);

/// One of these options, with what it was given.
#[expect(dead_code, reason = "a page has no files, and files need no page")]
pub(crate) enum Given {
    /// In place of memory.
    InBrowser(BrowserStore),
    CacheDir(PathBuf),
    SeparateFiles(bool),
    Sync(bool),
    Front(Limit),
    Preload(Limit),
    Coherent(bool),
    OnError(OnError),
    StoreArgs(bool),
}

/// Options of stores that outlive the program.
impl Options {
    /// The directory under which each function has one of its own: `$XDG_CACHE_HOME/cachier`, else the
    /// platform's directory for caches, unless set. Only for files.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().cache_dir("/var/cache/reports");
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn cache_dir(self, directory: impl Into<PathBuf>) -> Self {
        self.stored(Given::CacheDir(directory.into()))
    }

    /// Whether each entry is a file of its own, rather than only large ones: no, unless set. Only for files.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().separate_files(true);
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn separate_files(self, separate: bool) -> Self {
        self.stored(Given::SeparateFiles(separate))
    }

    /// Whether a call returns only once what it stored would survive a power cut: no, unless set. A killed
    /// process loses nothing either way. Only for files.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().sync(true);
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn sync(self, sync: bool) -> Self {
        self.stored(Given::Sync(sync))
    }

    /// How much of a persistent store is also held in memory, by the size it has there: 64 MiB, unless set;
    /// `false` or 0: nothing. A change by another process is noticed at the next call all the same.
    ///
    /// # Errors
    ///
    /// Text that is no size, or a negative number.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().front("1 GiB").is_ok());
    /// assert!(Options::new().front(-1).is_err());
    /// ```
    pub fn front(self, bound: impl IntoFront) -> Result<Self, Error> {
        let bound = checked("front", bound.into_front(), 0)?;
        Ok(self.stored(Given::Front(bound)))
    }

    /// How much of IndexedDB is read into memory at the first use of a function, in one request: 4 MiB, unless set;
    /// `false` or 0: nothing. Other stores have no use for it.
    ///
    /// # Errors
    ///
    /// Text that is no size, or a negative number.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().preload("1 MiB").is_ok());
    /// assert!(Options::new().preload("1 MiBs").is_err());
    /// ```
    pub fn preload(self, bound: impl IntoFront) -> Result<Self, Error> {
        let bound = checked("preload", bound.into_front(), 0)?;
        Ok(self.stored(Given::Preload(bound)))
    }

    /// Whether every call reads the store, whatever is held in memory: no, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().coherent(true);
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn coherent(self, coherent: bool) -> Self {
        self.stored(Given::Coherent(coherent))
    }

    /// What trouble with the store costs: nothing but a report, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().on_error(cachier::OnError::Fail);
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn on_error(self, on_error: OnError) -> Self {
        self.stored(Given::OnError(on_error))
    }

    /// Whether the arguments are kept beside each entry, so that it can be inspected: yes, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().store_args(false);
    /// # #[cfg(not(target_arch = "wasm32"))]
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn store_args(self, store: bool) -> Self {
        self.stored(Given::StoreArgs(store))
    }

    pub(super) fn stored(mut self, given: Given) -> Self {
        self.storage.set(given);
        self
    }
}

/// So many bytes as were given; `true` is as good as nothing.
fn bytes(given: Option<Limit>, usual: u64) -> u64 {
    match given {
        Some(bound) if bound.is_bounded() => bound.as_count(),
        _ => usual,
    }
}

/// Adds an option to what is shown, if it is set.
fn show(fields: &mut fmt::DebugStruct<'_, '_>, name: &str, value: &Option<impl fmt::Debug>) {
    if let Some(value) = value {
        fields.field(name, value);
    }
}

/// Whether trouble with the store costs a call its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Troubles(OnError);

impl Troubles {
    /// Trouble costs nothing but a report.
    pub(crate) const REPORTED: Self = Self(OnError::Serve);

    /// Whether a call goes on in spite of this; the one place that decides it.
    pub(crate) fn weigh(self, error: Error) -> Result<(), Fatal> {
        match self.0 {
            OnError::Fail if error.is_storage() => Err(Fatal(error)),
            _ => Ok(()),
        }
    }
}

/// Trouble that costs a call its result.
#[derive(Debug)]
pub(crate) struct Fatal(Error);

impl From<Fatal> for Error {
    fn from(fatal: Fatal) -> Self {
        fatal.0
    }
}
