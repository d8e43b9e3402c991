//! An entry on its way to its store: one record, and perhaps a file beside it; knows no log.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Digest;
use super::place;
use super::record::{self, Body, EntryRecord, Record};
use super::trouble;
use crate::entry::Timestamp;
use crate::error::Error;

/// From this size on, a value has a file of its own.
pub(crate) const LARGE: usize = 64 * 1_024;

/// No record has more beside its value and arguments.
const OVERHEAD: usize = 192;

/// How an entry came to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Under a claim of this attempt.
    Claimed(u32),
    /// Without one.
    Set,
}

/// An entry, encoded.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) digest: Digest,
    pub(crate) arguments: Option<Vec<u8>>,
    pub(crate) stored_at: Timestamp,
    pub(crate) none: bool,
    pub(crate) value: Vec<u8>,
    pub(crate) separate: bool,
    pub(crate) sync: bool,
}

/// An entry whose record can be appended; the file beside it is there already.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) digest: Digest,
    record: Vec<u8>,
    inside: u64,
    pub(crate) outside: u64,
    file: Option<PathBuf>,
}

impl Draft {
    /// Whether it takes a file of its own.
    pub(crate) fn is_outside(&self) -> bool {
        self.separate || self.value.len() + self.arguments_length() >= LARGE
    }

    /// Whether storing it takes long enough to hold up whoever else runs on the thread.
    pub(crate) fn is_slow(&self) -> bool {
        self.sync || self.value.len() + self.arguments_length() >= LARGE
    }

    fn arguments_length(&self) -> usize {
        self.arguments.as_ref().map_or(0, Vec::len)
    }

    fn entry<'a>(&'a self, origin: Origin, body: Body<'a>) -> EntryRecord<'a> {
        let (attempt, set) = match origin {
            Origin::Claimed(attempt) => (attempt, false),
            Origin::Set => (0, true),
        };
        EntryRecord {
            digest: self.digest,
            stored_at: self.stored_at,
            arguments: self.arguments.as_deref(),
            none: self.none,
            attempt,
            set,
            body,
        }
    }

    /// What is to be appended, with its file written; `None` if it is larger than `most`.
    pub(crate) fn ready(
        &self,
        dir: &Path,
        origin: Origin,
        most: u64,
    ) -> Result<Option<Ready>, Error> {
        let whole = framed(&self.entry(origin, Body::Inline(&self.value)));
        if !self.is_outside() {
            let fits = whole.len() as u64 <= most;
            return Ok(fits.then(|| Ready::inside(self.digest, whole)));
        }
        let name = unused_name(&self.digest);
        let mut ready = self.beside(origin, &name, &whole);
        if ready.size() > most {
            return Ok(None);
        }
        // From here on, dropping it removes what was written of the file.
        ready.file = Some(dir.join(name));
        ready.write_file(&whole, self.sync)?;
        Ok(Some(ready))
    }

    /// The record that leads to a file of these bytes.
    fn beside(&self, origin: Origin, name: &str, whole: &[u8]) -> Ready {
        let bytes = whole.len() as u64;
        let sum = record::sum_of(whole);
        let mut entry = self.entry(
            origin,
            Body::Outside {
                file: name,
                bytes,
                sum,
            },
        );
        // Arguments as large as that are in the file only: the log is read whole when it is opened.
        if self.arguments_length() >= LARGE {
            entry.arguments = None;
        }
        let mut ready = Ready::inside(self.digest, framed(&entry));
        ready.outside = bytes;
        ready
    }
}

impl Ready {
    fn inside(digest: Digest, record: Vec<u8>) -> Self {
        Self {
            digest,
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
    pub(crate) fn take_record(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.record)
    }

    /// The record is in the log, so the file stays.
    pub(crate) fn keep_file(&mut self) {
        self.file = None;
    }

    fn write_file(&self, bytes: &[u8], sync: bool) -> Result<(), Error> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let written = place::make_file(path).and_then(|mut file: File| {
            file.write_all(bytes)?;
            if sync { file.sync_data() } else { Ok(()) }
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

fn framed(entry: &EntryRecord<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(OVERHEAD + entry.content_length());
    record::push(&mut bytes, &Record::Entry(entry.clone()));
    bytes
}

/// A name that no other process and no later call comes to.
fn unused_name(digest: &Digest) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut random = RandomState::new().build_hasher();
    random.write_u32(std::process::id());
    random.write_u64(COUNT.fetch_add(1, Ordering::Relaxed));
    format!("value.1.{:016x}-{:016x}", digest.tag(), random.finish())
}
