//! A value's file on its way into memory: what is one long text is read where it stays; knows no store, no type.

use std::io::{self, Read};
use std::path::Path;

use super::Digest;
use super::place;
use super::record::{self, Long};
use super::stat;
use crate::codec::Kind;

/// So much is read first, to see what comes.
const START: usize = 512;

/// What a value's file holds.
pub(crate) enum Content {
    /// A record, or what should be one.
    Whole(Vec<u8>),
    /// A value that is nothing but these bytes.
    Long(LongValue),
}

/// A value that is one text or byte string, without its head.
pub(crate) struct LongValue {
    kind: Kind,
    bytes: Vec<u8>,
    digest: Digest,
    sum: u32,
    is_sound: bool,
}

impl LongValue {
    /// The bytes, if they are those of this key and with this checksum.
    pub(crate) fn of(self, digest: &Digest, sum: u32) -> Option<(Kind, Vec<u8>)> {
        let is_it = self.is_sound && self.sum == sum && self.digest == *digest;
        is_it.then_some((self.kind, self.bytes))
    }
}

/// Reads a file that should have so many bytes.
pub(crate) fn read(path: &Path, length: u64) -> io::Result<Content> {
    let mut file = place::open_to_read(path)?;
    let there = stat::of_file(&file)?.length;
    let mut start = [0; START];
    if there != length || length < START as u64 {
        return read_rest(&[], file, length, there).map(Content::Whole);
    }
    file.read_exact(&mut start)?;
    match record::long_value(&start, length) {
        Some(long) => read_long(&start, &long, file).map(Content::Long),
        None => read_rest(&start, file, length, there).map(Content::Whole),
    }
}

/// A file's first bytes, as many as it should have and one more if there is more.
pub(crate) fn read_whole(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let file = place::open_to_read(path)?;
    let there = stat::of_file(&file)?.length;
    read_rest(&[], file, length, there)
}

fn read_rest(start: &[u8], file: impl Read, length: u64, there: u64) -> io::Result<Vec<u8>> {
    // No announced length makes more memory than there is file.
    let most = length.min(there).saturating_add(1);
    let mut bytes = Vec::with_capacity(most as usize);
    bytes.extend_from_slice(start);
    let rest = length.saturating_add(1) - start.len() as u64;
    file.take(rest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_long(start: &[u8], long: &Long, file: impl Read) -> io::Result<LongValue> {
    let (head, first) = start.split_at(long.offset);
    let mut bytes = Vec::with_capacity(long.length);
    bytes.extend_from_slice(first);
    file.take((long.length - first.len()) as u64)
        .read_to_end(&mut bytes)?;
    let is_whole = bytes.len() == long.length;
    Ok(LongValue {
        kind: long.kind,
        digest: long.digest,
        sum: record::sum_of(head),
        is_sound: is_whole && record::is_sound_in_two(head, &bytes),
        bytes,
    })
}
