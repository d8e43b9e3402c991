//! Memory for a record that is being stored, kept for the next one where it is large; knows no record.

use std::mem::{replace, take};
use std::ops::{Deref, DerefMut, RangeInclusive};
use std::sync::Mutex;

/// What an allocator gives at once is not worth being kept, and more than this would be missed elsewhere.
const KEPT: RangeInclusive<usize> = 64 << 10..=4 << 20;

static SPARE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Bytes, whose memory is used again: to make its pages anew takes longer than to write to them.
#[derive(Debug, Default)]
pub(super) struct Buffer(Vec<u8>);

impl Buffer {
    /// An empty one with room for so many bytes.
    pub(super) fn with_capacity(count: usize) -> Self {
        // Who meets another thread here has memory of its own.
        let mut bytes = SPARE
            .try_lock()
            .map_or_else(|_| Vec::new(), |mut spare| take(&mut *spare));
        bytes.reserve(count);
        Self(bytes)
    }
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if !KEPT.contains(&self.0.capacity()) {
            return;
        }
        self.0.clear();
        let replaced = SPARE
            .try_lock()
            .map(|mut spare| replace(&mut *spare, take(&mut self.0)));
        drop(replaced);
    }
}
