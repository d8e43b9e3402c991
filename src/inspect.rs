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
//!
#![doc = include_str!("core/file/FORMAT.md")]

mod verify;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::codec;
use crate::core::Swept;
use crate::core::file::draft::{Draft, Head, Manner, Origin};
use crate::core::file::record::{Body, EntryRecord, entry_in_file};
use crate::core::file::store::{self, Bounds, Store};
use crate::core::file::{place, trouble};
use crate::entry::Timestamp;
use crate::error::Error;
use crate::key::Key;

pub use crate::core::file::Digest;
pub use verify::{Damage, Progress, Verified};

/// The entries of one function, in a directory of its own.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// assert_eq!((cache.id(), cache.summary()?.entries), ("report", 0));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cache(Arc<Store>);

/// An entry as it lies in its cache.
///
/// # Example
///
/// ```
/// use cachier::Timestamp;
/// use cachier::inspect::{Cache, Digest, Stored};
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = Cache::create(folder.path(), "report")?;
/// let digest = Digest::from_bytes([0; 32]);
/// let stored_at = Timestamp::from_millis(7);
/// // 5, in CBOR
/// cache.insert(Stored { digest, arguments: None, stored_at, none: false, size: 0, value: vec![5] })?;
/// assert_eq!(cache.get(&digest)?.expect("it is stored").value, [5]);
/// # Ok::<(), cachier::Error>(())
/// ```
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
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// let swept = cache.retain(|stored| !stored.none && stored.size < 1_000)?;
/// assert_eq!(swept.removed, 0);
/// # Ok::<(), cachier::Error>(())
/// ```
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
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// let summary = cache.summary()?;
/// assert_eq!((summary.entries, summary.bytes, summary.newest), (0, 0, None));
/// # Ok::<(), cachier::Error>(())
/// ```
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

/// Where functions keep their entries if nothing else is said.
///
/// # Errors
///
/// Where there is no home directory, or the place is open to everybody.
///
/// # Example
///
/// ```
/// if let Ok(dir) = cachier::inspect::default_cache_dir() {
///     assert!(dir.ends_with("cachier"));
/// }
/// ```
pub fn default_cache_dir() -> Result<PathBuf, Error> {
    place::default_cache_dir()
}

/// The cache of every function in a cache directory; what is something else is passed over.
///
/// # Errors
///
/// Where the directory cannot be read. One that does not exist has no caches.
///
/// # Example
///
/// ```
/// let caches = cachier::inspect::caches("/nowhere".as_ref())?;
/// assert!(caches.is_empty());
/// # Ok::<(), cachier::Error>(())
/// ```
pub fn caches(cache_dir: &Path) -> Result<Vec<Cache>, Error> {
    let found = place::directories(cache_dir).map_err(|error| trouble::on(cache_dir, &error))?;
    let mut caches: Vec<_> = found
        .iter()
        .filter_map(|dir| Cache::in_directory(dir))
        .collect();
    caches.sort_by(|one, other| one.id().cmp(other.id()));
    Ok(caches)
}

impl Cache {
    /// Opens the cache in a function's directory.
    ///
    /// # Errors
    ///
    /// Where there is no cache, or it cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::Cache;
    /// assert!(Cache::open("/nowhere".as_ref()).is_err());
    /// ```
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let id = store::id_in(dir).map_err(|error| trouble::on(dir, &error))?;
        let id = id.ok_or_else(|| {
            Error::storage(format!(
                "{}: there is no cache here; give a directory that a listing shows",
                dir.display()
            ))
        })?;
        Ok(Self(Store::shared(place::absolute(dir), &id)))
    }

    /// Opens the cache of a function id, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// Where it can be neither opened nor made.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::Cache;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let cache_dir = folder.path();
    ///
    /// let made = Cache::create(cache_dir, "report")?;
    /// assert_eq!(Cache::open(made.dir())?.id(), "report");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn create(cache_dir: &Path, id: &str) -> Result<Self, Error> {
        let store = Store::shared(store::directory(cache_dir, id), id);
        store.make()?;
        Ok(Self(store))
    }

    fn in_directory(dir: &Path) -> Option<Self> {
        if !place::is_real_directory(dir) {
            return None;
        }
        Self::open(dir).ok()
    }

    /// The id of the function whose entries these are.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// assert_eq!(cache.id(), "report");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// The directory they are in.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// assert!(cache.dir().starts_with(folder.path()));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn dir(&self) -> &Path {
        self.0.dir()
    }

    /// Every byte in the directory that is the cache's.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// assert!(cache.disk_bytes()? >= 4096, "the control file");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn disk_bytes(&self) -> Result<u64, Error> {
        place::bytes(self.dir()).map_err(|error| trouble::on(self.dir(), &error))
    }

    /// Visits every entry, oldest first; one that is damaged is passed over.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read, and what `visit` returns.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// cache.entries(|stored| {
    ///     println!("{} {}", stored.digest, stored.size);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn entries(&self, mut visit: impl FnMut(Stored) -> Result<(), Error>) -> Result<(), Error> {
        self.0
            .each(&mut |found, entry| match self.stored(entry, found.size()) {
                Ok(Some(stored)) => visit(stored),
                Err(error) if !error.is_damaged() => Err(error),
                _ => Ok(()),
            })
    }

    /// How many entries there are, how large and how old.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// assert_eq!(cache.summary()?.oldest, None);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn summary(&self) -> Result<Summary, Error> {
        let mut summary = Summary::default();
        self.0.each(&mut |found, entry| {
            summary.add(entry.stored_at, found.size());
            Ok(())
        })?;
        Ok(summary)
    }

    /// The entry of a digest.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read, or the entry is damaged.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::{Cache, Digest};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = Cache::create(folder.path(), "report")?;
    /// assert_eq!(cache.get(&Digest::from_bytes([0; 32]))?, None);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn get(&self, digest: &Digest) -> Result<Option<Stored>, Error> {
        let stored = self
            .0
            .read(digest, |entry, size| self.stored(entry, size))?;
        stored.unwrap_or(Ok(None))
    }

    /// Removes an entry, and overtakes whoever calculates it; whether there was one.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::{Cache, Digest};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = Cache::create(folder.path(), "report")?;
    /// assert!(!cache.remove(&Digest::from_bytes([0; 32]))?);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn remove(&self, digest: &Digest) -> Result<bool, Error> {
        let removed = self.0.remove(digest);
        self.0.compact_if_due();
        removed
    }

    /// Removes every entry, and frees every claim.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// cache.clear()?;
    /// assert_eq!(cache.summary()?.entries, 0);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn clear(&self) -> Result<(), Error> {
        self.0.clear()
    }

    /// Frees every claim and leaves the entries.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// cache.release_claims()?;
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn release_claims(&self) -> Result<(), Error> {
        self.0.release_claims()
    }

    /// Removes the entries that `keep` refuses; who calculates one of them may still store it.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read or written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// let old = Timestamp::from_millis(1_780_000_000_000);
    /// assert_eq!(cache.retain(|meta| meta.stored_at > old)?.removed, 0);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&StoredMeta) -> bool) -> Result<Swept, Error> {
        let swept = self
            .0
            .retain(&mut |entry, size| keep(&StoredMeta::of(entry, size)));
        self.0.compact_if_due();
        swept
    }

    /// Stores an entry in the place of what there is under its digest; overtakes claims of it.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written, the value is not one item of CBOR, or the arguments are
    /// not those of the digest.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::inspect::{Cache, Digest, Stored};
    /// use cachier::{Key, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    ///
    /// let cache = Cache::create(folder.path(), "report")?;
    /// let key = Key::of(&(2024,))?;
    /// cache.insert(Stored {
    ///     digest: Digest::of(&key),
    ///     arguments: Some(key.as_bytes().to_vec()),
    ///     stored_at: Timestamp::from_millis(1_780_000_000_000),
    ///     none: false,
    ///     size: 0,
    ///     value: vec![0x07],
    /// })?;
    /// assert_eq!(cache.get(&Digest::of(&key))?.map(|stored| stored.value), Some(vec![7]));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn insert(&self, stored: Stored) -> Result<(), Error> {
        stored.check()?;
        let head = Head {
            digest: stored.digest,
            arguments: stored.arguments.as_deref(),
            stored_at: stored.stored_at,
            none: stored.none,
            origin: Origin::Set,
        };
        let draft = Draft::of(&head, Manner::default(), |record| {
            record.extend_from_slice(&stored.value);
            Ok(&[])
        })?;
        self.0.set(draft, Bounds::NONE)?;
        self.0.compact_if_due();
        Ok(())
    }

    /// Reads every record and every value, and tells what is damaged. Changes nothing.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// assert!(cache.verify(|_| {})?.damaged.is_empty());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn verify(&self, mut progress: impl FnMut(Progress)) -> Result<Verified, Error> {
        verify::verify(&self.0, &mut progress)
    }

    /// Writes the live entries anew, and gives the room of all others back.
    ///
    /// # Errors
    ///
    /// Where the cache cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
    /// cache.compact()?;
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn compact(&self) -> Result<(), Error> {
        self.0.compact()
    }

    /// An entry with its value; `None` if that went meanwhile.
    fn stored(&self, entry: &EntryRecord<'_>, size: u64) -> Result<Option<Stored>, Error> {
        let (file, bytes, sum) = match entry.body {
            Body::Inline(value) => return Ok(Some(Stored::of(entry, size, value))),
            Body::Outside { file, bytes, sum } => (file, bytes, sum),
        };
        let Some(bytes) = self.0.read_file(file, bytes)? else {
            return Ok(None);
        };
        match entry_in_file(&bytes, &entry.digest, sum) {
            Some((entry, value)) => Ok(Some(Stored::of(&entry, size, value))),
            None => Err(self.0.damaged_file(&entry.digest, file)),
        }
    }
}

impl Stored {
    fn of(entry: &EntryRecord<'_>, size: u64, value: &[u8]) -> Self {
        Self {
            digest: entry.digest,
            arguments: entry.arguments.map(<[u8]>::to_vec),
            stored_at: entry.stored_at,
            none: entry.none,
            size,
            value: value.to_vec(),
        }
    }

    fn check(&self) -> Result<(), Error> {
        if !codec::is_whole(&self.value) {
            return Err(Error::argument(
                "the value is not one item of CBOR; nothing is stored",
            ));
        }
        let arguments = self.arguments.as_deref().map(Key::from_canonical);
        if arguments.is_some_and(|key| Digest::of(&key) != self.digest) {
            return Err(Error::argument(
                "the arguments are not those of the digest; nothing is stored",
            ));
        }
        Ok(())
    }
}

impl StoredMeta {
    fn of(entry: &EntryRecord<'_>, size: u64) -> Self {
        Self {
            digest: entry.digest,
            arguments: entry.arguments.map(<[u8]>::to_vec),
            stored_at: entry.stored_at,
            none: entry.none,
            size,
        }
    }
}

impl Summary {
    fn add(&mut self, stored_at: Timestamp, size: u64) {
        self.entries += 1;
        self.bytes += size;
        self.oldest = Some(
            self.oldest
                .map_or(stored_at, |oldest| oldest.min(stored_at)),
        );
        self.newest = self.newest.max(Some(stored_at));
    }
}
