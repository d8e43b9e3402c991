//! Entries in a browser's IndexedDB, shared by its tabs and workers; knows neither policy, clock nor waiting.

mod api;
mod connection;
mod jobs;
mod record;
mod turn;

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::core::browser::claims::{self, Among};
use crate::core::browser::global::{described, is_named};
use crate::core::browser::ledger::{Answer, Asked, Bounds};
use crate::core::browser::reply::Reply;
use crate::core::browser::{BrowserClaim, Form, Serde, Written, channel, hexadecimal, news};
use crate::core::{Behind, Core, Stamp, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::text::joined;
use crate::threads::MaybeSend;
use jobs::{Done, Job, Listed, Part, Work};
use record::{Address, Fresh};
use turn::{Company, Mode, Turn};

/// The core that keeps entries in IndexedDB, shared by every tab and worker of an origin.
///
/// All functions lie in one database, `cachier1`, each under its id: an entry has its arguments beside it, for the
/// browser's inspector. The database is opened at the first use. What one turn of the event loop asks shares a
/// transaction, which is written with relaxed durability.
///
/// A claim is a Web Lock: one tab calculates, and the lock goes to another when that tab closes, crashes, freezes or
/// is put into the back/forward cache. Where there are no Web Locks, a claim holds in its own tab.
///
/// Sizes are those of a weigher, else the length of a value's encoding. Where the browser's quota is exceeded, the
/// oldest entries of this function make room; if that is not enough, an error says so.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
/// # async fn example() -> Result<(), cachier::Error> {
/// use cachier::{Memoize, core::IndexedDb};
///
/// let user = Memoize::builder()
///     .name("user")
///     .core(IndexedDb::new("user"))
///     .async_function(|id: u64| async move { format!("user {id}") })?;
/// assert_eq!(user.call((7,)).await, "user 7");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct IndexedDb<V, F = Serde> {
    store: Rc<Store>,
    values: PhantomData<fn(V, F)>,
}

/// One function's part of the database, whatever its values are.
#[derive(Debug)]
struct Store(Part);

impl<V, F> Clone for IndexedDb<V, F> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            values: PhantomData,
        }
    }
}

impl<V> IndexedDb<V> {
    /// What is kept under a function's id, perhaps since long; nothing is opened yet.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
    /// let core = cachier::core::IndexedDb::<u32>::new("answers");
    /// ```
    pub fn new(id: &str) -> Self {
        Self::with_form(id)
    }
}

impl<V, F> IndexedDb<V, F> {
    /// As [`new`](IndexedDb::new), for values of another form than serde's.
    pub fn with_form(id: &str) -> Self {
        channel::listen();
        Self {
            store: Rc::new(Store(Part {
                id: id.into(),
                bounds: Cell::default(),
                watched: news::watch("indexeddb", id),
            })),
            values: PhantomData,
        }
    }

    /// With never more than `most` entries after a call.
    #[must_use]
    pub fn max_entries(self, most: u64) -> Self {
        self.bounded(|bounds| bounds.max_entries = most)
    }

    /// With never more bytes than `most` after a call.
    #[must_use]
    pub fn max_bytes(self, most: u64) -> Self {
        self.bounded(|bounds| bounds.max_bytes = most)
    }

    fn bounded(self, change: impl FnOnce(&mut Bounds)) -> Self {
        let mut bounds = self.store.0.bounds.get();
        change(&mut bounds);
        self.store.0.bounds.set(bounds);
        self
    }
}

impl Store {
    fn address(&self, key: &Key) -> Address {
        Address {
            id: self.0.id.clone(),
            digest: hexadecimal::text(&key.digest()),
        }
    }

    /// Does a job in a task of its own, so that the transaction lives whoever drives the caller.
    async fn run(self: &Rc<Self>, job: Job) -> Result<Done, Error> {
        let reply = Reply::new();
        let (store, there) = (self.clone(), reply.clone());
        spawn_local(async move { there.leave(store.carry_out(&job).await) });
        reply.await
    }

    async fn carry_out(&self, job: &Job) -> Result<Done, Error> {
        let failure = match self.attempt(job, Company::Welcome).await {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        // Perhaps it was another job's failure, or the browser has closed the connection; and perhaps the quota.
        if is_quota(&failure) && job.size() > 0 {
            self.make_room(job.size()).await;
        }
        let failure = match self.attempt(job, Company::Unwanted).await {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        if !is_quota(&failure) || job.size() == 0 {
            return Err(refused(&failure));
        }
        self.make_room(job.size()).await;
        let retried = self.attempt(job, Company::Unwanted).await;
        retried.map_err(|failure| refused(&failure))
    }

    /// Room that cannot be made is missed by the retry.
    async fn make_room(&self, bytes: u64) {
        let evicted = self.attempt(&Job::Evict(bytes), Company::Unwanted).await;
        if let Ok(Done::Removed(digests)) = evicted {
            self.tell_of(&digests);
        }
    }

    async fn attempt(&self, job: &Job, company: Company) -> Result<Done, JsValue> {
        let database = connection::connect().await?;
        let first = |turn: &Turn| jobs::first(&self.0, job, turn);
        let entered = turn::enter(&database, job.mode(), company, &first);
        // It throws where the connection is closed.
        let (turn, request) = entered.inspect_err(|_| connection::forget())?;
        let done = match job.mode() {
            Mode::Reads => self.work(&turn).perform(job, request).await,
            Mode::Writes => self.write(job, &turn, request).await,
        };
        turn.leave(done).await
    }

    /// One job writes at a time; whoever had to wait asks anew.
    async fn write(&self, job: &Job, turn: &Turn, request: api::Idb) -> Result<Done, JsValue> {
        let at_once = turn.become_busy().await;
        let request = match at_once {
            true => Ok(request),
            false => jobs::first(&self.0, job, turn),
        };
        let done = match request {
            Ok(request) => self.work(turn).perform(job, request).await,
            Err(error) => Err(error),
        };
        turn.become_idle();
        done
    }

    fn work<'a>(&'a self, turn: &'a Turn) -> Work<'a> {
        Work {
            part: &self.0,
            turn,
        }
    }

    async fn ask(self: &Rc<Self>, address: &Address, asked: Asked) -> Result<Answer, Error> {
        match self.run(Job::Claim(address.clone(), asked)).await? {
            Done::Answered(answer) => Ok(answer),
            _ => Err(unanswered()),
        }
    }

    /// Stores, and tells the other tabs.
    async fn store(
        self: &Rc<Self>,
        digest: &str,
        meta: Meta,
        job: Job,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let is_unconditional = matches!(job, Job::Set(..));
        let Done::Stored(stamp) = self.run(job).await? else {
            return Err(unanswered());
        };
        if stamp.is_some() || is_unconditional {
            channel::tell(&self.0.watched, digest);
        }
        Ok(stamp.map(|stamp| (meta, stamp)))
    }

    async fn listed(self: &Rc<Self>) -> Result<Vec<Listed>, Error> {
        match self.run(Job::List).await? {
            Done::Listed(listed) => Ok(listed),
            _ => Err(unanswered()),
        }
    }

    async fn remove(self: &Rc<Self>, refused: Vec<Listed>) -> Result<u64, Error> {
        if refused.is_empty() {
            return Ok(0);
        }
        match self.run(Job::Remove(refused)).await? {
            Done::Removed(digests) => {
                self.tell_of(&digests);
                Ok(digests.len() as u64)
            }
            _ => Err(unanswered()),
        }
    }

    fn tell_of(&self, digests: &[String]) {
        match digests {
            [] => {}
            [digest] => channel::tell(&self.0.watched, digest),
            _ => channel::tell_all(&self.0.watched),
        }
    }

    fn note_use(&self, digest: &str) {
        if self.0.bounds.get().is_bounded() {
            self.0.watched.note_use(digest);
        }
    }
}

fn is_quota(failure: &JsValue) -> bool {
    is_named(failure, "QuotaExceededError")
}

fn refused(failure: &JsValue) -> Error {
    Error::storage(joined!("IndexedDB: ", &described(failure)))
}

fn unanswered() -> Error {
    Error::storage("IndexedDB: it answered something else than was asked")
}

impl<V, F: Form<V, JsValue>> IndexedDb<V, F> {
    fn fresh(&self, key: &Key, entry: Entry<V>) -> Result<Fresh, Error> {
        let Written {
            stored,
            is_bytes,
            size,
        } = F::write(&entry.value)?;
        let mut meta = entry.meta;
        if meta.size == 0 {
            meta.size = size;
        }
        Ok(Fresh {
            key: key.clone(),
            value: stored,
            is_bytes,
            meta,
        })
    }

    async fn found(&self, address: Address) -> Result<Option<Entry<V>>, Error> {
        let digest = address.digest.clone();
        let Done::Found(found) = self.store.run(Job::Get(address)).await? else {
            return Ok(None);
        };
        self.store.note_use(&digest);
        let value = F::read(found.value, found.is_bytes)?;
        let meta = found.head.meta;
        Ok(Some(Entry { value, meta }))
    }
}

impl<V: 'static, F: Form<V, JsValue>> Core<V> for IndexedDb<V, F> {
    type Claim = BrowserClaim;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        self.found(self.store.address(key)).await
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<BrowserClaim>, Error> {
        let (store, address) = (&self.store, self.store.address(key));
        let watched = &store.0.watched;
        let place = joined!(watched.place(), ":", &address.digest);
        let asked = Asked {
            generation: watched.generation.get(),
            attempt,
            over: 0,
        };
        let ask = async |asked| store.ask(&address, asked).await;
        claims::claim(key, &place, Among::AllTabs, asked, ask).await
    }

    async fn put(&self, claim: BrowserClaim, entry: Entry<V>) -> Result<bool, Error> {
        Ok(self.put_stamped(claim, entry).await?.is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<V>>) -> Result<(), Error> {
        self.set_stamped(key, entry).await.map(|_| ())
    }

    async fn clear(&self) -> Result<(), Error> {
        self.store.run(Job::Clear).await?;
        channel::tell_all(&self.store.0.watched);
        Ok(())
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.store.run(Job::Release).await.map(|_| ())
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let listed = self.store.listed().await?;
        let (kept, refused): (Vec<_>, Vec<_>) = listed
            .into_iter()
            .partition(|entry| keep(&entry.key, &entry.head.meta));
        Ok(Swept {
            entries: kept.len() as u64,
            bytes: kept.iter().map(|entry| entry.head.meta.size).sum(),
            removed: self.store.remove(refused).await?,
            evicted: self.store.0.watched.evicted.get(),
        })
    }
}

impl<V: 'static, F: Form<V, JsValue>> Behind<V> for IndexedDb<V, F> {
    async fn get_stamped(&self, key: &Key) -> Result<Option<(Entry<V>, Stamp)>, Error> {
        let address = self.store.address(key);
        let stamp = self.store.0.watched.stamp(&address.digest);
        Ok(self.found(address).await?.map(|entry| (entry, stamp)))
    }

    async fn put_stamped(
        &self,
        claim: BrowserClaim,
        entry: Entry<V>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let fresh = self.fresh(&claim.key, entry)?;
        if claim.is_lost() {
            return Ok(None);
        }
        let (address, meta) = (self.store.address(&claim.key), fresh.meta);
        let digest = address.digest.clone();
        let job = Job::Put(address, claim.ticket, fresh);
        // The claim is held until the entry is there.
        self.store.store(&digest, meta, job).await
    }

    async fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<V>>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let fresh = entry.map(|entry| self.fresh(key, entry)).transpose()?;
        let address = self.store.address(key);
        let digest = address.digest.clone();
        let meta = fresh.as_ref().map_or_else(nothing, |fresh| fresh.meta);
        self.store
            .store(&digest, meta, Job::Set(address, fresh))
            .await
    }

    fn is_current(&self, stamp: Stamp) -> bool {
        self.store.0.watched.is_current(stamp)
    }
}

fn nothing() -> Meta {
    crate::core::browser::ledger::meta(0, 0, false)
}
