//! Locks on single bytes of a file, which the system frees when their owner dies; knows not what for.

use std::fs::File;
use std::io;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc::{self, c_int, flock, off_t};

/// Waits until the lock is ours.
pub(super) fn take(file: &File, byte: off_t) -> io::Result<()> {
    let lock = request(libc::F_WRLCK, byte, 1);
    loop {
        match fcntl(file, waiting(&lock)) {
            Err(Errno::EINTR) => {}
            taken => return Ok(taken.map(drop)?),
        }
    }
}

/// Takes the lock if nobody else has it.
pub(super) fn try_take(file: &File, byte: off_t) -> io::Result<bool> {
    match fcntl(file, at_once(&request(libc::F_WRLCK, byte, 1))) {
        Ok(_) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Gives the lock back; where that fails, closing the file does.
pub(super) fn release(file: &File, byte: off_t) {
    let _ = fcntl(file, at_once(&request(libc::F_UNLCK, byte, 1)));
}

/// Gives back every lock from a byte on.
pub(super) fn release_from(file: &File, byte: off_t) {
    let _ = fcntl(file, at_once(&request(libc::F_UNLCK, byte, 0)));
}

/// Whether somebody else has the lock of one of these bytes.
pub(super) fn is_taken(file: &File, first: off_t, count: off_t) -> io::Result<bool> {
    if count == 0 {
        return Ok(false);
    }
    let mut lock = request(libc::F_WRLCK, first, count);
    fcntl(file, asking(&mut lock))?;
    Ok(c_int::from(lock.l_type) != libc::F_UNLCK)
}

fn request(kind: c_int, start: off_t, length: off_t) -> flock {
    flock {
        l_type: kind as _,
        l_whence: libc::SEEK_SET as _,
        l_start: start,
        l_len: length,
        l_pid: 0,
        #[cfg(target_os = "freebsd")]
        l_sysid: 0,
    }
}

/// Locks of an open file: two of one process exclude each other like those of two processes.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod command {
    use super::{FcntlArg, flock};

    pub(super) fn waiting(lock: &flock) -> FcntlArg<'_> {
        FcntlArg::F_OFD_SETLKW(lock)
    }

    pub(super) fn at_once(lock: &flock) -> FcntlArg<'_> {
        FcntlArg::F_OFD_SETLK(lock)
    }

    pub(super) fn asking(lock: &mut flock) -> FcntlArg<'_> {
        FcntlArg::F_OFD_GETLK(lock)
    }
}

/// Locks of a process: it has one store for a directory, whose file it never opens twice.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod command {
    use super::{FcntlArg, flock};

    pub(super) fn waiting(lock: &flock) -> FcntlArg<'_> {
        FcntlArg::F_SETLKW(lock)
    }

    pub(super) fn at_once(lock: &flock) -> FcntlArg<'_> {
        FcntlArg::F_SETLK(lock)
    }

    pub(super) fn asking(lock: &mut flock) -> FcntlArg<'_> {
        FcntlArg::F_GETLK(lock)
    }
}

use command::{asking, at_once, waiting};

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn two_open_files_exclude_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("locks");
        let [one, other] = [(); 2].map(|()| super::super::place::open_or_make(&path).unwrap());
        assert!(try_take(&one, 5).unwrap());
        assert!(!try_take(&other, 5).unwrap());
        assert!(try_take(&other, 6).unwrap());
        assert!(is_taken(&other, 0, 10).unwrap());
        assert!(!is_taken(&other, 6, 10).unwrap());
        release(&one, 5);
        assert!(try_take(&other, 5).unwrap());
    }
}
