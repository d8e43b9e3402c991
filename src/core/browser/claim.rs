//! The right to calculate one key, as the stores of TypeScript give it; not how they do.

use wasm_bindgen::{JsCast, JsValue};

use super::part::PartClaim;
use crate::key::Key;

/// The right to calculate one key of a browser's core; given back when dropped, when its tab closes or crashes,
/// and when the page is frozen or goes into the back/forward cache.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
/// # async fn example() -> Result<(), cachier::Error> {
/// use cachier::{Key, core::{Core, IndexedDb}};
/// let core = IndexedDb::<u32>::new("answers");
/// let claim = core.claim(&Key::of(&(1,))?, 0).await?;
/// assert!(core.claim(&Key::of(&(1,))?, 0).await?.is_none(), "it is held");
/// drop(claim);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BrowserClaim {
    pub(super) key: Key,
    claim: Held,
}

#[derive(Debug)]
struct Held(Option<PartClaim>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(claim) = &self.0 {
            claim.release();
        }
    }
}

impl BrowserClaim {
    pub(super) fn new(key: Key, claim: JsValue) -> Self {
        let claim = Held(Some(claim.unchecked_into()));
        Self { key, claim }
    }

    /// The store's own, which it releases from now on.
    pub(super) fn into_stored(mut self) -> PartClaim {
        self.claim
            .0
            .take()
            .unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
    }
}
