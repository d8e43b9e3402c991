//! A bounded front in memory before a core that outlives the program; knows of that core only what it tells.
//!
//! The front is never trusted: what it holds of a key is served only while its [`Stamp`] is current, which is
//! asked at each hit, after the copy was taken. From that, and from what [`Behind`] promises, follows that no
//! order of events brings a replaced or cleared value back:
//!
//! - A stamp is taken before the read, or in the same moment as the write, that it stands for. So what it came
//!   with is at least as new as the counter it remembers.
//! - Every change of the key, by whomever, moves that counter, and no counter ever moves back. So once a copy
//!   is out of date its stamp is not current any more, and never will be again.
//!
//! Whoever reads an entry, sleeps through a clear, and then puts the entry into the front, puts there what
//! nobody will be served. It may take the place of a newer copy: that costs one read of the core, not truth.
//! Removing from the front, therefore, only saves room.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::core::{Behind, Core, MemoryCore, Stamp, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::policy::USUAL_FRONT;
use crate::threads::{MaybeSend, MaybeSync};

/// A core that outlives the program, with copies of its entries in memory before it.
///
/// A hit in the front asks the core behind for no more than whether the copy is current: for files, that is
/// a look at a word that all processes share. What another process stores, removes or clears is seen at the
/// next call.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
/// use cachier::core::{FileCore, Tiered};
/// # let folder = tempfile::tempdir().unwrap();
/// # let dir = folder.path();
///
/// let core = Tiered::new(FileCore::new("report").cache_dir(dir)).front(1 << 30);
/// let report = Memoize::builder()
///     .core(core)
///     .function(|year: u32| format!("the year {year}"))?;
/// assert_eq!(report.call((2024,)), "the year 2024"); // calculated and stored
/// assert_eq!(report.call((2024,)), "the year 2024"); // from the front
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Debug)]
pub struct Tiered<V, C> {
    front: Option<Front<V>>,
    coherent: bool,
    /// How many bytes of the core are still to be read at once, before anything else is.
    preload: AtomicU64,
    core: C,
}

/// Copies, and how large an entry may be that is held.
#[derive(Debug)]
struct Front<V> {
    copies: MemoryCore<Copied<V>>,
    largest: u64,
}

/// A copy of a stored value, and where its key stood then.
#[derive(Clone, Debug)]
struct Copied<V> {
    value: V,
    stamp: Stamp,
}

/// The right to calculate one key of a [`Tiered`] core; given back when dropped.
///
/// # Example
///
/// ```
/// use cachier::core::{Core, FileCore, Tiered};
/// # futures_lite::future::block_on(async {
/// # let folder = tempfile::tempdir().unwrap();
/// # let dir = folder.path();
/// let core: Tiered<u32, _> = Tiered::new(FileCore::new("report").cache_dir(dir));
/// let key = cachier::Key::of(&(2024,))?;
/// let claim = core.claim(&key, 0).await?;
/// assert!(core.claim(&key, 0).await?.is_none(), "it is held");
/// drop(claim);
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct TieredClaim<T> {
    claim: T,
    key: Key,
}

impl<V> Front<V> {
    fn of(bytes: u64) -> Self {
        let copies = MemoryCore::divided(bytes);
        let largest = copies.largest();
        Self { copies, largest }
    }
}

impl<V> Clone for Front<V> {
    fn clone(&self) -> Self {
        Self {
            copies: self.copies.clone(),
            largest: self.largest,
        }
    }
}

impl<V, C: Clone> Clone for Tiered<V, C> {
    fn clone(&self) -> Self {
        Self {
            front: self.front.clone(),
            coherent: self.coherent,
            preload: AtomicU64::new(self.preload.load(Relaxed)),
            core: self.core.clone(),
        }
    }
}

impl<V, C> Tiered<V, C> {
    /// A core with an empty front of 64 MiB before it.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{FileCore, Tiered};
    /// let core = Tiered::new(FileCore::<u32>::new("report"));
    /// # let _: Tiered<u32, _> = core;
    /// ```
    pub fn new(core: C) -> Self {
        Self {
            front: Some(Front::of(USUAL_FRONT)),
            coherent: false,
            preload: AtomicU64::new(0),
            core,
        }
    }

    /// With an empty front of so many bytes, as the core behind counts them; 0: without.
    ///
    /// A front of more than 8 MiB is divided, so that threads seldom meet; an entry larger than a part, which has
    /// 8 MiB or more, is not held.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{FileCore, Tiered};
    /// let core = Tiered::new(FileCore::<u32>::new("report")).front(16 << 20);
    /// # let _: Tiered<u32, _> = core;
    /// ```
    #[must_use]
    pub fn front(mut self, bytes: u64) -> Self {
        self.front = (bytes > 0).then(|| Front::of(bytes));
        self
    }

    /// Whether every call reads the core behind: then nothing is held before it.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{FileCore, Tiered};
    /// let core = Tiered::new(FileCore::<u32>::new("report")).coherent(true);
    /// # let _: Tiered<u32, _> = core;
    /// ```
    #[must_use]
    pub fn coherent(mut self, coherent: bool) -> Self {
        self.coherent = coherent;
        self
    }

    /// With about so many bytes of small entries read into the front at the first use, in one request, by a core
    /// that can: IndexedDB. Nothing, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::core::{FileCore, Tiered};
    /// let core = Tiered::new(FileCore::<u32>::new("report")).preload(4 << 20);
    /// # let _: Tiered<u32, _> = core;
    /// ```
    #[must_use]
    pub fn preload(mut self, bytes: u64) -> Self {
        self.preload = AtomicU64::new(bytes);
        self
    }

    #[inline]
    fn front_in_use(&self) -> Option<&Front<V>> {
        self.front.as_ref().filter(|_| !self.coherent)
    }
}

impl<V, C> Tiered<V, C>
where
    V: Clone + MaybeSend + MaybeSync + 'static,
    C: Behind<V>,
{
    /// What the front holds, if that is still what is stored.
    #[inline(always)]
    fn copied(&self, key: &Key) -> Option<Entry<V>> {
        let Entry { value, meta } = self.front_in_use()?.copies.find(key)?;
        let value = self.core.is_current(value.stamp).then_some(value.value)?;
        Some(Entry { value, meta })
    }

    #[inline(never)]
    async fn read(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        if self.preload.load(Relaxed) > 0 {
            self.read_ahead().await;
            if let Some(entry) = self.copied(key) {
                return Ok(Some(entry));
            }
        }
        let Some((entry, stamp)) = self.core.get_stamped(key).await? else {
            self.forget(key);
            return Ok(None);
        };
        self.keep(key, &entry.value, entry.meta, stamp);
        Ok(Some(entry))
    }

    /// Once. Whoever reads next is told of any trouble.
    async fn read_ahead(&self) {
        let most_bytes = self.preload.swap(0, Relaxed);
        if most_bytes == 0 || self.front_in_use().is_none() {
            return;
        }
        let read = self.core.preload(most_bytes).await.unwrap_or_default();
        for (key, Entry { value, meta }, stamp) in read {
            self.keep(&key, &value, meta, stamp);
        }
    }

    fn keep(&self, key: &Key, value: &V, meta: Meta, stamp: Stamp) {
        let Some(front) = self.front_in_use() else {
            return;
        };
        if meta.size > front.largest {
            return front.copies.forget(key);
        }
        let value = Copied {
            value: value.clone(),
            stamp,
        };
        front.copies.keep(key, Entry { value, meta });
    }

    fn forget(&self, key: &Key) {
        if let Some(front) = self.front_in_use() {
            front.copies.forget(key);
        }
    }

    /// What is stored under a key now, after a write, is what the front holds.
    fn follow(&self, key: &Key, value: Option<&V>, stored: Option<(Meta, Stamp)>) {
        match (value, stored) {
            (Some(value), Some((meta, stamp))) => self.keep(key, value, meta, stamp),
            _ => self.forget(key),
        }
    }
}

impl<V, C> Core<V> for Tiered<V, C>
where
    V: Clone + MaybeSend + MaybeSync + 'static,
    C: Behind<V>,
{
    type Claim = TieredClaim<C::Claim>;

    const WAITS: bool = C::WAITS;

    // The look at the front is outside of the future, and the rest in a box, so that a hit carries neither.
    #[inline(always)]
    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Entry<V>>, Error>> + MaybeSend {
        let copied = self.copied(key);
        async move {
            match copied {
                Some(entry) => Ok(Some(entry)),
                None => Box::pin(self.read(key)).await,
            }
        }
    }

    #[inline(always)]
    fn get_at_once(&self, key: &Key) -> Option<Option<Entry<V>>> {
        self.copied(key).map(Some)
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<Self::Claim>, Error> {
        let claim = self.core.claim(key, attempt).await?;
        Ok(claim.map(|claim| TieredClaim {
            claim,
            key: key.clone(),
        }))
    }

    async fn put(&self, claim: Self::Claim, entry: Entry<&V>) -> Result<bool, Error> {
        let TieredClaim { claim, key } = claim;
        let value = entry.value;
        let stored = self.core.put_stamped(claim, entry).await?;
        let is_stored = stored.is_some();
        if is_stored {
            self.follow(&key, Some(value), stored);
        }
        Ok(is_stored)
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        let value = entry.as_ref().map(|entry| entry.value);
        let stored = self.core.set_stamped(key, entry).await?;
        self.follow(key, value, stored);
        Ok(())
    }

    async fn clear(&self) -> Result<(), Error> {
        self.core.clear().await?;
        match self.front_in_use() {
            Some(front) => front.copies.clear().await,
            None => Ok(()),
        }
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.core.release_claims().await
    }

    async fn sweep(
        &self,
        keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        self.core.sweep(keep).await
    }

    fn cache_dpath(&self) -> Option<PathBuf> {
        self.core.cache_dpath()
    }
}
