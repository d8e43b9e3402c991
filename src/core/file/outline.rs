//! Where the records of a log lie, written beside it in batches so that opening needs no scan; knows no keys.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::index::Found;
use super::log::At;
use super::place;
use super::record::{self, Framed, frame, framed_length};
use super::stat;

/// How many records are left to a scan before a batch tells of them.
pub(super) const BATCH: usize = 4_096;

const HEAD: usize = 32;
const ROW: usize = 32;

/// Beside an offset: the key has no entry any more.
const GONE: u64 = 1 << 63;

/// What became of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    There(Found),
    Gone(u64),
}

/// The records of one stretch of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: u64,
    pub(super) to: u64,
    /// Where a compaction ended: it copied the log of this number up to this tail.
    pub(super) after: Option<(u32, u64)>,
}

#[derive(Debug)]
pub(super) struct Outline {
    file: File,
    /// How much of the file is sound, and how much of the log that covers.
    pub(super) length: u64,
    pub(super) covered: u64,
}

impl Outline {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        place::open(path).map(|(file, _)| Self::of(file))
    }

    pub(super) fn open_or_make(path: &Path) -> io::Result<Self> {
        place::open_or_make(path).map(Self::of)
    }

    fn of(file: File) -> Self {
        Self {
            file,
            length: 0,
            covered: 0,
        }
    }

    pub(super) fn file_length(&self) -> io::Result<u64> {
        Ok(stat::of_file(&self.file)?.length)
    }

    /// How many rows there can be of a log that ends there: no record is as short as a row.
    pub(super) fn most_rows(&self, tail: u64) -> io::Result<usize> {
        Ok(self.file_length()?.min(tail) as usize / ROW)
    }

    /// Visits the batches that follow, until one does not check, goes beyond a tail, or `visit` says no.
    pub(super) fn read_on(
        &mut self,
        tail: u64,
        visit: &mut dyn FnMut(&Stretch, Rows<'_>) -> bool,
    ) -> io::Result<()> {
        let end = self.file_length()?;
        let mut buffer = Vec::new();
        while let Some(body) = self.next(end, &mut buffer)? {
            let Some((stretch, rows)) = parse(body) else {
                return Ok(());
            };
            if stretch.from != self.covered || stretch.to > tail || stretch.to <= stretch.from {
                return Ok(());
            }
            let length = framed_length(body);
            let more = visit(&stretch, rows);
            self.length += length;
            self.covered = stretch.to;
            if !more {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The body of the next batch.
    fn next<'b>(&self, end: u64, buffer: &'b mut Vec<u8>) -> io::Result<Option<&'b [u8]>> {
        let mut head = [0; record::FRAME];
        let left = end.saturating_sub(self.length);
        if left < head.len() as u64 {
            return Ok(None);
        }
        self.file.read_exact_at(&mut head, self.length)?;
        let whole = match frame(&head) {
            Framed::Short(whole) if whole as u64 <= left => whole,
            _ => return Ok(None),
        };
        buffer.resize(whole, 0);
        self.file.read_exact_at(buffer, self.length)?;
        Ok(match frame(buffer) {
            Framed::Body(body) => Some(body),
            _ => None,
        })
    }

    /// Appends a batch that tells of the stretch after what is covered; what was not sound is gone.
    pub(super) fn append(&mut self, stretch: &Stretch, rows: &[Row]) -> io::Result<()> {
        let mut bytes = Vec::new();
        push(&mut bytes, stretch, rows);
        if self.file_length()? > self.length {
            self.file.set_len(self.length)?;
        }
        self.file.write_all_at(&bytes, self.length)?;
        self.length += bytes.len() as u64;
        self.covered = stretch.to;
        Ok(())
    }
}

fn push(into: &mut Vec<u8>, stretch: &Stretch, rows: &[Row]) {
    record::push_framed(into, |body| {
        let (number, tail) = stretch.after.unwrap_or_default();
        push_words(body, [stretch.from, stretch.to, number.into(), tail]);
        for row in rows {
            push_words(body, row.words());
        }
    });
}

fn push_words(into: &mut Vec<u8>, words: [u64; 4]) {
    for word in words {
        into.extend_from_slice(&word.to_le_bytes());
    }
}

impl Row {
    fn words(&self) -> [u64; 4] {
        match self {
            Self::There(found) => [
                found.tag,
                found.at.offset,
                found.at.length.into(),
                found.outside,
            ],
            Self::Gone(tag) => [*tag, GONE, 0, 0],
        }
    }

    fn of([tag, offset, length, outside]: [u64; 4]) -> Self {
        if offset & GONE != 0 {
            return Self::Gone(tag);
        }
        let at = At {
            offset,
            length: length as u32,
        };
        Self::There(Found { tag, at, outside })
    }
}

/// The rows of a batch.
#[derive(Clone, Debug)]
pub(super) struct Rows<'a>(std::slice::ChunksExact<'a, u8>);

impl Iterator for Rows<'_> {
    type Item = Row;

    #[inline]
    fn next(&mut self) -> Option<Row> {
        self.0.next().map(|row| Row::of(words(row)))
    }
}

fn parse(body: &[u8]) -> Option<(Stretch, Rows<'_>)> {
    let (head, rows) = body.split_at_checked(HEAD)?;
    let [from, to, number, tail] = words(head);
    let after = match tail {
        0 => None,
        tail => Some((u32::try_from(number).ok()?, tail)),
    };
    Some((Stretch { from, to, after }, Rows(rows.chunks_exact(ROW))))
}

#[inline]
fn words(bytes: &[u8]) -> [u64; 4] {
    let word = |index: usize| {
        let word = bytes.get(index * 8..index * 8 + 8);
        u64::from_le_bytes(
            word.and_then(|word| word.try_into().ok())
                .unwrap_or_default(),
        )
    };
    [word(0), word(1), word(2), word(3)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [Row; 2] {
        let at = At {
            offset: 100,
            length: 60,
        };
        [
            Row::There(Found {
                tag: 7,
                at,
                outside: 1 << 40,
            }),
            Row::Gone(9),
        ]
    }

    fn read(path: &Path, tail: u64) -> Vec<(Stretch, Vec<Row>)> {
        let mut found = Vec::new();
        let mut outline = Outline::open(path).unwrap();
        let mut visit = |stretch: &Stretch, rows: Rows<'_>| {
            found.push((*stretch, rows.collect()));
            true
        };
        outline.read_on(tail, &mut visit).unwrap();
        found
    }

    fn written(path: &Path) -> [Stretch; 2] {
        let first = Stretch {
            from: 0,
            to: 200,
            after: Some((3, 500)),
        };
        let second = Stretch {
            from: 200,
            to: 300,
            after: None,
        };
        let mut outline = Outline::open_or_make(path).unwrap();
        outline.append(&first, &rows()).unwrap();
        outline.append(&second, &[]).unwrap();
        [first, second]
    }

    #[test]
    fn batches_come_back_up_to_a_tail() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.1.4");
        let [first, second] = written(&path);
        let all = vec![(first, rows().to_vec()), (second, vec![])];
        assert_eq!(read(&path, 300), all);
        assert_eq!(read(&path, 299), all[..1]);
    }

    #[test]
    fn what_is_damaged_ends_it_and_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.1.4");
        let [first, second] = written(&path);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            std::fs::write(&path, &bytes).unwrap();
            assert!(read(&path, 300).len() < 2, "byte {at}");
            std::fs::write(&path, &whole[..at]).unwrap();
            assert!(read(&path, 300).len() < 2, "{at} bytes");
        }
        let mut outline = Outline::open(&path).unwrap();
        outline.read_on(300, &mut |_, _| true).unwrap();
        outline.append(&second, &[]).unwrap();
        assert_eq!(
            read(&path, 300),
            [(first, rows().to_vec()), (second, vec![])]
        );
    }
}
