//! The quantities of an attribute, checked while they are compiled; the grammar is not here.

use crate::policy::{DURATION, SIZE, WINDOW};

/// Stops the compiler at a text that is no duration, or less than `least` milliseconds.
#[track_caller]
pub const fn check_duration(text: &str, least: i64) {
    DURATION.check(text, least);
}

/// Stops the compiler at a text that is no duration for a window.
#[track_caller]
pub const fn check_window(text: &str, least: i64) {
    WINDOW.check(text, least);
}

/// Stops the compiler at a text that is no size, or less than `least` bytes.
#[track_caller]
pub const fn check_size(text: &str, least: i64) {
    SIZE.check(text, least);
}

/// Stops the compiler at a number that is less than `least`.
#[track_caller]
pub const fn check_number(number: i128, least: i64) {
    assert!(number >= least as i128, "this is too small");
}
