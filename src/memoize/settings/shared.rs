//! A policy and its generation, of which many threads read; knows not how it is resolved.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::policy::Policy;

#[derive(Debug)]
pub(super) struct Resolved {
    /// At the first call; global options seldom change after it, and reading this takes no lock.
    first: OnceLock<(u64, Policy)>,
    last: RwLock<(u64, Arc<Policy>)>,
}

/// A policy where it is held.
pub(crate) enum Rules<'a> {
    First(&'a Policy),
    Last(Arc<Policy>),
}

impl Deref for Rules<'_> {
    type Target = Policy;

    #[inline]
    fn deref(&self) -> &Policy {
        match self {
            Self::First(policy) => policy,
            Self::Last(policy) => policy,
        }
    }
}

impl From<Policy> for Rules<'_> {
    fn from(policy: Policy) -> Self {
        Self::Last(Arc::new(policy))
    }
}

impl Resolved {
    pub(super) fn new(generation: u64, policy: Policy) -> Self {
        Self {
            first: OnceLock::new(),
            last: RwLock::new((generation, Arc::new(policy))),
        }
    }

    #[inline]
    pub(super) fn at(&self, now: u64, resolve: impl Fn() -> Policy) -> Rules<'_> {
        match self.first.get() {
            Some((generation, policy)) if *generation == now => Rules::First(policy),
            _ => self.look_further(now, resolve),
        }
    }

    #[inline(never)]
    fn look_further(&self, now: u64, resolve: impl Fn() -> Policy) -> Rules<'_> {
        let (generation, policy) = self.first.get_or_init(|| (now, resolve()));
        if *generation == now {
            return Rules::First(policy);
        }
        Rules::Last(self.last(now, resolve))
    }

    fn last(&self, now: u64, resolve: impl Fn() -> Policy) -> Arc<Policy> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        if last.0 == now {
            return last.1.clone();
        }
        drop(last);
        let policy = Arc::new(resolve());
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = (now, policy.clone());
        policy
    }
}
