//! What holds for every memoized function of the program: global options and the caching switch; decides nothing.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::policy::{Layer, not_global};
use crate::{Error, Options};

static GLOBAL: Config = Config::new();

/// Sets global options: they hold for every memoized function whose definition and call do not say otherwise.
///
/// Only what is set in `given` changes. Functions that are already defined follow at their next call, save for
/// what shapes a store when it is made: `max_entries`, `max_bytes` and `enable_metrics`.
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
    Options {
        layer: global_layer(),
        ..Options::new()
    }
}

/// The global options without the strings around them.
pub(crate) fn global_layer() -> Layer {
    GLOBAL.layer()
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
    GLOBAL.change(|_| Layer::EMPTY);
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
    layer: RwLock<Layer>,
    enabled: AtomicBool,
    generation: AtomicU64,
}

impl Config {
    const fn new() -> Self {
        Self {
            layer: RwLock::new(Layer::EMPTY),
            enabled: AtomicBool::new(true),
            generation: AtomicU64::new(1),
        }
    }

    fn layer(&self) -> Layer {
        *self.layer.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn merge(&self, given: &Options) -> Result<(), Error> {
        refuse_identity(given)?;
        self.change(|current| given.layer.or(current));
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&Layer) -> Layer) {
        let mut layer = self.layer.write().unwrap_or_else(PoisonError::into_inner);
        *layer = change(&layer);
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
    let identity = [("name", &given.name), ("version", &given.version)];
    match identity.iter().find(|(_, value)| value.is_some()) {
        Some((name, _)) => Err(not_global(name)),
        None => Ok(()),
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
        assert_eq!(config.layer(), first.allow_none(false).layer);
        config.change(|_| Layer::EMPTY);
        assert_eq!(config.layer(), Layer::EMPTY);
    }

    #[test]
    fn identity_is_not_global() {
        let config = Config::new();
        for options in [Options::new().name("f"), Options::new().version("2")] {
            let error = config.merge(&options.allow_none(true)).unwrap_err();
            assert!(error.is_invalid_option());
            assert!(error.to_string().contains("cannot be set globally"));
        }
        assert_eq!(config.layer(), Layer::EMPTY);
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
        config.change(|_| Layer::EMPTY);
        assert!(moved_on());
        config.switch(false);
        assert!(moved_on());
        assert!(!config.is_enabled());
        config.switch(true);
        assert!(moved_on());
        assert!(config.is_enabled());
    }
}
