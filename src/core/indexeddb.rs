//! Entries in a browser's IndexedDB, shared by its tabs and workers; knows neither policy, clock nor waiting.

use wasm_bindgen::JsValue;

use crate::core::browser::{
    BrowserCore, Ears, Opening, Place, Serde, Written, open_database, part,
};
use crate::error::Error;

/// The core that keeps entries in IndexedDB, shared by every tab and worker of an origin, and with functions of
/// JavaScript of the same name.
///
/// All functions lie in one database, `cachier2`, each under its id: an entry has its arguments beside it, for the
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
pub type IndexedDb<V, F = Serde> = BrowserCore<V, F, Database>;

/// IndexedDB as a place for entries.
#[derive(Clone, Copy, Debug)]
pub struct Database;

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
        Self::at(Database, id)
    }
}

impl<V, F> IndexedDb<V, F> {
    /// As [`new`](IndexedDb::new), for values of another form than serde's.
    pub fn with_form(id: &str) -> Self {
        Self::at(Database, id)
    }
}

impl Place for Database {
    type Stored = JsValue;

    const WAITS: bool = true;

    fn open(self, opening: &Opening, ears: &Ears) -> Result<part::Part, Error> {
        let Opening {
            id,
            max_entries,
            max_bytes,
        } = opening;
        let (news, used) = (&ears.on_news, &ears.was_used);
        Ok(open_database(id, *max_entries, *max_bytes, news, used))
    }

    fn dressed(self, written: Written<JsValue>) -> Written<JsValue> {
        written
    }

    fn undressed(self, stored: JsValue, _is_bytes: bool) -> JsValue {
        stored
    }
}
