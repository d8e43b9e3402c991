//! Options whose names and types are only known when the program runs: JavaScript's; knows no JavaScript value.
//!
//! `ROWS` is the one list of their names, spelled as in JavaScript. All they differ in is data, read by one
//! function: one for each would be kilobytes of WebAssembly.

use super::nearest::Nearest;
use super::options::{Options, Setting, checked, not_global};
use super::quantity::{DURATION, Limit, SIZE, Scale, WINDOW};
use super::storage::{BrowserStore, Given as Stored, OnError};
use crate::Error;
use crate::text::{integer, joined};

/// A value as it comes in or goes out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<'a> {
    Undefined,
    Boolean(bool),
    Number(f64),
    Text(&'a str),
    Function,
    /// Anything else, by its name and article.
    Other(&'static str),
}

const BOOLEAN: u8 = 1;
const NUMBER: u8 = 2;
const TEXT: u8 = 4;
const FUNCTION: u8 = 8;

impl Given<'_> {
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

    /// Its bit in the types of a row; none for what no option takes.
    fn type_bit(&self) -> u8 {
        match self {
            Self::Boolean(_) => BOOLEAN,
            Self::Number(_) => NUMBER,
            Self::Text(_) => TEXT,
            Self::Function => FUNCTION,
            Self::Undefined | Self::Other(_) => 0,
        }
    }
}

/// Where options are given.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Global = 1,
    Definition = 2,
    Call = 4,
}

const LAYERED: u8 = Place::Global as u8 | DEFINED;
const DEFINED: u8 = Place::Definition as u8;
const CALLED: u8 = Place::Call as u8;

/// One option at the places where it can be given.
struct Row {
    name: &'static str,
    places: u8,
    types: u8,
    /// What to give, for messages.
    form: &'static str,
    meaning: Meaning,
}

/// Where a value of the right type goes, and what it has to be.
enum Meaning {
    /// A limit or a switch: at least so much, if it is text on this scale.
    Setting(Setting, &'static Scale, i64),
    Name,
    Version,
    Milliseconds,
    Core,
    /// How much of a store, at least nothing.
    Share(fn(Limit) -> Stored),
    /// A switch of a store.
    Storing(fn(bool) -> Stored),
    OnError,
    /// Its meaning is JavaScript's.
    Elsewhere,
}

const fn row(
    name: &'static str,
    places: u8,
    types: u8,
    form: &'static str,
    meaning: Meaning,
) -> Row {
    Row {
        name,
        places,
        types,
        form,
        meaning,
    }
}

const fn limit(
    name: &'static str,
    places: u8,
    setting: Setting,
    scale: &'static Scale,
    least: i64,
) -> Row {
    row(
        name,
        places,
        NUMBER | TEXT,
        scale.form,
        Meaning::Setting(setting, scale, least),
    )
}

const fn window(name: &'static str, places: u8, setting: Setting) -> Row {
    row(
        name,
        places,
        BOOLEAN | NUMBER | TEXT,
        WINDOW.form,
        Meaning::Setting(setting, WINDOW, 0),
    )
}

const fn switch(name: &'static str, places: u8, setting: Setting) -> Row {
    row(
        name,
        places,
        BOOLEAN,
        TRUE_OR_FALSE,
        Meaning::Setting(setting, WINDOW, 0),
    )
}

const fn share(name: &'static str, stored: fn(Limit) -> Stored) -> Row {
    row(
        name,
        LAYERED,
        BOOLEAN | NUMBER | TEXT,
        "give true, false, or a size such as \"16MB\"",
        Meaning::Share(stored),
    )
}

const TRUE_OR_FALSE: &str = "give true or false";

const CORES: &str = "give \"memory\", \"indexeddb\" or \"localstorage\"";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    limit("staleAfter", LAYERED | CALLED, Setting::StaleAfter, DURATION, 0),
    window("nextTime", LAYERED | CALLED, Setting::NextTime),
    window("staleIfError", LAYERED, Setting::StaleIfError),
    switch("allowNone", LAYERED | CALLED, Setting::AllowNone),
    limit("waitForCalcTimeout", LAYERED, Setting::WaitForCalcTimeout, DURATION, 0),
    switch("cleanupStale", LAYERED, Setting::CleanupStale),
    limit("cleanupInterval", LAYERED, Setting::CleanupInterval, DURATION, 1),
    limit("entrySizeLimit", LAYERED, Setting::EntrySizeLimit, SIZE, 0),
    row("maxEntries", LAYERED, NUMBER, "give a whole number of at least 1", Meaning::Setting(Setting::MaxEntries, SIZE, 1)),
    limit("maxBytes", LAYERED, Setting::MaxBytes, SIZE, 1),
    switch("metrics", LAYERED, Setting::EnableMetrics),
    row("name", DEFINED, NUMBER | TEXT, "give a string", Meaning::Name),
    row("version", DEFINED, NUMBER | TEXT, "give a string", Meaning::Version),
    row("clockResolution", DEFINED, NUMBER, "give a number of milliseconds, 0 or more", Meaning::Milliseconds),
    row("core", DEFINED, TEXT, CORES, Meaning::Core),
    share("front", Stored::Front),
    share("preload", Stored::Preload),
    row("coherent", LAYERED, BOOLEAN, TRUE_OR_FALSE, Meaning::Storing(Stored::Coherent)),
    row("key", DEFINED, FUNCTION, "give a function", Meaning::Elsewhere),
    row("scope", DEFINED, FUNCTION | TEXT, "give a string or a function without arguments", Meaning::Elsewhere),
    row("onEvent", DEFINED, FUNCTION, "give a function", Meaning::Elsewhere),
    row("onError", LAYERED, TEXT, "give \"serve\" or \"fail\"", Meaning::OnError),
    row("storeArgs", LAYERED, BOOLEAN, TRUE_OR_FALSE, Meaning::Storing(Stored::StoreArgs)),
    row("async", DEFINED, BOOLEAN, TRUE_OR_FALSE, Meaning::Elsewhere),
    switch("skipCache", CALLED, Setting::SkipCache),
    switch("overwriteCache", CALLED, Setting::OverwriteCache),
    switch("verbose", CALLED, Setting::Verbose),
    limit("maxAge", CALLED, Setting::MaxAge, DURATION, i64::MIN),
];

/// Options that exist, but not in a page, and why.
const ABSENT_OPTIONS: &[(&str, &str)] = &[
    ("cacheDir", "only the native file core has a directory"),
    ("separateFiles", "only the native file core has files"),
    ("sync", "only the native file core has files"),
];

/// Adds one option to those that are given at a place.
pub(crate) fn add(
    options: &mut Options,
    place: Place,
    name: &str,
    value: &Given<'_>,
) -> Result<(), Error> {
    let row = find(name, place)?;
    if let Given::Undefined = value {
        return Ok(());
    }
    if value.type_bit() & row.types == 0 {
        return Err(row.wrong_type(value));
    }
    row.fill(options, value)
}

fn find(name: &str, place: Place) -> Result<&'static Row, Error> {
    for (absent, reason) in ABSENT_OPTIONS {
        if *absent == name {
            return Err(refused(name, reason));
        }
    }
    for row in ROWS {
        if row.name == name {
            return row.at(place);
        }
    }
    Err(unknown(name, place))
}

fn refused(name: &str, reason: &str) -> Error {
    Error::option_type(joined!(name, ": ", reason))
}

fn unknown(name: &str, place: Place) -> Error {
    let mut nearest = Nearest::to(name);
    let mut possible = String::new();
    for row in ROWS {
        if row.stands_at(place) {
            nearest.consider(row.name);
            possible.push_str(if possible.is_empty() { " " } else { ", " });
            possible.push_str(row.name);
        }
    }
    let (advice, names, end) = match nearest.found() {
        Some(meant) => (": did you mean \"", meant, "\"?"),
        None => (": possible are", &*possible, ""),
    };
    Error::option_type(joined!("unknown option \"", name, "\"", advice, names, end,))
}

impl Row {
    fn stands_at(&self, place: Place) -> bool {
        self.places & place as u8 != 0
    }

    fn at(&'static self, place: Place) -> Result<&'static Self, Error> {
        if self.stands_at(place) {
            return Ok(self);
        }
        let reason = match place {
            Place::Call => "belongs to the definition; give it to memoize()",
            Place::Global if self.stands_at(Place::Definition) => {
                return Err(not_global(self.name));
            }
            _ => "is an option of one call; give it to with()",
        };
        Err(refused(self.name, reason))
    }

    fn fill(&self, options: &mut Options, value: &Given<'_>) -> Result<(), Error> {
        match self.meaning {
            Meaning::Setting(setting, scale, least) => {
                let limit = self.limit(value, scale, least)?;
                options.layer.set(setting, limit);
            }
            Meaning::Name => options.name = Some(self.text(value)?),
            Meaning::Version => options.version = Some(self.text(value)?),
            Meaning::Share(stored) => {
                let share = stored(self.limit(value, SIZE, 0)?);
                options.storage.set(share);
            }
            Meaning::Storing(stored) => {
                options
                    .storage
                    .set(stored(matches!(value, Given::Boolean(true))));
            }
            Meaning::Core => self.core(options, value)?,
            Meaning::OnError => self.on_error(options, value)?,
            Meaning::Milliseconds => self.milliseconds(value)?,
            Meaning::Elsewhere => {}
        }
        Ok(())
    }

    fn core(&self, options: &mut Options, value: &Given<'_>) -> Result<(), Error> {
        let store = match value {
            Given::Text("memory") => return Ok(()),
            Given::Text("indexeddb") => BrowserStore::IndexedDb,
            Given::Text("localstorage") => BrowserStore::LocalStorage,
            Given::Text("file") => {
                return Err(self.unfit(value, "exists only in the native Rust library"));
            }
            _ => return Err(self.unfit(value, "is unknown")),
        };
        options.storage.set(Stored::InBrowser(store));
        Ok(())
    }

    fn on_error(&self, options: &mut Options, value: &Given<'_>) -> Result<(), Error> {
        let on_error = match value {
            Given::Text("serve") => OnError::Serve,
            Given::Text("fail") => OnError::Fail,
            _ => return Err(self.unfit(value, "is unknown")),
        };
        options.storage.set(Stored::OnError(on_error));
        Ok(())
    }

    fn milliseconds(&self, value: &Given<'_>) -> Result<(), Error> {
        match value {
            Given::Number(millis) if *millis >= 0.0 && millis.is_finite() => Ok(()),
            _ => Err(self.out_of_range(self.form)),
        }
    }

    fn limit(&self, value: &Given<'_>, scale: &Scale, least: i64) -> Result<Limit, Error> {
        let limit = match value {
            Given::Boolean(on) => Ok(Limit::of_switch(*on)),
            Given::Number(number) if self.takes(*number) => Ok(Limit::rounded(*number)),
            Given::Text(text) => scale.read(text),
            _ => return Err(self.out_of_range(self.form)),
        };
        checked(self.name, limit, least)
    }

    /// What can only be a number is a count, which has no fraction.
    fn takes(&self, number: f64) -> bool {
        !number.is_nan() && (self.types != NUMBER || number.trunc() == number)
    }

    /// A fraction is refused: the numbers 1.10 and 1.1 are one, the versions are two.
    fn text(&self, value: &Given<'_>) -> Result<String, Error> {
        match *value {
            Given::Text(text) => Ok(joined!(text)),
            Given::Number(number) if (number as i64) as f64 == number => Ok(integer(number as i64)),
            _ => Err(self.out_of_range("give a string or a whole number")),
        }
    }

    fn unfit(&self, value: &Given<'_>, why: &str) -> Error {
        let Given::Text(word) = value else {
            return self.wrong_type(value);
        };
        self.out_of_range(&joined!("\"", word, "\" ", why, "; ", self.form))
    }

    fn wrong_type(&self, value: &Given<'_>) -> Error {
        refused(self.name, &joined!(value.noun(), " was given; ", self.form))
    }

    fn out_of_range(&self, reason: &str) -> Error {
        Error::option_range(joined!(self.name, ": ", reason))
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::CallOptions;
    use super::*;

    type Pairs<'a> = Vec<(&'a str, Given<'a>)>;

    fn text(text: &str) -> Given<'_> {
        Given::Text(text)
    }

    fn pairs<'a, const N: usize>(given: [(&'a str, Given<'a>); N]) -> Pairs<'a> {
        given.to_vec()
    }

    fn read(given: Pairs<'_>, place: Place) -> Result<Options, Error> {
        let mut options = Options::new();
        for (name, value) in given {
            add(&mut options, place, name, &value)?;
        }
        Ok(options)
    }

    fn definition(given: Pairs<'_>) -> Result<Options, Error> {
        read(given, Place::Definition)
    }

    fn call(given: Pairs<'_>) -> Result<CallOptions, Error> {
        let layer = read(given, Place::Call)?.layer;
        Ok(CallOptions { layer })
    }

    fn global(given: Pairs<'_>) -> Result<Options, Error> {
        read(given, Place::Global)
    }

    fn define(name: &str, value: Given<'_>) -> Result<Options, Error> {
        definition(pairs([(name, value)]))
    }

    fn snake(name: &str) -> String {
        let spelled = name.chars().map(|letter| match letter {
            'A'..='Z' => format!("_{}", letter.to_ascii_lowercase()),
            _ => letter.to_string(),
        });
        spelled.collect()
    }

    #[test]
    fn every_rust_option_has_its_javascript_name() {
        let mut settings = Vec::new();
        for row in ROWS {
            if let Meaning::Setting(setting, ..) = row.meaning {
                let name = setting.name().trim_start_matches("enable_");
                assert_eq!(snake(row.name), name);
                settings.push(setting as usize);
            }
        }
        assert!(settings.into_iter().eq(0..Setting::MaxAge as usize + 1));
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
            ("front", text("16 MiB")),
            ("coherent", Given::Boolean(false)),
            ("storeArgs", Given::Boolean(false)),
            ("onError", text("fail")),
            ("key", Given::Function),
            ("scope", text("tenant")),
            ("clockResolution", Given::Number(5.0)),
        ]));
        let expected = Options::new()
            .enable_metrics(true)
            .version("2")
            .coherent(false)
            .store_args(false)
            .on_error(OnError::Fail)
            .stale_after(5_400_000)
            .and_then(|options| options.front(16 << 20))
            .and_then(|options| options.next_time(true))
            .and_then(|options| options.stale_if_error(2500))
            .and_then(|options| options.max_bytes(1536))
            .and_then(|options| options.max_entries(7));
        assert_eq!(read.unwrap(), expected.unwrap());
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
                "front",
                Given::Number(-1.0),
                "front: -1 is too small; give at least 0",
            ),
            ("preload", text("4 MBs"), "preload: \"4 MBs\" is no size"),
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
