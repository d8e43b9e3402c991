//! An entry on its way to its store: one record, and perhaps a file beside it; knows no log.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Digest;
use super::buffer::Buffer;
use super::place;
use super::record::{self, Body, EntryRecord, Record};
use super::trouble;
use crate::entry::Timestamp;
use crate::error::Error;

/// From this size on, a value has a file of its own.
pub(crate) const LARGE: usize = 64 * 1_024;

/// Most records take no more beside their arguments.
const EXPECTED: usize = 448;

/// How an entry came to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Under a claim of this attempt.
    Claimed(u32),
    /// Without one.
    Set,
}

/// What is known of an entry beside its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) digest: Digest,
    pub(crate) arguments: Option<&'a [u8]>,
    pub(crate) stored_at: Timestamp,
    pub(crate) none: bool,
    pub(crate) origin: Origin,
}

/// How an entry is to be stored.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    /// In a file of its own, however small it is.
    pub(crate) separate: bool,
    /// On the disk before the store returns.
    pub(crate) sync: bool,
}

/// An entry, encoded as one record.
#[derive(Debug)]
pub(crate) struct Draft<'v> {
    pub(crate) digest: Digest,
    record: Buffer,
    /// The end of a long record, where it lies: it is written from there.
    rest: &'v [u8],
    /// Bytes of the value and the arguments.
    content: usize,
    manner: Manner,
}

/// An entry whose record can be appended; the file beside it is there already.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) digest: Digest,
    pub(crate) sync: bool,
    record: Buffer,
    inside: u64,
    pub(crate) outside: u64,
    file: Option<PathBuf>,
}

impl Head<'_> {
    fn arguments_length(&self) -> usize {
        self.arguments.map_or(0, <[u8]>::len)
    }

    fn entry(&self) -> EntryRecord<'_> {
        let (attempt, set) = match self.origin {
            Origin::Claimed(attempt) => (attempt, false),
            Origin::Set => (0, true),
        };
        EntryRecord {
            digest: self.digest,
            stored_at: self.stored_at,
            arguments: self.arguments,
            none: self.none,
            attempt,
            set,
            body: Body::Inline(&[]),
        }
    }
}

impl<'v> Draft<'v> {
    /// An entry whose value `write` appends, but for an end of [`LARGE`] bytes or more that it may return.
    pub(crate) fn of(
        head: &Head<'_>,
        manner: Manner,
        write: impl FnOnce(&mut Vec<u8>) -> Result<&'v [u8], Error>,
    ) -> Result<Self, Error> {
        let mut record = Buffer::with_capacity(EXPECTED + head.arguments_length());
        let mut content = head.arguments_length();
        let rest = record::push_entry(&mut record, head.entry(), |record| {
            let start = record.len();
            let rest = write(record)?;
            content += record.len() - start + rest.len();
            Ok(rest)
        })?;
        Ok(Self {
            digest: head.digest,
            record,
            rest,
            content,
            manner,
        })
    }

    /// The same with a copy of what it was lent, to be written by somebody else.
    pub(crate) fn whole(mut self) -> Draft<'static> {
        self.record.extend_from_slice(self.rest);
        Draft { rest: &[], ..self }
    }

    fn length(&self) -> u64 {
        (self.record.len() + self.rest.len()) as u64
    }

    /// Whether it takes a file of its own.
    fn is_outside(&self) -> bool {
        self.manner.separate || self.content >= LARGE
    }

    /// Whether storing it takes long enough to hold up whoever else runs on the thread.
    pub(crate) fn is_slow(&self) -> bool {
        self.manner.sync || self.content >= LARGE
    }

    /// What is to be appended, with its file written; `None` if it is larger than `most`.
    pub(crate) fn ready(self, dir: &Path, most: u64) -> Result<Option<Ready>, Error> {
        if self.is_outside() {
            return self.ready_outside(dir, most);
        }
        let fits = self.length() <= most;
        Ok(fits.then(|| Ready::inside(self.digest, self.record, self.manner)))
    }

    fn ready_outside(self, dir: &Path, most: u64) -> Result<Option<Ready>, Error> {
        let name = unused_name(&self.digest);
        let Some(beside) = self.beside(&name) else {
            return Ok(None);
        };
        let mut ready = Ready::inside(self.digest, beside, self.manner);
        ready.outside = self.length();
        if ready.size() > most {
            return Ok(None);
        }
        // From here on, dropping it removes what was written of the file.
        ready.file = Some(dir.join(name));
        ready.write_file([&self.record, self.rest])?;
        Ok(Some(ready))
    }

    /// The record that leads to a file with this one.
    fn beside(&self, name: &str) -> Option<Buffer> {
        let Record::Entry(mut entry) = record::parse(self.record.get(record::FRAME..)?)? else {
            return None;
        };
        let mut beside = Buffer::with_capacity(EXPECTED);
        entry.body = Body::Outside {
            file: name,
            bytes: self.length(),
            sum: record::sum_of(&self.record),
        };
        // Arguments as large as that are in the file only: the log is read whole when it is opened.
        entry.arguments = entry.arguments.filter(|arguments| arguments.len() < LARGE);
        record::push(&mut beside, &Record::Entry(entry));
        Some(beside)
    }
}

impl Ready {
    fn inside(digest: Digest, record: Buffer, manner: Manner) -> Self {
        Self {
            digest,
            sync: manner.sync,
            inside: record.len() as u64,
            record,
            outside: 0,
            file: None,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.inside + self.outside
    }

    /// What is to be appended; asked for once.
    pub(super) fn take_record(&mut self) -> Buffer {
        std::mem::take(&mut self.record)
    }

    /// The record is in the log, so the file stays.
    pub(crate) fn keep_file(&mut self) {
        self.file = None;
    }

    fn write_file(&self, pieces: [&[u8]; 2]) -> Result<(), Error> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let written = place::make_file(path).and_then(|mut file: File| {
            pieces.iter().try_for_each(|piece| file.write_all(piece))?;
            if self.sync { file.sync_data() } else { Ok(()) }
        });
        written.map_err(|error| trouble::on(path, &error))
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        if let Some(path) = &self.file {
            let _ = place::remove(path);
        }
    }
}

/// A name that no other process and no later call comes to.
fn unused_name(digest: &Digest) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut random = RandomState::new().build_hasher();
    random.write_u32(std::process::id());
    random.write_u64(COUNT.fetch_add(1, Ordering::Relaxed));
    format!("value.1.{:016x}-{:016x}", digest.tag(), random.finish())
}
