//! What to say of a failed system call: the path, the system's words and what to do; knows no store.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::Error;

/// The error of a call on a file or directory that failed.
#[cold]
pub(crate) fn on(path: &Path, error: &io::Error) -> Error {
    Error::storage(format!(
        "{}: {error}; {}",
        path.display(),
        advice(error.kind())
    ))
}

#[cold]
pub(crate) fn damaged(path: &Path, what: &str) -> Error {
    Error::damaged(format!(
        "{}: {what}; what it held is calculated anew, and the next store repairs the file",
        path.display()
    ))
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "nothing is stored; let this user write there, or set `cache_dir` (or XDG_CACHE_HOME)"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "nothing is stored until there is room; `cachier prune` makes some, `max_bytes` keeps it"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "something else is in the way; move it, or set another `cache_dir`"
        }
        _ => "the call was answered without the cache; set another `cache_dir` if this goes on",
    }
}
