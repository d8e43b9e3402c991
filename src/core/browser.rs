//! What both cores of a browser share: claims, news, how values look in a store; not where they lie.

#[cfg(feature = "indexeddb")]
pub(crate) mod channel;
pub(crate) mod claims;
pub(crate) mod form;
pub(crate) mod global;
pub(crate) mod hexadecimal;
pub(crate) mod ledger;
mod locks;
pub(crate) mod news;
pub(crate) mod page;
#[cfg(feature = "indexeddb")]
pub(crate) mod reply;

pub use claims::BrowserClaim;
#[cfg(feature = "indexeddb")]
pub use form::AsIs;
pub use form::{Form, Serde, Written};

/// The format that stores of this version write; it is in every name, so that others are never touched.
pub(crate) const FORMAT: &str = "1";
