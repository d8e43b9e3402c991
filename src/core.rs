//! The trait every core implements; knows entries and errors, not policy, clock or waiting.

#[cfg(all(
    any(feature = "indexeddb", feature = "localstorage"),
    target_arch = "wasm32"
))]
pub(crate) mod browser;
mod either;
#[cfg(all(feature = "file", unix))]
pub(crate) mod file;
#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
mod indexeddb;
#[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
mod localstorage;
mod memory;
mod tiered;

use std::path::PathBuf;

#[cfg(all(
    any(feature = "indexeddb", feature = "localstorage"),
    target_arch = "wasm32"
))]
pub use browser::{BrowserClaim, BrowserCore, Form, Place, Serde, Written};
pub use either::Either;
#[cfg(all(feature = "file", unix))]
pub use file::{FileClaim, FileCore};
#[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
pub use localstorage::{Items, LocalStorage, SharedLocalStorage};
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) use memory::Bounds;
pub use memory::{MemoryClaim, MemoryCore};
pub use tiered::{Tiered, TieredClaim};
#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
pub use {
    browser::AsIs,
    indexeddb::{Database, IndexedDb},
};

use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::threads::{MaybeSend, MaybeSync};

/// What a [`Core::sweep`] saw and did.
///
/// # Example
///
/// ```
/// use cachier::core::{Core, MemoryCore, Swept};
/// # futures_lite::future::block_on(async {
/// let swept = MemoryCore::<u32>::new().sweep(|_, _| true).await?;
/// assert_eq!(swept, Swept::default());
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Entries that are still there.
    pub entries: u64,
    /// Their bytes, as the core counts them.
    pub bytes: u64,
    /// Entries this sweep removed.
    pub removed: u64,
    /// Entries evicted since the core was made, to stay within its bounds.
    pub evicted: u64,
}

/// A place where entries live.
///
/// Asynchronous in form; a core that needs no waiting is ready at the first poll, so that sync
/// callers pay nothing. A core decides nothing: policy, waiting, retries and metrics are the
/// engine's. What it is to store is lent to it: one that encodes values needs none of its own, and one that keeps them
/// [clones](Entry::cloned) them.
///
/// # Example
///
/// ```
/// use cachier::core::{Core, MemoryCore};
/// use cachier::{Entry, Key, Meta, Timestamp};
///
/// # futures_lite::future::block_on(async {
/// let core = MemoryCore::new();
/// let key = Key::of(&(1, "a"))?;
/// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
/// let claim = core.claim(&key, 0).await?.expect("nobody else calculates");
/// assert!(core.put(claim, Entry { value: &5, meta }).await?);
/// assert_eq!(core.get(&key).await?.map(|entry| entry.value), Some(5));
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
pub trait Core<V>: MaybeSend + MaybeSync + 'static {
    /// The right to calculate one key; given back when dropped.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::Key;
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::<u32>::new(), Key::of(&(1,))?);
    /// drop(core.claim(&key, 0).await?);
    /// assert!(core.claim(&key, 0).await?.is_some(), "it was given back");
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    type Claim: MaybeSend + MaybeSync + 'static;

    /// Whether some answers are not there at the first poll. Natively a thread waits for them; in a page nothing can,
    /// so there no sync function can have such a core: that is an error where it is compiled.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// assert!(!<MemoryCore<u32> as Core<u32>>::WAITS);
    /// ```
    const WAITS: bool = false;

    /// The entry stored under `key`, if any.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read, or what it holds is damaged.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::Key;
    /// # futures_lite::future::block_on(async {
    /// let core = MemoryCore::<u32>::new();
    /// assert_eq!(core.get(&Key::of(&(1,))?).await?, None);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Entry<V>>, Error>> + MaybeSend;

    /// What [`get`](Self::get) would give, if that is at hand: a look that needs no future. Whoever is told `None` asks
    /// `get`.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// let found = core.get_at_once(&key).expect("memory is at hand");
    /// assert_eq!(found.map(|entry| entry.value), Some(5));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    #[inline(always)]
    fn get_at_once(&self, key: &Key) -> Option<Option<Entry<V>>> {
        let _ = key;
        None
    }

    /// Takes the right to calculate `key`, atomically; `None` if somebody else holds it.
    ///
    /// A claim of a later `attempt` overtakes the earlier ones: their `put` is refused.
    ///
    /// # Errors
    ///
    /// Where the store cannot be reached.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::Key;
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::<u32>::new(), Key::of(&(1,))?);
    /// let claim = core.claim(&key, 0).await?;
    /// assert!(claim.is_some());
    /// assert!(core.claim(&key, 0).await?.is_none(), "somebody calculates");
    /// assert!(core.claim(&key, 1).await?.is_some(), "a later attempt");
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn claim(
        &self,
        key: &Key,
        attempt: u32,
    ) -> impl Future<Output = Result<Option<Self::Claim>, Error>> + MaybeSend;

    /// Stores what was calculated under a claim; `false` if the claim was overtaken meanwhile, or
    /// the entry is larger than all there may be.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// let first = core.claim(&key, 0).await?.expect("nobody else calculates");
    /// let second = core.claim(&key, 1).await?.expect("a later attempt");
    /// assert!(!core.put(first, Entry { value: &5, meta }).await?, "it was overtaken");
    /// assert!(core.put(second, Entry { value: &6, meta }).await?);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn put(
        &self,
        claim: Self::Claim,
        entry: Entry<&V>,
    ) -> impl Future<Output = Result<bool, Error>> + MaybeSend;

    /// Stores an entry without a claim, or removes it (`None`); overtakes every claim of the key.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// assert!(core.get(&key).await?.is_some());
    /// core.set(&key, None).await?;
    /// assert!(core.get(&key).await?.is_none());
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn set(
        &self,
        key: &Key,
        entry: Option<Entry<&V>>,
    ) -> impl Future<Output = Result<(), Error>> + MaybeSend;

    /// What [`set`](Self::set) would do, if that takes no waiting and cannot fail. Whoever is told `false`, for nothing
    /// was done, asks `set`.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// assert!(core.set_at_once(&key, Some(Entry { value: &5, meta })));
    /// assert!(core.get_at_once(&key).flatten().is_some());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    #[inline(always)]
    fn set_at_once(&self, key: &Key, entry: Option<Entry<&V>>) -> bool {
        let _ = (key, entry);
        false
    }

    /// Removes every entry and overtakes every claim.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// core.clear().await?;
    /// assert!(core.get(&key).await?.is_none());
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn clear(&self) -> impl Future<Output = Result<(), Error>> + MaybeSend;

    /// Overtakes every claim and leaves the entries.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::Key;
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::<u32>::new(), Key::of(&(1,))?);
    /// let overtaken = core.claim(&key, 0).await?;
    /// core.release_claims().await?;
    /// assert!(core.claim(&key, 0).await?.is_some());
    /// # drop(overtaken);
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn release_claims(&self) -> impl Future<Output = Result<(), Error>> + MaybeSend;

    /// Visits every entry and removes those that `keep` refuses: cleaning up, sizes, listing.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read or written.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # futures_lite::future::block_on(async {
    /// let (core, key) = (MemoryCore::new(), Key::of(&(1,))?);
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// let swept = core.sweep(|_, meta| meta.stored_at > Timestamp::from_millis(9)).await?;
    /// assert_eq!((swept.entries, swept.removed), (0, 1));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn sweep(
        &self,
        keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> impl Future<Output = Result<Swept, Error>> + MaybeSend;

    /// The directory of the entries, on a core that keeps files and once it exists.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{Core, MemoryCore};
    /// assert_eq!(MemoryCore::<u32>::new().cache_dpath(), None);
    /// ```
    fn cache_dpath(&self) -> Option<PathBuf> {
        None
    }
}

/// Fails where a sync function is compiled with a core that it would have to wait for and cannot.
pub(crate) const fn refuse_to_wait<V, C: Core<V>>() {
    assert!(
        !(C::WAITS && cfg!(target_arch = "wasm32")),
        "in a page a sync function cannot wait for this core: make the function async, or keep its values in \
         localStorage (in_local_storage(), `core = localstorage`) or in memory"
    );
}

/// Where one key of a store stood when an entry was read or written; see [`Behind`].
///
/// Keys share slots: a change of one may make a stamp of another look old, never the reverse.
///
/// # Example
///
/// ```
/// use cachier::core::Stamp;
/// let stamp = Stamp { slot: 3, version: 1 };
/// assert_ne!(stamp, Stamp { version: 2, ..stamp }, "something under one of its keys has changed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Which of the store's counters stands for the key.
    pub slot: u32,
    /// What it stood at.
    pub version: u64,
}

/// An entry that was read before anybody has asked for it, with a stamp taken before that.
///
/// # Example
///
/// ```
/// use cachier::core::{Preloaded, Stamp};
/// use cachier::{Entry, Key, Meta, Timestamp};
/// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
/// let stamp = Stamp { slot: 3, version: 1 };
/// let preloaded: Preloaded<u32> = (Key::of(&(1,))?, Entry { value: 5, meta }, stamp);
/// # Ok::<(), cachier::Error>(())
/// ```
pub type Preloaded<V> = (Key, Entry<V>, Stamp);

/// A core that may stand behind a front: it tells when what was read of it may no longer be true.
///
/// Every store, removal and clear, by whomever, moves the counter of the keys it concerns.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "file", unix))]
/// # futures_lite::future::block_on(async {
/// use cachier::core::{Behind, Core, FileCore};
/// use cachier::{Entry, Key, Meta, Timestamp};
/// # let folder = tempfile::tempdir().unwrap();
/// let core = FileCore::new("report").cache_dir(folder.path());
/// let key = Key::of(&(1,))?;
/// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
/// core.set(&key, Some(Entry { value: &5, meta })).await?;
/// let (_, stamp) = core.get_stamped(&key).await?.expect("it is stored");
/// assert!(core.is_current(stamp));
/// core.clear().await?;
/// assert!(!core.is_current(stamp), "what was read is no longer true");
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
pub trait Behind<V>: Core<V> {
    /// As [`Core::get`], with a stamp taken before the read.
    ///
    /// # Errors
    ///
    /// As [`Core::get`].
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "file", unix))]
    /// # futures_lite::future::block_on(async {
    /// use cachier::core::{Behind, Core, FileCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let core = FileCore::new("report").cache_dir(folder.path());
    /// let key = Key::of(&(1,))?;
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// let (entry, stamp) = core.get_stamped(&key).await?.expect("it is stored");
    /// assert_eq!((entry.value, core.is_current(stamp)), (5, true));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn get_stamped(
        &self,
        key: &Key,
    ) -> impl Future<Output = Result<Option<(Entry<V>, Stamp)>, Error>> + MaybeSend;

    /// As [`Core::put`]: what is stored under the key now, with its size in the store; `None` where
    /// `put` says `false`.
    ///
    /// # Errors
    ///
    /// As [`Core::put`].
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "file", unix))]
    /// # futures_lite::future::block_on(async {
    /// use cachier::core::{Behind, Core, FileCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let core = FileCore::new("report").cache_dir(folder.path());
    /// let key = Key::of(&(1,))?;
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// let claim = core.claim(&key, 0).await?.expect("nobody else calculates");
    /// let stored = core.put_stamped(claim, Entry { value: &5, meta }).await?;
    /// let (meta, stamp) = stored.expect("nobody has overtaken it");
    /// assert!(meta.size > 0 && core.is_current(stamp));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn put_stamped(
        &self,
        claim: Self::Claim,
        entry: Entry<&V>,
    ) -> impl Future<Output = Result<Option<(Meta, Stamp)>, Error>> + MaybeSend;

    /// As [`Core::set`]; `None` where nothing is stored under the key now.
    ///
    /// # Errors
    ///
    /// As [`Core::set`].
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "file", unix))]
    /// # futures_lite::future::block_on(async {
    /// use cachier::core::{Behind, Core, FileCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let core = FileCore::new("report").cache_dir(folder.path());
    /// let key = Key::of(&(1,))?;
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// assert!(core.set_stamped(&key, Some(Entry { value: &5, meta })).await?.is_some());
    /// assert!(core.set_stamped(&key, None).await?.is_none());
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<&V>>,
    ) -> impl Future<Output = Result<Option<(Meta, Stamp)>, Error>> + MaybeSend;

    /// Whether nothing has moved a stamp's counter, as far as this process can see at once.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "file", unix))]
    /// # futures_lite::future::block_on(async {
    /// use cachier::core::{Behind, Core, FileCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let core = FileCore::new("report").cache_dir(folder.path());
    /// let key = Key::of(&(1,))?;
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// let (_, stamp) = core.get_stamped(&key).await?.expect("it is stored");
    /// core.set(&key, None).await?;
    /// assert!(!core.is_current(stamp));
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn is_current(&self, stamp: Stamp) -> bool;

    /// Small entries that come to about so many bytes, the youngest, read in one request; none where single reads
    /// cost little.
    ///
    /// # Errors
    ///
    /// As [`Core::get`].
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "file", unix))]
    /// # futures_lite::future::block_on(async {
    /// use cachier::core::{Behind, Core, FileCore};
    /// use cachier::{Entry, Key, Meta, Timestamp};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let core = FileCore::new("report").cache_dir(folder.path());
    /// let key = Key::of(&(1,))?;
    /// let meta = Meta { stored_at: Timestamp::from_millis(0), size: 0, none: false };
    /// core.set(&key, Some(Entry { value: &5, meta })).await?;
    /// // Where a read is a system call, nothing is read in advance.
    /// assert!(core.preload(1 << 20).await?.is_empty());
    /// # Ok::<(), cachier::Error>(())
    /// # }).unwrap();
    /// ```
    fn preload(
        &self,
        most_bytes: u64,
    ) -> impl Future<Output = Result<Vec<Preloaded<V>>, Error>> + MaybeSend {
        let _ = most_bytes;
        async { Ok(Vec::new()) }
    }
}
