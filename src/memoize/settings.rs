//! A function's own options, resolved against the global ones as those change; not what they decide.

use crate::config;
use crate::policy::{CallOptions, Layer, Options, Policy, Setting, Storage};
use crate::text::append;
use resolved::Resolved;

/// What was said at a definition, without the strings around it.
#[derive(Debug)]
struct Definition {
    layer: Layer,
    storage: Storage,
}

/// The options of one definition and the policies they came to.
#[derive(Debug)]
pub(crate) struct Settings {
    definition: Definition,
    is_named: bool,
    resolved: Resolved,
}

impl Settings {
    pub(crate) fn new(definition: Options) -> Self {
        let Options {
            layer,
            storage,
            name,
            ..
        } = definition;
        let definition = Definition { layer, storage };
        Self {
            resolved: Resolved::new(config::generation(), resolve(&definition)),
            definition,
            is_named: name.is_some(),
        }
    }

    /// Whether the function was given a name, rather than going by its own.
    pub(crate) fn is_named(&self) -> bool {
        self.is_named
    }

    /// The policy of a call without options of its own.
    pub(crate) fn policy(&self) -> Policy {
        self.resolved
            .at(config::generation(), || resolve(&self.definition))
    }

    /// The policy of a call with options of its own.
    pub(crate) fn policy_of_call(&self, call: &CallOptions) -> Policy {
        self.policy().with_call(call)
    }
}

/// A policy and its generation, of which many threads read.
#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
mod resolved {
    use std::sync::{OnceLock, PoisonError, RwLock};

    use crate::policy::Policy;

    #[derive(Debug)]
    pub(super) struct Resolved {
        /// At the first call; global options seldom change after it, and reading this takes no lock.
        first: OnceLock<(u64, Policy)>,
        last: RwLock<(u64, Policy)>,
    }

    impl Resolved {
        pub(super) fn new(generation: u64, policy: Policy) -> Self {
            Self {
                first: OnceLock::new(),
                last: RwLock::new((generation, policy)),
            }
        }

        pub(super) fn at(&self, now: u64, resolve: impl Fn() -> Policy) -> Policy {
            let (generation, policy) = self.first.get_or_init(|| (now, resolve()));
            if *generation == now {
                *policy
            } else {
                self.last(now, resolve)
            }
        }

        fn last(&self, now: u64, resolve: impl Fn() -> Policy) -> Policy {
            let (generation, policy) = *self.last.read().unwrap_or_else(PoisonError::into_inner);
            if generation == now {
                return policy;
            }
            let policy = resolve();
            *self.last.write().unwrap_or_else(PoisonError::into_inner) = (now, policy);
            policy
        }
    }
}

/// A policy and its generation, where there is one thread.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod resolved {
    use std::cell::Cell;

    use crate::policy::Policy;

    #[derive(Debug)]
    pub(super) struct Resolved(Cell<(u64, Policy)>);

    impl Resolved {
        pub(super) fn new(generation: u64, policy: Policy) -> Self {
            Self(Cell::new((generation, policy)))
        }

        pub(super) fn at(&self, now: u64, resolve: impl Fn() -> Policy) -> Policy {
            let (generation, policy) = self.0.get();
            if generation == now {
                return policy;
            }
            let policy = resolve();
            self.0.set((now, policy));
            policy
        }
    }
}

fn resolve(definition: &Definition) -> Policy {
    let (layer, storage) = config::resolved(&definition.layer, &definition.storage);
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
    let mut rest = name;
    while let Some((before, special)) = first_special(rest).and_then(|at| rest.split_at_checked(at))
    {
        append(&mut id, before);
        append(&mut id, "\\");
        let (special, behind) = special.split_at_checked(1).unwrap_or((special, ""));
        append(&mut id, special);
        rest = behind;
    }
    append(&mut id, rest);
    if let Some(version) = &options.version {
        append(&mut id, "@");
        append(&mut id, version);
    }
    id
}

fn first_special(name: &str) -> Option<usize> {
    name.bytes().position(|byte| matches!(byte, b'\\' | b'@'))
}
