//! Keeping values in files: the core that a function's options describe; knows no engine.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::builder::Builder;
use super::rules::{CoreRule, encoded_length};
use crate::core::{FileCore, Tiered};
use crate::error::Error;
use crate::policy::{Options, Setting};
use crate::threads::{MaybeSend, MaybeSync};

/// In files that all processes of this machine share, with a front in memory.
///
/// # Example
///
/// ```
/// use cachier::core::Core;
/// use cachier::{CoreRule, InFiles, Options};
/// let options = Options::new().cache_dir(std::env::temp_dir()).front("1 MiB")?;
/// let core = CoreRule::<u32>::core(InFiles, &options, "double")?;
/// assert_eq!(core.cache_dpath(), None, "nothing is there before the first entry");
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct InFiles;

#[diagnostic::do_not_recommend]
impl<V> CoreRule<V> for InFiles
where
    V: Serialize + DeserializeOwned + Clone + MaybeSend + MaybeSync + 'static,
{
    type Core = Tiered<V, FileCore<V>>;

    const IS_SHARED: bool = true;

    /// The length of the encoded value, which is most of a record's.
    const WEIGH: Option<fn(&V) -> u64> = Some(encoded_length::<V>);

    fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error> {
        let storage = &options.storage;
        Ok(Tiered::new(file_core(options, id)?)
            .front(storage.front_bytes())
            .coherent(storage.coherent.unwrap_or(false)))
    }
}

impl<M, K, W, C> Builder<M, K, W, C> {
    /// Keeps values in files that every process of this machine shares, with a front in memory.
    ///
    /// For values that are `Serialize` and `DeserializeOwned`; a closure has to be given a name.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let double = cachier::Memoize::builder()
    ///     .name("double")
    ///     .cache_dir(folder.path()) // or the platform's directory for caches
    ///     .in_files()
    ///     .function(|n: u32| n * 2)?;
    /// assert_eq!(double.call((4,)), 8);
    /// assert!(double.cache_dpath().is_some_and(|directory| directory.starts_with(folder.path())));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn in_files(self) -> Builder<M, K, W, InFiles> {
        self.ruled(InFiles)
    }
}

/// The core of the function of this id, as its options say; without a front.
fn file_core<V>(options: &Options, id: &str) -> Result<FileCore<V>, Error> {
    let storage = &options.storage;
    let mut core = FileCore::new(id)
        .separate_files(storage.separate_files.unwrap_or(false))
        .sync(storage.sync.unwrap_or(false))
        .store_args(storage.store_args.unwrap_or(true));
    if let Some(directory) = &storage.cache_dir {
        core = core.cache_dir(absolute(directory)?);
    }
    if options.layer.is_set(Setting::MaxEntries) {
        core = core.max_entries(options.layer.count(Setting::MaxEntries));
    }
    if options.layer.is_set(Setting::MaxBytes) {
        core = core.max_bytes(options.layer.count(Setting::MaxBytes));
    }
    Ok(core)
}

/// A directory that stays the same one wherever the program goes.
fn absolute(directory: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(directory).map_err(|_| {
        Error::option_range("cache_dir: is empty; give a directory, such as \"/var/cache/reports\"")
    })
}
