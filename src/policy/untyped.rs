//! Options whose names and types are only known when the program runs: JavaScript's; knows no JavaScript value.
//!
//! The tables below are the one list of their names, spelled as in JavaScript.

use super::nearest::nearest;
use super::options::{self, CallOptions, Options};
use super::quantity::{DURATION_FORM, Limit, Refusal, SIZE_FORM, WINDOW_FORM};
use crate::Error;

/// A value as it comes in or goes out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    Undefined,
    Boolean(bool),
    Number(f64),
    Text(String),
    Function,
    /// Anything else, by its name and article.
    Other(&'static str),
}

impl Given {
    fn noun(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Function => "a function",
            Self::Other(noun) => noun,
        }
    }
}

/// What is set at the definition of a memoized function, its functions aside: those are called by JavaScript.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Definition {
    pub(crate) options: Options,
    /// For how many milliseconds the clock may be cached.
    pub(crate) clock_resolution: f64,
}

/// Where a value goes, and by that what it has to be.
enum Slot<'options> {
    /// An age that may be negative.
    Age(&'options mut Option<Limit>),
    Duration(&'options mut Option<Limit>),
    PositiveDuration(&'options mut Option<Limit>),
    Window(&'options mut Option<Limit>),
    Size(&'options mut Option<u64>),
    PositiveSize(&'options mut Option<u64>),
    Count(&'options mut Option<u64>),
    Boolean(&'options mut Option<bool>),
    Flag(&'options mut bool),
    Text(&'options mut Option<String>),
    Milliseconds(&'options mut f64),
    /// Checked here; its meaning is JavaScript's, or it has none in memory.
    Checked(fn(&Asked) -> Result<(), Error>),
}

/// Options of one place: their names, and their slots in `T`.
type Table<T> = [(&'static str, fn(&mut T) -> Slot<'_>)];

/// Given at the definition or globally.
const OPTIONS: &Table<Options> = &[
    ("staleAfter", |options| {
        Slot::Duration(&mut options.stale_after)
    }),
    ("nextTime", |options| Slot::Window(&mut options.next_time)),
    ("staleIfError", |options| {
        Slot::Window(&mut options.stale_if_error)
    }),
    ("allowNone", |options| {
        Slot::Boolean(&mut options.allow_none)
    }),
    ("waitForCalcTimeout", |options| {
        Slot::Duration(&mut options.wait_for_calc_timeout)
    }),
    ("cleanupStale", |options| {
        Slot::Boolean(&mut options.cleanup_stale)
    }),
    ("cleanupInterval", |options| {
        Slot::PositiveDuration(&mut options.cleanup_interval)
    }),
    ("entrySizeLimit", |options| {
        Slot::Size(&mut options.entry_size_limit)
    }),
    ("maxEntries", |options| {
        Slot::Count(&mut options.max_entries)
    }),
    ("maxBytes", |options| {
        Slot::PositiveSize(&mut options.max_bytes)
    }),
    ("metrics", |options| {
        Slot::Boolean(&mut options.enable_metrics)
    }),
];

/// Given only at the definition.
const DEFINITION: &Table<Definition> = &[
    ("name", |definition| {
        Slot::Text(&mut definition.options.name)
    }),
    ("version", |definition| {
        Slot::Text(&mut definition.options.version)
    }),
    ("clockResolution", |definition| {
        Slot::Milliseconds(&mut definition.clock_resolution)
    }),
    ("core", |_| Slot::Checked(Asked::check_core)),
    ("key", |_| Slot::Checked(Asked::check_function)),
    ("scope", |_| Slot::Checked(Asked::check_scope)),
    ("onEvent", |_| Slot::Checked(Asked::check_function)),
    ("onError", |_| Slot::Checked(Asked::check_on_error)),
    ("storeArgs", |_| Slot::Checked(Asked::check_boolean)),
    ("async", |_| Slot::Checked(Asked::check_boolean)),
];

/// Given for one call.
const CALL: &Table<CallOptions> = &[
    ("skipCache", |call| Slot::Flag(&mut call.skip_cache)),
    ("overwriteCache", |call| {
        Slot::Flag(&mut call.overwrite_cache)
    }),
    ("verbose", |call| Slot::Flag(&mut call.verbose)),
    ("maxAge", |call| Slot::Age(&mut call.max_age)),
    ("staleAfter", |call| Slot::Duration(&mut call.stale_after)),
    ("nextTime", |call| Slot::Window(&mut call.next_time)),
    ("allowNone", |call| Slot::Boolean(&mut call.allow_none)),
];

const CORES: [&str; 1] = ["memory"];

/// Cores that exist, but not here, and why.
const ABSENT_CORES: [(&str, &str); 3] = [
    ("file", "exists only in the native Rust library"),
    ("indexeddb", "is not part of this version yet"),
    ("localstorage", "is not part of this version yet"),
];

/// Options that exist, but not for any core there is here, and why.
const ABSENT_OPTIONS: [(&str, &str); 5] = [
    (
        "front",
        "only a persistent core has a front; the memory core needs none",
    ),
    (
        "coherent",
        "only a persistent core can be read anew at each call",
    ),
    ("cacheDir", "only the native file core has a directory"),
    ("separateFiles", "only the native file core has files"),
    ("sync", "only the native file core has files"),
];

/// Reads the options of a definition.
pub(crate) fn definition(given: Vec<(String, Given)>) -> Result<Definition, Error> {
    let mut definition = Definition::default();
    for asked in given.into_iter().map(Asked::new) {
        let known = asked.set_in(OPTIONS, &mut definition.options)?
            || asked.set_in(DEFINITION, &mut definition)?;
        if !known {
            return Err(asked.unknown_in_definition());
        }
    }
    Ok(definition)
}

/// Reads the options of one call.
pub(crate) fn call(given: Vec<(String, Given)>) -> Result<CallOptions, Error> {
    let mut call = CallOptions::new();
    for asked in given.into_iter().map(Asked::new) {
        if !asked.set_in(CALL, &mut call)? {
            return Err(asked.unknown_in_call());
        }
    }
    Ok(call)
}

/// Reads global options.
pub(crate) fn global(given: Vec<(String, Given)>) -> Result<Options, Error> {
    let mut options = Options::new();
    for asked in given.into_iter().map(Asked::new) {
        if !asked.set_in(OPTIONS, &mut options)? {
            return Err(asked.unknown_in_global());
        }
    }
    Ok(options)
}

/// The global options that are set, as [`global`] would read them.
pub(crate) fn listed(mut options: Options) -> Vec<(&'static str, Given)> {
    let set = OPTIONS.iter().filter_map(|(name, slot)| {
        let value = slot(&mut options).value()?;
        Some((*name, value))
    });
    set.collect()
}

impl Slot<'_> {
    fn fill(self, asked: &Asked) -> Result<(), Error> {
        match self {
            Self::Age(slot) => *slot = Some(asked.age()?),
            Self::Duration(slot) => *slot = Some(asked.duration()?),
            Self::PositiveDuration(slot) => *slot = Some(asked.positive_duration()?),
            Self::Window(slot) => *slot = Some(asked.window()?),
            Self::Size(slot) => *slot = Some(asked.size()?),
            Self::PositiveSize(slot) => *slot = Some(asked.positive_size()?),
            Self::Count(slot) => *slot = Some(asked.count()?),
            Self::Boolean(slot) => *slot = Some(asked.boolean()?),
            Self::Flag(slot) => *slot = asked.boolean()?,
            Self::Text(slot) => *slot = Some(asked.text()?),
            Self::Milliseconds(slot) => *slot = asked.milliseconds()?,
            Self::Checked(check) => check(asked)?,
        }
        Ok(())
    }

    /// What the slot holds, if it is set and one of those that can be global.
    fn value(self) -> Option<Given> {
        match self {
            Self::Duration(slot) | Self::PositiveDuration(slot) => slot.map(duration_given),
            Self::Window(slot) => slot.map(window_given),
            Self::Size(slot) | Self::PositiveSize(slot) | Self::Count(slot) => {
                slot.map(count_given)
            }
            Self::Boolean(slot) => slot.map(Given::Boolean),
            _ => None,
        }
    }
}

fn duration_given(limit: Limit) -> Given {
    if limit.is_bounded() {
        Given::Number(limit.as_millis() as f64)
    } else {
        Given::Number(f64::INFINITY)
    }
}

fn window_given(limit: Limit) -> Given {
    match limit {
        Limit::ZERO => Given::Boolean(false),
        Limit::NEVER => Given::Boolean(true),
        bounded => Given::Number(bounded.as_millis() as f64),
    }
}

fn count_given(count: u64) -> Given {
    Given::Number(if count == u64::MAX {
        f64::INFINITY
    } else {
        count as f64
    })
}

/// One option somebody asked for.
struct Asked {
    name: String,
    value: Given,
}

impl Asked {
    fn new((name, value): (String, Given)) -> Self {
        Self { name, value }
    }

    /// Whether `table` knows the option; if so, it is set in `target`. `undefined` leaves it unset.
    fn set_in<T>(&self, table: &Table<T>, target: &mut T) -> Result<bool, Error> {
        let Some((_, slot)) = table.iter().find(|(name, _)| *name == self.name) else {
            return Ok(false);
        };
        if self.value != Given::Undefined {
            slot(target).fill(self)?;
        }
        Ok(true)
    }

    fn age(&self) -> Result<Limit, Error> {
        match &self.value {
            Given::Number(millis) => options::any_duration(&self.name, self.whole(*millis)?),
            Given::Text(text) => options::any_duration(&self.name, text.as_str()),
            _ => Err(self.wrong_type(DURATION_FORM)),
        }
    }

    fn duration(&self) -> Result<Limit, Error> {
        options::not_negative(&self.name, self.age()?)
    }

    fn positive_duration(&self) -> Result<Limit, Error> {
        options::not_zero(&self.name, self.duration()?)
    }

    fn window(&self) -> Result<Limit, Error> {
        match &self.value {
            Given::Boolean(on) => options::window(&self.name, *on),
            Given::Number(millis) => options::window(&self.name, self.whole(*millis)?),
            Given::Text(text) => options::window(&self.name, text.as_str()),
            _ => Err(self.wrong_type(WINDOW_FORM)),
        }
    }

    fn size(&self) -> Result<u64, Error> {
        match &self.value {
            Given::Number(f64::INFINITY) => Ok(u64::MAX),
            Given::Number(bytes) => options::size(&self.name, self.whole(*bytes)?),
            Given::Text(text) => options::size(&self.name, text.as_str()),
            _ => Err(self.wrong_type(SIZE_FORM)),
        }
    }

    fn positive_size(&self) -> Result<u64, Error> {
        options::at_least_one(&self.name, self.size()?)
    }

    fn count(&self) -> Result<u64, Error> {
        match self.value {
            Given::Number(count) if count >= 1.0 && (count.trunc() == count) => Ok(count as u64),
            Given::Number(_) => {
                Err(self.out_of_range("give a whole number of at least 1, or Infinity"))
            }
            _ => Err(self.wrong_type("give a number of at least 1")),
        }
    }

    fn boolean(&self) -> Result<bool, Error> {
        match self.value {
            Given::Boolean(value) => Ok(value),
            _ => Err(self.wrong_type("give true or false")),
        }
    }

    /// A fraction is refused: the numbers 1.10 and 1.1 are one, the versions are two.
    fn text(&self) -> Result<String, Error> {
        match &self.value {
            Given::Text(text) => Ok(text.clone()),
            Given::Number(number) if (*number as i64) as f64 == *number => {
                Ok((*number as i64).to_string())
            }
            Given::Number(_) => Err(self.out_of_range("give a string or a whole number")),
            _ => Err(self.wrong_type("give a string")),
        }
    }

    fn milliseconds(&self) -> Result<f64, Error> {
        match self.value {
            Given::Number(millis) if millis >= 0.0 && millis.is_finite() => Ok(millis),
            Given::Number(_) => Err(self.out_of_range("give a number of milliseconds, 0 or more")),
            _ => Err(self.wrong_type("give a number of milliseconds")),
        }
    }

    fn check_boolean(&self) -> Result<(), Error> {
        self.boolean().map(|_| ())
    }

    fn check_function(&self) -> Result<(), Error> {
        match self.value {
            Given::Function => Ok(()),
            _ => Err(self.wrong_type("give a function")),
        }
    }

    fn check_scope(&self) -> Result<(), Error> {
        match self.value {
            Given::Function | Given::Text(_) => Ok(()),
            _ => Err(self.wrong_type("give a string or a function without arguments")),
        }
    }

    fn check_on_error(&self) -> Result<(), Error> {
        self.check_word(&["serve", "fail"])
    }

    fn check_core(&self) -> Result<(), Error> {
        let absent = ABSENT_CORES
            .iter()
            .find(|(core, _)| self.value == Given::Text((*core).to_owned()));
        match absent {
            Some((core, reason)) => {
                Err(self.out_of_range(&format!("\"{core}\" {reason}; give {}", quoted(&CORES))))
            }
            None => self.check_word(&CORES),
        }
    }

    fn check_word(&self, words: &[&str]) -> Result<(), Error> {
        match &self.value {
            Given::Text(text) if words.contains(&text.as_str()) => Ok(()),
            Given::Text(text) => {
                Err(self.out_of_range(&format!("\"{text}\" is unknown; give {}", quoted(words))))
            }
            _ => Err(self.wrong_type(&format!("give {}", quoted(words)))),
        }
    }

    /// Rounded down, which is the strict side of every limit.
    fn whole(&self, number: f64) -> Result<i64, Error> {
        if number.is_nan() {
            return Err(self.out_of_range("NaN was given; give a number"));
        }
        Ok(number.floor() as i64)
    }

    fn wrong_type(&self, form: &str) -> Error {
        Error::option_type(format!(
            "{}: {} was given; {form}",
            self.name,
            self.value.noun()
        ))
    }

    fn out_of_range(&self, reason: &str) -> Error {
        Refusal::new(reason).of_option(&self.name)
    }

    fn unknown_in_definition(&self) -> Error {
        if let Some(error) = self.absent().or_else(|| self.of_one_call()) {
            return error;
        }
        let mut known = names(OPTIONS);
        known.extend(names(DEFINITION));
        self.unknown(&known)
    }

    fn unknown_in_call(&self) -> Error {
        if self.stands_in(OPTIONS) || self.stands_in(DEFINITION) {
            return self.misplaced("belongs to the definition; give it to memoize()");
        }
        self.absent().unwrap_or_else(|| self.unknown(&names(CALL)))
    }

    fn unknown_in_global(&self) -> Error {
        if self.stands_in(DEFINITION) {
            return options::not_global(&self.name);
        }
        let misplaced = self.absent().or_else(|| self.of_one_call());
        misplaced.unwrap_or_else(|| self.unknown(&names(OPTIONS)))
    }

    fn of_one_call(&self) -> Option<Error> {
        self.stands_in(CALL)
            .then(|| self.misplaced("is an option of one call; give it to with()"))
    }

    fn absent(&self) -> Option<Error> {
        let (_, reason) = ABSENT_OPTIONS.iter().find(|(name, _)| *name == self.name)?;
        Some(self.misplaced(reason))
    }

    fn stands_in<T>(&self, table: &Table<T>) -> bool {
        table.iter().any(|(name, _)| *name == self.name)
    }

    fn misplaced(&self, reason: &str) -> Error {
        Error::option_type(format!("{}: {reason}", self.name))
    }

    fn unknown(&self, known: &[&'static str]) -> Error {
        let advice = match nearest(&self.name, known.iter().copied()) {
            Some(name) => format!("did you mean \"{name}\"?"),
            None => format!("possible are {}", joined(known, ", ")),
        };
        Error::option_type(format!("unknown option \"{}\": {advice}", self.name))
    }
}

fn names<T>(table: &Table<T>) -> Vec<&'static str> {
    table.iter().map(|(name, _)| *name).collect()
}

fn quoted(words: &[&str]) -> String {
    format!("\"{}\"", joined(words, "\" or \""))
}

/// As `join`, which would be compiled anew into the WebAssembly: a kilobyte of it.
fn joined(words: &[&str], separator: &str) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Given {
        Given::Text(text.to_owned())
    }

    fn pairs<const N: usize>(given: [(&str, Given); N]) -> Vec<(String, Given)> {
        let owned = given
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        owned.collect()
    }

    fn define(name: &str, value: Given) -> Result<Definition, Error> {
        definition(pairs([(name, value)]))
    }

    fn snake(name: &str) -> String {
        let spelled = name.chars().map(|letter| match letter {
            'A'..='Z' => format!("_{}", letter.to_ascii_lowercase()),
            _ => letter.to_string(),
        });
        spelled.collect()
    }

    fn fields_of(options: &impl std::fmt::Debug) -> Vec<String> {
        let shown = format!("{options:?}");
        let (_, fields) = shown.split_once("{ ").unwrap();
        let names = fields
            .split(", ")
            .filter_map(|field| field.split_once(": "));
        names.map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn every_rust_option_has_its_javascript_name() {
        let mut options: Vec<String> = OPTIONS.iter().map(|(name, _)| snake(name)).collect();
        options.extend(["name".to_owned(), "version".to_owned()]);
        let fields = fields_of(&Options::new());
        let expected = fields
            .iter()
            .map(|field| field.trim_start_matches("enable_"));
        assert_eq!(options, expected.collect::<Vec<_>>());
        let call: Vec<String> = CALL.iter().map(|(name, _)| snake(name)).collect();
        assert_eq!(call, fields_of(&CallOptions::new()));
    }

    #[test]
    fn a_definition_reads_as_its_rust_twin() {
        let read = definition(pairs([
            ("staleAfter", text("1h 30m")),
            ("nextTime", Given::Boolean(true)),
            ("staleIfError", Given::Number(2500.9)),
            ("maxBytes", text("1.5 KiB")),
            ("maxEntries", Given::Number(7.0)),
            ("metrics", Given::Boolean(true)),
            ("cleanupStale", Given::Undefined),
            ("version", Given::Number(2.0)),
            ("core", text("memory")),
            ("key", Given::Function),
            ("scope", text("tenant")),
            ("clockResolution", Given::Number(5.0)),
        ]));
        let expected = Options::new()
            .enable_metrics(true)
            .version("2")
            .stale_after(5_400_000)
            .and_then(|options| options.next_time(true))
            .and_then(|options| options.stale_if_error(2500))
            .and_then(|options| options.max_bytes(1536))
            .and_then(|options| options.max_entries(7));
        let read = read.unwrap();
        assert_eq!(read.options, expected.unwrap());
        assert_eq!(read.clock_resolution, 5.0);
    }

    #[test]
    fn wrong_types_are_refused_by_name() {
        for (name, value, expected) in [
            (
                "staleAfter",
                Given::Boolean(true),
                "staleAfter: a boolean was given; give text such as \"3d\"",
            ),
            (
                "staleAfter",
                Given::Other("null"),
                "staleAfter: null was given",
            ),
            (
                "nextTime",
                Given::Function,
                "nextTime: a function was given; give true",
            ),
            (
                "allowNone",
                Given::Number(1.0),
                "allowNone: a number was given; give true or false",
            ),
            (
                "entrySizeLimit",
                Given::Boolean(true),
                "entrySizeLimit: a boolean was given",
            ),
            ("maxEntries", text("7"), "maxEntries: a string was given"),
            ("name", Given::Number(f64::NAN), "name: give a string"),
            (
                "version",
                Given::Boolean(true),
                "version: a boolean was given; give a string",
            ),
            (
                "key",
                text("id"),
                "key: a string was given; give a function",
            ),
            ("scope", Given::Number(1.0), "scope: a number was given"),
            (
                "onEvent",
                Given::Boolean(true),
                "onEvent: a boolean was given; give a function",
            ),
            (
                "onError",
                Given::Boolean(true),
                "onError: a boolean was given; give \"serve\" or \"fail\"",
            ),
            ("storeArgs", text("no"), "storeArgs: a string was given"),
            ("async", text("yes"), "async: a string was given"),
            (
                "clockResolution",
                text("5"),
                "clockResolution: a string was given",
            ),
            (
                "core",
                Given::Other("an object"),
                "core: an object was given; give \"memory\"",
            ),
        ] {
            let error = define(name, value).unwrap_err();
            assert!(error.is_invalid_option());
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        assert!(!define("key", text("id")).unwrap_err().is_out_of_range());
    }

    #[test]
    fn impossible_values_are_out_of_range() {
        for (name, value, expected) in [
            (
                "staleAfter",
                text("3 dayz"),
                "staleAfter: \"3 dayz\" is no duration",
            ),
            (
                "staleAfter",
                Given::Number(-0.5),
                "staleAfter: -1 ms is negative",
            ),
            (
                "staleAfter",
                Given::Number(f64::NAN),
                "staleAfter: NaN was given",
            ),
            (
                "cleanupInterval",
                Given::Number(0.0),
                "cleanupInterval: 0 is not possible",
            ),
            (
                "maxEntries",
                Given::Number(0.0),
                "maxEntries: give a whole number of at least 1",
            ),
            (
                "maxEntries",
                Given::Number(1.5),
                "maxEntries: give a whole number of at least 1",
            ),
            (
                "maxBytes",
                text("0"),
                "maxBytes: 0 is not possible; give at least 1",
            ),
            ("maxBytes", Given::Number(-1.0), "maxBytes: -1 is negative"),
            (
                "version",
                Given::Number(1.1),
                "version: give a string or a whole number",
            ),
            (
                "clockResolution",
                Given::Number(-1.0),
                "clockResolution: give a number",
            ),
            (
                "onError",
                text("ignore"),
                "onError: \"ignore\" is unknown; give \"serve\" or \"fail\"",
            ),
            (
                "core",
                text("file"),
                "core: \"file\" exists only in the native Rust library; give \"memory\"",
            ),
            (
                "core",
                text("indexeddb"),
                "core: \"indexeddb\" is not part of this version yet",
            ),
            (
                "core",
                text("disk"),
                "core: \"disk\" is unknown; give \"memory\"",
            ),
        ] {
            let error = define(name, value).unwrap_err();
            assert!(error.is_out_of_range(), "{error}");
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn unknown_names_say_what_was_meant() {
        for (name, expected) in [
            (
                "staleAftr",
                "unknown option \"staleAftr\": did you mean \"staleAfter\"?",
            ),
            (
                "stale_after",
                "unknown option \"stale_after\": did you mean \"staleAfter\"?",
            ),
            (
                "ttl",
                "unknown option \"ttl\": possible are staleAfter, nextTime,",
            ),
            (
                "maxAge",
                "maxAge: is an option of one call; give it to with()",
            ),
            ("coherent", "coherent: only a persistent core"),
            ("cacheDir", "cacheDir: only the native file core"),
        ] {
            let error = define(name, Given::Undefined).unwrap_err();
            assert!(error.is_invalid_option() && !error.is_out_of_range());
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_call_has_its_own_names() {
        let read = call(pairs([
            ("skipCache", Given::Boolean(true)),
            ("maxAge", Given::Number(-1.0)),
            ("staleAfter", Given::Number(f64::INFINITY)),
            ("nextTime", text("5s")),
        ]));
        let expected = CallOptions::new()
            .skip_cache(true)
            .max_age(-1)
            .and_then(|options| options.stale_after("never"))
            .and_then(|options| options.next_time("5s"));
        assert_eq!(read.unwrap(), expected.unwrap());
        for (name, expected) in [
            ("maxBytes", "maxBytes: belongs to the definition"),
            ("name", "name: belongs to the definition"),
            (
                "skipCach",
                "unknown option \"skipCach\": did you mean \"skipCache\"?",
            ),
        ] {
            let error = call(pairs([(name, Given::Undefined)])).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn global_options_read_and_list() {
        let given = pairs([
            ("staleAfter", Given::Number(86_400_000.0)),
            ("nextTime", Given::Boolean(true)),
            ("staleIfError", Given::Boolean(false)),
            ("waitForCalcTimeout", Given::Number(f64::INFINITY)),
            ("cleanupInterval", Given::Number(1000.0)),
            ("entrySizeLimit", Given::Number(f64::INFINITY)),
            ("maxEntries", Given::Number(10.0)),
            ("metrics", Given::Boolean(true)),
        ]);
        let listed = listed(global(given.clone()).unwrap());
        let owned = listed
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        assert_eq!(owned.collect::<Vec<_>>(), given);
        for (name, expected) in [
            (
                "name",
                "name: belongs to one function and cannot be set globally",
            ),
            (
                "core",
                "core: belongs to one function and cannot be set globally",
            ),
            ("maxAge", "maxAge: is an option of one call"),
            (
                "staleAfer",
                "unknown option \"staleAfer\": did you mean \"staleAfter\"?",
            ),
        ] {
            let error = global(pairs([(name, Given::Undefined)])).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}
