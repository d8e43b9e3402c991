//! The items of one function in localStorage, all of it done at once; knows no value and no lock.

use std::cell::Cell;
use std::rc::Rc;

use gloo_storage::Storage as _;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

use super::text::{self, Found};
use super::{damaged, names};
use crate::core::browser::global::{described, get, is_named, listen as listen_to, named};
use crate::core::browser::ledger::{Answer, Asked, Bounds, Function, Head, Ledger, Ticket};
use crate::core::browser::news::{self, Watched};
use crate::core::{Stamp, Swept};
use crate::entry::Meta;
use crate::error::Error;
use crate::key::Key;
use crate::text::joined;

/// What places in this store begin with.
pub(super) const STORE: &str = "localstorage";

/// What is to be stored.
pub(super) struct Fresh<'a> {
    pub(super) name: String,
    pub(super) key: &'a Key,
    pub(super) text: String,
    pub(super) is_bytes: bool,
    pub(super) meta: Meta,
}

/// One function's items.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) prefix: String,
    pub(super) bounds: Cell<Bounds>,
    pub(super) watched: Rc<Watched>,
}

/// An entry and its name.
struct Named {
    name: String,
    found: Found,
}

/// An error where there never is a localStorage; not where it is forbidden now.
pub(super) fn check_place() -> Result<(), Error> {
    if named("window").is_some() {
        return Ok(());
    }
    Err(Error::option_range(
        "core: localStorage exists in pages only; in a worker, keep values in IndexedDB or in memory",
    ))
}

/// The storage, which is asked for anew each time: it may be forbidden at any moment.
fn storage() -> Result<Storage, Error> {
    if named("localStorage").is_none() {
        return Err(Error::storage(
            "localStorage is disabled here, perhaps by a private mode or by blocked cookies",
        ));
    }
    Ok(gloo_storage::LocalStorage::raw())
}

fn failed(error: &JsValue) -> Error {
    Error::storage(joined!("localStorage: ", &described(error)))
}

impl Items {
    pub(super) fn name(&self, key: &Key) -> String {
        names::name(&self.prefix, key)
    }

    pub(super) fn get(&self, key: &Key) -> Result<Option<Found>, Error> {
        let name = self.name(key);
        let Some(item) = read(&storage()?, &name)? else {
            return Ok(None);
        };
        let found = text::read_entry(&item).ok_or_else(|| damaged(&name))?;
        if self.bounds.get().is_bounded() {
            self.watched.note_use(&name);
        }
        // Another key of the same name would be the work of a hand.
        Ok((found.key == *key).then_some(found))
    }

    pub(super) fn claim(&self, name: &str, asked: Asked) -> Result<Answer, Error> {
        let storage = storage()?;
        let mut ledger = self.ledger(&storage, name)?;
        let answer = ledger.claim(asked);
        if matches!(answer, Answer::Claimed(_)) && asked.attempt > 0 {
            self.write_mark(&storage, name, &ledger)?;
            self.write_function(&storage, ledger.function)?;
        }
        Ok(answer)
    }

    pub(super) fn put(&self, fresh: &Fresh<'_>, ticket: Ticket) -> Result<Option<Stamp>, Error> {
        let storage = storage()?;
        let ledger = self.ledger(&storage, &fresh.name)?;
        if !ledger.admits(ticket) || !self.bounds.get().can_hold(fresh.meta.size) {
            return Ok(None);
        }
        self.store(&storage, ledger, fresh, Some(ticket.generation))
            .map(Some)
    }

    /// Stores without a claim; `None` where the entry is too large, and what there was is removed.
    pub(super) fn set(&self, fresh: &Fresh<'_>) -> Result<Option<Stamp>, Error> {
        if !self.bounds.get().can_hold(fresh.meta.size) {
            self.remove(&fresh.name)?;
            return Ok(None);
        }
        let storage = storage()?;
        let ledger = self.ledger(&storage, &fresh.name)?;
        self.store(&storage, ledger, fresh, None).map(Some)
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        let storage = storage()?;
        let mut ledger = self.ledger(&storage, name)?;
        delete(&storage, name)?;
        ledger.overtake();
        self.write_mark(&storage, name, &ledger)?;
        self.write_function(&storage, ledger.function)?;
        self.watched.moved(name);
        Ok(())
    }

    pub(super) fn clear(&self) -> Result<(), Error> {
        let storage = storage()?;
        self.delete_all(&storage, names::is_entry)?;
        self.watched.emptied();
        self.free(&storage)
    }

    pub(super) fn release(&self) -> Result<(), Error> {
        self.free(&storage()?)
    }

    pub(super) fn sweep(&self, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Result<Swept, Error> {
        let storage = storage()?;
        let mut swept = Swept {
            evicted: self.watched.evicted.get(),
            ..Swept::default()
        };
        for Named { name, found } in self.entries(&storage)? {
            if keep(&found.key, &found.head.meta) {
                swept.entries += 1;
                swept.bytes += found.head.meta.size;
            } else {
                delete(&storage, &name)?;
                self.watched.moved(&name);
                swept.removed += 1;
            }
        }
        Ok(swept)
    }

    /// Stores an entry of a claim's generation, or of a new one that overtakes every claim.
    fn store(
        &self,
        storage: &Storage,
        ledger: Ledger,
        fresh: &Fresh<'_>,
        generation: Option<u64>,
    ) -> Result<Stamp, Error> {
        if self.bounds.get().is_bounded() {
            self.make_room(storage, fresh)?;
        }
        let mut function = ledger.function;
        let order = function.advance();
        let head = Head {
            order,
            generation: generation.unwrap_or(order),
            meta: fresh.meta,
        };
        // Before the entry: a number that was given out is never given again.
        self.write_function(storage, function)?;
        let item = text::entry(&head, fresh.key, &fresh.text, fresh.is_bytes);
        self.write_or_evict(storage, &fresh.name, &item)?;
        if ledger.mark.is_some() {
            delete(storage, &names::mark(&self.prefix, &fresh.name))?;
        }
        Ok(self.watched.moved(&fresh.name))
    }

    /// Where the quota is exceeded, the oldest entries make room for a second try.
    fn write_or_evict(&self, storage: &Storage, name: &str, item: &str) -> Result<(), Error> {
        match storage.set_item(name, item) {
            Err(error) if is_quota(&error) => {
                self.evict_characters(storage, name, item.len() + name.len())?;
                write(storage, name, item)
            }
            Err(error) => Err(failed(&error)),
            Ok(()) => Ok(()),
        }
    }

    fn evict_characters(&self, storage: &Storage, name: &str, wanted: usize) -> Result<(), Error> {
        let mut freed = 0;
        for entry in self.entries(storage)? {
            if freed >= wanted {
                break;
            }
            if entry.name != name {
                freed += entry.name.len() + entry.found.text.len();
                self.evict(storage, &entry.name)?;
            }
        }
        Ok(())
    }

    /// SIEVE: the hand passes over what was used, and evicts what was not, from the oldest to the youngest.
    fn make_room(&self, storage: &Storage, fresh: &Fresh<'_>) -> Result<(), Error> {
        let mut entries = self.entries(storage)?;
        entries.retain(|entry| entry.name != fresh.name);
        let mut held = Function::default();
        let sizes = entries.iter().map(|entry| entry.found.head.meta.size);
        sizes.for_each(|size| held.gain(size));
        let start = self.watched.hand.get();
        let ahead = entries.partition_point(|entry| entry.found.head.order <= start);
        entries.rotate_left(ahead);
        let mut next = entries.iter();
        while !self.bounds.get().has_room(&held, fresh.meta.size) {
            let Some(entry) = next.next() else {
                // Once around, everything was used: the second time nothing is.
                self.watched.hand.set(0);
                return self.make_room(storage, fresh);
            };
            self.watched.hand.set(entry.found.head.order);
            if !self.watched.take_use(&entry.name) {
                self.evict(storage, &entry.name)?;
                held.lose(entry.found.head.meta.size);
            }
        }
        Ok(())
    }

    fn evict(&self, storage: &Storage, name: &str) -> Result<(), Error> {
        delete(storage, name)?;
        self.watched.moved(name);
        self.watched.evicted.set(self.watched.evicted.get() + 1);
        Ok(())
    }

    /// Every entry, from the oldest to the youngest; what is damaged is none.
    fn entries(&self, storage: &Storage) -> Result<Vec<Named>, Error> {
        let mut entries = Vec::new();
        for name in self.names(storage, names::is_entry)? {
            let item = read(storage, &name)?;
            if let Some(found) = item.and_then(|item| text::read_entry(&item)) {
                entries.push(Named { name, found });
            }
        }
        entries.sort_unstable_by_key(|entry| entry.found.head.order);
        Ok(entries)
    }

    fn names(
        &self,
        storage: &Storage,
        is_wanted: fn(&str, &str) -> bool,
    ) -> Result<Vec<String>, Error> {
        let count = storage.length().map_err(|error| failed(&error))?;
        let names = (0..count).filter_map(|index| storage.key(index).ok().flatten());
        Ok(names.filter(|name| is_wanted(&self.prefix, name)).collect())
    }

    fn delete_all(
        &self,
        storage: &Storage,
        is_wanted: fn(&str, &str) -> bool,
    ) -> Result<(), Error> {
        let names = self.names(storage, is_wanted)?;
        names.iter().try_for_each(|name| delete(storage, name))
    }

    fn ledger(&self, storage: &Storage, name: &str) -> Result<Ledger, Error> {
        let mark = read(storage, &names::mark(&self.prefix, name))?;
        let head = read(storage, name)?.and_then(|item| text::read_entry(&item));
        let function = self.function(storage)?;
        self.watched.generation.set(function.freed);
        Ok(Ledger {
            function,
            mark: mark.and_then(|item| text::read_mark(&item)),
            head: head.map(|found| found.head),
        })
    }

    fn function(&self, storage: &Storage) -> Result<Function, Error> {
        let item = read(storage, &self.own())?;
        Ok(item.map_or_else(Function::default, |item| text::read_function(&item)))
    }

    fn free(&self, storage: &Storage) -> Result<(), Error> {
        self.delete_all(storage, names::is_mark)?;
        let mut function = self.function(storage)?;
        function.free();
        self.watched.generation.set(function.freed);
        self.write_function(storage, function)
    }

    fn own(&self) -> String {
        joined!(&self.prefix, names::OWN)
    }

    fn write_function(&self, storage: &Storage, function: Function) -> Result<(), Error> {
        self.write_or_evict(storage, &self.own(), &text::function(function))
    }

    fn write_mark(&self, storage: &Storage, name: &str, ledger: &Ledger) -> Result<(), Error> {
        let Some(mark) = ledger.mark else {
            return Ok(());
        };
        let name = names::mark(&self.prefix, name);
        self.write_or_evict(storage, &name, &text::mark(mark))
    }
}

fn read(storage: &Storage, name: &str) -> Result<Option<String>, Error> {
    storage.get_item(name).map_err(|error| failed(&error))
}

fn write(storage: &Storage, name: &str, item: &str) -> Result<(), Error> {
    storage.set_item(name, item).map_err(|error| failed(&error))
}

fn delete(storage: &Storage, name: &str) -> Result<(), Error> {
    storage.remove_item(name).map_err(|error| failed(&error))
}

/// Firefox calls it by another name.
fn is_quota(error: &JsValue) -> bool {
    is_named(error, "QuotaExceededError") || is_named(error, "NS_ERROR_DOM_QUOTA_REACHED")
}

thread_local! {
    static IS_LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Follows what other tabs store, from now on.
pub(super) fn listen() {
    if !IS_LISTENING.replace(true) {
        let listener = Closure::<dyn FnMut(JsValue)>::new(|event| hear(&event));
        listen_to("storage", &listener.into_js_value());
    }
}

/// A storage event names the item that another tab has changed, or none if that tab has removed all.
fn hear(event: &JsValue) {
    let name = get(event, "key").as_string();
    for watched in news::each() {
        let Some(id) = watched.place().strip_prefix("localstorage:") else {
            continue;
        };
        match &name {
            None => watched.moved_all(),
            Some(name) if names::is_entry(&names::prefix(id), name) => {
                watched.moved(name);
            }
            Some(_) => {}
        }
    }
}
