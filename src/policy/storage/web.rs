//! What was given of a browser store's options; decides nothing.

use std::fmt;

use super::{BrowserStore, Given, OnError, Troubles, USUAL_FRONT, USUAL_PRELOAD, bytes, show};
use crate::policy::Limit;

/// The options of stores in one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    pub(crate) store: Option<BrowserStore>,
    front: Option<Limit>,
    preload: Option<Limit>,
    pub(crate) coherent: Option<bool>,
    on_error: Option<OnError>,
    pub(crate) store_args: Option<bool>,
}

impl Storage {
    pub(crate) const EMPTY: Self = Self {
        store: None,
        front: None,
        preload: None,
        coherent: None,
        on_error: None,
        store_args: None,
    };

    pub(in crate::policy) fn set(&mut self, given: Given) {
        match given {
            Given::InBrowser(store) => self.store = Some(store),
            Given::Front(bound) => self.front = Some(bound),
            Given::Preload(bound) => self.preload = Some(bound),
            Given::Coherent(coherent) => self.coherent = Some(coherent),
            Given::OnError(on_error) => self.on_error = Some(on_error),
            Given::StoreArgs(store) => self.store_args = Some(store),
            // A page has no files.
            Given::CacheDir(_) | Given::SeparateFiles(_) | Given::Sync(_) => {}
        }
    }

    /// These options, and where one is not set, that of `lower`.
    pub(crate) fn or(&self, lower: &Self) -> Self {
        Self {
            store: self.store.or(lower.store),
            front: self.front.or(lower.front),
            preload: self.preload.or(lower.preload),
            coherent: self.coherent.or(lower.coherent),
            on_error: self.on_error.or(lower.on_error),
            store_args: self.store_args.or(lower.store_args),
        }
    }

    /// What the front may hold, in bytes; none where every call is to read the store.
    pub(crate) fn front_bytes(&self) -> u64 {
        match self.coherent {
            Some(true) => 0,
            _ => bytes(self.front, USUAL_FRONT),
        }
    }

    /// How much is read into the front at the first use, in bytes.
    #[cfg_attr(
        not(any(feature = "indexeddb", feature = "js", feature = "localstorage")),
        expect(
            dead_code,
            reason = "without stores beyond the program there is no front"
        )
    )]
    pub(crate) fn preload_bytes(&self) -> u64 {
        bytes(self.preload, USUAL_PRELOAD).min(self.front_bytes())
    }

    pub(crate) fn troubles(&self) -> Troubles {
        Troubles(self.on_error.unwrap_or_default())
    }

    /// The first option set that has a meaning only for some stores.
    pub(crate) fn first_of_some_stores(&self) -> Option<&'static str> {
        if self.front.is_some() {
            Some("front")
        } else if self.preload.is_some() {
            Some("preload")
        } else {
            self.coherent.map(|_| "coherent")
        }
    }

    pub(crate) fn show(&self, fields: &mut fmt::DebugStruct<'_, '_>) {
        show(fields, "core", &self.store);
        show(fields, "front", &self.front);
        show(fields, "preload", &self.preload);
        show(fields, "coherent", &self.coherent);
        show(fields, "on_error", &self.on_error);
        show(fields, "store_args", &self.store_args);
    }
}
