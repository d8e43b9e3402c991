//! The arguments of a call where keys are made whole; knows no format.

use serde::Serialize;

use super::{Encoder, Key};
use crate::Error;

/// The key of a call's arguments, once it is made.
pub struct Arguments(Key);

impl Arguments {
    pub(crate) fn new() -> Self {
        Self(Key::of_nothing())
    }

    pub(crate) fn give_all<A: Serialize + ?Sized>(&mut self, arguments: &A) -> Result<(), Error> {
        let mut encoder = Encoder::new();
        match arguments.serialize(&mut encoder) {
            Ok(()) => encoder.finish_arguments(),
            Err(failure) => return Err(failure.into_error()),
        }
        self.0 = encoder.finish();
        Ok(())
    }

    pub(crate) fn put(&mut self, key: Key) {
        self.0 = key;
    }

    pub(crate) fn finish(&mut self) -> &Key {
        &self.0
    }

    pub(crate) fn take(&mut self) -> Key {
        self.0.clone()
    }
}
