//! What the options decide for one call; pure: no input or output, no clock, no claims, no cores.

#[cfg(feature = "cli")]
pub mod door;
mod nearest;
mod options;
mod quantity;
mod storage;
#[cfg(any(
    all(test, not(target_arch = "wasm32")),
    all(feature = "js", target_arch = "wasm32")
))]
pub(crate) mod untyped;

use std::ops::Range;

use crate::entry::{Meta, Timestamp};

pub use options::{CallOptions, Options};
pub(crate) use options::{Layer, Setting, not_global};
#[cfg(feature = "macros")]
pub(crate) use quantity::{DURATION, SIZE, WINDOW};
pub use quantity::{IntoDuration, IntoSize, IntoWindow, Limit};
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) use storage::BrowserStore;
pub(crate) use storage::{Fatal, Storage, Troubles, USUAL_FRONT};
pub use storage::{IntoFront, OnError};

/// By how much an entry may be dated in the future, in milliseconds: clocks differ a little, and step back.
const TOLERATED_SKEW: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// All that [`decide`] and the engine read of the options, the layers resolved into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether caching is on at all; set by whoever knows.
    pub caching_enabled: bool,
    /// Call the function and touch nothing.
    pub skip_cache: bool,
    /// Calculate and store, whatever there is.
    pub overwrite_cache: bool,
    /// Explain the call step by step.
    pub verbose: bool,
    /// Whether a stored none may be served.
    pub allow_none: bool,
    /// Age at which an entry is stale: the stricter of `stale_after` and `max_age`; negative: no entry will do.
    pub fresh_for: Limit,
    /// For how long after turning stale an entry is served while it is refreshed; 0: off.
    pub next_time: Limit,
    /// Age up to which an entry is served when its recalculation failed; 0: off.
    pub stale_if_error: Limit,
    /// How long a waiter waits before one of them takes over.
    pub wait_for_calc_timeout: Limit,
    /// Whether stale entries are removed in the background.
    pub cleanup_stale: bool,
    /// Time between two clean-ups; never 0.
    pub cleanup_interval: Limit,
    /// Size in bytes above which a value is not stored; `u64::MAX`: none.
    pub entry_size_limit: u64,
    /// What trouble with the store costs; set by whoever knows.
    pub(crate) troubles: Troubles,
    /// `stale_after` alone, kept to be layered with the options of a call.
    stale_after: Limit,
    /// Age up to which the clean-up keeps an entry, whatever a single call asks for.
    kept_for: Limit,
}

impl Policy {
    /// The policy of a function whose layers are already one.
    pub(crate) fn of(layer: &Layer) -> Self {
        let stale_after = layer.limit_or(Setting::StaleAfter, Limit::NEVER);
        let policy = Self {
            caching_enabled: true,
            skip_cache: false,
            overwrite_cache: false,
            verbose: false,
            allow_none: layer.is_on(Setting::AllowNone),
            fresh_for: stale_after,
            next_time: layer.limit_or(Setting::NextTime, Limit::ZERO),
            stale_if_error: layer.limit_or(Setting::StaleIfError, Limit::ZERO),
            wait_for_calc_timeout: layer.limit_or(Setting::WaitForCalcTimeout, Limit::NEVER),
            cleanup_stale: layer.is_on(Setting::CleanupStale),
            cleanup_interval: layer.limit_or(Setting::CleanupInterval, Limit::from_millis(DAY)),
            entry_size_limit: layer.count(Setting::EntrySizeLimit),
            troubles: Troubles::REPORTED,
            stale_after,
            kept_for: stale_after,
        };
        Self {
            kept_for: policy.longest_use(),
            ..policy
        }
    }

    /// This policy under the options of one call.
    pub fn with_call(self, call: &CallOptions) -> Self {
        let call = &call.layer;
        let limit = |setting, otherwise| call.limit_or(setting, otherwise);
        let stale_after = limit(Setting::StaleAfter, self.stale_after);
        Self {
            skip_cache: call.is_on(Setting::SkipCache),
            overwrite_cache: call.is_on(Setting::OverwriteCache),
            verbose: call.is_on(Setting::Verbose),
            allow_none: limit(Setting::AllowNone, Limit::of_switch(self.allow_none)) > Limit::ZERO,
            fresh_for: stale_after.min(limit(Setting::MaxAge, Limit::NEVER)),
            next_time: limit(Setting::NextTime, self.next_time),
            stale_after,
            ..self
        }
    }

    /// This policy for a function that cannot be called when its caller is gone.
    #[cfg(feature = "macros")]
    #[inline]
    pub(crate) fn without_next_time(self) -> Self {
        Self {
            next_time: Limit::ZERO,
            ..self
        }
    }

    /// This policy for a call that goes past the cache.
    pub(crate) fn bypassing(self) -> Self {
        Self {
            skip_cache: true,
            ..self
        }
    }

    /// Whether any entry that is not none is served as it is, and nothing else is to be done.
    #[cfg(not(all(feature = "js", target_arch = "wasm32")))]
    pub(crate) fn is_plain(&self) -> bool {
        let is_off = self.skip_cache || self.overwrite_cache || !self.caching_enabled;
        !(is_off || self.verbose || self.cleanup_stale || needs_clock(self))
    }

    fn can_use(&self, meta: &Meta) -> bool {
        self.allow_none || !meta.none
    }

    /// Age up to which an entry is served, if only while it is refreshed. A negative `max_age` refuses every
    /// stored value, so there `next_time` adds nothing.
    fn served_for(&self) -> Limit {
        if self.fresh_for < Limit::ZERO {
            return self.fresh_for;
        }
        self.fresh_for.saturating_add(self.next_time)
    }

    /// Age up to which an entry may still be of use. A window without end does not count: otherwise
    /// `cleanup_stale` would have no effect beside it.
    fn longest_use(&self) -> Limit {
        let mut longest = self.fresh_for;
        for age in &[self.served_for(), self.stale_if_error] {
            if age.is_bounded() {
                longest = longest.max(*age);
            }
        }
        longest
    }
}

/// What a policy decides for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Call the function with its original arguments; touch nothing.
    Bypass,
    /// Claim without waiting, calculate, store.
    Overwrite,
    /// Return the entry, whoever holds a claim.
    Serve,
    /// Return the entry and refresh it in the background.
    ServeAndRefresh,
    /// Claim, read and decide once more, calculate, store; or wait for whoever holds the claim.
    Obtain,
}

/// The verdict for one call, given what is stored under its key. The first match wins:
///
/// 1. caching disabled or `skip_cache`: [`Verdict::Bypass`];
/// 2. `overwrite_cache`: [`Verdict::Overwrite`];
/// 3. a usable entry younger than the stricter of `stale_after` and `max_age`: [`Verdict::Serve`];
/// 4. a usable entry that turned stale less than `next_time` ago: [`Verdict::ServeAndRefresh`];
/// 5. else [`Verdict::Obtain`].
///
/// An entry is usable if its value is not none, or `allow_none` holds. With a limit of 0 nothing is fresh, so
/// every call calculates, with `next_time` in the background. With a negative `max_age` every call
/// calculates before it returns. An entry dated more than a second in the future has an unknown age: it is
/// stale, and a bounded window does not hold it. Without a limit nothing is ever stale and `now` is not read
/// (see [`needs_clock`]).
pub fn decide(meta: Option<&Meta>, now: Timestamp, policy: &Policy) -> Verdict {
    if policy.skip_cache || !policy.caching_enabled {
        return Verdict::Bypass;
    }
    if policy.overwrite_cache {
        return Verdict::Overwrite;
    }
    let Some(meta) = meta.filter(|meta| policy.can_use(meta)) else {
        return Verdict::Obtain;
    };
    if fresh_during(meta, policy).contains(&now) {
        return Verdict::Serve;
    }
    if is_younger(meta, now, policy.served_for()) {
        return Verdict::ServeAndRefresh;
    }
    Verdict::Obtain
}

/// The moments at which [`decide`] serves this entry as fresh, `skip_cache`, `overwrite_cache` and disabled
/// caching aside. Whoever keeps a copy of the entry needs to compare `start <= now && now < end` and nothing
/// else. The ends of `i64` stand for "always" and "never".
pub fn fresh_during(meta: &Meta, policy: &Policy) -> Range<Timestamp> {
    if policy.can_use(meta) {
        younger_during(meta, policy.fresh_for)
    } else {
        meta.stored_at..meta.stored_at
    }
}

/// Whether what is stored under this policy is served from then on, whenever that was, whatever its size.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) fn keeps_for_good(policy: &Policy) -> bool {
    let is_for_good = policy.caching_enabled && !policy.cleanup_stale && !needs_clock(policy);
    is_for_good && policy.entry_size_limit == u64::MAX
}

/// Whether any verdict under this policy depends on the time: not if nothing is ever stale.
pub fn needs_clock(policy: &Policy) -> bool {
    policy.fresh_for.is_bounded()
}

/// Whether the old entry is served although (since) its recalculation failed.
///
/// Not where the caller insisted on a run: after `skip_cache` or `overwrite_cache` the error is theirs.
pub fn serves_after_error(meta: &Meta, now: Timestamp, policy: &Policy) -> bool {
    let insisted = policy.skip_cache || policy.overwrite_cache || !policy.caching_enabled;
    !insisted && policy.can_use(meta) && is_younger(meta, now, policy.stale_if_error)
}

/// Whether an entry that was stored while a caller waited for it is served, whatever its age by then.
///
/// Not one from the future: nobody knows when that was stored.
pub fn serves_who_waited(meta: &Meta, now: Timestamp, policy: &Policy) -> bool {
    policy.can_use(meta) && now >= meta.stored_at.saturating_add(-TOLERATED_SKEW)
}

/// Whether the clean-up may remove the entry: it is stale by the definition, and no bounded `next_time` or `stale_if_error` may
/// still serve it.
pub fn is_removable(meta: &Meta, now: Timestamp, policy: &Policy) -> bool {
    !is_younger(meta, now, policy.kept_for)
}

fn is_younger(meta: &Meta, now: Timestamp, limit: Limit) -> bool {
    !limit.is_bounded() || younger_during(meta, limit).contains(&now)
}

/// The moments at which the entry's age is below `limit`: the one place where age is defined.
fn younger_during(meta: &Meta, limit: Limit) -> Range<Timestamp> {
    if !limit.is_bounded() {
        return Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(i64::MAX);
    }
    // Within the tolerated skew the age is 0, which no limit of 0 or less admits.
    if limit <= Limit::ZERO {
        return meta.stored_at..meta.stored_at;
    }
    let earliest = meta.stored_at.saturating_add(-TOLERATED_SKEW);
    earliest..meta.stored_at.saturating_add(limit.as_millis())
}

#[cfg(test)]
mod tests;
