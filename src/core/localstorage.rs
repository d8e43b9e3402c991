//! Entries in a page's localStorage, readable in its inspector; knows neither policy, clock nor waiting.

mod items;
mod names;
mod text;

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::core::browser::claims::{self, Among};
use crate::core::browser::ledger::{Answer, Asked, Bounds};
use crate::core::browser::{BrowserClaim, Form, Serde, Written, news};
use crate::core::{Behind, Core, Stamp, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::text::joined;
use crate::threads::MaybeSend;
use items::{Fresh, Items};

/// The core that keeps entries in localStorage, as text that can be read in the browser's inspector; also for sync
/// functions, because nothing here waits.
///
/// An entry lies under `cachier:<function id>:<key>`: the arguments, in CBOR's diagnostic notation, or `#` and a
/// digest of them where they are long. Its text is one object of JSON:
///
/// | field | |
/// |---|---|
/// | `storedAt`, `size`, `none` | when it was stored, its bytes, whether it is none |
/// | `order`, `generation` | its place among the changes of its function |
/// | `key` | the arguments once more: the key's canonical bytes in hexadecimal |
/// | `value` | what the function returned, or |
/// | `bytes` | its encoding in CBOR, in hexadecimal, where JSON would not bring back the same value |
///
/// What is kept of the function itself lies under `cachier:<function id>:!`. Nothing else is ever touched.
///
/// A claim holds in its own tab, or in all tabs with [`claims_across_tabs`](Self::claims_across_tabs), which is for
/// async functions. Sizes are those of a weigher, else twice the number of characters of name and value.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
/// # fn example() -> Result<(), cachier::Error> {
/// use cachier::{Memoize, core::LocalStorage};
///
/// let double = Memoize::builder()
///     .name("double")
///     .core(LocalStorage::new("double")?)
///     .function(|n: u32| n * 2)?;
/// assert_eq!(double.call((4,)), 8);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalStorage<V, F = Serde> {
    items: Rc<Items>,
    among: Among,
    values: PhantomData<fn(V, F)>,
}

impl<V, F> Clone for LocalStorage<V, F> {
    fn clone(&self) -> Self {
        Self {
            items: self.items.clone(),
            ..*self
        }
    }
}

impl<V> LocalStorage<V> {
    /// What is kept under a function's id, perhaps since long.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] where there is no localStorage, as in a worker. One that is only forbidden, as in
    /// some private modes, is met at each call and costs none its result.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
    /// let core = cachier::core::LocalStorage::<u32>::new("answers");
    /// ```
    pub fn new(id: &str) -> Result<Self, Error> {
        Self::with_form(id)
    }
}

impl<V, F> LocalStorage<V, F> {
    /// As [`new`](LocalStorage::new), for values of another form than serde's.
    ///
    /// # Errors
    ///
    /// As `new`.
    pub fn with_form(id: &str) -> Result<Self, Error> {
        items::check_place()?;
        items::listen();
        Ok(Self {
            items: Rc::new(Items {
                prefix: names::prefix(id),
                bounds: Cell::default(),
                watched: news::watch(items::STORE, id),
            }),
            among: Among::ThisTab,
            values: PhantomData,
        })
    }

    /// With claims that hold in all tabs, by Web Locks; for async functions, because a lock is waited for.
    #[must_use]
    pub fn claims_across_tabs(mut self) -> Self {
        self.among = Among::AllTabs;
        self
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
        let mut bounds = self.items.bounds.get();
        change(&mut bounds);
        self.items.bounds.set(bounds);
        self
    }
}

impl<V, F: Form<V, String>> LocalStorage<V, F> {
    fn fresh<'a>(&self, key: &'a Key, entry: Entry<V>) -> Result<Fresh<'a>, Error> {
        let Written {
            stored,
            is_bytes,
            size,
        } = F::write(&entry.value)?;
        let name = self.items.name(key);
        let mut meta = entry.meta;
        if meta.size == 0 {
            meta.size = size + 2 * name.chars().count() as u64;
        }
        Ok(Fresh {
            name,
            key,
            text: stored,
            is_bytes,
            meta,
        })
    }

    fn read(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        let Some(found) = self.items.get(key)? else {
            return Ok(None);
        };
        let value = F::read(found.text, found.is_bytes)?;
        let meta = found.head.meta;
        Ok(Some(Entry { value, meta }))
    }
}

impl<V: 'static, F: Form<V, String>> Core<V> for LocalStorage<V, F> {
    type Claim = BrowserClaim;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        self.read(key)
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<BrowserClaim>, Error> {
        let items = &self.items;
        let name = items.name(key);
        let asked = Asked {
            generation: items.watched.generation.get(),
            attempt,
            over: 0,
        };
        let ask = async |asked| -> Result<Answer, Error> { items.claim(&name, asked) };
        claims::claim(key, &name, self.among, asked, ask).await
    }

    async fn put(&self, claim: BrowserClaim, entry: Entry<V>) -> Result<bool, Error> {
        Ok(self.put_stamped(claim, entry).await?.is_some())
    }

    async fn set(&self, key: &Key, entry: Option<Entry<V>>) -> Result<(), Error> {
        self.set_stamped(key, entry).await.map(|_| ())
    }

    async fn clear(&self) -> Result<(), Error> {
        self.items.clear()
    }

    async fn release_claims(&self) -> Result<(), Error> {
        self.items.release()
    }

    async fn sweep(
        &self,
        keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        let mut keep = keep;
        self.items.sweep(&mut keep)
    }
}

impl<V: 'static, F: Form<V, String>> Behind<V> for LocalStorage<V, F> {
    async fn get_stamped(&self, key: &Key) -> Result<Option<(Entry<V>, Stamp)>, Error> {
        let stamp = self.items.watched.stamp(&self.items.name(key));
        Ok(self.read(key)?.map(|entry| (entry, stamp)))
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
        let stamp = self.items.put(&fresh, claim.ticket)?;
        Ok(stamp.map(|stamp| (fresh.meta, stamp)))
    }

    async fn set_stamped(
        &self,
        key: &Key,
        entry: Option<Entry<V>>,
    ) -> Result<Option<(Meta, Stamp)>, Error> {
        let Some(entry) = entry else {
            self.items.remove(&self.items.name(key))?;
            return Ok(None);
        };
        let fresh = self.fresh(key, entry)?;
        let stamp = self.items.set(&fresh)?;
        Ok(stamp.map(|stamp| (fresh.meta, stamp)))
    }

    fn is_current(&self, stamp: Stamp) -> bool {
        self.items.watched.is_current(stamp)
    }
}

/// What an item has that cannot be read.
fn damaged(name: &str) -> Error {
    Error::damaged(joined!(
        "localStorage holds something else than an entry under ",
        name,
        "; it is calculated anew",
    ))
}
