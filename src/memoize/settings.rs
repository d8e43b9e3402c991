//! A function's own options, resolved against the global ones as those change; not what they decide.

#[cfg(not(all(feature = "js", target_arch = "wasm32")))]
#[path = "settings/shared.rs"]
mod resolved;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[path = "settings/alone.rs"]
mod resolved;

use crate::config;
use crate::policy::{CallOptions, Layer, Options, Policy, Setting, Storage};
use crate::text::append;
use resolved::Resolved;
pub(crate) use resolved::Rules;

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

    /// Has every call look at its policy, for there is more to a hit than the entry.
    pub(crate) fn forbid_plain(&mut self) {
        self.resolved.forbid_plain();
    }

    /// Whether a call without options of its own is known to want its entry and nothing else, however old.
    #[inline(always)]
    pub(crate) fn are_plain(&self) -> bool {
        self.resolved.is_plain_at(config::generation())
    }

    /// The policy of a call without options of its own, where it is: a copy would cost a hit as much as
    /// finding its entry.
    #[inline]
    pub(crate) fn rules(&self) -> Rules<'_> {
        self.resolved
            .at(config::generation(), || resolve(&self.definition))
    }

    /// The policy of a call without options of its own.
    pub(crate) fn policy(&self) -> Policy {
        *self.rules()
    }

    /// The policy of a call with options of its own.
    pub(crate) fn policy_of_call(&self, call: &CallOptions) -> Policy {
        self.policy().with_call(call)
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
    let bytes = name.as_bytes();
    bytes.iter().position(|byte| matches!(byte, b'\\' | b'@'))
}
