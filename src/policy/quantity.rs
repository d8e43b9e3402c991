//! Durations and sizes as options take them, numbers or text ("1h 30m", "1.5 GiB"); knows no option's name.
//!
//! One integer parser serves both: a crate for each would cost more WebAssembly than the rest of the policy.

use std::time::Duration;

use super::nearest::nearest;
use crate::Error;

/// A length of time in milliseconds; [`Limit::NEVER`] has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(i64);

impl Limit {
    pub(crate) const ZERO: Self = Self(0);
    pub(crate) const NEVER: Self = Self(i64::MAX);

    /// `i64::MAX` milliseconds are [`Limit::NEVER`].
    pub(crate) const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub(crate) const fn as_millis(self) -> i64 {
        self.0
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
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    pub(crate) fn of_option(self, name: &str) -> Error {
        Error::option_range(format!("{name}: {}", self.0))
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
/// 1024, upper and lower case alike) or a whole number of bytes. `u64::MAX` means unlimited.
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
    fn into_size(self) -> Result<u64, Refusal>;
}

impl IntoDuration for &str {
    fn into_limit(self) -> Result<Limit, Refusal> {
        parse_duration(self)
    }
}

impl IntoDuration for String {
    fn into_limit(self) -> Result<Limit, Refusal> {
        parse_duration(&self)
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
        parse_window(self)
    }
}

impl IntoWindow for String {
    fn into_window(self) -> Result<Limit, Refusal> {
        parse_window(&self)
    }
}

impl IntoWindow for Duration {
    fn into_window(self) -> Result<Limit, Refusal> {
        self.into_limit()
    }
}

impl IntoWindow for bool {
    fn into_window(self) -> Result<Limit, Refusal> {
        Ok(if self { Limit::NEVER } else { Limit::ZERO })
    }
}

impl IntoSize for &str {
    fn into_size(self) -> Result<u64, Refusal> {
        parse_size(self)
    }
}

impl IntoSize for String {
    fn into_size(self) -> Result<u64, Refusal> {
        parse_size(&self)
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
            fn into_size(self) -> Result<u64, Refusal> {
                u64::try_from(self).map_err(|_| Refusal::new(format!("{self} is negative; {SIZE_FORM}")))
            }
        }
    )*};
}

whole_numbers!(i32, u32, i64, u64, usize);

pub(crate) const DURATION_FORM: &str =
    "give text such as \"3d\" or \"1h 30m\", a number of milliseconds, or \"never\"";
pub(crate) const WINDOW_FORM: &str =
    "give true (without end), false (off), text such as \"1h\", or a number of milliseconds";
pub(crate) const SIZE_FORM: &str =
    "give text such as \"10MB\" or \"1.5 GiB\", a number of bytes, or \"unlimited\"";

type Unit = (&'static str, u64);

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
const YEAR: u64 = 365 * DAY + 6 * HOUR;

#[rustfmt::skip]
const DURATION_UNITS: &[Unit] = &[
    ("ms", 1), ("millis", 1), ("millisecond", 1), ("milliseconds", 1),
    ("s", SECOND), ("sec", SECOND), ("secs", SECOND), ("second", SECOND), ("seconds", SECOND),
    ("m", MINUTE), ("min", MINUTE), ("mins", MINUTE), ("minute", MINUTE), ("minutes", MINUTE),
    ("h", HOUR), ("hr", HOUR), ("hrs", HOUR), ("hour", HOUR), ("hours", HOUR),
    ("d", DAY), ("day", DAY), ("days", DAY),
    ("w", WEEK), ("week", WEEK), ("weeks", WEEK),
    ("y", YEAR), ("year", YEAR), ("years", YEAR),
];

#[rustfmt::skip]
const SIZE_UNITS: &[Unit] = &[
    ("", 1), ("b", 1), ("byte", 1), ("bytes", 1),
    ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
];

fn parse_duration(text: &str) -> Result<Limit, Refusal> {
    let trimmed = text.trim_ascii();
    if trimmed == "never" {
        return Ok(Limit::NEVER);
    }
    let (sign, magnitude) = trimmed
        .strip_prefix('-')
        .map_or((1, trimmed), |rest| (-1, rest));
    let millis = sum_of_terms(magnitude, DURATION_UNITS)
        .map_err(|fault| fault.refusal(text, "duration", DURATION_FORM, DURATION_UNITS))?;
    Ok(Limit(sign * i64::try_from(millis).unwrap_or(i64::MAX)))
}

/// "never" is refused: of a window it could mean "no end" as well as "no window".
fn parse_window(text: &str) -> Result<Limit, Refusal> {
    if text.trim_ascii() == "never" {
        return Err(Refusal::new(format!(
            "\"never\" is no window; {WINDOW_FORM}"
        )));
    }
    parse_duration(text)
}

fn parse_size(text: &str) -> Result<u64, Refusal> {
    let lowercase = text.trim_ascii().to_ascii_lowercase();
    if lowercase == "unlimited" {
        return Ok(u64::MAX);
    }
    single_term(&lowercase, SIZE_UNITS)
        .map_err(|fault| fault.refusal(text, "size", SIZE_FORM, SIZE_UNITS))
}

/// What is wrong with a text.
enum Fault<'text> {
    Number,
    MissingUnit,
    UnknownUnit(&'text str),
}

impl Fault<'_> {
    fn refusal(self, text: &str, noun: &str, form: &str, units: &[Unit]) -> Refusal {
        let reason = match self {
            Self::Number => "a number is expected before each unit".to_owned(),
            Self::MissingUnit => "the unit is missing".to_owned(),
            Self::UnknownUnit(unit) => unknown_unit(unit, units),
        };
        Refusal(format!("\"{text}\" is no {noun}: {reason}; {form}"))
    }
}

fn unknown_unit(unit: &str, units: &[Unit]) -> String {
    match nearest(unit, units.iter().map(|(name, _)| *name)) {
        Some(name) => format!("unknown unit \"{unit}\", did you mean \"{name}\"?"),
        None => format!("unknown unit \"{unit}\""),
    }
}

fn sum_of_terms<'text>(text: &'text str, units: &[Unit]) -> Result<u64, Fault<'text>> {
    let (mut total, mut rest) = term(text, units)?;
    while !rest.is_empty() {
        let (amount, after) = term(rest, units)?;
        total = total.saturating_add(amount);
        rest = after;
    }
    Ok(total)
}

fn single_term<'text>(text: &'text str, units: &[Unit]) -> Result<u64, Fault<'text>> {
    let (amount, rest) = term(text, units)?;
    if rest.is_empty() {
        Ok(amount)
    } else {
        Err(Fault::UnknownUnit(rest))
    }
}

/// Reads one number and its unit; returns their product and the text behind them.
fn term<'text>(text: &'text str, units: &[Unit]) -> Result<(u64, &'text str), Fault<'text>> {
    let (whole, fraction, rest) = number(text)?;
    let (unit, rest) = split_at_first(rest.trim_ascii_start(), |byte| {
        byte.is_ascii_digit() || byte.is_ascii_whitespace()
    });
    let factor = factor_of(unit, units)?;
    let amount = whole
        .saturating_mul(factor)
        .saturating_add(part_of(fraction, factor));
    Ok((amount, rest.trim_ascii_start()))
}

fn number(text: &str) -> Result<(u64, &str, &str), Fault<'_>> {
    let (whole, rest) = split_at_first(text, |byte| !byte.is_ascii_digit());
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_at_first(rest, |byte| !byte.is_ascii_digit()),
        None => ("0", rest),
    };
    if whole.is_empty() || fraction.is_empty() {
        return Err(Fault::Number);
    }
    Ok((whole.bytes().fold(0, append_digit), fraction, rest))
}

fn factor_of<'text>(unit: &'text str, units: &[Unit]) -> Result<u64, Fault<'text>> {
    let known = units.iter().find(|(name, _)| *name == unit);
    match known {
        Some((_, factor)) => Ok(*factor),
        None if unit.is_empty() => Err(Fault::MissingUnit),
        None => Err(Fault::UnknownUnit(unit)),
    }
}

fn append_digit(value: u64, digit: u8) -> u64 {
    value
        .saturating_mul(10)
        .saturating_add(u64::from(digit - b'0'))
}

/// `0.<fraction>` of `factor`, rounded down, without floating-point arithmetic.
fn part_of(fraction: &str, factor: u64) -> u64 {
    fraction.bytes().rev().fold(0, |part, digit| {
        (part + u64::from(digit - b'0') * factor) / 10
    })
}

fn split_at_first(text: &str, stops: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(stops).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(text: &str) -> i64 {
        parse_duration(text).unwrap().as_millis()
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
            ("999999999999TB", u64::MAX),
        ] {
            assert_eq!(parse_size(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn refused_durations_say_why() {
        for (text, reason) in [
            ("3 dayz", "unknown unit \"dayz\", did you mean \"day\"?"),
            ("5M", "unknown unit \"M\", did you mean \"m\"?"),
            ("3 lightyears", "unknown unit \"lightyears\""),
            ("500", "the unit is missing"),
            ("1 000s", "the unit is missing"),
            ("", "a number is expected"),
            ("h", "a number is expected"),
            ("1.h", "a number is expected"),
            ("soon", "a number is expected"),
            ("--1s", "a number is expected"),
            ("1h-30m", "unknown unit \"h-\""),
            ("3 µs", "unknown unit \"µs\""),
        ] {
            let message = refusal(parse_duration(text));
            assert!(
                message.starts_with(&format!("\"{text}\" is no duration: {reason}")),
                "{message}"
            );
            assert!(message.ends_with(DURATION_FORM), "{message}");
        }
    }

    #[test]
    fn refused_sizes_say_why() {
        for (text, reason) in [
            ("10 MBs", "unknown unit \"mbs\", did you mean \"mb\"?"),
            ("1 GB 5", "unknown unit \"5\""),
            ("many", "a number is expected"),
            ("-1", "a number is expected"),
        ] {
            let message = refusal(parse_size(text));
            assert!(
                message.starts_with(&format!("\"{text}\" is no size: {reason}")),
                "{message}"
            );
        }
        assert!(refusal((-1).into_size()).starts_with("-1 is negative"));
    }

    #[test]
    fn values_of_every_type() {
        assert_eq!(Duration::MAX.into_limit().unwrap(), Limit::NEVER);
        assert_eq!(Duration::from_micros(1999).into_limit().unwrap(), Limit(1));
        assert_eq!(u64::MAX.into_limit().unwrap(), Limit::NEVER);
        assert_eq!((-5).into_limit().unwrap(), Limit(-5));
        assert_eq!(true.into_window().unwrap(), Limit::NEVER);
        assert_eq!(false.into_window().unwrap(), Limit::ZERO);
        assert!(refusal("never".into_window()).starts_with("\"never\" is no window"));
        assert_eq!("2s".to_owned().into_window().unwrap(), Limit(2000));
        assert_eq!("2kB".to_owned().into_size().unwrap(), 2000);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = parse_duration(&text);
            let _ = parse_size(&text);
        }

        #[test]
        fn what_is_written_is_read(hours in 0..10_000i64, minutes in 0..60i64, thousandths in 0..1000i64) {
            let text = format!("{hours}h {minutes}m {}.{thousandths:03}s", 7);
            prop_assert_eq!(millis(&text), hours * 3_600_000 + minutes * 60_000 + 7_000 + thousandths);
        }
    }
}
