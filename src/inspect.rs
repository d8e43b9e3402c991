//! Looking into a cache directory and tidying it, whatever the values are; knows files, no types of values.
//!
//! What the `cachier` program stands on. Everything works on a cache that is in use: other processes
//! see what is stored, removed and cleared here at their next call.
//!
//! ```
//! use cachier::inspect::{self, Cache};
//! # let folder = tempfile::tempdir().unwrap();
//! # let cache_dir = folder.path();
//!
//! Cache::create(cache_dir, "report")?;
//! let caches = inspect::caches(cache_dir)?;
//! assert_eq!(caches[0].id(), "report");
//! assert_eq!(caches[0].summary()?.entries, 0);
//! # Ok::<(), cachier::Error>(())
//! ```

use std::path::{Path, PathBuf};

use crate::core::Swept;
use crate::entry::Timestamp;
use crate::error::Error;

pub use crate::core::file::Digest;

/// The entries of one function, in a directory of its own.
#[derive(Clone, Debug)]
pub struct Cache {
    id: String,
    dir: PathBuf,
}

/// An entry as it lies in its cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The name of its key.
    pub digest: Digest,
    /// The canonical bytes of its key, unless the function leaves them out (`store_args = false`).
    pub arguments: Option<Vec<u8>>,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// Whether the value is `None`.
    pub none: bool,
    /// How many bytes it takes on disk; ignored by [`Cache::insert`].
    pub size: u64,
    /// The value as CBOR.
    pub value: Vec<u8>,
}

/// An entry without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMeta {
    /// The name of its key.
    pub digest: Digest,
    /// The canonical bytes of its key, unless the function leaves them out (`store_args = false`).
    pub arguments: Option<Vec<u8>>,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// Whether the value is `None`.
    pub none: bool,
    /// How many bytes it takes on disk.
    pub size: u64,
}

/// The sizes and ages of a cache's entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many there are.
    pub entries: u64,
    /// Their bytes; the directory holds more, until it is compacted.
    pub bytes: u64,
    /// When the oldest was stored.
    pub oldest: Option<Timestamp>,
    /// When the newest was stored.
    pub newest: Option<Timestamp>,
}

/// What [`Cache::verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records read.
    pub records: u64,
    /// Entries that are whole.
    pub entries: u64,
    /// What is not.
    pub damaged: Vec<Damage>,
}

/// Something that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file it is in.
    pub file: PathBuf,
    /// Where in the file.
    pub offset: u64,
    /// The entry it was, if that can still be told.
    pub digest: Option<Digest>,
    /// What is wrong with it.
    pub reason: String,
}

/// How far a [`Cache::verify`] has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes to be read in all.
    pub total: u64,
}

/// Where functions keep their entries if nothing else is said.
///
/// # Errors
///
/// Where there is no home directory, or the place is open to everybody.
pub fn default_cache_dir() -> Result<PathBuf, Error> {
    Err(not_yet())
}

/// The cache of every function in a cache directory; what is something else is passed over.
///
/// # Errors
///
/// Where the directory cannot be read. One that does not exist has no caches.
pub fn caches(cache_dir: &Path) -> Result<Vec<Cache>, Error> {
    let _ = cache_dir;
    Err(not_yet())
}

impl Cache {
    /// Opens the cache in a function's directory.
    ///
    /// # Errors
    ///
    /// Where there is no cache, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let _ = dir;
        Err(not_yet())
    }

    /// Opens the cache of a function id, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// Where it can be neither opened nor made.
    pub fn create(cache_dir: &Path, id: &str) -> Result<Self, Error> {
        let _ = (cache_dir, id);
        Err(not_yet())
    }

    /// The id of the function whose entries these are.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The directory they are in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Every byte in the directory.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn disk_bytes(&self) -> Result<u64, Error> {
        Err(not_yet())
    }

    /// Visits every entry, oldest first; one that is damaged is passed over.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read, and what `visit` returns.
    pub fn entries(&self, visit: impl FnMut(Stored) -> Result<(), Error>) -> Result<(), Error> {
        let _ = visit;
        Err(not_yet())
    }

    /// How many entries there are, how large and how old.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read.
    pub fn summary(&self) -> Result<Summary, Error> {
        Err(not_yet())
    }

    /// The entry of a digest.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read, or the entry is damaged.
    pub fn get(&self, digest: &Digest) -> Result<Option<Stored>, Error> {
        let _ = digest;
        Err(not_yet())
    }

    /// Removes an entry; whether there was one.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    pub fn remove(&self, digest: &Digest) -> Result<bool, Error> {
        let _ = digest;
        Err(not_yet())
    }

    /// Removes every entry, and frees every claim.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    pub fn clear(&self) -> Result<(), Error> {
        Err(not_yet())
    }

    /// Frees every claim and leaves the entries.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    pub fn release_claims(&self) -> Result<(), Error> {
        Err(not_yet())
    }

    /// Removes the entries that `keep` refuses.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read or written.
    pub fn retain(&self, keep: impl FnMut(&StoredMeta) -> bool) -> Result<Swept, Error> {
        let _ = keep;
        Err(not_yet())
    }

    /// Stores an entry in the place of what there is under its digest; overtakes claims of it.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written, the value is not one item of CBOR, or the arguments are
    /// not those of the digest.
    pub fn insert(&self, stored: Stored) -> Result<(), Error> {
        let _ = stored;
        Err(not_yet())
    }

    /// Reads every record and every value, and tells what is damaged. Changes nothing.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read.
    pub fn verify(&self, progress: impl FnMut(Progress)) -> Result<Verified, Error> {
        let _ = progress;
        Err(not_yet())
    }

    /// Writes the live entries anew, and gives the room of all others back.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    pub fn compact(&self) -> Result<(), Error> {
        Err(not_yet())
    }
}

fn not_yet() -> Error {
    Error::storage("the file core is being built")
}
