//! A policy and its generation, of which many threads read; knows not how it is resolved.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::policy::Policy;

#[derive(Debug)]
pub(super) struct Resolved {
    /// The last generation that was seen in which the policy is plain; 0, which is none, before.
    plain: AtomicU64,
    may_be_plain: bool,
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
            plain: AtomicU64::new(0),
            may_be_plain: true,
            first: OnceLock::new(),
            last: RwLock::new((generation, Arc::new(policy))),
        }
    }

    /// Never says any more that its policy is plain.
    pub(super) fn forbid_plain(&mut self) {
        self.may_be_plain = false;
    }

    /// Whether the policy is known to be plain: one look, for most calls ask nothing else of it.
    #[inline(always)]
    pub(super) fn is_plain_at(&self, now: u64) -> bool {
        self.plain.load(Ordering::Acquire) == now
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
        let rules = match *generation == now {
            true => Rules::First(policy),
            false => Rules::Last(self.last(now, resolve)),
        };
        if self.may_be_plain && rules.is_plain() {
            self.plain.store(now, Ordering::Release);
        }
        rules
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
