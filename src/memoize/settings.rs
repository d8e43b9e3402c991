//! A function's own options, resolved against the global ones as those change; not what they decide.

use std::sync::{OnceLock, PoisonError, RwLock};

use crate::config;
use crate::policy::{CallOptions, Options, Policy, Setting};

/// The options of one definition and the policies they came to, each with its generation.
#[derive(Debug)]
pub(crate) struct Settings {
    definition: Options,
    /// At the first call; global options seldom change after it, and reading this takes no lock.
    first: OnceLock<(u64, Policy)>,
    last: RwLock<(u64, Policy)>,
}

impl Settings {
    pub(crate) fn new(definition: Options) -> Self {
        let last = RwLock::new((config::generation(), resolve(&definition)));
        Self {
            definition,
            first: OnceLock::new(),
            last,
        }
    }

    /// Whether the function was given a name, rather than going by its own.
    pub(crate) fn is_named(&self) -> bool {
        self.definition.name.is_some()
    }

    /// The policy of a call without options of its own.
    pub(crate) fn policy(&self) -> Policy {
        let now = config::generation();
        let (generation, policy) = self.first.get_or_init(|| (now, resolve(&self.definition)));
        if *generation == now {
            *policy
        } else {
            self.last_policy(now)
        }
    }

    /// The policy of a call with options of its own.
    pub(crate) fn policy_of_call(&self, call: &CallOptions) -> Policy {
        self.policy().with_call(call)
    }

    fn last_policy(&self, now: u64) -> Policy {
        let (generation, policy) = *self.last.read().unwrap_or_else(PoisonError::into_inner);
        if generation == now {
            policy
        } else {
            self.resolve_again(now)
        }
    }

    fn resolve_again(&self, generation: u64) -> Policy {
        let policy = resolve(&self.definition);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = (generation, policy);
        policy
    }
}

fn resolve(definition: &Options) -> Policy {
    let (layer, storage) = config::resolved(definition);
    let mut policy = Policy::of(&layer);
    policy.caching_enabled = config::caching_enabled();
    policy.troubles = storage.troubles();
    // A value that could never be kept is refused as too large, and evicts nothing.
    policy.entry_size_limit = policy.entry_size_limit.min(layer.count(Setting::MaxBytes));
    policy
}

/// The id entries are kept under: a name, and a version behind it; no two share one.
pub(crate) fn id(options: &Options, type_name: &str) -> String {
    let name = options.name.as_deref().unwrap_or(type_name);
    let mut id = String::new();
    for character in name.chars() {
        if matches!(character, '\\' | '@') {
            id.push('\\');
        }
        id.push(character);
    }
    if let Some(version) = &options.version {
        id.push('@');
        id.push_str(version);
    }
    id
}
