//! The core that keeps entries in files, shared by processes; thin over the store, knows values and keys.
//!
//! How the files are laid out is specified in FORMAT.md, which the documentation of
//! [`inspect`](crate::inspect) shows.

mod buffer;
mod claims;
mod control;
mod digest;
pub(crate) mod draft;
mod index;
mod locks;
mod log;
mod opened;
mod outline;
pub(crate) mod place;
pub(crate) mod record;
mod slots;
mod stat;
pub(crate) mod store;
pub(crate) mod trouble;
mod unlisted;
mod value;
mod view;
mod window;

use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use digest::Digest;
pub use store::FileClaim;

use crate::blocking::may_block;
use crate::clock::unblock;
use crate::codec;
use crate::core::{Behind, Core, Stamp, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::threads::{MaybeSend, MaybeSync};
use draft::{Draft, Head, LARGE, Manner, Origin};
use record::{Body, EntryRecord};
use store::{Bounds, Store, Written};
use value::Content;

/// Locks, also after a panic elsewhere: every critical section here leaves its data whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The core that keeps entries in files: they outlive the process and are shared with others.
///
/// Every process that uses the same directory and function id has the same entries, and sees what
/// others store, remove and clear at its next call. What one calculates the others wait for. It
/// opens lazily, and where it cannot, each operation is an error and is tried anew the next time.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
/// use cachier::core::FileCore;
/// # let folder = tempfile::tempdir().unwrap();
/// # let dir = folder.path();
///
/// let report = || {
///     Memoize::builder()
///         .core(FileCore::<String>::new("report").cache_dir(dir))
///         .function(|year: u32| format!("the year {year}"))
/// };
/// assert_eq!(report()?.call((2024,)), "the year 2024");
/// assert!(report()?.peek(&(2024,)).is_some(), "another handle, another process: it is there");
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Debug)]
pub struct FileCore<V> {
    shared: Arc<Shared>,
    values: PhantomData<fn() -> V>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    store: OnceLock<Arc<Store>>,
}

#[derive(Clone, Debug)]
struct Settings {
    id: String,
    cache_dir: Option<PathBuf>,
    separate_files: bool,
    sync: bool,
    store_args: bool,
    apart: bool,
    bounds: Bounds,
}

impl<V> Clone for FileCore<V> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            values: PhantomData,
        }
    }
}

impl<V> FileCore<V> {
    /// The entries of a function id, in the default cache directory; unbounded, not synced.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report");
    /// ```
    pub fn new(id: &str) -> Self {
        Self::of(Settings {
            id: id.to_owned(),
            cache_dir: None,
            separate_files: false,
            sync: false,
            store_args: true,
            apart: false,
            bounds: Bounds::NONE,
        })
    }

    fn of(settings: Settings) -> Self {
        let store = OnceLock::new();
        Self {
            shared: Arc::new(Shared { settings, store }),
            values: PhantomData,
        }
    }

    fn with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.shared.settings.clone();
        change(&mut settings);
        Self::of(settings)
    }

    /// The same in another cache directory, which is made when something is stored.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report").cache_dir("target/cache");
    /// ```
    #[must_use]
    pub fn cache_dir(self, dir: impl Into<PathBuf>) -> Self {
        self.with(|settings| settings.cache_dir = Some(dir.into()))
    }

    /// Whether each value has a file of its own; else only those of 64 KiB and more have.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report").separate_files(true);
    /// ```
    #[must_use]
    pub fn separate_files(self, separate: bool) -> Self {
        self.with(|settings| settings.separate_files = separate)
    }

    /// Whether each store is on the disk before it returns, to outlive a power failure.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report").sync(true);
    /// ```
    #[must_use]
    pub fn sync(self, sync: bool) -> Self {
        self.with(|settings| settings.sync = sync)
    }

    /// Whether arguments are kept beside their entry, for listings; else only their digest is.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("secret").store_args(false);
    /// ```
    #[must_use]
    pub fn store_args(self, store: bool) -> Self {
        self.with(|settings| settings.store_args = store)
    }

    /// Never more than `most` entries after a store of this core.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report").max_entries(1_000);
    /// ```
    #[must_use]
    pub fn max_entries(self, most: u64) -> Self {
        self.with(|settings| settings.bounds.max_entries = most)
    }

    /// Never more than `most` bytes of entries after a store of this core.
    ///
    /// An entry's bytes are its record's: the value, the arguments and some sixty bytes more.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::FileCore::<u32>::new("report").max_bytes(1 << 30);
    /// ```
    #[must_use]
    pub fn max_bytes(self, most: u64) -> Self {
        self.with(|settings| settings.bounds.max_bytes = most)
    }

    /// Shares nothing with other cores of this process but the files, as another process does.
    #[doc(hidden)]
    #[must_use]
    pub fn apart(self) -> Self {
        self.with(|settings| settings.apart = true)
    }

    #[inline]
    fn store(&self) -> Result<&Arc<Store>, Error> {
        match self.shared.store.get() {
            Some(store) => Ok(store),
            None => self.shared.find_store(),
        }
    }

    fn settings(&self) -> &Settings {
        &self.shared.settings
    }
}

impl Shared {
    #[cold]
    fn find_store(&self) -> Result<&Arc<Store>, Error> {
        let Settings { id, apart, .. } = &self.settings;
        let cache_dir = match &self.settings.cache_dir {
            Some(dir) => dir.clone(),
            None => place::default_cache_dir()?,
        };
        let dir = store::directory(&cache_dir, id);
        Ok(self.store.get_or_init(|| match apart {
            true => Arc::new(Store::apart(dir, id)),
            false => Store::shared(dir, id),
        }))
    }
}

/// What a record led to: a value, or the file it is in.
enum Taken<V> {
    Value(Result<Entry<V>, Error>),
    File(Outside),
}

/// A file with a value, and what is known of both.
#[derive(Clone, Debug)]
struct Outside {
    file: String,
    bytes: u64,
    sum: u32,
    meta: Meta,
}

fn meta_of(entry: &EntryRecord<'_>, size: u64) -> Meta {
    Meta {
        stored_at: entry.stored_at,
        size,
        none: entry.none,
    }
}

fn take<V: DeserializeOwned>(entry: &EntryRecord<'_>, size: u64) -> Taken<V> {
    let meta = meta_of(entry, size);
    match entry.body {
        Body::Inline(value) => {
            Taken::Value(codec::decode(value).map(|value| Entry { value, meta }))
        }
        Body::Outside { file, bytes, sum } => Taken::File(Outside {
            file: file.to_owned(),
            bytes,
            sum,
            meta,
        }),
    }
}

/// The key that an entry's record shows; without arguments, one that only its digest tells.
fn key_of(entry: &EntryRecord<'_>) -> Key {
    match entry.arguments {
        Some(arguments) => Key::from_canonical(arguments),
        None => {
            let digest = entry.digest.as_bytes();
            Key::from_canonical(&[&[0x58, digest.len() as u8], &digest[..]].concat())
        }
    }
}

impl<V> FileCore<V>
where
    V: Serialize + DeserializeOwned + Clone + MaybeSend + MaybeSync + 'static,
{
    async fn read(&self, digest: Digest) -> Result<Option<Entry<V>>, Error> {
        let store = self.store()?;
        match store.read(&digest, take)? {
            None => Ok(None),
            Some(Taken::Value(entry)) => entry.map(Some),
            Some(Taken::File(outside)) => {
                let store = store.clone();
                unblock(move || read_outside(&store, &digest, outside)).await
            }
        }
    }

    fn draft<'v>(
        &self,
        key: &Key,
        digest: Digest,
        origin: Origin,
        entry: &Entry<&'v V>,
    ) -> Result<Draft<'v>, Error> {
        let settings = self.settings();
        let head = Head {
            digest,
            arguments: settings.store_args.then(|| key.as_bytes()),
            stored_at: entry.meta.stored_at,
            none: entry.meta.none,
            origin,
        };
        let manner = Manner {
            separate: settings.separate_files,
            sync: settings.sync,
        };
        Draft::of(&head, manner, |record| {
            codec::encode_start(entry.value, LARGE, record)
        })
    }

    async fn set_entry(&self, key: &Key, entry: &Entry<&V>) -> Result<Option<Written>, Error> {
        let store = self.store()?.clone();
        let draft = self.draft(key, Digest::of(key), Origin::Set, entry)?;
        let bounds = self.settings().bounds;
        write(draft, move |draft| store.set(draft, bounds)).await
    }
}

/// By the writer that crossed the line, so that it is done also where no process lives long.
async fn compact_if_due(store: &Arc<Store>) {
    if store.is_compaction_due() {
        let store = store.clone();
        unblock(move || store.compact_if_due()).await;
    }
}

/// Has a draft written: what takes long, where nobody is held up by it.
async fn write<T: Send + 'static>(
    draft: Draft<'_>,
    work: impl FnOnce(Draft<'_>) -> T + Send + 'static,
) -> T {
    if !draft.is_slow() || may_block().await {
        return work(draft);
    }
    let draft = draft.whole();
    unblock(move || work(draft)).await
}

/// The value in a file; one that was replaced meanwhile is looked for once more.
fn read_outside<V: DeserializeOwned>(
    store: &Store,
    digest: &Digest,
    outside: Outside,
) -> Result<Option<Entry<V>>, Error> {
    if let Some(entry) = read_file(store, digest, &outside)? {
        return Ok(Some(entry));
    }
    match store.read(digest, take)? {
        None => Ok(None),
        Some(Taken::Value(entry)) => entry.map(Some),
        Some(Taken::File(newer)) => {
            let found = read_file(store, digest, &newer)?;
            if found.is_none() {
                store.forget_missing(digest, &newer.file);
            }
            Ok(found)
        }
    }
}

fn read_file<V: DeserializeOwned>(
    store: &Store,
    digest: &Digest,
    outside: &Outside,
) -> Result<Option<Entry<V>>, Error> {
    let Some(content) = store.read_value(&outside.file, outside.bytes)? else {
        return Ok(None);
    };
    let Some(decoded) = decode_content(content, digest, outside.sum) else {
        return Err(store.damaged_file(digest, &outside.file));
    };
    let value = decoded?;
    let meta = outside.meta;
    Ok(Some(Entry { value, meta }))
}

/// The value in a file's content; `None` if that is not what was written.
fn decode_content<V: DeserializeOwned>(
    content: Content,
    digest: &Digest,
    sum: u32,
) -> Option<Result<V, Error>> {
    match content {
        Content::Whole(bytes) => {
            let (_, value) = record::entry_in_file(&bytes, digest, sum)?;
            Some(codec::decode(value))
        }
        Content::Long(long) => {
            let (kind, bytes) = long.of(digest, sum)?;
            Some(codec::decode_long(kind, bytes))
        }
    }
}

impl<V> Core<V> for FileCore<V>
where
    V: Serialize + DeserializeOwned + Clone + MaybeSend + MaybeSync + 'static,
{
    type Claim = FileClaim;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        self.read(Digest::of(key)).await
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<FileClaim>, Error> {
        self.store()?.claim(key, attempt)
    }

    async fn put(&self, claim: FileClaim, entry: Entry<&V>) -> Result<bool, Error> {
        Ok(self.put_stamped(claim, entry).await?.is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        self.set_stamped(key, entry).await.map(drop)
    }

    async fn clear(&self) -> Result<(), Error> {
        let store = self.store()?.clone();
        unblock(move || store.clear()).await
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.store()?.release_claims()
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let store = self.store()?;
        let swept = store.retain(&mut |entry, size| keep(&key_of(entry), &meta_of(entry, size)))?;
        compact_if_due(store).await;
        Ok(swept)
    }

    fn cache_dpath(&self) -> Option<PathBuf> {
        let store = self.store().ok()?;
        store.exists().then(|| store.dir().to_owned())
    }
}

impl<V> Behind<V> for FileCore<V>
where
    V: Serialize + DeserializeOwned + Clone + MaybeSend + MaybeSync + 'static,
{
    async fn get_stamped(&self, key: &Key) -> Result<Option<(Entry<V>, Stamp)>, Error> {
        let digest = Digest::of(key);
        let stamp = self.store()?.newest_stamp(&digest)?;
        let entry = self.read(digest).await?;
        Ok(entry.map(|entry| (entry, stamp)))
    }

    async fn put_stamped(
        &self,
        claim: FileClaim,
        entry: Entry<&V>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let draft = self.draft(claim.key(), claim.digest(), claim.origin(), &entry)?;
        let bounds = self.settings().bounds;
        let put = move |draft: Draft<'_>| claim.store().put(&claim, draft, bounds);
        let written = write(draft, put).await?;
        compact_if_due(self.store()?).await;
        Ok(written.map(|written| written.of(&entry.meta)))
    }

    async fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<&V>>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let Some(entry) = entry else {
            self.store()?.remove(&Digest::of(key))?;
            compact_if_due(self.store()?).await;
            return Ok(None);
        };
        let written = self.set_entry(key, &entry).await?;
        compact_if_due(self.store()?).await;
        Ok(written.map(|written| written.of(&entry.meta)))
    }

    fn is_current(&self, stamp: Stamp) -> bool {
        self.store().is_ok_and(|store| store.is_current(stamp))
    }
}

impl Written {
    fn of(&self, meta: &Meta) -> (Meta, Stamp) {
        let meta = Meta {
            size: self.size,
            ..*meta
        };
        (meta, self.stamp)
    }
}
