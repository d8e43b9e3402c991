//! CBOR item by item (RFC 8949): heads, and a reader that never panics; knows no canonical order, no serde.

pub(crate) const UNSIGNED: u8 = 0;
pub(crate) const NEGATIVE: u8 = 1;
pub(crate) const BYTES: u8 = 2;
pub(crate) const TEXT: u8 = 3;
pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;
pub(crate) const TAG: u8 = 6;

pub(crate) const FALSE: u8 = 0xf4;
pub(crate) const TRUE: u8 = 0xf5;
pub(crate) const NULL: u8 = 0xf6;
pub(crate) const SINGLE: u8 = 0xfa;
pub(crate) const DOUBLE: u8 = 0xfb;

pub(crate) const POSITIVE_BIGNUM: u64 = 2;
pub(crate) const NEGATIVE_BIGNUM: u64 = 3;

/// The head of tag 27 (<http://cbor.schmorp.de/generic-object>), a two-element array and "Some".
pub(crate) const SOME: [u8; 8] = [0xd8, 27, 0x82, 0x64, b'S', b'o', b'm', b'e'];

/// The head of a value of 24 and more, and its length.
#[inline]
pub(crate) fn long_head(major: u8, value: u64) -> ([u8; 9], usize) {
    let (size, length) = match value {
        ..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    let mut head = [0; 9];
    head[0] = major << 5 | size;
    head[1..].copy_from_slice(&(value << (64 - 8 * length)).to_be_bytes());
    (head, 1 + length)
}

/// Appends the head of an item.
#[inline]
pub(crate) fn push_head(bytes: &mut Vec<u8>, major: u8, value: u64) {
    if value < 24 {
        return bytes.push(major << 5 | value as u8);
    }
    let (head, length) = long_head(major, value);
    bytes.extend_from_slice(&head[..length]);
}

/// The bytes that are still to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn remaining(&self) -> usize {
        self.0.len()
    }

    #[cfg(any(
        all(feature = "file", unix),
        all(
            any(feature = "indexeddb", feature = "localstorage"),
            target_arch = "wasm32"
        )
    ))]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    #[inline]
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
    #[inline]
    pub(crate) fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let value = match first & 0x1f {
            short @ ..24 => u64::from(short),
            24 => u64::from(*self.take(1)?.first()?),
            size @ 25..28 => self.big_endian(1 << (size - 24))?,
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
    pub(crate) fn skip(&mut self) -> Option<()> {
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
