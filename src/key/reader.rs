//! Reads CBOR item by item (RFC 8949); never panics on damaged bytes; knows no canonical order.

use super::encoder::{ARRAY, BYTES, MAP, TAG, TEXT};

/// The bytes that are still to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let length = usize::try_from(length).ok()?;
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The first byte of the next item, left where it is.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The head of the next item: its major type and its value.
    pub(crate) fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let value = match first & 0x1f {
            short @ ..24 => u64::from(short),
            size @ 24..28 => self.big_endian(1 << (size - 24))?,
            _ => return None,
        };
        Some((first >> 5, value))
    }

    fn big_endian(&mut self, length: u64) -> Option<u64> {
        let bytes = self.take(length)?;
        Some(
            bytes
                .iter()
                .fold(0, |value, byte| value << 8 | u64::from(*byte)),
        )
    }

    /// Passes over one item, whatever it holds.
    pub(super) fn skip(&mut self) -> Option<()> {
        let mut pending = 1_u64;
        while pending > 0 {
            pending -= 1;
            pending = pending.checked_add(self.skip_head()?)?;
        }
        Some(())
    }

    /// Passes over a head and its bytes; the number of items that belong to it.
    fn skip_head(&mut self) -> Option<u64> {
        let (major, value) = self.head()?;
        match major {
            BYTES | TEXT => self.take(value).map(|_| 0),
            ARRAY => Some(value),
            MAP => value.checked_mul(2),
            TAG => Some(1),
            _ => Some(0),
        }
    }
}
