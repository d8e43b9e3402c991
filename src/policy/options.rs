//! What a user may set, layer by layer, each value checked when it is given; decides nothing itself.

use std::fmt;

use super::quantity::{IntoDuration, IntoSize, IntoWindow, Limit, Refusal};
use super::storage::Storage;
use crate::Error;
use crate::text::{integer, joined};

/// What is a number or a switch, in the order of [`NAMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    StaleAfter,
    NextTime,
    StaleIfError,
    AllowNone,
    WaitForCalcTimeout,
    CleanupStale,
    CleanupInterval,
    EntrySizeLimit,
    MaxEntries,
    MaxBytes,
    EnableMetrics,
    SkipCache,
    OverwriteCache,
    Verbose,
    MaxAge,
}

const NAMES: [&str; 15] = [
    "stale_after",
    "next_time",
    "stale_if_error",
    "allow_none",
    "wait_for_calc_timeout",
    "cleanup_stale",
    "cleanup_interval",
    "entry_size_limit",
    "max_entries",
    "max_bytes",
    "enable_metrics",
    "skip_cache",
    "overwrite_cache",
    "verbose",
    "max_age",
];

impl Setting {
    pub(super) const fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

/// The numbers and switches of one layer. A switch is a limit as well: none at all, or without end.
///
/// An array, so that layers are read, listed and put above one another by loops, not field by field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layer([Limit; NAMES.len()]);

/// A limit that is not set. No age is so negative; it would take an `Option` twice the room.
const UNSET: Limit = Limit::from_millis(i64::MIN);
const LEAST: Limit = Limit::from_millis(-i64::MAX);

impl Default for Layer {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Layer {
    pub(crate) const EMPTY: Self = Self([UNSET; NAMES.len()]);

    pub(crate) fn limit(&self, setting: Setting) -> Option<Limit> {
        let limit = self.0[setting as usize];
        (limit != UNSET).then_some(limit)
    }

    /// Called, not inlined, where what counts is that the code is small: a policy asks a dozen times.
    #[cfg_attr(all(feature = "js", target_arch = "wasm32"), inline(never))]
    pub(crate) fn limit_or(&self, setting: Setting, otherwise: Limit) -> Limit {
        self.limit(setting).unwrap_or(otherwise)
    }

    pub(crate) fn is_set(&self, setting: Setting) -> bool {
        self.limit(setting).is_some()
    }

    /// Whether a switch is on; it is off unless set.
    pub(crate) fn is_on(&self, setting: Setting) -> bool {
        self.0[setting as usize] > Limit::ZERO
    }

    /// A bound as a count: `u64::MAX` unless set.
    pub(crate) fn count(&self, setting: Setting) -> u64 {
        self.limit(setting).map_or(u64::MAX, Limit::as_count)
    }

    pub(super) fn set(&mut self, setting: Setting, limit: Limit) {
        self.0[setting as usize] = limit.max(LEAST);
    }

    fn switched(mut self, setting: Setting, on: bool) -> Self {
        self.set(setting, Limit::of_switch(on));
        self
    }

    fn bounded(
        mut self,
        setting: Setting,
        given: Result<Limit, Refusal>,
        least: i64,
    ) -> Result<Self, Error> {
        self.set(setting, checked(setting.name(), given, least)?);
        Ok(self)
    }

    /// This layer, and where it sets nothing, the one below.
    pub(crate) fn or(mut self, lower: &Self) -> Self {
        for (higher, lower) in self.0.iter_mut().zip(&lower.0) {
            if *higher == UNSET {
                *higher = *lower;
            }
        }
        self
    }

    fn show(&self, fields: &mut fmt::DebugStruct<'_, '_>) {
        for (name, limit) in NAMES.iter().zip(self.0) {
            if limit != UNSET {
                fields.field(name, &limit);
            }
        }
    }
}

/// The options of a memoized function, given at its definition or globally.
///
/// What is not set here is looked up one layer below: per call, then at the definition, then global, then
/// built in. Setters take and return the options; those that can fail say why at once.
///
/// # Example
///
/// ```
/// use cachier::Options;
///
/// let options = Options::new().stale_after("3d")?.next_time(true)?.allow_none(true);
/// assert_ne!(options, Options::new());
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub(crate) layer: Layer,
    pub(crate) storage: Storage,
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
}

impl Options {
    /// Options of which none is set.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::Options::new(), cachier::Options::default());
    /// ```
    pub const fn new() -> Self {
        Self {
            layer: Layer::EMPTY,
            storage: Storage::EMPTY,
            name: None,
            version: None,
        }
    }

    /// The age at which a value is stale: never, unless set. At 0 every call calculates.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().stale_after("1h 30m").is_ok());
    /// assert!(Options::new().stale_after("a while").is_err());
    /// ```
    pub fn stale_after(mut self, age: impl IntoDuration) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::StaleAfter, age.into_limit(), 0)?;
        Ok(self)
    }

    /// Whether a stale value is served now and refreshed in the background: off, unless set. A duration
    /// bounds how long after turning stale the value may still be served.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().next_time(true).is_ok());
    /// assert!(Options::new().next_time("10m").is_ok());
    /// ```
    pub fn next_time(mut self, window: impl IntoWindow) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::NextTime, window.into_window(), 0)?;
        Ok(self)
    }

    /// The age up to which the old value is served when a recalculation fails (`true`: any age): off,
    /// unless set.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().stale_after("1h")?.stale_if_error("1d").is_ok());
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn stale_if_error(mut self, age: impl IntoWindow) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::StaleIfError, age.into_window(), 0)?;
        Ok(self)
    }

    /// Whether a stored `None` may be served (it is stored either way): no, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().allow_none(true);
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn allow_none(mut self, allow: bool) -> Self {
        self.layer = self.layer.switched(Setting::AllowNone, allow);
        self
    }

    /// How long a caller waits for another's calculation before one waiter takes over: as long as the other
    /// lives, unless set.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Options::new().wait_for_calc_timeout("30s").is_ok());
    /// ```
    pub fn wait_for_calc_timeout(mut self, wait: impl IntoDuration) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::WaitForCalcTimeout, wait.into_limit(), 0)?;
        Ok(self)
    }

    /// Whether stale entries are removed in the background: no, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().cleanup_stale(true);
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn cleanup_stale(mut self, clean: bool) -> Self {
        self.layer = self.layer.switched(Setting::CleanupStale, clean);
        self
    }

    /// The time between two clean-ups: 1 day, unless set.
    ///
    /// # Errors
    ///
    /// Text that is no duration, a negative one, or 0.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().cleanup_stale(true).cleanup_interval("6h").is_ok());
    /// assert!(Options::new().cleanup_interval(0).is_err());
    /// ```
    pub fn cleanup_interval(mut self, interval: impl IntoDuration) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::CleanupInterval, interval.into_limit(), 1)?;
        Ok(self)
    }

    /// The size in bytes above which a value is returned but not stored: none, unless set.
    ///
    /// # Errors
    ///
    /// Text that is no size, or a negative number.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Options::new().entry_size_limit("10MB").is_ok());
    /// ```
    pub fn entry_size_limit(mut self, limit: impl IntoSize) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::EntrySizeLimit, limit.into_size(), 0)?;
        Ok(self)
    }

    /// The number of entries kept, others being evicted: unlimited (`usize::MAX`), unless set.
    ///
    /// # Errors
    ///
    /// 0.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// assert!(Options::new().max_entries(10_000).is_ok());
    /// assert!(Options::new().max_entries(0).is_err());
    /// ```
    pub fn max_entries(mut self, count: usize) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::MaxEntries, count.into_size(), 1)?;
        Ok(self)
    }

    /// The bytes kept in all entries together, others being evicted: unlimited, unless set.
    ///
    /// # Errors
    ///
    /// Text that is no size, a negative number, or 0.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::Options::new().max_bytes("64 MiB").is_ok());
    /// ```
    pub fn max_bytes(mut self, limit: impl IntoSize) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::MaxBytes, limit.into_size(), 1)?;
        Ok(self)
    }

    /// Whether calls are counted and timed: no, unless set.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().enable_metrics(true);
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn enable_metrics(mut self, enable: bool) -> Self {
        self.layer = self.layer.switched(Setting::EnableMetrics, enable);
        self
    }

    /// The name that replaces the function's own in its identity. Only at the definition.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().name("yearly report");
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What is added to the function's identity: entries of another version are never served. Only at the
    /// definition.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::Options::new().version("2");
    /// assert_ne!(options, cachier::Options::new());
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// These options, and where one is not set, that of `lower`.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Options;
    /// let lower = Options::new().stale_after("1d")?.allow_none(true);
    /// let both = Options::new().stale_after("1h")?.or(&lower);
    /// assert_eq!(both, Options::new().stale_after("1h")?.allow_none(true));
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn or(&self, lower: &Self) -> Self {
        Self {
            layer: self.layer.or(&lower.layer),
            storage: self.storage.or(&lower.storage),
            name: self.name.clone().or_else(|| lower.name.clone()),
            version: self.version.clone().or_else(|| lower.version.clone()),
        }
    }
}

/// The options of one call; they stand above those of the definition and the global ones.
///
/// # Example
///
/// ```
/// use cachier::CallOptions;
///
/// let options = CallOptions::new().max_age("10m")?.verbose(true);
/// assert_ne!(options, CallOptions::new());
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct CallOptions {
    pub(crate) layer: Layer,
}

impl CallOptions {
    /// Options of which none is set.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(cachier::CallOptions::new(), cachier::CallOptions::default());
    /// ```
    pub const fn new() -> Self {
        Self {
            layer: Layer::EMPTY,
        }
    }

    /// Whether the function is simply called, the cache being neither read nor written.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::CallOptions::new().skip_cache(true);
    /// assert_ne!(options, cachier::CallOptions::new());
    /// ```
    pub fn skip_cache(mut self, skip: bool) -> Self {
        self.layer = self.layer.switched(Setting::SkipCache, skip);
        self
    }

    /// Whether the value is calculated and stored even if there is a fresh one.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::CallOptions::new().overwrite_cache(true);
    /// assert_ne!(options, cachier::CallOptions::new());
    /// ```
    pub fn overwrite_cache(mut self, overwrite: bool) -> Self {
        self.layer = self.layer.switched(Setting::OverwriteCache, overwrite);
        self
    }

    /// Whether the call is explained step by step: as `tracing` events of level `INFO` with the feature
    /// `tracing` (on by default), else, or where no subscriber was ever set, on standard error.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::CallOptions::new().verbose(true);
    /// assert_ne!(options, cachier::CallOptions::new());
    /// ```
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.layer = self.layer.switched(Setting::Verbose, verbose);
        self
    }

    /// The age from which this call takes a value for stale; the stricter of this and `stale_after` holds.
    ///
    /// A negative age says that no stored value will do, however young, not even with `next_time`.
    ///
    /// # Errors
    ///
    /// Text that is no duration.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::CallOptions;
    /// assert!(CallOptions::new().max_age("10m").is_ok());
    /// assert!(CallOptions::new().max_age(-1).is_ok());
    /// ```
    pub fn max_age(mut self, age: impl IntoDuration) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::MaxAge, age.into_limit(), i64::MIN)?;
        Ok(self)
    }

    /// [`Options::stale_after`] for this call.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::CallOptions::new().stale_after("1h").is_ok());
    /// ```
    pub fn stale_after(mut self, age: impl IntoDuration) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::StaleAfter, age.into_limit(), 0)?;
        Ok(self)
    }

    /// [`Options::next_time`] for this call.
    ///
    /// # Errors
    ///
    /// Text that is no duration, or a negative one.
    ///
    /// # Example
    ///
    /// ```
    /// assert!(cachier::CallOptions::new().next_time(false).is_ok());
    /// ```
    pub fn next_time(mut self, window: impl IntoWindow) -> Result<Self, Error> {
        self.layer = self
            .layer
            .bounded(Setting::NextTime, window.into_window(), 0)?;
        Ok(self)
    }

    /// [`Options::allow_none`] for this call.
    ///
    /// # Example
    ///
    /// ```
    /// let options = cachier::CallOptions::new().allow_none(true);
    /// assert_ne!(options, cachier::CallOptions::new());
    /// ```
    pub fn allow_none(mut self, allow: bool) -> Self {
        self.layer = self.layer.switched(Setting::AllowNone, allow);
        self
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Layer");
        self.show(&mut fields);
        fields.finish()
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Options");
        self.layer.show(&mut fields);
        self.storage.show(&mut fields);
        for (name, text) in [("name", &self.name), ("version", &self.version)] {
            if let Some(text) = text {
                fields.field(name, text);
            }
        }
        fields.finish()
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("CallOptions");
        self.layer.show(&mut fields);
        fields.finish()
    }
}

pub(super) fn checked(
    name: &str,
    limit: Result<Limit, Refusal>,
    least: i64,
) -> Result<Limit, Error> {
    let limit = limit.map_err(|refusal| refusal.of_option(name))?;
    if limit.as_millis() < least {
        let (given, least) = (integer(limit.as_millis()), integer(least));
        return Err(Error::option_range(joined!(
            name,
            ": ",
            &given,
            " is too small; give at least ",
            &least
        )));
    }
    Ok(limit)
}

/// The refusal of an option that belongs to one function.
pub(crate) fn not_global(name: &str) -> Error {
    let reason = ": belongs to one function and cannot be set globally; give it at the definition";
    Error::option_type(joined!(name, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_option() -> Options {
        let result = Options::new()
            .allow_none(true)
            .cleanup_stale(true)
            .enable_metrics(true)
            .name("name")
            .version("version")
            .stale_after("1h")
            .and_then(|options| options.next_time("2h"))
            .and_then(|options| options.stale_if_error("3h"))
            .and_then(|options| options.wait_for_calc_timeout("4s"))
            .and_then(|options| options.cleanup_interval("5h"))
            .and_then(|options| options.entry_size_limit("6MB"))
            .and_then(|options| options.max_entries(7))
            .and_then(|options| options.max_bytes("8MB"));
        result.unwrap()
    }

    #[test]
    fn what_is_set_stands_above_what_is_lower() {
        let every = every_option();
        assert_eq!(every.or(&Options::new()), every);
        assert_eq!(Options::new().or(&every), every);
        let higher = Options::new().stale_after("never").unwrap();
        assert_eq!(
            higher.or(&every).layer.limit(Setting::StaleAfter),
            Some(Limit::NEVER)
        );
        let next_time = |options: &Options| options.layer.limit(Setting::NextTime);
        assert_eq!(next_time(&higher.or(&every)), next_time(&every));
    }

    #[test]
    fn what_is_set_is_shown() {
        let options = Options::new().max_entries(7).unwrap().version("2");
        let shown = "Options { max_entries: Limit(7), version: \"2\" }";
        assert_eq!(format!("{options:?}"), shown);
        let shown = "CallOptions { verbose: Limit(0) }";
        assert_eq!(format!("{:?}", CallOptions::new().verbose(false)), shown);
    }

    #[test]
    fn impossible_values_are_refused_by_name() {
        for (result, expected) in [
            (
                Options::new().stale_after(-1),
                "stale_after: -1 is too small; give at least 0",
            ),
            (
                Options::new().stale_after("-1s"),
                "stale_after: -1000 is too small",
            ),
            (
                Options::new().next_time("never"),
                "next_time: \"never\" is no duration",
            ),
            (Options::new().next_time(-1), "next_time: -1 is too small"),
            (
                Options::new().stale_if_error("x"),
                "stale_if_error: \"x\" is no duration",
            ),
            (
                Options::new().wait_for_calc_timeout(-1),
                "wait_for_calc_timeout: -1 is too small",
            ),
            (
                Options::new().cleanup_interval(0),
                "cleanup_interval: 0 is too small; give at least 1",
            ),
            (
                Options::new().entry_size_limit("1 MX"),
                "entry_size_limit: \"1 MX\" is no size",
            ),
            (
                Options::new().max_entries(0),
                "max_entries: 0 is too small; give at least 1",
            ),
            (
                Options::new().max_bytes("0kB"),
                "max_bytes: 0 is too small; give at least 1",
            ),
        ] {
            let error = result.unwrap_err();
            assert!(error.is_out_of_range());
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn only_the_age_of_one_call_may_be_negative() {
        assert_eq!(
            CallOptions::new()
                .max_age(-1)
                .unwrap()
                .layer
                .limit(Setting::MaxAge),
            Some(Limit::from_millis(-1))
        );
        assert!(CallOptions::new().stale_after(-1).is_err());
        assert!(CallOptions::new().next_time("-1s").is_err());
    }
}
