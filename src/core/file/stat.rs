//! What is asked of a file beside its content: length, names, identity; knows no format.
//!
//! Where a file's times are asked for, its next write costs more (Linux 6.13); so they are not.

use std::fs::File;
use std::io;
use std::path::Path;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    pub(crate) length: u64,
    /// Whether a name leads to it.
    pub(crate) named: bool,
    pub(crate) identity: Identity,
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    device: (u64, u64),
    number: u64,
}

pub(crate) use system::{keep_no_access_time, of_file, of_path};

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use super::*;
    use rustix::fs::{AtFlags, CWD, OFlags, Statx, StatxFlags, fcntl_getfl, fcntl_setfl, statx};

    fn wanted() -> StatxFlags {
        StatxFlags::SIZE | StatxFlags::NLINK | StatxFlags::INO
    }

    /// What is known of an open file.
    pub(crate) fn of_file(file: &File) -> io::Result<Stat> {
        Ok(stat(&statx(file, c"", AtFlags::EMPTY_PATH, wanted())?))
    }

    /// What is known of what a path leads to, which may be a symbolic link.
    pub(crate) fn of_path(path: &Path) -> io::Result<Stat> {
        Ok(stat(&statx(
            CWD,
            path,
            AtFlags::SYMLINK_NOFOLLOW,
            wanted(),
        )?))
    }

    /// Spares each read the question when the last one was; where that is not allowed, it is asked.
    pub(crate) fn keep_no_access_time(file: &File) {
        if let Ok(flags) = fcntl_getfl(file) {
            let _ = fcntl_setfl(file, flags | OFlags::NOATIME);
        }
    }

    fn stat(found: &Statx) -> Stat {
        Stat {
            length: found.stx_size,
            named: found.stx_nlink > 0,
            identity: Identity {
                device: (found.stx_dev_major.into(), found.stx_dev_minor.into()),
                number: found.stx_ino,
            },
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use super::*;
    use std::fs::{Metadata, symlink_metadata};
    use std::os::unix::fs::MetadataExt;

    /// What is known of an open file.
    pub(crate) fn of_file(file: &File) -> io::Result<Stat> {
        Ok(stat(&file.metadata()?))
    }

    /// What is known of what a path leads to, which may be a symbolic link.
    pub(crate) fn of_path(path: &Path) -> io::Result<Stat> {
        Ok(stat(&symlink_metadata(path)?))
    }

    /// There is no asking for it.
    pub(crate) fn keep_no_access_time(_file: &File) {}

    fn stat(found: &Metadata) -> Stat {
        Stat {
            length: found.size(),
            named: found.nlink() > 0,
            identity: Identity {
                device: (found.dev(), 0),
                number: found.ino(),
            },
        }
    }
}
