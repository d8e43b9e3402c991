//! What holds for every memoized function of the program: global options and the caching switch; decides nothing.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::policy::{Layer, Storage, not_global};
use crate::{Error, Options};

static GLOBAL: Config = Config::new();

/// Sets global options: they hold for every memoized function whose definition and call do not say otherwise.
///
/// Only what is set in `given` changes. Functions that are already defined follow at their next call, save for
/// what shapes a store when it is made: `max_entries`, `max_bytes`, `enable_metrics`, and what is said of
/// files and of the front before them.
///
/// # Errors
///
/// `name` or `version` is set: they belong to one function. Nothing changes then.
///
/// # Example
///
/// ```
/// use cachier::{Options, get_global_params, set_global_params};
///
/// set_global_params(Options::new().stale_after("1d")?)?;
/// set_global_params(Options::new().allow_none(true))?;
/// assert_eq!(get_global_params(), Options::new().stale_after("1d")?.allow_none(true));
/// assert!(set_global_params(Options::new().name("report")).is_err());
/// # Ok::<(), cachier::Error>(())
/// ```
pub fn set_global_params(given: Options) -> Result<(), Error> {
    GLOBAL.merge(&given)
}

/// The global options as they are now.
///
/// # Example
///
/// ```
/// assert_eq!(cachier::get_global_params(), cachier::Options::new());
/// ```
pub fn get_global_params() -> Options {
    let given = GLOBAL.read();
    Options {
        layer: given.layer,
        storage: given.storage.clone(),
        ..Options::new()
    }
}

/// What a definition and the global options below it come to, without the strings around them.
pub(crate) fn resolved(layer: &Layer, storage: &Storage) -> (Layer, Storage) {
    let global = GLOBAL.read();
    (layer.or(&global.layer), storage.or(&global.storage))
}

/// Unsets every global option.
///
/// # Example
///
/// ```
/// use cachier::{Options, get_global_params, reset_global_params, set_global_params};
///
/// set_global_params(Options::new().allow_none(true))?;
/// reset_global_params();
/// assert_eq!(get_global_params(), Options::new());
/// # Ok::<(), cachier::Error>(())
/// ```
pub fn reset_global_params() {
    GLOBAL.change(|given| *given = Given::NOTHING);
}

/// Switches caching on, as it is at first: stored values are served again.
///
/// # Example
///
/// ```
/// cachier::disable_caching();
/// cachier::enable_caching();
/// assert!(cachier::caching_enabled());
/// ```
pub fn enable_caching() {
    GLOBAL.switch(true);
}

/// Switches caching off: every call runs its function and touches no cache. Stored values survive.
///
/// # Example
///
/// ```
/// cachier::disable_caching();
/// assert!(!cachier::caching_enabled());
/// ```
pub fn disable_caching() {
    GLOBAL.switch(false);
}

/// Whether caching is on.
///
/// # Example
///
/// ```
/// assert!(cachier::caching_enabled());
/// ```
pub fn caching_enabled() -> bool {
    GLOBAL.is_enabled()
}

/// A number that is another one after every change of this module's state; never 0.
///
/// Read it before the state it is to stand for: then a change in between is noticed at the next look.
pub(crate) fn generation() -> u64 {
    GLOBAL.generation()
}

struct Config {
    given: RwLock<Given>,
    enabled: AtomicBool,
    generation: AtomicU64,
}

/// The global options without the strings around them.
#[derive(Debug, PartialEq)]
struct Given {
    layer: Layer,
    storage: Storage,
}

impl Given {
    const NOTHING: Self = Self {
        layer: Layer::EMPTY,
        storage: Storage::EMPTY,
    };
}

impl Config {
    const fn new() -> Self {
        Self {
            given: RwLock::new(Given::NOTHING),
            enabled: AtomicBool::new(true),
            generation: AtomicU64::new(1),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Given> {
        self.given.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn merge(&self, given: &Options) -> Result<(), Error> {
        refuse_identity(given)?;
        self.change(|current| {
            current.layer = given.layer.or(&current.layer);
            current.storage = given.storage.or(&current.storage);
        });
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut Given)) {
        let mut given = self.given.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut given);
        self.next_generation();
    }

    fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Acquire)
    }

    fn switch(&self, enabled: bool) {
        self.enabled.store(enabled, Ordering::Release);
        self.next_generation();
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn next_generation(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }
}

fn refuse_identity(given: &Options) -> Result<(), Error> {
    match (&given.name, &given.version) {
        (None, None) => Ok(()),
        (Some(_), _) => Err(not_global("name")),
        (None, Some(_)) => Err(not_global("version")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_options_are_merged_and_reset() {
        let config = Config::new();
        let first = Options::new().stale_after("1d").unwrap().allow_none(true);
        config.merge(&first).unwrap();
        config.merge(&Options::new().allow_none(false)).unwrap();
        assert_eq!(config.read().layer, first.allow_none(false).layer);
        config.change(|given| *given = Given::NOTHING);
        assert_eq!(*config.read(), Given::NOTHING);
    }

    #[test]
    fn identity_is_not_global() {
        let config = Config::new();
        for options in [Options::new().name("f"), Options::new().version("2")] {
            let error = config.merge(&options.allow_none(true)).unwrap_err();
            assert!(error.is_invalid_option());
            assert!(error.to_string().contains("cannot be set globally"));
        }
        assert_eq!(*config.read(), Given::NOTHING);
        assert_eq!(config.generation(), Config::new().generation());
    }

    #[test]
    fn every_change_begins_a_generation() {
        let config = Config::new();
        let mut last = config.generation();
        let mut moved_on =
            || std::mem::replace(&mut last, config.generation()) < config.generation();
        config.merge(&Options::new()).unwrap();
        assert!(moved_on());
        config.change(|given| *given = Given::NOTHING);
        assert!(moved_on());
        config.switch(false);
        assert!(moved_on());
        assert!(!config.is_enabled());
        config.switch(true);
        assert!(moved_on());
        assert!(config.is_enabled());
    }
}
