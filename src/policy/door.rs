//! What the `cachier` program shares with the library's own options: one grammar, one "did you mean"; no stable API.

use super::nearest::Nearest;
use super::quantity::{SIZE, WRITTEN_DURATION};

/// Milliseconds; `i64::MAX` without end.
///
/// # Errors
///
/// Why the text is no duration.
pub fn millis(text: &str) -> Result<i64, String> {
    let limit = WRITTEN_DURATION.read(text);
    limit
        .map(|limit| limit.as_millis())
        .map_err(|refusal| refusal.into_message())
}

/// Bytes; `u64::MAX` without end.
///
/// # Errors
///
/// Why the text is no size.
pub fn bytes(text: &str) -> Result<u64, String> {
    let limit = SIZE.read(text);
    limit
        .map(|limit| limit.as_count())
        .map_err(|refusal| refusal.into_message())
}

/// The one of the known names that is near enough to the given one to be what was meant.
pub fn nearest<'known>(
    given: &str,
    known: impl IntoIterator<Item = &'known str>,
) -> Option<&'known str> {
    let mut nearest = Nearest::to(given);
    known.into_iter().for_each(|name| nearest.consider(name));
    nearest.found()
}
