//! Bytes of a key, short ones without an allocation, and how they are gathered; knows no format.

use std::num::NonZeroU8;
use std::sync::Arc;

/// How many bytes are held without an allocation; with their count that is 32.
const INLINE: usize = 31;

/// Short bytes are always inline and zero beyond their length, so that equality is the derived one.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Bytes {
    Inline(Inline),
    Shared(Arc<[u8]>),
}

/// Copied as two aligned words, also within a `Result`: a copy in odd pieces waits until the bytes
/// written last have left the store buffer.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(align(16))]
pub(super) struct Inline {
    bytes: [u8; INLINE],
    /// One more than the length: zero is left for the other variant.
    end: NonZeroU8,
}

impl Inline {
    const EMPTY: Self = Self {
        bytes: [0; INLINE],
        end: NonZeroU8::MIN,
    };

    #[inline]
    fn set_length(&mut self, length: usize) {
        self.end = NonZeroU8::MIN.saturating_add(length as u8);
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.end.get()) - 1]
    }
}

impl Bytes {
    pub(super) fn from_slice(bytes: &[u8]) -> Self {
        if bytes.len() > INLINE {
            return Self::Shared(Arc::from(bytes));
        }
        let mut inline = Inline::EMPTY;
        inline.bytes[..bytes.len()].copy_from_slice(bytes);
        inline.set_length(bytes.len());
        Self::Inline(inline)
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Inline(inline) => inline.as_bytes(),
            Self::Shared(bytes) => bytes,
        }
    }
}

/// `length` once the bytes are in `heap`: no write fits inline any more.
const SPILLED: usize = INLINE + 1;

/// Bytes that are being written: inline, on the heap once that is full.
pub(super) struct Buffer {
    inline: Inline,
    length: usize,
    heap: Vec<u8>,
}

impl Buffer {
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            inline: Inline::EMPTY,
            length: 0,
            heap: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn finish(&mut self) -> Bytes {
        if self.length == SPILLED {
            return Bytes::from_slice(&self.heap);
        }
        self.inline.set_length(self.length);
        Bytes::Inline(self.inline)
    }

    /// Zero if there is none, or if the bytes are on the heap and it is not known without a look there.
    #[inline]
    pub(super) fn first(&self) -> u8 {
        self.inline.bytes[0]
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        match self.length {
            SPILLED => &self.heap,
            length => &self.inline.bytes[..length],
        }
    }

    #[inline]
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        match self.length {
            SPILLED => &mut self.heap,
            length => &mut self.inline.bytes[..length],
        }
    }

    #[inline]
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if end > INLINE {
            return self.write_heap(bytes);
        }
        self.inline.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    #[cold]
    fn write_heap(&mut self, bytes: &[u8]) {
        if self.length != SPILLED {
            self.heap
                .extend_from_slice(&self.inline.bytes[..self.length]);
            self.length = SPILLED;
        }
        self.heap.extend_from_slice(bytes);
    }

    /// Writes the first `length` of nine bytes whose rest is zeros: all nine where they fit, for a
    /// fixed length is faster.
    #[inline]
    pub(super) fn write_padded(&mut self, padded: &[u8; 9], length: usize) {
        let start = self.length;
        match self.inline.bytes.get_mut(start..start + padded.len()) {
            Some(room) => room.copy_from_slice(padded),
            None => return self.write(&padded[..length]),
        }
        self.length = start + length;
    }

    pub(super) fn truncate(&mut self, length: usize) {
        if self.length == SPILLED {
            return self.heap.truncate(length);
        }
        self.inline.bytes[length..].fill(0);
        self.length = length;
    }
}
