//! Under which names items lie, so that nobody's are taken for another's; knows no item.

use crate::core::browser::hexadecimal;
use crate::key::Key;
use crate::text::joined;

/// A name is as readable as this is long; longer ones have a digest in their place.
const LONGEST_READABLE: usize = 200;

/// The name of what is kept of a function itself, and before it of marks: no key begins so.
pub(super) const OWN: &str = "!";

/// What every name of a function begins with.
///
/// What follows is one of `[`, `#` and `!`. A colon before one of them within an id gets a backslash between, and one
/// more where there are some, so that no function's names begin as another's do.
pub(super) fn prefix(id: &str) -> String {
    let mut prefix = String::from("cachier:");
    let mut rest = id;
    while let Some((before, after)) = rest.split_once(':') {
        prefix.push_str(before);
        prefix.push(':');
        if after.trim_start_matches('\\').starts_with(['[', '#', '!']) {
            prefix.push('\\');
        }
        rest = after;
    }
    prefix.push_str(rest);
    prefix.push(':');
    prefix
}

/// The name of a key's entry: its arguments, as far as they are short.
pub(super) fn name(prefix: &str, key: &Key) -> String {
    let readable = key.diagnostic();
    if readable.starts_with('[') && readable.len() <= LONGEST_READABLE {
        return joined!(prefix, &readable);
    }
    joined!(prefix, "#", &hexadecimal::text(&key.digest()))
}

/// The name of the mark of an entry of this name.
pub(super) fn mark(prefix: &str, name: &str) -> String {
    let own = name.strip_prefix(prefix).unwrap_or(name);
    joined!(prefix, OWN, own)
}

/// Whether a name is of this function, and an entry's.
pub(super) fn is_entry(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|own| own.starts_with(['[', '#']))
}

/// Whether a name is of this function, and a mark's.
pub(super) fn is_mark(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix)
        .and_then(|own| own.strip_prefix(OWN))
        .is_some_and(|own| !own.is_empty())
}
