//! Entries in a page's localStorage, readable in its inspector; knows neither policy, clock nor waiting.

use gloo_storage::Storage as _;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use crate::core::browser::page::{is_page, named};
use crate::core::browser::{BrowserCore, Ears, Opening, Place, Serde, Written, open_items, part};
use crate::error::Error;
use crate::text::joined;

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
/// | `key`, `arguments` | the arguments once more: the key's canonical bytes in hexadecimal, and their notation |
/// | `value` | what the function returned (`{"$":["Promise",…]}` around it, where claims hold among all tabs), or |
/// | `bytes` | its encoding in CBOR, in hexadecimal, where JSON would not bring back the same value |
///
/// What is kept of the function itself lies under `cachier:<function id>:!`. Nothing else is ever touched.
///
/// A claim holds in its own tab, or in all tabs with [`claims_across_tabs`](Self::claims_across_tabs), which is for
/// async functions. Sizes are those of a weigher, else twice the number of characters of the value.
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
pub type LocalStorage<V, F = Serde> = BrowserCore<V, F, Items<false>>;

/// The same, with claims that hold in all tabs, by Web Locks; for async functions, because a lock is waited for.
pub type SharedLocalStorage<V, F = Serde> = BrowserCore<V, F, Items<true>>;

/// localStorage as a place for entries, with claims that hold in a tab or, `SHARED`, in all tabs.
#[derive(Clone, Copy, Debug)]
pub struct Items<const SHARED: bool>;

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
        check_place()?;
        Ok(Self::at(Items, id))
    }

    /// With claims that hold in all tabs, by Web Locks; for async functions, because a lock is waited for.
    #[must_use]
    pub fn claims_across_tabs(self) -> SharedLocalStorage<V, F> {
        self.elsewhere(Items)
    }
}

impl<const SHARED: bool> Place for Items<SHARED> {
    type Stored = String;

    /// For a lock of all tabs.
    const WAITS: bool = SHARED;

    fn open(self, opening: &Opening, ears: &Ears) -> Result<part::Part, Error> {
        let Opening {
            id,
            max_entries,
            max_bytes,
        } = opening;
        let among = if SHARED { "tabs" } else { "tab" };
        let (news, used) = (&ears.on_news, &ears.was_used);
        Ok(open_items(
            &storage()?,
            among,
            id,
            *max_entries,
            *max_bytes,
            news,
            used,
        ))
    }

    fn dressed(self, written: Written<String>) -> Written<JsValue> {
        let Written {
            stored,
            is_bytes,
            size,
        } = written;
        let is_promised = SHARED && !is_bytes;
        let stored = if is_promised {
            promised(&stored)
        } else {
            stored
        };
        let stored = JsValue::from(&stored);
        Written {
            stored,
            is_bytes,
            size,
        }
    }

    fn undressed(self, stored: JsValue, is_bytes: bool) -> String {
        let text = stored.as_string().unwrap_or_default();
        let settled = settled(&text).filter(|_| !is_bytes).map(str::to_owned);
        settled.unwrap_or(text)
    }
}

/// How `text.ts` marks what a function of JavaScript is to return in a promise.
const PROMISE: (&str, &str) = ("{\"$\":[\"Promise\",", "]}");

fn promised(text: &str) -> String {
    let (open, close) = PROMISE;
    joined!(open, text, close)
}

/// What a promise came to, if this is the text of one.
fn settled(text: &str) -> Option<&str> {
    let (open, close) = PROMISE;
    text.strip_prefix(open)?.strip_suffix(close)
}

/// An error where there never is a localStorage; not where it is forbidden now.
fn check_place() -> Result<(), Error> {
    if is_page() {
        return Ok(());
    }
    Err(Error::option_range(
        "core: localStorage exists in pages only; in a worker, keep values in IndexedDB or in memory",
    ))
}

/// The storage, which may be forbidden at any moment.
fn storage() -> Result<Storage, Error> {
    if named("localStorage").is_none() {
        return Err(Error::storage(
            "localStorage is disabled here, perhaps by a private mode or by blocked cookies",
        ));
    }
    Ok(gloo_storage::LocalStorage::raw())
}
