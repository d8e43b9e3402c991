//! Durations and sizes as options take them, numbers or text ("1h 30m", "1.5 GiB"); knows no option's name.
//!
//! One small parser serves both: a crate for each would cost more WebAssembly than the rest of the policy.

use std::time::Duration;

use super::nearest::Nearest;
use crate::Error;
use crate::text::joined;

/// A whole number of milliseconds, bytes or entries; [`Limit::NEVER`] has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(i64);

impl Limit {
    pub(crate) const ZERO: Self = Self(0);
    pub(crate) const NEVER: Self = Self(i64::MAX);

    /// `i64::MAX` is [`Limit::NEVER`].
    pub(crate) const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Rounded down, which is the strict side of every limit, and held at the ends of the range.
    pub(crate) fn rounded(number: f64) -> Self {
        Self(number.floor() as i64)
    }

    /// A switch is off or without end.
    pub(crate) fn of_switch(on: bool) -> Self {
        if on { Self::NEVER } else { Self::ZERO }
    }

    pub(crate) const fn as_millis(self) -> i64 {
        self.0
    }

    /// The same as a count; `u64::MAX` if it has no end.
    pub(crate) fn as_count(self) -> u64 {
        if self.is_bounded() {
            u64::try_from(self.0).unwrap_or(0)
        } else {
            u64::MAX
        }
    }

    pub(crate) fn is_bounded(self) -> bool {
        self != Self::NEVER
    }

    pub(crate) const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Why a quantity was refused, before the name of its option is known.
#[derive(Debug)]
pub struct Refusal(String);

impl Refusal {
    #[cfg(feature = "cli")]
    pub(crate) fn into_message(self) -> String {
        self.0
    }

    pub(crate) fn of_option(self, name: &str) -> Error {
        Error::option_range(joined!(name, ": ", &self.0))
    }
}

/// What an option that asks for a duration takes.
///
/// Text (`"3d"`, `"1h 30m"`, `"1.5s"`, `"never"`; units ms, s, m, h, d, w, y and their full names; a year
/// is 365.25 days), a [`Duration`], or a whole number of milliseconds. [`Duration::MAX`], like everything
/// beyond `i64::MAX` milliseconds, means never.
///
/// # Example
///
/// ```
/// use cachier::Options;
/// use std::time::Duration;
///
/// let text = Options::new().stale_after("1h 30m")?;
/// assert_eq!(text, Options::new().stale_after(Duration::from_secs(5400))?);
/// assert_eq!(text, Options::new().stale_after(5_400_000)?);
/// # Ok::<(), cachier::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no duration",
    note = "give text such as \"3d\" or \"1h 30m\", a `std::time::Duration`, or whole milliseconds"
)]
pub trait IntoDuration {
    #[doc(hidden)]
    fn into_limit(self) -> Result<Limit, Refusal>;
}

/// What an option that is off, on, or bounded by a duration takes: a `bool` or an [`IntoDuration`].
///
/// # Example
///
/// ```
/// use cachier::Options;
///
/// let unbounded = Options::new().next_time(true)?;
/// let for_an_hour = Options::new().next_time("1h")?;
/// assert_ne!(unbounded, for_an_hour);
/// # Ok::<(), cachier::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a `bool` nor a duration",
    note = "give `true`, `false`, text such as \"1h\", a `std::time::Duration`, or whole milliseconds"
)]
pub trait IntoWindow {
    #[doc(hidden)]
    fn into_window(self) -> Result<Limit, Refusal>;
}

/// What an option that asks for a size takes.
///
/// Text (`"10MB"`, `"1.5 GiB"`, `"unlimited"`; kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of
/// 1024) or a whole number of bytes. `u64::MAX` means unlimited.
///
/// # Example
///
/// ```
/// use cachier::Options;
///
/// let text = Options::new().max_bytes("1.5 KiB")?;
/// assert_eq!(text, Options::new().max_bytes(1536)?);
/// # Ok::<(), cachier::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no size",
    note = "give text such as \"10MB\" or \"1.5 GiB\", or a whole number of bytes"
)]
pub trait IntoSize {
    #[doc(hidden)]
    fn into_size(self) -> Result<Limit, Refusal>;
}

impl IntoDuration for &str {
    fn into_limit(self) -> Result<Limit, Refusal> {
        DURATION.read(self)
    }
}

impl IntoDuration for String {
    fn into_limit(self) -> Result<Limit, Refusal> {
        DURATION.read(&self)
    }
}

impl IntoDuration for Duration {
    fn into_limit(self) -> Result<Limit, Refusal> {
        let whole_seconds = i64::try_from(self.as_secs()).unwrap_or(i64::MAX);
        let millis = whole_seconds
            .saturating_mul(1000)
            .saturating_add(self.subsec_millis().into());
        Ok(Limit(millis))
    }
}

impl IntoWindow for &str {
    fn into_window(self) -> Result<Limit, Refusal> {
        WINDOW.read(self)
    }
}

impl IntoWindow for String {
    fn into_window(self) -> Result<Limit, Refusal> {
        WINDOW.read(&self)
    }
}

impl IntoWindow for Duration {
    fn into_window(self) -> Result<Limit, Refusal> {
        self.into_limit()
    }
}

impl IntoWindow for bool {
    fn into_window(self) -> Result<Limit, Refusal> {
        Ok(Limit::of_switch(self))
    }
}

impl IntoSize for &str {
    fn into_size(self) -> Result<Limit, Refusal> {
        SIZE.read(self)
    }
}

impl IntoSize for String {
    fn into_size(self) -> Result<Limit, Refusal> {
        SIZE.read(&self)
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl IntoDuration for $number {
            fn into_limit(self) -> Result<Limit, Refusal> {
                // Only unsigned numbers can be out of range, above it.
                Ok(Limit(i64::try_from(self).unwrap_or(i64::MAX)))
            }
        }

        impl IntoWindow for $number {
            fn into_window(self) -> Result<Limit, Refusal> {
                self.into_limit()
            }
        }

        impl IntoSize for $number {
            fn into_size(self) -> Result<Limit, Refusal> {
                self.into_limit()
            }
        }
    )*};
}

whole_numbers!(i32, u32, i64, u64, usize);

/// How one kind of quantity is written.
pub(crate) struct Scale {
    noun: &'static str,
    /// What to give, for messages.
    pub(crate) form: &'static str,
    /// The word for "without end", if it has one.
    endless: Option<&'static str>,
    units: &'static [Unit],
}

pub(crate) const DURATION: &Scale = &Scale {
    noun: "duration",
    form: "give text such as \"3d\" or \"1h 30m\", a number of milliseconds, or \"never\"",
    endless: Some("never"),
    units: TIME_UNITS,
};

/// Where everything is text, as on a command line: a number without a unit would be taken for anything.
#[cfg(feature = "cli")]
pub(crate) const WRITTEN_DURATION: &Scale = &Scale {
    form: "give text such as \"3d\" or \"1h 30m\"",
    ..*DURATION
};

/// Without "never": of a window it could mean "no end" as well as "no window".
pub(crate) const WINDOW: &Scale = &Scale {
    noun: "duration",
    form: "give true (without end), false (off), text such as \"1h\", or a number of milliseconds",
    endless: None,
    units: TIME_UNITS,
};

pub(crate) const SIZE: &Scale = &Scale {
    noun: "size",
    form: "give text such as \"10MB\" or \"1.5 GiB\", a number of bytes, or \"unlimited\"",
    endless: Some("unlimited"),
    units: SIZE_UNITS,
};

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const WEEK: f64 = 7.0 * DAY;
const YEAR: f64 = 365.25 * DAY;

/// What a quantity is multiplied by, and the names of the unit: in one text, for each text has an address and a length.
type Unit = (&'static str, f64);

const TIME_UNITS: &[Unit] = &[
    ("ms millis millisecond milliseconds", 1.0),
    ("s sec secs second seconds", SECOND),
    ("m min mins minute minutes", MINUTE),
    ("h hr hrs hour hours", HOUR),
    ("d day days", DAY),
    ("w week weeks", WEEK),
    ("y year years", YEAR),
];

const KIBI: f64 = 1024.0;

const SIZE_UNITS: &[Unit] = &[
    ("", 1.0),
    ("B byte bytes", 1.0),
    ("kB KB kb", 1e3),
    ("MB mb", 1e6),
    ("GB gb", 1e9),
    ("TB tb", 1e12),
    ("KiB kib", KIBI),
    ("MiB mib", KIBI * KIBI),
    ("GiB gib", KIBI * KIBI * KIBI),
    ("TiB", KIBI * KIBI * KIBI * KIBI),
];

// All that reads text is `const`, so that the text of an attribute is checked while it is compiled.
impl Scale {
    pub(crate) fn read(&self, text: &str) -> Result<Limit, Refusal> {
        match self.number(text) {
            Ok(Some(number)) => Ok(Limit::rounded(number)),
            Ok(None) => Ok(Limit::NEVER),
            Err(fault) => Err(self.refusal(text, fault)),
        }
    }

    /// Stops the compiler where [`read`](Self::read) would refuse a text, or find less than `least` in it.
    #[cfg(feature = "macros")]
    #[track_caller]
    pub(crate) const fn check(&self, text: &str, least: i64) {
        match self.number(text) {
            Ok(Some(number)) if number < least as f64 => panic!("this is too small"),
            Ok(_) => {}
            Err(_) => panic!("{}", self.form),
        }
    }

    /// The number a text stands for; `None` if that has no end.
    const fn number<'text>(&self, text: &'text str) -> Result<Option<f64>, Fault<'text>> {
        let text = text.trim_ascii();
        if let Some(endless) = self.endless
            && same(endless, text)
        {
            return Ok(None);
        }
        let (minus, magnitude) = take(text, Class::Minus);
        match (minus.len(), self.sum(magnitude)) {
            (0, Ok(sum)) => Ok(Some(sum)),
            (1, Ok(sum)) => Ok(Some(-sum)),
            (_, Err(fault)) => Err(fault),
            _ => Err(Fault::Number),
        }
    }

    const fn sum<'text>(&self, text: &'text str) -> Result<f64, Fault<'text>> {
        let (mut sum, mut rest) = (0.0, text);
        loop {
            match self.term(rest) {
                Ok((term, after)) => (sum, rest) = (sum + term, after),
                Err(fault) => return Err(fault),
            }
            if rest.is_empty() {
                return Ok(sum);
            }
        }
    }

    /// A number with its unit, and what follows. A number may stand alone only at the end: "1 000" is not 1.
    const fn term<'text>(&self, text: &'text str) -> Result<(f64, &'text str), Fault<'text>> {
        let (number, rest) = take(text, Class::Number);
        let Some((digits, divisor)) = decimal(number.as_bytes()) else {
            return Err(Fault::Number);
        };
        let (unit, rest) = take(take(rest, Class::Space).1, Class::Unit);
        let rest = take(rest, Class::Space).1;
        match self.factor(unit) {
            Some(factor) if rest.is_empty() || !unit.is_empty() => {
                Ok((digits * factor / divisor, rest))
            }
            _ => Err(Fault::Unit(unit)),
        }
    }

    const fn factor(&self, unit: &str) -> Option<f64> {
        let mut units = self.units;
        while let [(names, factor), rest @ ..] = units {
            if is_among(unit, names) {
                return Some(*factor);
            }
            units = rest;
        }
        None
    }

    fn refusal(&self, text: &str, fault: Fault<'_>) -> Refusal {
        let (reason, unit, advice) = match fault {
            Fault::Number => ("a number is expected before each unit", "", None),
            Fault::Unit("") => ("the unit is missing", "", None),
            Fault::Unit(unit) => ("unknown unit ", unit, self.nearest_unit(unit)),
        };
        let (meant, advice) = advice.map_or(("", ""), |name| (", did you mean ", name));
        Refusal(joined!(
            "\"",
            text,
            "\" is no ",
            self.noun,
            ": ",
            reason,
            unit,
            meant,
            advice,
            "; ",
            self.form,
        ))
    }

    fn nearest_unit(&self, unit: &str) -> Option<&'static str> {
        let mut nearest = Nearest::to(unit);
        for (names, _) in self.units {
            let mut names = *names;
            while !names.is_empty() {
                let (name, others) = first_name(names);
                nearest.consider(name);
                names = others;
            }
        }
        nearest.found()
    }
}

/// What is wrong with a text.
enum Fault<'text> {
    Number,
    Unit(&'text str),
}

/// What a byte of a text is part of.
#[derive(Clone, Copy)]
enum Class {
    Minus,
    Number,
    Space,
    Unit,
}

impl Class {
    const fn holds(self, byte: u8) -> bool {
        match self {
            Self::Minus => byte == b'-',
            Self::Number => byte.is_ascii_digit() || byte == b'.',
            Self::Space => byte.is_ascii_whitespace(),
            Self::Unit => !byte.is_ascii_digit() && !byte.is_ascii_whitespace(),
        }
    }
}

/// What a text begins with of one class, and the rest. Slicing that could panic would compile its message's
/// formatting into the WebAssembly: five kilobytes of it.
const fn take(text: &str, class: Class) -> (&str, &str) {
    let (mut length, mut bytes) = (0, text.as_bytes());
    while let [byte, rest @ ..] = bytes
        && class.holds(*byte)
    {
        (length, bytes) = (length + 1, rest);
    }
    match text.split_at_checked(length) {
        Some(parts) => parts,
        None => (text, ""),
    }
}

/// Whether a unit is one of these names, which may be that of no unit.
const fn is_among(unit: &str, names: &str) -> bool {
    let (name, others) = first_name(names);
    same(name, unit) || !others.is_empty() && is_among(unit, others)
}

const fn first_name(names: &str) -> (&str, &str) {
    let (name, others) = take(names, Class::Unit);
    (name, take(others, Class::Space).1)
}

const fn same(left: &str, right: &str) -> bool {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right)
        && *first == *second
    {
        (left, right) = (left_rest, right_rest);
    }
    left.is_empty() && right.is_empty()
}

/// The digits as a number, and what to divide it by: "1.25" is (125, 100). Dividing last keeps what is exact
/// in text exact in milliseconds.
const fn decimal(text: &[u8]) -> Option<(f64, f64)> {
    if matches!(text, [] | [b'.', ..] | [.., b'.']) {
        return None;
    }
    let (mut digits, mut divisor, mut step, mut rest) = (0.0, 1.0, 1.0, text);
    while let [byte, after @ ..] = rest {
        match *byte {
            b'.' if step == 1.0 => step = 10.0,
            b'.' => return None,
            digit => {
                digits = digits * 10.0 + (digit - b'0') as f64;
                divisor *= step;
            }
        }
        rest = after;
    }
    Some((digits, divisor))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(text: &str) -> i64 {
        DURATION.read(text).unwrap().as_millis()
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
        result.unwrap_err().0
    }

    #[test]
    fn durations() {
        for (text, expected) in [
            ("3d", 3 * 86_400_000),
            ("1h 30m", 5_400_000),
            ("1h30m", 5_400_000),
            (" 90 minutes ", 5_400_000),
            ("1.5s", 1500),
            ("0.0019s", 1),
            ("0ms", 0),
            ("250 ms", 250),
            ("2 weeks 1 day", 15 * 86_400_000),
            ("1y", 31_557_600_000),
            ("-1s", -1000),
            ("never", i64::MAX),
            ("99999999999999999999y", i64::MAX),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("10MB", 10_000_000),
            ("10 mb", 10_000_000),
            ("1.5 GiB", 1_610_612_736),
            ("1 KiB", 1024),
            ("4096", 4096),
            ("7 bytes", 7),
            ("0", 0),
            ("unlimited", u64::MAX),
            ("9999999999999999TB", u64::MAX),
        ] {
            assert_eq!(SIZE.read(text).unwrap().as_count(), expected, "{text}");
        }
    }

    #[test]
    fn refused_durations_say_why() {
        for (text, reason) in [
            ("3 dayz", "unknown unit dayz, did you mean day; give"),
            ("5M", "unknown unit M, did you mean m; give"),
            ("3 lightyears", "unknown unit lightyears; give"),
            ("500", "the unit is missing"),
            ("1 000s", "the unit is missing"),
            ("", "a number is expected"),
            ("h", "a number is expected"),
            ("1.h", "a number is expected"),
            ("1.2.3h", "a number is expected"),
            (".5h", "a number is expected"),
            ("soon", "a number is expected"),
            ("--1s", "a number is expected"),
            ("1h-30m", "unknown unit h-"),
            ("3 µs", "unknown unit µs"),
        ] {
            let message = refusal(DURATION.read(text));
            assert!(
                message.starts_with(&format!("\"{text}\" is no duration: {reason}")),
                "{message}"
            );
            assert!(message.ends_with(DURATION.form), "{message}");
        }
    }

    #[test]
    fn refused_sizes_say_why() {
        for (text, reason) in [
            ("10 MBs", "unknown unit MBs, did you mean MB; give"),
            ("1 000", "the unit is missing"),
            ("1 Mb", "unknown unit Mb, did you mean MB; give"),
            ("many", "a number is expected"),
            ("-", "a number is expected"),
        ] {
            let message = refusal(SIZE.read(text));
            assert!(
                message.starts_with(&format!("\"{text}\" is no size: {reason}")),
                "{message}"
            );
        }
    }

    #[test]
    fn values_of_every_type() {
        assert_eq!(Duration::MAX.into_limit().unwrap(), Limit::NEVER);
        assert_eq!(Duration::from_micros(1999).into_limit().unwrap(), Limit(1));
        assert_eq!(u64::MAX.into_limit().unwrap(), Limit::NEVER);
        assert_eq!((-5).into_limit().unwrap(), Limit(-5));
        assert_eq!(true.into_window().unwrap(), Limit::NEVER);
        assert_eq!(false.into_window().unwrap(), Limit::ZERO);
        assert!(refusal("never".into_window()).starts_with("\"never\" is no duration"));
        assert_eq!("2s".to_owned().into_window().unwrap(), Limit(2000));
        assert_eq!("2kB".to_owned().into_size().unwrap(), Limit(2000));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = DURATION.read(&text);
            let _ = SIZE.read(&text);
        }

        #[test]
        fn what_is_written_is_read(hours in 0..10_000i64, minutes in 0..60i64, thousandths in 0..1000i64) {
            let text = format!("{hours}h {minutes}m {}.{thousandths:03}s", 7);
            prop_assert_eq!(millis(&text), hours * 3_600_000 + minutes * 60_000 + 7_000 + thousandths);
        }
    }
}
