//! What hangs on a memoized function, its core and what it keeps forgotten; no calls.

use std::path::PathBuf;

use super::keep::Keep;
use super::parts::{Parts, Settled};
use super::{Listed, Traced};
use crate::core::Core;
use crate::engine::Metrics;
use crate::entry::Entry;
use crate::error::Error;
use crate::key::{Arguments, Key};
use crate::threads::{MaybeSend, MaybeSync, Pending};

/// A memoized function of which only the result's type is known.
pub(crate) trait Managed<R>: MaybeSend + MaybeSync + 'static {
    fn id(&self) -> &str;
    fn cache_dpath(&self) -> Option<PathBuf>;
    fn key_in_scope<'a>(&self, arguments: &'a mut Arguments) -> &'a Key;
    fn traced(&self, settled: Settled<R>) -> Traced<R>;
    fn clear_cache(&self) -> Pending<'_, ()>;
    fn clear_being_calculated(&self) -> Pending<'_, ()>;
    /// `Err` is a failure, which is not stored.
    fn precache_value(&self, key: Key, value: R) -> Result<Pending<'_, Result<R, Error>>, R>;
    fn precache_blocking(&self, key: &Key, value: R) -> Result<R, Error>;
    fn peek(&self, key: Key) -> Pending<'_, Option<Entry<R>>>;
    fn is_fresh(&self, key: Key) -> Pending<'_, bool>;
    fn remove(&self, key: Key) -> Pending<'_, Result<bool, Error>>;
    fn entries(&self) -> Pending<'_, Result<Vec<Listed>, Error>>;
    fn drained(&self) -> Pending<'_, ()>;
    fn metrics(&self) -> Pending<'_, Option<Metrics>>;
}

impl<R: 'static, K: Keep<R>, C: Core<K::Value>> Managed<R> for Parts<R, K, C> {
    fn id(&self) -> &str {
        self.id()
    }

    fn cache_dpath(&self) -> Option<PathBuf> {
        self.cache_dpath()
    }

    fn key_in_scope<'a>(&self, arguments: &'a mut Arguments) -> &'a Key {
        self.key_in_scope(arguments)
    }

    fn traced(&self, settled: Settled<R>) -> Traced<R> {
        self.traced(settled)
    }

    fn clear_cache(&self) -> Pending<'_, ()> {
        Box::pin(self.clear_cache())
    }

    fn clear_being_calculated(&self) -> Pending<'_, ()> {
        Box::pin(self.clear_being_calculated())
    }

    fn precache_value(&self, key: Key, value: R) -> Result<Pending<'_, Result<R, Error>>, R> {
        match K::split(value) {
            Ok(value) => Ok(Box::pin(async move { self.precache(&key, value).await })),
            Err(failure) => Err(K::join(Err(failure))),
        }
    }

    fn precache_blocking(&self, key: &Key, value: R) -> Result<R, Error> {
        self.precache_blocking(key, value)
    }

    fn peek(&self, key: Key) -> Pending<'_, Option<Entry<R>>> {
        Box::pin(async move {
            let Entry { value, meta } = self.peek(&key).await?;
            let value = K::join(Ok(value));
            Some(Entry { value, meta })
        })
    }

    fn is_fresh(&self, key: Key) -> Pending<'_, bool> {
        Box::pin(async move { self.is_fresh(&key).await })
    }

    fn remove(&self, key: Key) -> Pending<'_, Result<bool, Error>> {
        Box::pin(async move { self.remove(&key).await })
    }

    fn entries(&self) -> Pending<'_, Result<Vec<Listed>, Error>> {
        Box::pin(self.entries())
    }

    fn drained(&self) -> Pending<'_, ()> {
        Box::pin(self.drained())
    }

    fn metrics(&self) -> Pending<'_, Option<Metrics>> {
        Box::pin(self.metrics())
    }
}
