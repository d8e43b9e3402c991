//! Where the entries of JavaScript's functions live: in memory alone, or also in a store of the browser; decides nothing.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use js_sys::{Array, Number};
use wasm_bindgen::prelude::*;

use crate::clock::{Answer, answered};
use crate::core::{Bounds, Core, MemoryClaim, MemoryCore, Swept};
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::policy::{BrowserStore, Layer, Setting, Storage};
use crate::threads::MaybeSend;

#[wasm_bindgen]
extern "C" {
    /// A value held for JavaScript, as record.ts defines it.
    #[derive(Clone)]
    pub type Record;

    #[wasm_bindgen(method, js_name = wasServed)]
    fn was_served(this: &Record) -> bool;

    #[wasm_bindgen(method)]
    fn dropped(this: &Record);

    /// Whether somebody else has changed what it is a copy of.
    #[wasm_bindgen(method, getter, js_name = isDropped)]
    fn is_outdated(this: &Record) -> bool;

    #[wasm_bindgen(method)]
    pub(super) fn judged(this: &Record, stored_at: f64, from: f64, until: f64);

    /// What a store knows of an entry: a record, or a row of a list; as the store's modules define it.
    type Found;

    #[wasm_bindgen(method, getter, js_name = storedAt)]
    fn stored_at(this: &Found) -> f64;

    #[wasm_bindgen(method, getter)]
    fn size(this: &Found) -> f64;

    #[wasm_bindgen(method, getter, js_name = isNone)]
    fn is_none(this: &Found) -> bool;

    /// The canonical bytes, or what stands for them.
    #[wasm_bindgen(method, getter)]
    fn key(this: &Found) -> Vec<u8>;

    /// Opens stores; home.ts has it. There is no part where there is no browser.
    pub type Opener;

    #[wasm_bindgen(method, catch)]
    fn open(
        this: &Opener,
        store: u32,
        id: &str,
        max_entries: f64,
        max_bytes: f64,
        preload: f64,
    ) -> Result<Option<Part>, JsValue>;

    /// One function's part of a store, as home.ts makes it. What it answers is there at once, or a promise of it.
    type Part;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Part, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn claim(this: &Part, name: &str, attempt: u32) -> Result<JsValue, JsValue>;

    /// Stores a record, or removes what there is; by a claim, or by nobody's.
    #[wasm_bindgen(method, catch)]
    fn store(
        this: &Part,
        claim: &JsValue,
        name: &str,
        key: &[u8],
        arguments: &str,
        record: &JsValue,
        stored_at: f64,
        size: f64,
        none: bool,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn clear(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = releaseClaims)]
    fn release_claims(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn list(this: &Part) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn remove(this: &Part, listed: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn evicted(this: &Part) -> f64;

    /// The right to calculate, of the store's making.
    type PartClaim;

    #[wasm_bindgen(method)]
    fn release(this: &PartClaim);
}

/// The core of every function of JavaScript. One type for all stores: the engine is compiled for each core there is.
pub(super) struct Home {
    held: MemoryCore<Record>,
    stored: Option<Stored>,
}

/// What lies beyond the page.
struct Stored {
    part: Part,
    holds_copies: bool,
    store_args: bool,
}

/// The right to calculate one key.
pub(super) enum Claim {
    Held(MemoryClaim<Record>),
    Stored(StoredClaim),
}

pub(super) struct StoredClaim {
    claim: PartClaim,
    key: Key,
}

impl Drop for StoredClaim {
    fn drop(&mut self) {
        self.claim.release();
    }
}

impl Home {
    /// The core that these options ask for.
    pub(super) fn new(
        id: &str,
        layer: &Layer,
        storage: &Storage,
        opener: &Opener,
    ) -> Result<Self, JsValue> {
        let stored = match storage.store {
            Some(store) => Stored::open(id, layer, storage, store, opener)?,
            None => None,
        };
        let bounds = match &stored {
            Some(_) => Bounds {
                max_bytes: storage.front_bytes(),
                ..Bounds::default()
            },
            None => Bounds::of(layer),
        };
        let held = MemoryCore::bounded(Bounds {
            used: Record::was_served,
            dropped: Record::dropped,
            ..bounds
        });
        Ok(Self { held, stored })
    }

    pub(super) fn is_persistent(&self) -> bool {
        self.stored.is_some()
    }

    /// What is held of a key, if that is still what is stored.
    fn find(&self, key: &Key) -> Option<Entry<Record>> {
        let entry = self.held.find(key)?;
        let is_outdated = self.is_persistent() && entry.value.is_outdated();
        (!is_outdated).then_some(entry)
    }

    /// Keeps a result of which the engine is told later, which it is only where nothing lies beyond the page.
    pub(super) fn hold_result(&self, key: &Key, value: Record, meta: Meta) {
        self.held.overtake(key, Some(Entry { value, meta }));
    }

    /// Under what name a key may be read from beyond the page without asking this.
    pub(super) fn name_to_read(&self, key: &Key) -> Option<String> {
        let stored = self.stored.as_ref()?;
        self.find(key).is_none().then(|| stored.name(key))
    }

    /// Holds what was read so.
    pub(super) fn hold_read(&self, key: &Key, record: &JsValue) -> Option<Entry<Record>> {
        self.hold(self.stored.as_ref()?, key, record)
    }

    fn hold(&self, stored: &Stored, key: &Key, record: &JsValue) -> Option<Entry<Record>> {
        let entry = entry_of(record)?;
        match stored.holds_copies {
            true => self.held.keep(key, entry.clone()),
            // Nobody may serve it without asking this.
            false => entry.value.dropped(),
        }
        Some(entry)
    }
}

impl Stored {
    fn open(
        id: &str,
        layer: &Layer,
        storage: &Storage,
        store: BrowserStore,
        opener: &Opener,
    ) -> Result<Option<Self>, JsValue> {
        let part = opener.open(
            store as u32,
            id,
            bound(layer, Setting::MaxEntries),
            bound(layer, Setting::MaxBytes),
            storage.preload_bytes() as f64,
        )?;
        Ok(part.map(|part| Self {
            part,
            holds_copies: storage.front_bytes() > 0,
            store_args: storage.store_args.unwrap_or(true),
        }))
    }

    fn name(&self, key: &Key) -> String {
        key.name(self.store_args)
    }

    /// Stores an entry, or removes what there is: the record of what is stored now.
    fn store(&self, claim: &JsValue, key: &Key, entry: Option<Entry<&Record>>) -> Answer {
        let (name, arguments) = (self.name(key), key.diagnostic());
        let bytes = if self.store_args { key.as_bytes() } else { &[] };
        let nothing = JsValue::UNDEFINED;
        let (record, meta) = match entry {
            Some(entry) => (entry.value.as_ref(), entry.meta),
            None => (&nothing, NOTHING),
        };
        answered(self.part.store(
            claim,
            &name,
            bytes,
            &arguments,
            record,
            meta.stored_at.as_millis() as f64,
            meta.size as f64,
            meta.none,
        ))
    }
}

/// What is known of a sweep, which a store is asked for in two turns.
enum Sweep<'a> {
    Done(Swept),
    Listing(&'a Stored, Answer),
    Removing(Swept, Answer),
}

impl Sweep<'_> {
    /// For any reason to keep or to remove: else it would be compiled for each.
    fn go_on(
        &mut self,
        keep: &mut dyn FnMut(&Key, &Meta) -> bool,
        context: &mut Context<'_>,
    ) -> Poll<Result<Swept, Error>> {
        if let Self::Listing(stored, answer) = self {
            let listed = ready!(Pin::new(answer).poll(context)?);
            *self = stored.sort_out(&listed, keep);
        }
        if let Self::Removing(swept, answer) = self {
            let removed = ready!(Pin::new(answer).poll(context)?);
            swept.removed = removed.unchecked_into::<Number>().value_of() as u64;
            *self = Self::Done(*swept);
        }
        match self {
            Self::Done(swept) => Poll::Ready(Ok(*swept)),
            _ => Poll::Pending,
        }
    }
}

impl Stored {
    /// Has removed what is not to be kept.
    fn sort_out(&self, listed: &JsValue, keep: &mut dyn FnMut(&Key, &Meta) -> bool) -> Sweep<'_> {
        let (mut swept, refused) = (Swept::default(), Array::new());
        let listed: &Array = listed.unchecked_ref();
        for index in 0..listed.length() {
            let found = listed.get(index);
            let (key, meta) = (key_of(&found), meta_of(&found));
            if keep(&key, &meta) {
                swept.entries += 1;
                swept.bytes += meta.size;
            } else {
                refused.push(&found);
            }
        }
        swept.evicted = self.part.evicted() as u64;
        match refused.length() {
            0 => Sweep::Done(swept),
            _ => Sweep::Removing(swept, answered(self.part.remove(&refused))),
        }
    }
}

/// For JavaScript what is not set is infinite.
fn bound(layer: &Layer, setting: Setting) -> f64 {
    match layer.is_set(setting) {
        true => layer.count(setting) as f64,
        false => f64::INFINITY,
    }
}

const NOTHING: Meta = Meta {
    stored_at: Timestamp::from_millis(0),
    size: 0,
    none: false,
};

impl Core<Record> for Home {
    type Claim = Claim;

    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Entry<Record>>, Error>> {
        match (self.find(key), &self.stored) {
            (None, Some(stored)) => Later::of(stored.part.get(&stored.name(key)), |record| {
                self.hold(stored, key, &record)
            }),
            (held, _) => Later::AtOnce(Some(held)),
        }
    }

    fn claim(&self, key: &Key, attempt: u32) -> impl Future<Output = Result<Option<Claim>, Error>> {
        let Some(stored) = &self.stored else {
            let claim = self.held.take_claim(key, attempt);
            return Later::AtOnce(Some(claim.map(Claim::Held)));
        };
        Later::of(stored.part.claim(&stored.name(key), attempt), |claim| {
            (!claim.is_undefined()).then(|| {
                Claim::Stored(StoredClaim {
                    claim: claim.unchecked_into(),
                    key: key.clone(),
                })
            })
        })
    }

    fn put(
        &self,
        claim: Claim,
        entry: Entry<&Record>,
    ) -> impl Future<Output = Result<bool, Error>> {
        match (claim, &self.stored) {
            (Claim::Held(mut claim), _) => {
                Later::AtOnce(Some(self.held.fulfil(&mut claim, entry.cloned())))
            }
            (Claim::Stored(claim), Some(stored)) => {
                let answer = stored.store(&claim.claim, &claim.key, Some(entry));
                Later::Asked(
                    answer,
                    Some(move |record: JsValue| self.hold(stored, &claim.key, &record).is_some()),
                )
            }
            (Claim::Stored(_), None) => Later::AtOnce(Some(false)),
        }
    }

    fn set(
        &self,
        key: &Key,
        entry: Option<Entry<&Record>>,
    ) -> impl Future<Output = Result<(), Error>> {
        let Some(stored) = &self.stored else {
            self.held.overtake(key, entry.map(Entry::cloned));
            return Later::AtOnce(Some(()));
        };
        let answer = stored.store(&JsValue::UNDEFINED, key, entry);
        Later::Asked(
            answer,
            Some(move |record: JsValue| {
                if self.hold(stored, key, &record).is_none() {
                    self.held.forget(key);
                }
            }),
        )
    }

    fn clear(&self) -> impl Future<Output = Result<(), Error>> {
        self.held.forget_all();
        match &self.stored {
            // And what is read meanwhile.
            Some(stored) => Later::of(stored.part.clear(), |_| self.held.forget_all()),
            None => Later::AtOnce(Some(())),
        }
    }

    fn release_claims(&self) -> impl Future<Output = Result<(), Error>> {
        match &self.stored {
            Some(stored) => Later::of(stored.part.release_claims(), |_| ()),
            None => {
                self.held.overtake_all();
                Later::AtOnce(Some(()))
            }
        }
    }

    fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> impl Future<Output = Result<Swept, Error>> {
        let mut sweep = match &self.stored {
            Some(stored) => Sweep::Listing(stored, answered(stored.part.list())),
            None => Sweep::Done(self.held.look_through(&mut keep)),
        };
        poll_fn(move |context| sweep.go_on(&mut keep, context))
    }
}

/// What is known at once, or what the answer of a store comes to.
enum Later<T, F> {
    AtOnce(Option<T>),
    Asked(Answer, Option<F>),
}

impl<T, F: FnOnce(JsValue) -> T> Later<T, F> {
    fn of(answer: Result<JsValue, JsValue>, read: F) -> Self {
        Self::Asked(answered(answer), Some(read))
    }
}

impl<T: Unpin, F: FnOnce(JsValue) -> T + Unpin> Future for Later<T, F> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::AtOnce(known) => known
                .take()
                .map_or(Poll::Pending, |known| Poll::Ready(Ok(known))),
            Self::Asked(answer, read) => {
                let Poll::Ready(answer) = Pin::new(answer).poll(context) else {
                    return Poll::Pending;
                };
                let Some(read) = read.take() else {
                    return Poll::Pending;
                };
                Poll::Ready(answer.map(read))
            }
        }
    }
}

fn entry_of(record: &JsValue) -> Option<Entry<Record>> {
    (!record.is_undefined()).then(|| Entry {
        value: record.clone().unchecked_into(),
        meta: meta_of(record),
    })
}

fn meta_of(found: &JsValue) -> Meta {
    let found: &Found = found.unchecked_ref();
    Meta {
        stored_at: Timestamp::from_millis(found.stored_at() as i64),
        size: found.size() as u64,
        none: found.is_none(),
    }
}

fn key_of(found: &JsValue) -> Key {
    let found: &Found = found.unchecked_ref();
    Key::from_canonical(&found.key())
}
