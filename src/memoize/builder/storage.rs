//! The options of a definition that speak of where values outlive the program; decides nothing.

use std::path::PathBuf;

use super::Builder;
use crate::error::Error;
use crate::policy::{IntoFront, OnError};

impl<M, K, W, C> Builder<M, K, W, C> {
    /// The directory under which the function has one of its own; asks for files.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// let builder = Memoize::builder().name("double").cache_dir("/var/cache/reports");
    /// assert!(builder.function(|n: u32| n * 2).is_err(), "memory keeps no files");
    /// ```
    pub fn cache_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.options = self.options.cache_dir(directory);
        self
    }

    /// Whether each entry is a file of its own, rather than only large ones; asks for files.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// let builder = Memoize::builder().name("double").separate_files(true);
    /// assert!(builder.function(|n: u32| n * 2).is_err(), "memory keeps no files");
    /// ```
    pub fn separate_files(mut self, separate: bool) -> Self {
        self.options = self.options.separate_files(separate);
        self
    }

    /// Whether a call returns only once what it stored would survive a power cut; asks for files.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// let builder = Memoize::builder().name("double").sync(true);
    /// assert!(builder.function(|n: u32| n * 2).is_err(), "memory keeps no files");
    /// ```
    pub fn sync(mut self, sync: bool) -> Self {
        self.options = self.options.sync(sync);
        self
    }

    /// How much of a persistent store is also held in memory, or whether anything is; asks for such a store.
    ///
    /// # Errors
    ///
    /// Where it is neither a `bool` nor a size.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// assert!(Memoize::builder().front("16 MiB").is_ok());
    /// assert!(Memoize::builder().front("16 MiBs").is_err());
    /// ```
    pub fn front(mut self, bound: impl IntoFront) -> Result<Self, Error> {
        self.options = self.options.front(bound)?;
        Ok(self)
    }

    /// How much of IndexedDB is read into memory at the first call, in one request, or whether anything is; other
    /// stores have no use for it.
    ///
    /// # Errors
    ///
    /// Where it is neither a `bool` nor a size.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// assert!(Memoize::builder().preload("1 MiB").is_ok());
    /// assert!(Memoize::builder().preload("1 MiBs").is_err());
    /// ```
    pub fn preload(mut self, bound: impl IntoFront) -> Result<Self, Error> {
        self.options = self.options.preload(bound)?;
        Ok(self)
    }

    /// Whether every call reads the store, whatever is held in memory; asks for a persistent store.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// let builder = Memoize::builder().name("double").coherent(true);
    /// assert!(builder.function(|n: u32| n * 2).is_err(), "memory is the only place there is");
    /// ```
    pub fn coherent(mut self, coherent: bool) -> Self {
        self.options = self.options.coherent(coherent);
        self
    }

    /// Whether trouble with the store costs the call; by default it costs a report.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::{Memoize, OnError};
    /// let double = Memoize::builder()
    ///     .on_error(OnError::Fail)
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.try_call((4,))?, 8);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.options = self.options.on_error(on_error);
        self
    }

    /// Whether the arguments are kept beside each entry, so that it can be inspected; asks for a persistent store.
    ///
    /// # Example
    ///
    /// ```
    /// # use cachier::Memoize;
    /// let builder = Memoize::builder().name("double").store_args(false);
    /// assert!(builder.function(|n: u32| n * 2).is_err(), "memory has them as keys anyhow");
    /// ```
    pub fn store_args(mut self, store: bool) -> Self {
        self.options = self.options.store_args(store);
        self
    }
}
