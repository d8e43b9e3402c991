//! "Did you mean": the known name nearest to a given one; knows nothing of what the names stand for.

/// The one of `known` that is near enough to `given` to be what was meant.
///
/// Case, `_` and `-` are not counted, so another language's spelling of a name finds it.
pub(crate) fn nearest(
    given: &str,
    known: &mut dyn Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let bare_given = bare(given);
    let (mut best, mut least) = (None, usize::MAX);
    for name in known {
        let distance = strsim::generic_levenshtein(&bare_given, &bare(name));
        if distance < least && distance * 3 <= name.len().max(given.len()) {
            (best, least) = (Some(name), distance);
        }
    }
    best
}

fn bare(name: &str) -> Vec<u8> {
    let mut letters = name.to_ascii_lowercase().into_bytes();
    letters.retain(|letter| !matches!(letter, b'_' | b'-'));
    letters
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 4] = ["staleAfter", "staleIfError", "maxAge", "ms"];

    fn near(given: &str) -> Option<&'static str> {
        nearest(given, &mut NAMES.into_iter())
    }

    #[test]
    fn near_names_are_found() {
        assert_eq!(near("stale_after"), Some("staleAfter"));
        assert_eq!(near("staleAftr"), Some("staleAfter"));
        assert_eq!(near("MaxAge"), Some("maxAge"));
        assert_eq!(near("mss"), Some("ms"));
    }

    #[test]
    fn far_names_are_not() {
        assert_eq!(near("colour"), None);
        assert_eq!(near(""), None);
        assert_eq!(nearest("x", &mut [""].into_iter()), None);
    }
}
