//! An entry as JSON and as a short text; knows the form of an entry, not where it is printed.

use std::io::{self, Write};

use cachier::Error;
use cachier::inspect::{Cache, Stored};
use serde::Serialize;

use crate::failure::Failure;
use crate::human::plain;
use crate::json::{Cbor, Sequence};

/// No table shows more bytes of a value.
const PREVIEW: usize = 400;

/// An entry for programs.
#[derive(Serialize)]
pub struct Document<'a> {
    key: String,
    /// Null where the function keeps none.
    arguments: Option<Cbor<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Cbor<'a>>,
    /// Milliseconds since 1970.
    stored_at: i64,
    none: bool,
    bytes: u64,
    value: Cbor<'a>,
}

impl<'a> Document<'a> {
    pub fn of(stored: &'a Stored) -> Self {
        let sequence = stored.arguments.as_deref().map(Sequence::new);
        Self {
            key: stored.digest.to_string(),
            arguments: sequence.map(|sequence| sequence.arguments),
            scope: sequence.and_then(|sequence| sequence.scope),
            stored_at: stored.stored_at.as_millis(),
            none: stored.none,
            bytes: stored.size,
            value: Cbor::new(&stored.value),
        }
    }
}

/// The arguments in a line: `[1,"a"]`, and the scope, if there is one.
pub fn arguments(stored: &Stored) -> String {
    let Some(canonical) = &stored.arguments else {
        return "(not kept)".into();
    };
    let Sequence { arguments, scope } = Sequence::new(canonical);
    match scope {
        Some(scope) => format!("{} scope {}", preview(&arguments), preview(&scope)),
        None => preview(&arguments),
    }
}

/// The value in a line.
pub fn value(stored: &Stored) -> String {
    preview(&Cbor::new(&stored.value))
}

/// Visits every entry until one visit fails.
pub fn each(
    cache: &Cache,
    mut visit: impl FnMut(Stored) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut stopped = None;
    let visited = cache.entries(|stored| {
        visit(stored).map_err(|failure| {
            stopped = Some(failure);
            Error::storage("stopped")
        })
    });
    match stopped {
        Some(failure) => Err(failure),
        None => Ok(visited?),
    }
}

/// The beginning of a document, without the work for the rest.
fn preview(document: &impl Serialize) -> String {
    let mut beginning = Beginning(Vec::new());
    let is_whole = serde_json::to_writer(&mut beginning, document).is_ok();
    let text = String::from_utf8_lossy(&beginning.0);
    let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
    match is_whole {
        true => plain(text),
        false => plain(text) + "…",
    }
}

/// Takes so many bytes and refuses more.
struct Beginning(Vec<u8>);

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PREVIEW - self.0.len());
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_ends_where_a_line_is_long_enough() {
        assert_eq!(preview(&"short"), "\"short\"");
        let long = preview(&"é".repeat(1000));
        assert!(long.ends_with("é…") && long.len() <= PREVIEW + "…".len());
    }
}
