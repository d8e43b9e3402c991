//! A policy and its generation, where there is one thread; knows not how it is resolved.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::policy::Policy;

#[derive(Debug)]
pub(super) struct Resolved(Cell<(u64, Policy)>);

/// A policy, copied: that is less code than to look at one in place.
pub(crate) struct Rules<'a>(Policy, PhantomData<&'a Resolved>);

impl Deref for Rules<'_> {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        &self.0
    }
}

impl From<Policy> for Rules<'_> {
    fn from(policy: Policy) -> Self {
        Self(policy, PhantomData)
    }
}

impl Resolved {
    pub(super) fn new(generation: u64, policy: Policy) -> Self {
        Self(Cell::new((generation, policy)))
    }

    /// Nobody asks who does not also ask for the policy.
    pub(super) fn forbid_plain(&mut self) {}

    /// To know it would take as long as to look at the policy.
    pub(super) fn is_plain_at(&self, _now: u64) -> bool {
        false
    }

    pub(super) fn at(&self, now: u64, resolve: impl Fn() -> Policy) -> Rules<'_> {
        let (generation, policy) = self.0.get();
        if generation == now {
            return policy.into();
        }
        let policy = resolve();
        self.0.set((now, policy));
        policy.into()
    }
}
