//! Entries in this process's memory, values as they are; knows neither policy, clock nor waiting.

mod shard;
#[cfg_attr(not(target_arch = "wasm32"), path = "memory/shards/native.rs")]
#[cfg_attr(target_arch = "wasm32", path = "memory/shards/web.rs")]
mod shards;

use std::mem::replace;

use crate::core::{Core, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::map::{Hasher, hash_of};
use crate::policy::{Layer, Options, Setting};
use crate::sync::{Mutex, MutexGuard, lock};
use crate::threads::{MaybeSend, MaybeSync};
use shard::{NOBODY, Shard};
use shards::Shards;

/// The core that holds values themselves, in memory, without encoding them.
///
/// Bounded by entries, by bytes or not at all. What is evicted is chosen by SIEVE (Zhang et al.,
/// "SIEVE is Simpler than LRU", NSDI 2024): a key in use survives a scan of any length.
///
/// # Example
///
/// ```
/// use cachier::core::MemoryCore;
/// let bounded = MemoryCore::<String>::new().max_entries(1_000);
/// ```
#[derive(Debug)]
pub struct MemoryCore<V>(Store<V>);

#[derive(Debug)]
struct Store<V> {
    shards: Shards<V>,
    hasher: Hasher,
}

impl<V> Clone for Store<V> {
    fn clone(&self) -> Self {
        Self {
            shards: self.shards.clone(),
            hasher: self.hasher.clone(),
        }
    }
}

/// Keeps neighbouring shards out of one another's cache line.
#[derive(Debug)]
#[repr(align(128))]
struct Padded<T>(T);

/// Below this many entries a shard would evict noticeably before the whole is full.
const FEWEST_PER_SHARD: u64 = 1_024;

/// Below this many bytes a part of a divided core would refuse too many entries.
const LEAST_BYTES_PER_SHARD: u64 = 8 << 20;

/// How much a [`MemoryCore`] may hold, and how it learns of uses and tells of losses elsewhere.
#[derive(Debug)]
pub(crate) struct Bounds<V> {
    pub(crate) max_entries: u64,
    pub(crate) max_bytes: u64,
    /// Whether a value was used where this core could not see it; asking forgets.
    pub(crate) used: fn(&V) -> bool,
    /// Called with each value that leaves.
    pub(crate) dropped: fn(&V),
}

impl<V> Clone for Bounds<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Bounds<V> {}

impl<V> Default for Bounds<V> {
    fn default() -> Self {
        Self {
            max_entries: u64::MAX,
            max_bytes: u64::MAX,
            used: |_| false,
            dropped: |_| (),
        }
    }
}

impl<V> Bounds<V> {
    /// The bounds that these options give.
    pub(crate) fn of(layer: &Layer) -> Self {
        let max_entries = layer.count(Setting::MaxEntries);
        let max_bytes = layer.count(Setting::MaxBytes);
        Self {
            max_entries,
            max_bytes,
            ..Self::default()
        }
    }
}

impl<V> Default for MemoryCore<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Clone for MemoryCore<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> MemoryCore<V> {
    /// An empty core without bounds.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::MemoryCore::<u32>::new();
    /// ```
    pub fn new() -> Self {
        Self::bounded(Bounds::default())
    }

    /// An empty core that never holds more than `most` entries after a call.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::MemoryCore::<u32>::new().max_entries(100);
    /// ```
    #[must_use]
    pub fn max_entries(self, most: u64) -> Self {
        Self::bounded(Bounds {
            max_entries: most,
            ..self.bounds()
        })
    }

    /// An empty core whose entries' sizes never add up to more than `most` bytes after a call.
    ///
    /// # Example
    ///
    /// ```
    /// let core = cachier::core::MemoryCore::<String>::new().max_bytes(1 << 20);
    /// ```
    #[must_use]
    pub fn max_bytes(self, most: u64) -> Self {
        Self::bounded(Bounds {
            max_bytes: most,
            ..self.bounds()
        })
    }

    /// An empty core with the bounds of these options.
    pub(crate) fn of_options(options: &Options) -> Self {
        Self::bounded(Bounds::of(&options.layer))
    }

    pub(crate) fn bounded(bounds: Bounds<V>) -> Self {
        let count = shard_count(&bounds);
        let max_entries = bounds.max_entries / count;
        Self::sharded(
            count,
            Bounds {
                max_entries,
                ..bounds
            },
        )
    }

    /// An empty core for copies of what is stored elsewhere: within so many bytes, but divided, so that one
    /// caller does not wait for another; an entry larger than a part is not held.
    pub(crate) fn divided(max_bytes: u64) -> Self {
        let count = (max_bytes / LEAST_BYTES_PER_SHARD).clamp(1, most_shards());
        let count = 1 << count.ilog2();
        let max_bytes = max_bytes / count;
        Self::sharded(
            count,
            Bounds {
                max_bytes,
                ..Bounds::default()
            },
        )
    }

    fn sharded(count: u64, each: Bounds<V>) -> Self {
        let hasher = Hasher::default();
        let mut shards = Vec::new();
        for _ in 0..count {
            shards.push(Padded(Mutex::new(Shard::new(each, hasher.clone()))));
        }
        Self(Store {
            shards: shards.into(),
            hasher,
        })
    }

    /// What is held under a key.
    #[inline(always)]
    pub(crate) fn find(&self, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        self.0.get(key)
    }

    /// Holds an entry whoever may claim its key; nothing, if it is too large.
    pub(crate) fn keep(&self, key: &Key, entry: Entry<V>) {
        let (hash, mut shard) = self.0.shard(key);
        let gone = shard.put(hash, key, entry);
        drop(shard);
        gone.tell();
    }

    /// Holds nothing under a key any more.
    pub(crate) fn forget(&self, key: &Key) {
        let (hash, mut shard) = self.0.shard(key);
        let gone = shard.remove(hash, key);
        drop(shard);
        gone.tell();
    }

    /// As [`Core::claim`], at once.
    pub(crate) fn take_claim(&self, key: &Key, attempt: u32) -> Option<MemoryClaim<V>> {
        let number = self.0.shard(key).1.claim(key, attempt)?;
        Some(MemoryClaim {
            store: self.0.clone(),
            key: key.clone(),
            number,
        })
    }

    /// As [`Core::put`], at once.
    pub(crate) fn fulfil(&self, claim: &mut MemoryClaim<V>, entry: Entry<V>) -> bool {
        let (hash, mut shard) = self.0.shard(&claim.key);
        // Given back under the lock that is held, so that its drop need not lock once more.
        let number = replace(&mut claim.number, NOBODY);
        let was_held = shard.release(&claim.key, number);
        if !was_held || !shard.can_hold(&entry.meta) {
            return false;
        }
        let gone = shard.put(hash, &claim.key, entry);
        drop(shard);
        gone.tell();
        true
    }

    /// As [`Core::set`], at once.
    pub(crate) fn overtake(&self, key: &Key, entry: Option<Entry<V>>) {
        let (hash, mut shard) = self.0.shard(key);
        shard.overtake(key);
        let gone = match entry {
            Some(entry) => shard.put(hash, key, entry),
            None => shard.remove(hash, key),
        };
        drop(shard);
        gone.tell();
    }

    /// As [`Core::clear`], at once.
    pub(crate) fn forget_all(&self) {
        for mut shard in self.0.each_shard() {
            shard.overtake_all();
            let gone = shard.clear();
            drop(shard);
            gone.tell();
        }
    }

    /// As [`Core::release_claims`], at once.
    pub(crate) fn overtake_all(&self) {
        for mut shard in self.0.each_shard() {
            shard.overtake_all();
        }
    }

    /// As [`Core::sweep`], at once.
    pub(crate) fn look_through(&self, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Swept {
        self.0.sweep(keep)
    }

    /// How large an entry may be at most.
    pub(crate) fn largest(&self) -> u64 {
        self.bounds().max_bytes
    }

    fn bounds(&self) -> Bounds<V> {
        let count = self.0.shards.len() as u64;
        let each = lock(&self.0.shards[0].0).bounds();
        Bounds {
            max_entries: each.max_entries.saturating_mul(count),
            ..each
        }
    }
}

/// One shard where a bound must hold exactly, several where only contention matters.
fn shard_count<V>(bounds: &Bounds<V>) -> u64 {
    if bounds.max_bytes != u64::MAX {
        return 1;
    }
    let wanted = most_shards();
    (bounds.max_entries / FEWEST_PER_SHARD)
        .clamp(1, wanted)
        .next_power_of_two()
        .min(wanted)
}

#[cfg(not(any(target_arch = "wasm32", shuttle)))]
fn most_shards() -> u64 {
    let count = std::thread::available_parallelism();
    4 * count.map_or(1, |count| count.get().next_power_of_two() as u64)
}

#[cfg(shuttle)]
fn most_shards() -> u64 {
    4
}

/// Nobody else is there to wait.
#[cfg(all(target_arch = "wasm32", not(shuttle)))]
fn most_shards() -> u64 {
    1
}

impl<V> Store<V> {
    #[inline(always)]
    fn shard(&self, key: &Key) -> (u64, MutexGuard<'_, Shard<V>>) {
        let hash = hash_of(&self.hasher, key);
        // The index uses the lower half of the hash.
        let index = (hash >> 32) as usize & (self.shards.len() - 1);
        (hash, lock(&self.shards[index].0))
    }

    #[inline(always)]
    fn get(&self, key: &Key) -> Option<Entry<V>>
    where
        V: Clone,
    {
        let (hash, mut shard) = self.shard(key);
        shard.get(hash, key)
    }

    fn sweep(&self, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Swept {
        let mut swept = Swept::default();
        for mut shard in self.each_shard() {
            let gone = shard.retain(keep);
            shard.count(&mut swept);
            drop(shard);
            swept.removed += gone.tell();
        }
        swept
    }

    fn each_shard(&self) -> impl Iterator<Item = MutexGuard<'_, Shard<V>>> {
        self.shards.iter().map(|shard| lock(&shard.0))
    }
}

/// The right to calculate one key of a [`MemoryCore`]; given back when dropped.
///
/// # Example
///
/// ```
/// use cachier::{Key, core::{Core, MemoryCore}};
/// # futures_lite::future::block_on(async {
/// let core = MemoryCore::<u32>::new();
/// let claim = core.claim(&Key::of(&(1,))?, 0).await?;
/// assert!(core.claim(&Key::of(&(1,))?, 0).await?.is_none(), "it is held");
/// drop(claim);
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct MemoryClaim<V> {
    store: Store<V>,
    key: Key,
    number: u64,
}

impl<V> Drop for MemoryClaim<V> {
    fn drop(&mut self) {
        if self.number != NOBODY {
            let (_, mut shard) = self.store.shard(&self.key);
            shard.release(&self.key, self.number);
        }
    }
}

impl<V: Clone + MaybeSend + MaybeSync + 'static> Core<V> for MemoryCore<V> {
    type Claim = MemoryClaim<V>;

    // Ready at once rather than async: only so does the compiler see through the whole of a hit.
    #[inline(always)]
    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Entry<V>>, Error>> + MaybeSend {
        std::future::ready(Ok(self.0.get(key)))
    }

    #[inline(always)]
    fn get_at_once(&self, key: &Key) -> Option<Option<Entry<V>>> {
        Some(self.0.get(key))
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<MemoryClaim<V>>, Error> {
        Ok(self.take_claim(key, attempt))
    }

    async fn put(&self, mut claim: MemoryClaim<V>, entry: Entry<&V>) -> Result<bool, Error> {
        Ok(self.fulfil(&mut claim, entry.cloned()))
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        self.overtake(key, entry.map(Entry::cloned));
        Ok(())
    }

    #[inline]
    fn set_at_once(&self, key: &Key, entry: Option<Entry<&V>>) -> bool {
        self.overtake(key, entry.map(Entry::cloned));
        true
    }

    async fn clear(&self) -> Result<(), Error> {
        self.forget_all();
        Ok(())
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.overtake_all();
        Ok(())
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        Ok(self.look_through(&mut keep))
    }
}
