//! "Did you mean": the known name nearest to a given one; knows nothing of what the names stand for.

/// The one of the known names that is near enough to the given one to be what was meant.
///
/// Case, `_` and `-` are not counted, so another language's spelling of a name finds it.
pub(crate) struct Nearest<'given, 'known> {
    given: &'given str,
    best: Option<&'known str>,
    least: usize,
}

impl<'given, 'known> Nearest<'given, 'known> {
    pub(crate) fn to(given: &'given str) -> Self {
        Self {
            given,
            best: None,
            least: usize::MAX,
        }
    }

    /// Compares one of the known names.
    pub(crate) fn consider(&mut self, name: &'known str) {
        let distance = distance(self.given, name);
        if distance < self.least && distance * 3 <= name.len().max(self.given.len()) {
            (self.best, self.least) = (Some(name), distance);
        }
    }

    /// The nearest of the names that were compared.
    pub(crate) fn found(self) -> Option<&'known str> {
        self.best
    }
}

/// Levenshtein's distance, row by row of its table: how many letters to insert, remove or replace.
fn distance(given: &str, name: &str) -> usize {
    let name = letters(name);
    let mut costs = Vec::new();
    for column in 0..name.len() {
        costs.push(column + 1);
    }
    let mut cost = name.len();
    for (row, given) in letters(given).iter().enumerate() {
        let mut diagonal = row;
        cost = row + 1;
        for (above, letter) in costs.iter_mut().zip(&name) {
            let replaced = diagonal + usize::from(given != letter);
            diagonal = *above;
            cost = replaced.min(cost + 1).min(*above + 1);
            *above = cost;
        }
    }
    cost
}

fn letters(name: &str) -> Vec<u8> {
    let mut letters = Vec::new();
    for letter in name.as_bytes() {
        if !matches!(letter, b'_' | b'-') {
            letters.extend_from_slice(&[letter.to_ascii_lowercase()]);
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{Nearest, distance};

    const NAMES: [&str; 4] = ["staleAfter", "staleIfError", "maxAge", "ms"];

    fn nearest(given: &str, known: &[&'static str]) -> Option<&'static str> {
        let mut nearest = Nearest::to(given);
        known.iter().for_each(|name| nearest.consider(name));
        nearest.found()
    }

    fn near(given: &str) -> Option<&'static str> {
        nearest(given, &NAMES)
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
        assert_eq!(nearest("x", &[""]), None);
    }

    #[test]
    fn distances_are_levenshteins() {
        for (given, name, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("Saturday", "sun-day", 3),
            ("a_b-c", "ABC", 0),
            ("flaw", "lawn", 2),
        ] {
            assert_eq!(distance(given, name), expected, "{given} {name}");
        }
    }
}
