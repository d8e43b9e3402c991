//! In a page there is no persistent store yet: nothing to keep of its options, no trouble that costs a call.

use std::fmt;

use super::Given;
use crate::Error;

/// Without a store, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storage;

impl Storage {
    pub(crate) const EMPTY: Self = Self;

    pub(super) fn set(&mut self, _given: Given) {}

    pub(crate) fn or(&self, _lower: &Self) -> Self {
        Self
    }

    pub(crate) fn troubles(&self) -> Troubles {
        Troubles
    }

    pub(crate) fn first_of_some_stores(&self) -> Option<&'static str> {
        None
    }

    pub(crate) fn show(&self, _fields: &mut fmt::DebugStruct<'_, '_>) {}
}

/// No trouble costs a call its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Troubles;

impl Troubles {
    pub(crate) const REPORTED: Self = Self;

    pub(crate) fn weigh(self, _error: Error) -> Result<(), Fatal> {
        Ok(())
    }
}

/// Nothing, so that what it would lead to is not compiled.
#[derive(Debug)]
pub(crate) enum Fatal {}

impl From<Fatal> for Error {
    fn from(fatal: Fatal) -> Self {
        match fatal {}
    }
}
