//! Where the entries of JavaScript's functions live: in memory alone, or also in a store of the browser; decides nothing.

use std::pin::Pin;

use js_sys::{Array, Number, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::clock::answered;
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
    fn key(this: &Found) -> Uint8Array;

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

    fn hold(&self, stored: &Stored, key: &Key, record: &JsValue) -> Option<Entry<Record>> {
        let entry = entry_of(record)?;
        match stored.holds_copies {
            true => self.held.keep(key, entry.clone()),
            // Nobody may serve it without asking this.
            false => entry.value.dropped(),
        }
        Some(entry)
    }

    async fn read(&self, stored: &Stored, key: &Key) -> Result<Option<Entry<Record>>, Error> {
        let record = answered(stored.part.get(&stored.name(key))).await?;
        Ok(self.hold(stored, key, &record))
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
    async fn store(
        &self,
        claim: &JsValue,
        key: &Key,
        entry: Option<Entry<Record>>,
    ) -> Result<JsValue, Error> {
        let (name, arguments) = (self.name(key), key.diagnostic());
        let bytes = if self.store_args { key.as_bytes() } else { &[] };
        let (record, meta) = match entry {
            Some(entry) => (entry.value.into(), entry.meta),
            None => (JsValue::UNDEFINED, NOTHING),
        };
        answered(self.part.store(
            claim,
            &name,
            bytes,
            &arguments,
            &record,
            meta.stored_at.as_millis() as f64,
            meta.size as f64,
            meta.none,
        ))
        .await
    }
}

impl Stored {
    /// In a box and for any reason to keep or to remove: else it would be compiled for each.
    fn sweep<'a>(
        &'a self,
        keep: &'a mut dyn FnMut(&Key, &Meta) -> bool,
    ) -> Pin<Box<dyn Future<Output = Result<Swept, Error>> + 'a>> {
        Box::pin(async move {
            let listed = answered(self.part.list()).await?;
            let (mut swept, refused) = (Swept::default(), Array::new());
            for found in Array::from(&listed).iter() {
                let (key, meta) = (key_of(&found), meta_of(&found));
                if keep(&key, &meta) {
                    swept.entries += 1;
                    swept.bytes += meta.size;
                } else {
                    refused.push(&found);
                }
            }
            if refused.length() > 0 {
                let removed = answered(self.part.remove(&refused)).await?;
                swept.removed = removed.unchecked_into::<Number>().value_of() as u64;
            }
            swept.evicted = self.part.evicted() as u64;
            Ok(swept)
        })
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

    async fn get(&self, key: &Key) -> Result<Option<Entry<Record>>, Error> {
        match (self.find(key), &self.stored) {
            (None, Some(stored)) => self.read(stored, key).await,
            (held, _) => Ok(held),
        }
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<Claim>, Error> {
        let Some(stored) = &self.stored else {
            return Ok(self.held.claim(key, attempt).await?.map(Claim::Held));
        };
        let claim = answered(stored.part.claim(&stored.name(key), attempt)).await?;
        Ok((!claim.is_undefined()).then(|| {
            Claim::Stored(StoredClaim {
                claim: claim.unchecked_into(),
                key: key.clone(),
            })
        }))
    }

    async fn put(&self, claim: Claim, entry: Entry<Record>) -> Result<bool, Error> {
        let claim = match claim {
            Claim::Held(claim) => return self.held.put(claim, entry).await,
            Claim::Stored(claim) => claim,
        };
        let Some(stored) = &self.stored else {
            return Ok(false);
        };
        let record = stored.store(&claim.claim, &claim.key, Some(entry)).await?;
        Ok(self.hold(stored, &claim.key, &record).is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<Record>>) -> Result<(), Error> {
        let Some(stored) = &self.stored else {
            return self.held.set(key, entry).await;
        };
        let record = stored.store(&JsValue::UNDEFINED, key, entry).await?;
        if self.hold(stored, key, &record).is_none() {
            self.held.forget(key);
        }
        Ok(())
    }

    async fn clear(&self) -> Result<(), Error> {
        self.held.clear().await?;
        if let Some(stored) = &self.stored {
            answered(stored.part.clear()).await?;
            // What was read meanwhile.
            self.held.clear().await?;
        }
        Ok(())
    }

    async fn release_claims(&self) -> Result<(), Error> {
        match &self.stored {
            Some(stored) => answered(stored.part.release_claims()).await.map(|_| ()),
            None => self.held.release_claims().await,
        }
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let Some(stored) = &self.stored else {
            return self.held.sweep(keep).await;
        };
        stored.sweep(&mut keep).await
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
    Key::from_canonical(&found.key().to_vec())
}
