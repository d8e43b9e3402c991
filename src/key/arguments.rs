//! The place where the key of a call's arguments is made, and stays until a hit is over; knows no format.

use serde::Serialize;

use super::{Encoder, Key};
use crate::Error;

/// The arguments of one call and the key they come to, which is not moved while it is looked up: a copy of
/// what was just written would cost a hit more than finding it.
pub struct Arguments {
    encoder: Encoder,
    given: usize,
}

impl Arguments {
    /// A place for the key of one call.
    #[allow(
        clippy::new_without_default,
        reason = "nobody asks for a default of it"
    )]
    #[inline(always)]
    pub fn new() -> Self {
        Self {
            encoder: Encoder::new(),
            given: 0,
        }
    }

    /// Begins a list of so many arguments.
    #[inline(always)]
    pub fn open(&mut self, count: usize) {
        self.encoder.buffer.begin();
        self.encoder.open_array(count);
    }

    /// Takes the next one of the list.
    ///
    /// # Errors
    ///
    /// If it cannot be made part of a key.
    #[inline(always)]
    pub fn give<T: Serialize + ?Sized>(&mut self, argument: &T) -> Result<(), Error> {
        let index = self.given;
        self.given += 1;
        match argument.serialize(&mut self.encoder) {
            Ok(()) => Ok(()),
            Err(failure) => Err(failure.of_element(index).into_error()),
        }
    }

    /// Takes a whole list, or the only argument.
    ///
    /// # Errors
    ///
    /// If one of them cannot be made part of a key.
    #[inline(always)]
    pub fn give_all<A: Serialize + ?Sized>(&mut self, arguments: &A) -> Result<(), Error> {
        self.encoder.buffer.begin();
        match arguments.serialize(&mut self.encoder) {
            Ok(()) => self.encoder.finish_arguments(),
            Err(failure) => return Err(failure.into_error()),
        }
        Ok(())
    }

    /// Takes a key that was made elsewhere.
    pub fn put(&mut self, key: Key) {
        self.encoder.buffer.put(key);
    }

    /// The key of what was given, where it is; nothing is given after it.
    #[inline(always)]
    pub(crate) fn finish(&mut self) -> &Key {
        self.encoder.buffer.finish()
    }

    /// Gives the key away.
    #[inline]
    pub(crate) fn take(&mut self) -> Key {
        self.encoder.finish()
    }
}
