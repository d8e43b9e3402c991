//! A core in memory that may stand behind a front, and counts how often it is read; not a front.

use std::sync::Arc;

use cachier::core::{Behind, Core, MemoryClaim, MemoryCore, Stamp, Swept};
use cachier::{Entry, Error, Key, MaybeSend, Meta};
#[cfg(shuttle)]
use shuttle::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};
#[cfg(not(shuttle))]
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};

/// Its clones are the same store, as two processes have it.
#[derive(Clone)]
pub struct Slotted<V>(Arc<State<V>>);

struct State<V> {
    memory: MemoryCore<V>,
    slots: [AtomicU64; 4],
    writing: Mutex<()>,
    reads: AtomicU64,
}

pub struct Claim<V> {
    claim: MemoryClaim<V>,
    key: Key,
}

/// Nothing in memory keeps anybody waiting.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let ready = futures_lite::future::block_on(futures_lite::future::poll_once(future));
    ready.expect("memory is ready at once")
}

impl<V: Clone + MaybeSend + Sync + 'static> Slotted<V> {
    pub fn new() -> Self {
        Self(Arc::new(State {
            memory: MemoryCore::new(),
            slots: Default::default(),
            writing: Mutex::new(()),
            reads: AtomicU64::new(0),
        }))
    }

    /// How often an entry was asked for, found or not.
    #[cfg(not(shuttle))]
    pub fn reads(&self) -> u64 {
        self.0.reads.load(SeqCst)
    }

    fn stamp(&self, key: &Key) -> Stamp {
        let slot = u32::from(key.digest()[0]) % self.0.slots.len() as u32;
        let version = self.0.slots[slot as usize].load(SeqCst);
        Stamp { slot, version }
    }

    fn moved(&self, key: &Key) -> Stamp {
        let Stamp { slot, version } = self.stamp(key);
        self.0.slots[slot as usize].store(version + 1, SeqCst);
        Stamp {
            slot,
            version: version + 1,
        }
    }
}

impl<V: Clone + Send + Sync + 'static> Core<V> for Slotted<V> {
    type Claim = Claim<V>;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        self.0.reads.fetch_add(1, SeqCst);
        self.0.memory.get(key).await
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<Claim<V>>, Error> {
        let claim = self.0.memory.claim(key, attempt).await?;
        let key = key.clone();
        Ok(claim.map(|claim| Claim { claim, key }))
    }

    async fn put(&self, claim: Claim<V>, entry: Entry<&V>) -> Result<bool, Error> {
        Ok(self.put_stamped(claim, entry).await?.is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        self.set_stamped(key, entry).await.map(|_| ())
    }

    async fn clear(&self) -> Result<(), Error> {
        let _writing = self.0.writing.lock().unwrap();
        at_once(self.0.memory.clear())?;
        self.0.slots.iter().for_each(|slot| {
            slot.fetch_add(1, SeqCst);
        });
        Ok(())
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.0.memory.release_claims().await
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let _writing = self.0.writing.lock().unwrap();
        at_once(self.0.memory.sweep(|key, meta| {
            let kept = keep(key, meta);
            if !kept {
                self.moved(key);
            }
            kept
        }))
    }
}

impl<V: Clone + Send + Sync + 'static> Behind<V> for Slotted<V> {
    async fn get_stamped(&self, key: &Key) -> Result<Option<(Entry<V>, Stamp)>, Error> {
        let stamp = self.stamp(key);
        Ok(self.get(key).await?.map(|entry| (entry, stamp)))
    }

    async fn put_stamped(
        &self,
        claim: Claim<V>,
        entry: Entry<&V>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let Claim { claim, key } = claim;
        let meta = entry.meta;
        let _writing = self.0.writing.lock().unwrap();
        let stored = at_once(self.0.memory.put(claim, entry))?;
        Ok(stored.then(|| (meta, self.moved(&key))))
    }

    async fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<&V>>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let meta = entry.as_ref().map(|entry| entry.meta);
        let _writing = self.0.writing.lock().unwrap();
        at_once(self.0.memory.set(key, entry))?;
        let stamp = self.moved(key);
        Ok(meta.map(|meta| (meta, stamp)))
    }

    fn is_current(&self, stamp: Stamp) -> bool {
        self.0.slots[stamp.slot as usize].load(SeqCst) == stamp.version
    }
}
