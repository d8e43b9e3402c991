//! What is asked of the database, and how each is done within one transaction; knows no value and no lock.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::api::{self, Idb};
use super::connection::{BY_ORDER, ENTRIES, FUNCTIONS, LARGE, MARKS};
use super::record::{self, Address, Fresh};
use super::turn::{Mode, Turn};
use crate::core::Stamp;
use crate::core::browser::ledger::{Answer, Asked, Bounds, Function, Head, Ledger, Ticket};
use crate::core::browser::news::Watched;
use crate::key::Key;

/// So many entries are read at once where all are looked at.
const CHUNK: u32 = 64;

/// So many where one is likely to be enough.
const FEW: u32 = 8;

/// Something to be done in one transaction.
pub(super) enum Job {
    Get(Address),
    Claim(Address, Asked),
    /// Stores what was calculated under a claim.
    Put(Address, Ticket, Fresh),
    /// Stores something without a claim, or removes what there is.
    Set(Address, Option<Fresh>),
    Clear,
    Release,
    List,
    /// Removes these entries, unless they were replaced since they were listed.
    Remove(Vec<Listed>),
    /// Makes room for so many bytes.
    Evict(u64),
}

/// What came of a job.
pub(super) enum Done {
    Nothing,
    Found(Found),
    Answered(Answer),
    /// Its place in the order of changes; `None` where it was refused.
    Stored(Option<Stamp>),
    Listed(Vec<Listed>),
    Removed(Vec<String>),
}

/// A stored entry.
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) value: JsValue,
    pub(super) is_bytes: bool,
}

/// An entry without its value.
pub(super) struct Listed {
    pub(super) digest: String,
    pub(super) key: Key,
    pub(super) head: Head,
}

impl Job {
    pub(super) fn mode(&self) -> Mode {
        match self {
            Self::Get(_) | Self::List => Mode::Reads,
            Self::Claim(_, asked) if asked.attempt == 0 => Mode::Reads,
            _ => Mode::Writes,
        }
    }

    /// The size of what it stores.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Put(_, _, fresh) | Self::Set(_, Some(fresh)) => fresh.meta.size,
            _ => 0,
        }
    }
}

/// One function's part of the database.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: Box<str>,
    pub(super) bounds: Cell<Bounds>,
    pub(super) watched: Rc<Watched>,
}

/// One job within one transaction.
pub(super) struct Work<'a> {
    pub(super) part: &'a Part,
    pub(super) turn: &'a Turn,
}

/// The request that a job begins with.
pub(super) fn first(part: &Part, job: &Job, turn: &Turn) -> Result<Idb, JsValue> {
    match job {
        Job::Get(address) => turn.store(ENTRIES)?.read(&address.path()),
        _ => turn
            .store(FUNCTIONS)?
            .read(&Array::of1(&(&*part.id).into())),
    }
}

impl Work<'_> {
    pub(super) async fn perform(&self, job: &Job, first: Idb) -> Result<Done, JsValue> {
        match job {
            Job::Get(address) => self.get(address, first).await,
            Job::Claim(address, asked) => self.claim(address, *asked, first).await,
            Job::Put(address, ticket, fresh) => self.put(address, *ticket, fresh, first).await,
            Job::Set(address, fresh) => self.set(address, fresh.as_ref(), first).await,
            Job::Clear => self.clear(first).await,
            Job::Release => self.release(first).await,
            Job::List => self.list(first).await,
            Job::Remove(listed) => self.remove(listed, first).await,
            Job::Evict(bytes) => self.evict_bytes(*bytes, first).await,
        }
    }

    async fn get(&self, address: &Address, first: Idb) -> Result<Done, JsValue> {
        let record = self.turn.reply(first).await?;
        let Some(head) = record::head(&record) else {
            return Ok(Done::Nothing);
        };
        let is_bytes = record::is_bytes(&record);
        let held = match record::is_large(&record) {
            true => self.read(LARGE, address).await?,
            false => record,
        };
        // Its two parts are written together; without one the entry is none.
        if !held.is_object() {
            return Ok(Done::Nothing);
        }
        let value = crate::core::browser::global::get(&held, "value");
        Ok(Done::Found(Found {
            head,
            value,
            is_bytes,
        }))
    }

    async fn claim(&self, address: &Address, asked: Asked, first: Idb) -> Result<Done, JsValue> {
        let mut ledger = self.ledger(address, first).await?;
        let answer = ledger.claim(asked);
        if matches!(answer, Answer::Claimed(_)) && asked.attempt > 0 {
            self.write_mark(address, &ledger)?;
            self.write_function(ledger.function)?;
        }
        Ok(Done::Answered(answer))
    }

    async fn put(
        &self,
        address: &Address,
        ticket: Ticket,
        fresh: &Fresh,
        first: Idb,
    ) -> Result<Done, JsValue> {
        let ledger = self.ledger(address, first).await?;
        if !ledger.admits(ticket) || !self.part.bounds.get().can_hold(fresh.meta.size) {
            return Ok(Done::Stored(None));
        }
        self.store(address, ledger, fresh, Some(ticket.generation))
            .await
    }

    async fn set(
        &self,
        address: &Address,
        fresh: Option<&Fresh>,
        first: Idb,
    ) -> Result<Done, JsValue> {
        let mut ledger = self.ledger(address, first).await?;
        let bounds = self.part.bounds.get();
        if let Some(fresh) = fresh.filter(|fresh| bounds.can_hold(fresh.meta.size)) {
            return self.store(address, ledger, fresh, None).await;
        }
        if let Some(head) = ledger.head {
            self.delete(&address.path())?;
            ledger.function.lose(head.meta.size);
        }
        ledger.overtake();
        self.write_mark(address, &ledger)?;
        self.write_function(ledger.function)?;
        self.part.watched.moved(&address.digest);
        Ok(Done::Stored(None))
    }

    /// Stores an entry of a claim's generation, or of a new one that overtakes every claim.
    async fn store(
        &self,
        address: &Address,
        ledger: Ledger,
        fresh: &Fresh,
        generation: Option<u64>,
    ) -> Result<Done, JsValue> {
        let mut function = ledger.function;
        if let Some(head) = ledger.head {
            self.delete(&address.path())?;
            function.lose(head.meta.size);
        }
        if !self.part.bounds.get().has_room(&function, fresh.meta.size) {
            self.make_room(&mut function, fresh.meta.size).await?;
        }
        let order = function.advance();
        function.gain(fresh.meta.size);
        let record = fresh.record(address, order, generation.unwrap_or(order));
        self.write(ENTRIES, &record)?;
        if fresh.is_large() {
            self.write(LARGE, &fresh.large_record(address))?;
        }
        if ledger.mark.is_some() {
            self.turn.store(MARKS)?.delete(&address.path())?;
        }
        self.write_function(function)?;
        let stamp = self.part.watched.moved(&address.digest);
        Ok(Done::Stored(Some(stamp)))
    }

    async fn clear(&self, first: Idb) -> Result<Done, JsValue> {
        let mut function = record::function(&self.turn.reply(first).await?);
        let all = self.all()?;
        for store in [ENTRIES, LARGE, MARKS] {
            self.turn.store(store)?.delete(&all)?;
        }
        (function.entries, function.bytes) = (0, 0);
        self.free(function)?;
        self.part.watched.emptied();
        Ok(Done::Nothing)
    }

    async fn release(&self, first: Idb) -> Result<Done, JsValue> {
        let function = record::function(&self.turn.reply(first).await?);
        self.turn.store(MARKS)?.delete(&self.all()?.into())?;
        self.free(function)?;
        Ok(Done::Nothing)
    }

    fn free(&self, mut function: Function) -> Result<(), JsValue> {
        function.free();
        self.part.watched.generation.set(function.freed);
        self.write_function(function)
    }

    async fn list(&self, first: Idb) -> Result<Done, JsValue> {
        self.turn.reply(first).await?;
        let mut listed: Vec<Listed> = Vec::new();
        loop {
            let last = listed.last().map_or("", |last: &Listed| &last.digest);
            let range = api::bound(&self.name(&last.into()), &self.end(), true, true)?;
            let chunk = self.turn.store(ENTRIES)?.read_all(&range, CHUNK)?;
            let chunk = self.listed(chunk).await?;
            let is_last = (chunk.len() as u32) < CHUNK;
            listed.extend(chunk);
            if is_last {
                return Ok(Done::Listed(listed));
            }
        }
    }

    async fn remove(&self, listed: &[Listed], first: Idb) -> Result<Done, JsValue> {
        let mut function = record::function(&self.turn.reply(first).await?);
        let mut removed = Vec::new();
        for entry in listed {
            let address = self.address(&entry.digest);
            let now = record::head(&self.read(ENTRIES, &address).await?);
            if now.is_some_and(|now| now.order == entry.head.order) {
                self.delete(&address.path())?;
                function.lose(entry.head.meta.size);
                self.part.watched.moved(&entry.digest);
                removed.push(entry.digest.clone());
            }
        }
        if !removed.is_empty() {
            self.write_function(function)?;
        }
        Ok(Done::Removed(removed))
    }

    /// Evicts the oldest, used or not, until so many bytes are free.
    async fn evict_bytes(&self, bytes: u64, first: Idb) -> Result<Done, JsValue> {
        let mut function = record::function(&self.turn.reply(first).await?);
        let before = function.bytes;
        let mut removed = Vec::new();
        while before - function.bytes < bytes.max(1) {
            let oldest = self.oldest(0, FEW).await?;
            if oldest.is_empty() {
                break;
            }
            for entry in oldest {
                self.evict(&mut function, &entry)?;
                removed.push(entry.digest);
                if before - function.bytes >= bytes.max(1) {
                    break;
                }
            }
        }
        self.write_function(function)?;
        Ok(Done::Removed(removed))
    }

    /// SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest.
    async fn make_room(&self, function: &mut Function, size: u64) -> Result<(), JsValue> {
        let (bounds, watched) = (self.part.bounds.get(), &self.part.watched);
        while function.entries > 0 && !bounds.has_room(function, size) {
            let ahead = self.oldest(watched.hand.get(), FEW).await?;
            if ahead.is_empty() && watched.hand.replace(0) == 0 {
                // Nothing is left, whatever was counted: somebody has deleted entries by hand.
                (function.entries, function.bytes) = (0, 0);
            }
            for entry in ahead {
                if bounds.has_room(function, size) {
                    break;
                }
                watched.hand.set(entry.head.order);
                if !watched.take_use(&entry.digest) {
                    self.evict(function, &entry)?;
                }
            }
        }
        Ok(())
    }

    fn evict(&self, function: &mut Function, entry: &Listed) -> Result<(), JsValue> {
        self.delete(&self.address(&entry.digest).path())?;
        function.lose(entry.head.meta.size);
        let watched = &self.part.watched;
        watched.moved(&entry.digest);
        watched.evicted.set(watched.evicted.get() + 1);
        Ok(())
    }

    /// The oldest entries behind a place in the order of changes.
    async fn oldest(&self, after: u64, most: u32) -> Result<Vec<Listed>, JsValue> {
        let range = api::bound(&self.name(&(after as f64).into()), &self.end(), true, true)?;
        let by_order = self.turn.store(ENTRIES)?.index(BY_ORDER)?;
        self.listed(by_order.read_all(&range, most)?).await
    }

    async fn listed(&self, request: Idb) -> Result<Vec<Listed>, JsValue> {
        let records: Array = self.turn.reply(request).await?.unchecked_into();
        let listed = records.iter().filter_map(|record| {
            Some(Listed {
                digest: record::digest(&record),
                key: record::key(&record),
                head: record::head(&record)?,
            })
        });
        Ok(listed.collect())
    }

    /// All that is stored about one key.
    async fn ledger(&self, address: &Address, first: Idb) -> Result<Ledger, JsValue> {
        let mark = self.turn.store(MARKS)?.read(&address.path())?;
        let head = self.turn.store(ENTRIES)?.read(&address.path())?;
        let function = record::function(&self.turn.reply(first).await?);
        self.part.watched.generation.set(function.freed);
        let mark = record::mark(&self.turn.reply(mark).await?);
        let head = record::head(&self.turn.reply(head).await?);
        Ok(Ledger {
            function,
            mark,
            head,
        })
    }

    async fn read(&self, store: &str, address: &Address) -> Result<JsValue, JsValue> {
        let request = self.turn.store(store)?.read(&address.path())?;
        self.turn.reply(request).await
    }

    fn write(&self, store: &str, record: &JsValue) -> Result<(), JsValue> {
        self.turn.store(store)?.put(record).map(|_| ())
    }

    fn write_function(&self, function: Function) -> Result<(), JsValue> {
        self.write(FUNCTIONS, &record::function_record(&self.part.id, function))
    }

    fn write_mark(&self, address: &Address, ledger: &Ledger) -> Result<(), JsValue> {
        match ledger.mark {
            Some(mark) => self.write(MARKS, &record::mark_record(address, mark)),
            None => Ok(()),
        }
    }

    fn delete(&self, path: &Array) -> Result<(), JsValue> {
        self.turn.store(ENTRIES)?.delete(path)?;
        self.turn.store(LARGE)?.delete(path)?;
        Ok(())
    }

    fn address(&self, digest: &str) -> Address {
        Address {
            id: self.part.id.clone(),
            digest: digest.to_owned(),
        }
    }

    /// A path of this function.
    fn name(&self, second: &JsValue) -> Array {
        Array::of2(&(&*self.part.id).into(), second)
    }

    /// Behind every path of this function: arrays come after texts and numbers.
    fn end(&self) -> Array {
        self.name(&Array::new())
    }

    fn all(&self) -> Result<Idb, JsValue> {
        api::bound(&self.name(&"".into()), &self.end(), false, true)
    }
}
