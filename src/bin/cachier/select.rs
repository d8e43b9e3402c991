//! Which functions a command is about; knows names and directories, not entries.

use std::path::PathBuf;

use cachier::__program::nearest;
use cachier::inspect::{self, Cache};

use crate::failure::Failure;
use crate::usage::Common;

/// The caches of the cache directory.
pub struct Caches {
    pub directory: PathBuf,
    found: Vec<Cache>,
}

impl Caches {
    pub fn of(common: &Common) -> Result<Self, Failure> {
        let directory = cache_dir(common)?;
        let mut found = inspect::caches(&directory)?;
        found.sort_by(|one, other| one.id().cmp(other.id()));
        Ok(Self { directory, found })
    }

    /// Those of all functions, in the order of their ids; at least one.
    pub fn all(&self) -> Result<Vec<&Cache>, Failure> {
        match self.found.is_empty() {
            true => Err(self.nothing_here()),
            false => Ok(self.found.iter().collect()),
        }
    }

    /// That of the function of this name.
    pub fn one(&self, name: &str) -> Result<&Cache, Failure> {
        let names: Vec<Names<'_>> = self.found.iter().map(Names::of).collect();
        if names.is_empty() {
            return Err(self.nothing_here());
        }
        choose(&names, name).map(|index| &self.found[index])
    }

    /// Those of these functions, each once; of all if none is named.
    pub fn these(&self, names: &[String]) -> Result<Vec<&Cache>, Failure> {
        if names.is_empty() {
            return self.all();
        }
        let mut chosen = names
            .iter()
            .map(|name| self.one(name))
            .collect::<Result<Vec<_>, _>>()?;
        chosen.sort_by(|one, other| one.id().cmp(other.id()));
        chosen.dedup_by(|one, other| one.id() == other.id());
        Ok(chosen)
    }

    fn nothing_here(&self) -> Failure {
        Failure::Nothing(format!(
            "there are no caches in {}: no function was memoized here yet, or they are elsewhere (--cache-dir)",
            self.directory.display()
        ))
    }
}

pub fn cache_dir(common: &Common) -> Result<PathBuf, Failure> {
    match &common.cache_dir {
        Some(directory) => Ok(directory.clone()),
        None => Ok(inspect::default_cache_dir()?),
    }
}

/// Whether a function of this id, wherever it is, may be called so.
pub fn is_named(id: &str, given: &str) -> bool {
    choose(&[Names { id, directory: id }], given).is_ok()
}

/// What a function can be called by.
#[derive(Clone, Copy)]
struct Names<'a> {
    id: &'a str,
    directory: &'a str,
}

impl<'a> Names<'a> {
    fn of(cache: &'a Cache) -> Self {
        let directory = cache.dir().file_name().and_then(|name| name.to_str());
        Self {
            id: cache.id(),
            directory: directory.unwrap_or_default(),
        }
    }

    fn is(self, given: &str) -> bool {
        self.id == given || self.directory == given
    }

    fn begins_with(self, given: &str) -> bool {
        self.id.starts_with(given) || self.directory.starts_with(given)
    }

    fn has_a_part_that_begins_with(self, given: &str) -> bool {
        self.id
            .match_indices("::")
            .any(|(at, colons)| self.id[at + colons.len()..].starts_with(given))
    }

    /// The last part of the id, without what tells functions of one name apart.
    fn short(self) -> &'a str {
        let last = self.id.rsplit("::").next().unwrap_or(self.id);
        last.split(['<', '@', '#']).next().unwrap_or(last)
    }
}

/// The index of the one that is meant.
fn choose(names: &[Names<'_>], given: &str) -> Result<usize, Failure> {
    let tries: [&dyn Fn(Names<'_>) -> bool; 3] = [
        &|names| names.is(given),
        &|names| names.begins_with(given),
        &|names| names.has_a_part_that_begins_with(given),
    ];
    for fits in tries {
        let fitting: Vec<usize> = (0..names.len())
            .filter(|index| fits(names[*index]))
            .collect();
        match fitting[..] {
            [] => {}
            [only] => return Ok(only),
            _ => {
                return Err(ambiguous(
                    given,
                    fitting.iter().map(|index| names[*index].id),
                ));
            }
        }
    }
    Err(unknown(names, given))
}

fn ambiguous<'a>(given: &str, fitting: impl Iterator<Item = &'a str>) -> Failure {
    let fitting: Vec<&str> = fitting.collect();
    Failure::Usage(format!(
        "\"{given}\" may be any of\n  {}",
        fitting.join("\n  ")
    ))
}

fn unknown(names: &[Names<'_>], given: &str) -> Failure {
    let ids = names.iter().flat_map(|names| [names.id, names.short()]);
    let advice = match nearest(given, ids) {
        Some(name) => format!(", did you mean \"{name}\"?"),
        None => "; `cachier list` shows those that have".into(),
    };
    Failure::Nothing(format!("no function \"{given}\" has a cache here{advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [Names<'_>; 4] = [
        names("weather::report", "weather__report-1111"),
        names("weather::report_all", "weather__report_all-2222"),
        names(
            "weather::daily::fetch<u32>#0a1b2c3d",
            "weather__daily__fetch-3333",
        ),
        names("parse", "parse-4444"),
    ];

    const fn names(id: &'static str, directory: &'static str) -> Names<'static> {
        Names { id, directory }
    }

    fn chosen(given: &str) -> usize {
        choose(&NAMES, given).unwrap()
    }

    fn refusal(given: &str) -> String {
        choose(&NAMES, given)
            .unwrap_err()
            .message()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_function_is_found_by_id_by_directory_and_by_the_beginning_of_either() {
        assert_eq!(chosen("weather::report"), 0);
        assert_eq!(chosen("weather__report_all-2222"), 1);
        assert_eq!(chosen("weather::report_"), 1);
        assert_eq!(chosen("par"), 3);
        assert_eq!(chosen("weather__d"), 2);
    }

    #[test]
    fn a_function_is_found_by_the_beginning_of_a_part_of_its_id() {
        assert_eq!(chosen("fetch"), 2);
        assert_eq!(chosen("daily::f"), 2);
        assert_eq!(chosen("report_all"), 1);
    }

    #[test]
    fn what_fits_several_functions_is_refused_with_their_names() {
        assert_eq!(
            refusal("rep"),
            "\"rep\" may be any of\n  weather::report\n  weather::report_all"
        );
        assert!(refusal("").contains("parse"));
    }

    #[test]
    fn what_fits_none_is_refused_with_the_nearest() {
        assert!(refusal("prse").ends_with("did you mean \"parse\"?"));
        assert!(refusal("ftch").ends_with("did you mean \"fetch\"?"));
        assert!(refusal("weather::reprot").ends_with("did you mean \"weather::report\"?"));
        assert!(refusal("nothing_like_it").contains("cachier list"));
    }
}
