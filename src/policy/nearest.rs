//! "Did you mean": the known name nearest to a given one; knows nothing of what the names stand for.

/// The one of `known` that is near enough to `given` to be what was meant.
///
/// Case, `_` and `-` are not counted, so another language's spelling of a name finds it.
pub(crate) fn nearest<'name>(
    given: &str,
    known: impl IntoIterator<Item = &'name str>,
) -> Option<&'name str> {
    let given = bare(given);
    known
        .into_iter()
        .map(|name| (strsim::levenshtein(&given, &bare(name)), name))
        .filter(|(distance, name)| distance * 3 <= name.len().max(given.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn bare(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 4] = ["staleAfter", "staleIfError", "maxAge", "ms"];

    #[test]
    fn near_names_are_found() {
        assert_eq!(nearest("stale_after", NAMES), Some("staleAfter"));
        assert_eq!(nearest("staleAftr", NAMES), Some("staleAfter"));
        assert_eq!(nearest("MaxAge", NAMES), Some("maxAge"));
        assert_eq!(nearest("mss", NAMES), Some("ms"));
    }

    #[test]
    fn far_names_are_not() {
        assert_eq!(nearest("colour", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(nearest("x", [""]), None);
    }
}
