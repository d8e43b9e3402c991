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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;
    use crate::core::file::draft::{Draft, Head, Manner, Origin};
    use crate::entry::Timestamp;
    use crate::error::Error;
    use serde::Serialize;
    use std::fs;
    use std::path::PathBuf;

    const DIGEST: Digest = Digest::from_bytes([7; 32]);

    /// A value's file, alone in a directory.
    fn written(dir: &Path, arguments: &[u8], value: &impl Serialize) -> PathBuf {
        let write = |record: &mut Vec<u8>| codec::encode(value, record).map(|()| &[][..]);
        stored(dir, draft(arguments, write))
    }

    fn draft<'v>(
        arguments: &[u8],
        write: impl FnOnce(&mut Vec<u8>) -> Result<&'v [u8], Error>,
    ) -> Draft<'v> {
        let head = Head {
            digest: DIGEST,
            arguments: Some(arguments),
            stored_at: Timestamp::from_millis(5),
            none: false,
            origin: Origin::Set,
        };
        let manner = Manner {
            separate: true,
            sync: false,
        };
        Draft::of(&head, manner, write).unwrap()
    }

    fn stored(dir: &Path, draft: Draft<'_>) -> PathBuf {
        let mut ready = draft.ready(dir, u64::MAX).unwrap().unwrap();
        ready.keep_file();
        fs::read_dir(dir).unwrap().next().unwrap().unwrap().path()
    }

    /// The text that is read of a file that should have these bytes, if all is well with it.
    fn text_in(path: &Path, whole: &[u8]) -> Option<String> {
        let sum = record::sum_of(whole);
        match read(path, whole.len() as u64).unwrap() {
            Content::Long(long) => {
                let (kind, bytes) = long.of(&DIGEST, sum)?;
                codec::decode_long(kind, bytes).ok()
            }
            Content::Whole(bytes) => {
                let (_, value) = record::entry_in_file(&bytes, &DIGEST, sum)?;
                codec::decode(value).ok()
            }
        }
    }

    #[test]
    fn a_text_of_any_length_comes_back_and_a_long_one_in_its_place() {
        for length in [
            0, 300, 400, 430, 440, 450, 460, 470, 480, 512, 2_000, 70_000,
        ] {
            let folder = tempfile::tempdir().unwrap();
            let text = "é".repeat(length);
            let path = written(folder.path(), &[1, 2], &text);
            let whole = fs::read(&path).unwrap();
            assert_eq!(text_in(&path, &whole), Some(text), "{length}");
            let content = read(&path, whole.len() as u64).unwrap();
            let is_long = matches!(content, Content::Long(_));
            assert_eq!(is_long, whole.len() >= START, "{length}");
        }
    }

    #[test]
    fn a_text_that_is_lent_is_written_as_one_that_is_copied() {
        let text = "é".repeat(100);
        let lent = || draft(&[1, 2], |record| codec::encode_start(&text, 200, record));
        let drafts = [
            lent(),
            lent().whole(),
            draft(&[1, 2], |record| codec::encode_start(&text, 201, record)),
        ];
        let files = drafts.map(|draft| {
            let folder = tempfile::tempdir().unwrap();
            fs::read(stored(folder.path(), draft)).unwrap()
        });
        assert!(files[0].ends_with(text.as_bytes()));
        assert!(files.iter().all(|file| *file == files[0]));
    }

    #[test]
    fn other_values_and_long_arguments_are_read_whole() {
        let contents = [
            (
                vec![1; 600],
                written as fn(&Path, &[u8], &(String, u8)) -> PathBuf,
            ),
            (vec![1], written),
        ];
        for (arguments, write) in contents {
            let folder = tempfile::tempdir().unwrap();
            let path = write(folder.path(), &arguments, &("x".repeat(2_000), 1));
            let length = fs::metadata(&path).unwrap().len();
            assert!(matches!(read(&path, length).unwrap(), Content::Whole(_)));
        }
    }

    #[test]
    fn each_damaged_each_missing_and_each_strange_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &[1, 2], &"x".repeat(600));
        let whole = fs::read(&path).unwrap();
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            fs::write(&path, &bytes).unwrap();
            assert_eq!(text_in(&path, &whole), None, "byte {place}");
        }
        for length in (0..whole.len()).step_by(7) {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(text_in(&path, &whole), None, "{length} bytes");
        }
        fs::write(&path, [&whole[..], &[0]].concat()).unwrap();
        assert_eq!(text_in(&path, &whole), None, "one byte more");
    }
}
