//! Bytes of a key and how they are gathered, where what counts is that the code is small; knows no format.

use std::hash::Hasher;
use std::sync::Arc;

use super::Key;

/// Behind one pointer, which is all that is copied.
#[derive(PartialEq, Eq)]
pub(super) struct Bytes(Arc<Vec<u8>>);

impl Clone for Bytes {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Bytes {
    pub(super) fn from_slice(bytes: &[u8]) -> Self {
        let mut buffer = Buffer::new();
        buffer.write(bytes);
        buffer.take().0
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn hash(&self, state: &mut impl Hasher) {
        state.write(&self.0);
    }
}

/// Bytes that are being written.
pub(super) struct Buffer(Vec<u8>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn finish(&mut self) {}

    pub(super) fn take(&mut self) -> Key {
        Key(Bytes(Arc::new(std::mem::take(&mut self.0))))
    }

    /// Zero if there is none.
    pub(super) fn first(&self) -> u8 {
        self.0.first().copied().unwrap_or(0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn length(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    #[inline(never)]
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Writes the first `length` of nine bytes whose rest is zeros.
    pub(super) fn write_padded(&mut self, padded: &[u8; 9], length: usize) {
        self.write(&padded[..length]);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }
}
