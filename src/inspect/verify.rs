//! Reading every byte of a cache to tell what is damaged; changes nothing.

use std::path::PathBuf;

use super::Digest;
use crate::codec;
use crate::core::file::record::{Body, EntryRecord, entry_in_file};
use crate::core::file::store::{Found, Piece, Store};
use crate::error::Error;

/// What [`Cache::verify`](super::Cache::verify) found.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// let verified = cache.verify(|_| {})?;
/// assert_eq!((verified.entries, verified.damaged.len()), (0, 0));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records read.
    pub records: u64,
    /// Entries that are whole.
    pub entries: u64,
    /// What is not.
    pub damaged: Vec<Damage>,
}

/// Something that is not what was written.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// for damage in cache.verify(|_| {})?.damaged {
///     println!("{} at {}: {}", damage.file.display(), damage.offset, damage.reason);
/// }
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file it is in.
    pub file: PathBuf,
    /// Where in the file.
    pub offset: u64,
    /// The entry it was, if that can still be told.
    pub digest: Option<Digest>,
    /// What is wrong with it.
    pub reason: String,
}

/// How far a [`Cache::verify`](super::Cache::verify) has come.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let cache = cachier::inspect::Cache::create(folder.path(), "report")?;
/// cache.verify(|progress| println!("{} of {} bytes", progress.done, progress.total))?;
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes to be read in all.
    pub total: u64,
}

/// Reads the log and every value's file.
pub(super) fn verify(store: &Store, progress: &mut dyn FnMut(Progress)) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    let read = store.pieces(&mut |piece, done, total| {
        match piece {
            Piece::Entry(found, entry) => verified.entry(store, &found, entry),
            Piece::Other => {}
            Piece::Damage(offset) => {
                verified.damage(store.log_path(), offset, None, "no sound record is here")
            }
        }
        verified.records += 1;
        progress(Progress { done, total });
    });
    match read {
        Err(error) if error.is_damaged() => {
            verified.damage(store.control_path().to_owned(), 0, None, &error.to_string());
        }
        read => read?,
    }
    Ok(verified)
}

impl Verified {
    fn entry(&mut self, store: &Store, found: &Found, entry: &EntryRecord<'_>) {
        match reason(store, entry) {
            None => self.entries += 1,
            Some((file, reason)) => {
                let offset = if file == store.log_path() {
                    found.offset()
                } else {
                    0
                };
                self.damage(file, offset, Some(entry.digest), &reason);
            }
        }
    }

    fn damage(&mut self, file: PathBuf, offset: u64, digest: Option<Digest>, reason: &str) {
        self.damaged.push(Damage {
            file,
            offset,
            digest,
            reason: reason.to_owned(),
        });
    }
}

/// What is wrong with an entry's value, and in which file.
fn reason(store: &Store, entry: &EntryRecord<'_>) -> Option<(PathBuf, String)> {
    let (name, bytes, sum) = match entry.body {
        Body::Inline(value) if codec::is_whole(value) => return None,
        Body::Inline(_) => return Some((store.log_path(), NO_ITEM.to_owned())),
        Body::Outside { file, bytes, sum } => (file, bytes, sum),
    };
    let path = store.dir().join(name);
    let bytes = match store.read_file(name, bytes) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Some((path, "the file is missing".to_owned())),
        Err(error) => return Some((path, error.to_string())),
    };
    match entry_in_file(&bytes, &entry.digest, sum) {
        None => Some((path, "the file is not what was written".to_owned())),
        Some((_, value)) if !codec::is_whole(value) => Some((path, NO_ITEM.to_owned())),
        Some(_) => None,
    }
}

const NO_ITEM: &str = "the value is not one item of CBOR";
