//! What both cores of a browser are: one function's part of a store of TypeScript, and values of Rust in it; not where it lies.

mod claim;
mod form;
mod news;
pub(crate) mod page;
pub(crate) mod part;
mod reply;

use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::core::{Behind, Core, Preloaded, Stamp, Swept};
use crate::entry::{Entry, Meta, Timestamp};
use crate::error::Error;
use crate::key::Key;
use crate::threads::MaybeSend;
pub use news::Ears;
use news::News;
use part::{Found, Fresh, Part, answered};
use reply::on_its_own;

pub use claim::BrowserClaim;
#[cfg(feature = "indexeddb")]
pub use form::AsIs;
pub use form::{Form, Serde, Written};
#[cfg(feature = "indexeddb")]
pub(crate) use part::open_database;
#[cfg(feature = "localstorage")]
pub(crate) use part::open_items;

/// A store of a browser: how it is opened, and in what form it holds values.
pub trait Place: Copy + 'static {
    /// What a [`Form`] makes of a value for it.
    type Stored;

    /// Whether its answers have to be waited for.
    const WAITS: bool;

    /// One function's part of it, with these ears.
    #[doc(hidden)]
    fn open(self, opening: &Opening, ears: &Ears) -> Result<Part, Error>;

    /// What a form has made, as the store holds it.
    #[doc(hidden)]
    fn dressed(self, written: Written<Self::Stored>) -> Written<JsValue>;

    /// What a form has made, of what the store holds.
    #[doc(hidden)]
    fn undressed(self, stored: JsValue, is_bytes: bool) -> Self::Stored;
}

/// What a part is to be.
#[derive(Clone, Debug)]
pub struct Opening {
    pub(crate) id: String,
    pub(crate) max_entries: f64,
    pub(crate) max_bytes: f64,
}

/// A core that keeps entries in a store of the browser; see the two there are, `IndexedDb` and `LocalStorage`.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
/// let core = cachier::core::IndexedDb::<u32>::new("answers").max_entries(100);
/// ```
pub struct BrowserCore<V, F, P> {
    function: Rc<Function<P>>,
    values: PhantomData<fn(V, F)>,
}

/// What is known of a function, whatever its values are.
struct Function<P> {
    place: P,
    opening: Opening,
    store_args: bool,
    /// What is known to have changed, once it is open.
    news: Rc<News>,
    part: OnceCell<Part>,
}

impl<V, F, P> Clone for BrowserCore<V, F, P> {
    fn clone(&self) -> Self {
        Self {
            function: self.function.clone(),
            values: PhantomData,
        }
    }
}

impl<V, F, P> fmt::Debug for BrowserCore<V, F, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Opening { id, .. } = &self.function.opening;
        formatter.debug_tuple("BrowserCore").field(id).finish()
    }
}

impl<V, F, P: Place> BrowserCore<V, F, P> {
    /// What is kept under a function's id, perhaps since long; nothing is opened yet.
    pub(crate) fn at(place: P, id: &str) -> Self {
        let opening = Opening {
            id: id.to_owned(),
            max_entries: f64::INFINITY,
            max_bytes: f64::INFINITY,
        };
        Self::to_open(place, opening, true)
    }

    fn to_open(place: P, opening: Opening, store_args: bool) -> Self {
        let function = Function {
            place,
            opening,
            store_args,
            news: Rc::default(),
            part: OnceCell::new(),
        };
        Self {
            function: Rc::new(function),
            values: PhantomData,
        }
    }

    /// With never more than `most` entries after a call.
    #[must_use]
    pub fn max_entries(self, most: u64) -> Self {
        self.opened_as(|opening| opening.max_entries = bound(most))
    }

    /// With never more bytes than `most` after a call.
    #[must_use]
    pub fn max_bytes(self, most: u64) -> Self {
        self.opened_as(|opening| opening.max_bytes = bound(most))
    }

    /// Whether the arguments are kept beside each entry, for inspection: yes, unless set.
    #[must_use]
    pub fn store_args(self, store: bool) -> Self {
        let Function { place, opening, .. } = &*self.function;
        Self::to_open(*place, opening.clone(), store)
    }

    fn opened_as(self, change: impl FnOnce(&mut Opening)) -> Self {
        let mut opening = self.function.opening.clone();
        change(&mut opening);
        Self::to_open(self.function.place, opening, self.function.store_args)
    }

    /// The same function's part of another place.
    #[cfg(feature = "localstorage")]
    pub(crate) fn elsewhere<Q: Place>(self, place: Q) -> BrowserCore<V, F, Q> {
        let opening = self.function.opening.clone();
        BrowserCore::to_open(place, opening, self.function.store_args)
    }
}

impl<P: Place> Function<P> {
    /// Opened at the first use; where it cannot be, the next use tries again.
    fn part(&self) -> Result<&Part, Error> {
        if let Some(part) = self.part.get() {
            return Ok(part);
        }
        let part = self.place.open(&self.opening, &news::ears(&self.news))?;
        Ok(self.part.get_or_init(|| part))
    }

    fn name(&self, key: &Key) -> String {
        key.name(self.store_args)
    }

    fn fresh<V, F>(&self, key: &Key, name: &str, entry: &Entry<&V>) -> Result<(Fresh, Meta), Error>
    where
        F: Form<V, P::Stored>,
    {
        let written = self.place.dressed(F::write(entry.value)?);
        let mut meta = entry.meta;
        if meta.size == 0 {
            meta.size = written.size;
        }
        Ok((
            part::fresh(key, name, self.store_args, &written, meta),
            meta,
        ))
    }

    fn entry<V, F>(&self, found: &Found) -> Result<Entry<V>, Error>
    where
        F: Form<V, P::Stored>,
    {
        let is_bytes = found.is_bytes();
        let stored = self.place.undressed(found.value(), is_bytes);
        Ok(Entry {
            value: F::read(stored, is_bytes)?,
            meta: meta_of(found),
        })
    }
}

/// Whoever stops waiting for a change does not stop it; so it goes on by itself, and the front hears of its end.
impl<P: Place> Function<P> {
    /// What is stored under a name now, if that is what was to be stored.
    async fn change(
        self: &Rc<Self>,
        name: String,
        meta: Meta,
        change: Result<JsValue, JsValue>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let news = self.news.clone();
        let before = news.stamp(&name);
        on_its_own(async move {
            let found = answered(change).await;
            let stamp = news.moved_by_us(&name, before);
            Ok((!found?.is_undefined()).then_some((meta, stamp)))
        })
        .await
    }

    async fn change_all(self: &Rc<Self>, change: Result<JsValue, JsValue>) -> Result<(), Error> {
        let news = self.news.clone();
        on_its_own(async move {
            let done = answered(change).await;
            news.moved_all();
            done.map(|_| ())
        })
        .await
    }
}

impl<V, F, P> Core<V> for BrowserCore<V, F, P>
where
    V: 'static,
    F: Form<V, P::Stored>,
    P: Place,
{
    type Claim = BrowserClaim;

    const WAITS: bool = P::WAITS;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        let function = &self.function;
        let found = answered(function.part()?.get(&function.name(key))).await?;
        match Found::of(&found) {
            Some(found) => function.entry::<V, F>(found).map(Some),
            None => Ok(None),
        }
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<BrowserClaim>, Error> {
        let function = &self.function;
        let claimed = function.part()?.claim(&function.name(key), attempt);
        let key = key.clone();
        // Whoever stops waiting has no use for it, and others have.
        on_its_own(async move {
            let claim = answered(claimed).await?;
            Ok((!claim.is_undefined()).then(|| BrowserClaim::new(key, claim)))
        })
        .await
    }

    async fn put(&self, claim: BrowserClaim, entry: Entry<&V>) -> Result<bool, Error> {
        Ok(self.put_stamped(claim, entry).await?.is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        self.set_stamped(key, entry).await.map(|_| ())
    }

    async fn clear(&self) -> Result<(), Error> {
        let cleared = self.function.part()?.clear();
        self.function.change_all(cleared).await
    }

    async fn release_claims(&self) -> Result<(), Error> {
        let released = self.function.part()?.release_claims();
        on_its_own(async move { answered(released).await.map(|_| ()) }).await
    }

    async fn sweep(
        &self,
        mut keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let part = self.function.part()?;
        let listed = answered(part.list()).await?;
        let (mut swept, refused) = (Swept::default(), Array::new());
        for found in Array::from(&listed).iter() {
            let Some(found) = Found::of(&found) else {
                continue;
            };
            let meta = meta_of(found);
            if keep(&found.key_or_name(), &meta) {
                swept.entries += 1;
                swept.bytes += meta.size;
            } else {
                refused.push(found);
            }
        }
        if refused.length() > 0 {
            let removed = answered(part.remove(&refused)).await?;
            swept.removed = removed.as_f64().unwrap_or_default() as u64;
        }
        swept.evicted = part.evicted() as u64;
        Ok(swept)
    }
}

impl<V, F, P> Behind<V> for BrowserCore<V, F, P>
where
    V: 'static,
    F: Form<V, P::Stored>,
    P: Place,
{
    async fn get_stamped(&self, key: &Key) -> Result<Option<(Entry<V>, Stamp)>, Error> {
        let stamp = self.function.news.stamp(&self.function.name(key));
        Ok(self.get(key).await?.map(|entry| (entry, stamp)))
    }

    async fn put_stamped(
        &self,
        claim: BrowserClaim,
        entry: Entry<&V>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let function = &self.function;
        let name = function.name(&claim.key);
        let (fresh, meta) = function.fresh::<V, F>(&claim.key, &name, &entry)?;
        // The store releases it once the entry is there.
        let stored = function.part()?.put(&claim.into_stored(), &fresh);
        function.change(name, meta, stored).await
    }

    async fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<&V>>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let function = &self.function;
        let name = function.name(key);
        let (fresh, meta) = match &entry {
            Some(entry) => {
                let (fresh, meta) = function.fresh::<V, F>(key, &name, entry)?;
                (fresh.into(), meta)
            }
            None => (JsValue::UNDEFINED, NOTHING),
        };
        let stored = function.part()?.set(&name, &fresh);
        function.change(name, meta, stored).await
    }

    fn is_current(&self, stamp: Stamp) -> bool {
        self.function.news.is_current(stamp)
    }

    async fn preload(&self, most_bytes: u64) -> Result<Vec<Preloaded<V>>, Error> {
        let function = &self.function;
        let before = function.news.snapshot();
        let rows = answered(function.part()?.preload(most_bytes as f64)).await?;
        let rows = rows.unchecked_ref::<part::Preloaded>().stored();
        let read = rows.iter().filter_map(|row| {
            let found = Found::of(&row)?;
            // A value of an earlier type is met, and told of, where it is asked for.
            let entry = function.entry::<V, F>(found).ok()?;
            let stamp = before.stamp(&found.name());
            Some((found.whole_key()?, entry, stamp))
        });
        Ok(read.collect())
    }
}

/// For JavaScript what is as high as numbers go is infinite.
fn bound(most: u64) -> f64 {
    match most {
        u64::MAX => f64::INFINITY,
        most => most as f64,
    }
}

const NOTHING: Meta = Meta {
    stored_at: Timestamp::from_millis(0),
    size: 0,
    none: false,
};

fn meta_of(found: &Found) -> Meta {
    Meta {
        stored_at: Timestamp::from_millis(found.stored_at() as i64),
        size: found.size() as u64,
        none: found.is_none(),
    }
}
