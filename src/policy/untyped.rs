//! Options whose names and types are only known when the program runs: JavaScript's; knows no JavaScript value.
//!
//! `ROWS` is the one list of their names, spelled as in JavaScript.

use super::nearest::nearest;
use super::options::{CallOptions, Options, checked, not_global};
use super::quantity::{DURATION, Limit, SIZE, Scale, WINDOW};
use crate::Error;
use crate::report::decimal;

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

/// Reads the options of a definition, its functions aside: those are called by JavaScript.
pub(crate) fn definition(given: Vec<(String, Given)>) -> Result<Options, Error> {
    Read::new(given, Place::Definition).map(|read| read.options)
}

/// Reads the options of one call.
pub(crate) fn call(given: Vec<(String, Given)>) -> Result<CallOptions, Error> {
    Read::new(given, Place::Call).map(|read| read.call)
}

/// Reads global options.
pub(crate) fn global(given: Vec<(String, Given)>) -> Result<Options, Error> {
    Read::new(given, Place::Global).map(|read| read.options)
}

/// All that can be read, at whatever place.
#[derive(Default)]
struct Read {
    options: Options,
    call: CallOptions,
}

impl Read {
    fn new(given: Vec<(String, Given)>, place: Place) -> Result<Self, Error> {
        let mut read = Self::default();
        for (name, value) in given {
            let row = Row::find(&name, place)?;
            if value != Given::Undefined {
                (row.slot)(&mut read).fill(&Asked {
                    name: row.name,
                    value,
                })?;
            }
        }
        Ok(read)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Global,
    Definition,
    Call,
}

/// One option at the places where it can be given.
struct Row {
    name: &'static str,
    places: &'static [Place],
    slot: fn(&mut Read) -> Slot<'_>,
}

/// Where a value goes, and by that what it has to be.
enum Slot<'read> {
    /// At least so much, on this scale.
    Limit(&'read mut Option<Limit>, &'static Scale, i64),
    Window(&'read mut Option<Limit>),
    Bytes(&'read mut Option<u64>, i64),
    Count(&'read mut Option<u64>),
    Boolean(&'read mut Option<bool>),
    Flag(&'read mut bool),
    Text(&'read mut Option<String>),
    /// Checked here; its meaning is JavaScript's, or it has none in memory.
    Checked(fn(&Asked) -> Result<(), Error>),
}

const LAYERED: &[Place] = &[Place::Global, Place::Definition];
const DEFINED: &[Place] = &[Place::Definition];
const CALLED: &[Place] = &[Place::Call];

const fn row(name: &'static str, places: &'static [Place], slot: fn(&mut Read) -> Slot<'_>) -> Row {
    Row { name, places, slot }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("staleAfter", LAYERED, |read| Slot::Limit(&mut read.options.stale_after, DURATION, 0)),
    row("nextTime", LAYERED, |read| Slot::Window(&mut read.options.next_time)),
    row("staleIfError", LAYERED, |read| Slot::Window(&mut read.options.stale_if_error)),
    row("allowNone", LAYERED, |read| Slot::Boolean(&mut read.options.allow_none)),
    row("waitForCalcTimeout", LAYERED, |read| Slot::Limit(&mut read.options.wait_for_calc_timeout, DURATION, 0)),
    row("cleanupStale", LAYERED, |read| Slot::Boolean(&mut read.options.cleanup_stale)),
    row("cleanupInterval", LAYERED, |read| Slot::Limit(&mut read.options.cleanup_interval, DURATION, 1)),
    row("entrySizeLimit", LAYERED, |read| Slot::Bytes(&mut read.options.entry_size_limit, 0)),
    row("maxEntries", LAYERED, |read| Slot::Count(&mut read.options.max_entries)),
    row("maxBytes", LAYERED, |read| Slot::Bytes(&mut read.options.max_bytes, 1)),
    row("metrics", LAYERED, |read| Slot::Boolean(&mut read.options.enable_metrics)),
    row("name", DEFINED, |read| Slot::Text(&mut read.options.name)),
    row("version", DEFINED, |read| Slot::Text(&mut read.options.version)),
    row("clockResolution", DEFINED, |_| Slot::Checked(Asked::check_milliseconds)),
    row("core", DEFINED, |_| Slot::Checked(Asked::check_core)),
    row("key", DEFINED, |_| Slot::Checked(Asked::check_function)),
    row("scope", DEFINED, |_| Slot::Checked(Asked::check_scope)),
    row("onEvent", DEFINED, |_| Slot::Checked(Asked::check_function)),
    row("onError", DEFINED, |_| Slot::Checked(Asked::check_on_error)),
    row("storeArgs", DEFINED, |_| Slot::Checked(Asked::check_boolean)),
    row("async", DEFINED, |_| Slot::Checked(Asked::check_boolean)),
    row("skipCache", CALLED, |read| Slot::Flag(&mut read.call.skip_cache)),
    row("overwriteCache", CALLED, |read| Slot::Flag(&mut read.call.overwrite_cache)),
    row("verbose", CALLED, |read| Slot::Flag(&mut read.call.verbose)),
    row("maxAge", CALLED, |read| Slot::Limit(&mut read.call.max_age, DURATION, i64::MIN)),
    row("staleAfter", CALLED, |read| Slot::Limit(&mut read.call.stale_after, DURATION, 0)),
    row("nextTime", CALLED, |read| Slot::Window(&mut read.call.next_time)),
    row("allowNone", CALLED, |read| Slot::Boolean(&mut read.call.allow_none)),
];

/// Options that exist, but not for any core there is here, and why.
const ABSENT_OPTIONS: &[(&str, &str)] = &[
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

const CORES: &str = "\"memory\"";

/// Cores that exist, but not here, and why.
const ABSENT_CORES: &[(&str, &str)] = &[
    ("file", "exists only in the native Rust library"),
    ("indexeddb", "is not part of this version yet"),
    ("localstorage", "is not part of this version yet"),
];

impl Row {
    fn find(name: &str, place: Place) -> Result<&'static Self, Error> {
        let row = ROWS
            .iter()
            .find(|row| row.name == name && row.stands_at(place));
        row.ok_or_else(|| refused_name(name, place))
    }

    fn stands_at(&self, place: Place) -> bool {
        self.places.contains(&place)
    }

    fn misplaced(&self, place: Place) -> Error {
        let reason = match place {
            Place::Call => "belongs to the definition; give it to memoize()",
            Place::Global if self.stands_at(Place::Definition) => return not_global(self.name),
            _ => "is an option of one call; give it to with()",
        };
        Error::option_type([self.name, ": ", reason].concat())
    }
}

fn refused_name(name: &str, place: Place) -> Error {
    if let Some((_, reason)) = ABSENT_OPTIONS.iter().find(|(absent, _)| *absent == name) {
        return Error::option_type([name, ": ", reason].concat());
    }
    match ROWS.iter().find(|row| row.name == name) {
        Some(elsewhere) => elsewhere.misplaced(place),
        None => unknown(name, place),
    }
}

fn unknown(name: &str, place: Place) -> Error {
    let rows = ROWS.iter().filter(|row| row.stands_at(place));
    let mut known = rows.map(|row| row.name);
    match nearest(name, &mut known.clone()) {
        Some(meant) => Error::option_type(
            ["unknown option \"", name, "\": did you mean \"", meant, "\"?"].concat(),
        ),
        None => Error::option_type(
            ["unknown option \"", name, "\": possible are", &list(&mut known)].concat(),
        ),
    }
}

/// Not `join`: it would be compiled anew into the WebAssembly, a kilobyte of it.
fn list(names: &mut dyn Iterator<Item = &'static str>) -> String {
    let mut text = String::new();
    for name in names {
        text.push_str(if text.is_empty() { " " } else { ", " });
        text.push_str(name);
    }
    text
}

impl Slot<'_> {
    fn fill(self, asked: &Asked) -> Result<(), Error> {
        match self {
            Self::Limit(slot, scale, least) => *slot = Some(asked.limit(scale, least)?),
            Self::Window(slot) => *slot = Some(asked.window()?),
            Self::Bytes(slot, least) => *slot = Some(asked.limit(SIZE, least)?.as_count()),
            Self::Count(slot) => *slot = Some(asked.count()?),
            Self::Boolean(slot) => *slot = Some(asked.boolean()?),
            Self::Flag(slot) => *slot = asked.boolean()?,
            Self::Text(slot) => *slot = Some(asked.text()?),
            Self::Checked(check) => check(asked)?,
        }
        Ok(())
    }
}

/// One option somebody asked for.
struct Asked {
    name: &'static str,
    value: Given,
}

impl Asked {
    fn window(&self) -> Result<Limit, Error> {
        match self.value {
            Given::Boolean(true) => Ok(Limit::NEVER),
            Given::Boolean(false) => Ok(Limit::ZERO),
            _ => self.limit(WINDOW, 0),
        }
    }

    fn limit(&self, scale: &Scale, least: i64) -> Result<Limit, Error> {
        let limit = match &self.value {
            Given::Number(number) => Ok(self.rounded(*number, scale.form)?),
            Given::Text(text) => scale.read(text),
            _ => return Err(self.wrong_type(scale.form)),
        };
        checked(self.name, limit, least)
    }

    fn count(&self) -> Result<u64, Error> {
        let form = "give a whole number of at least 1";
        match self.value {
            Given::Number(count) if count.trunc() == count => {
                let limit = checked(self.name, Ok(Limit::rounded(count)), 1)?;
                Ok(limit.as_count())
            }
            Given::Number(_) => Err(self.out_of_range(form)),
            _ => Err(self.wrong_type(form)),
        }
    }

    fn rounded(&self, number: f64, form: &str) -> Result<Limit, Error> {
        if number.is_nan() {
            return Err(self.out_of_range(form));
        }
        Ok(Limit::rounded(number))
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
                Ok(decimal(*number as i64))
            }
            Given::Number(_) => Err(self.out_of_range("give a string or a whole number")),
            _ => Err(self.wrong_type("give a string")),
        }
    }

    fn check_milliseconds(&self) -> Result<(), Error> {
        let form = "give a number of milliseconds, 0 or more";
        match self.value {
            Given::Number(millis) if millis >= 0.0 && millis.is_finite() => Ok(()),
            Given::Number(_) => Err(self.out_of_range(form)),
            _ => Err(self.wrong_type(form)),
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
        match self.word("\"serve\" or \"fail\"")? {
            "serve" | "fail" => Ok(()),
            other => Err(self.unknown_word(other, "is unknown", "\"serve\" or \"fail\"")),
        }
    }

    fn check_core(&self) -> Result<(), Error> {
        let word = self.word(CORES)?;
        if word == "memory" {
            return Ok(());
        }
        let absent = ABSENT_CORES.iter().find(|(core, _)| *core == word);
        let reason = absent.map_or("is unknown", |(_, reason)| *reason);
        Err(self.unknown_word(word, reason, CORES))
    }

    fn word(&self, possible: &str) -> Result<&str, Error> {
        match &self.value {
            Given::Text(text) => Ok(text),
            _ => Err(self.wrong_type(&["give ", possible].concat())),
        }
    }

    fn unknown_word(&self, word: &str, reason: &str, possible: &str) -> Error {
        self.out_of_range(&["\"", word, "\" ", reason, "; give ", possible].concat())
    }

    fn wrong_type(&self, form: &str) -> Error {
        let noun = self.value.noun();
        Error::option_type([self.name, ": ", noun, " was given; ", form].concat())
    }

    fn out_of_range(&self, reason: &str) -> Error {
        Error::option_range([self.name, ": ", reason].concat())
    }
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

    fn define(name: &str, value: Given) -> Result<Options, Error> {
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

    fn names_at(place: Place) -> Vec<String> {
        let rows = ROWS.iter().filter(|row| row.stands_at(place));
        rows.map(|row| snake(row.name)).collect()
    }

    #[test]
    fn every_rust_option_has_its_javascript_name() {
        let mut names = names_at(Place::Global);
        names.extend(["name".to_owned(), "version".to_owned()]);
        let fields = fields_of(&Options::new());
        let expected = fields
            .iter()
            .map(|field| field.trim_start_matches("enable_"));
        assert_eq!(names, expected.collect::<Vec<_>>());
        assert_eq!(names_at(Place::Call), fields_of(&CallOptions::new()));
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
        assert_eq!(read, expected.unwrap());
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
                "staleAfter: -1 is too small; give at least 0",
            ),
            (
                "staleAfter",
                Given::Number(f64::NAN),
                "staleAfter: give text such as",
            ),
            (
                "cleanupInterval",
                Given::Number(0.0),
                "cleanupInterval: 0 is too small; give at least 1",
            ),
            (
                "maxEntries",
                Given::Number(0.0),
                "maxEntries: 0 is too small; give at least 1",
            ),
            (
                "maxEntries",
                Given::Number(1.5),
                "maxEntries: give a whole number of at least 1",
            ),
            (
                "maxBytes",
                text("0"),
                "maxBytes: 0 is too small; give at least 1",
            ),
            (
                "maxBytes",
                Given::Number(-1.0),
                "maxBytes: -1 is too small; give at least 1",
            ),
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
    fn global_options() {
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
        let expected = Options::new()
            .stale_after("1d")
            .and_then(|options| options.next_time(true))
            .and_then(|options| options.stale_if_error(false))
            .and_then(|options| options.wait_for_calc_timeout("never"))
            .and_then(|options| options.cleanup_interval("1s"))
            .and_then(|options| options.entry_size_limit("unlimited"))
            .and_then(|options| options.max_entries(10))
            .map(|options| options.enable_metrics(true));
        assert_eq!(global(given).unwrap(), expected.unwrap());
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
