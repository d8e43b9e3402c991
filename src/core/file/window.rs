//! A read-only view of a control file's words; the one place with `unsafe`, knows not what the words mean.

#![allow(unsafe_code)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use memmap2::{MmapOptions, MmapRaw};

/// How long every control file is.
pub(super) const LENGTH: usize = 4_096;

/// The words of a control file, as they are at each look.
#[derive(Debug)]
pub(super) struct Window(Option<MmapRaw>);

impl Window {
    /// Maps a file of at least [`LENGTH`] bytes on a local file system; anything else is read at each look.
    pub(super) fn of(file: &File) -> Self {
        let long_enough = file
            .metadata()
            .is_ok_and(|found| found.len() >= LENGTH as u64);
        if !long_enough || !is_local(file) {
            return Self(None);
        }
        Self(MmapOptions::new().len(LENGTH).map_raw_read_only(file).ok())
    }

    /// The word at a multiple of eight bytes; `None` if it cannot be read.
    #[inline]
    pub(super) fn word(&self, file: &File, offset: usize) -> Option<u64> {
        match &self.0 {
            Some(map) => mapped_word(map, offset),
            None => read_word(file, offset),
        }
    }
}

#[inline]
fn mapped_word(map: &MmapRaw, offset: usize) -> Option<u64> {
    if !offset.is_multiple_of(8) || offset + 8 > map.len() {
        return None;
    }
    // SAFETY: The pointer is aligned, for a map begins at a page and `offset` is a multiple of eight,
    // and points to eight bytes of a map that lives as long as the borrow of `map`. Nobody in this
    // program writes to it, for it is mapped read-only; other writers are `pwrite`s of the kernel,
    // for which an atomic load is right. Loads that are atomic, relaxed and of a machine word are
    // defined on read-only memory (see the documentation of `std::sync::atomic`). The file is as
    // long as the map whenever this program or another one of its format holds it: it is written in
    // full when it is made and never truncated.
    let word = unsafe {
        let pointer = map.as_ptr().add(offset).cast_mut().cast::<u64>();
        AtomicU64::from_ptr(pointer).load(Ordering::Relaxed)
    };
    fence(Ordering::Acquire);
    Some(u64::from_le(word))
}

fn read_word(file: &File, offset: usize) -> Option<u64> {
    let mut word = [0; 8];
    file.read_exact_at(&mut word, offset as u64).ok()?;
    Some(u64::from_le_bytes(word))
}

/// A map of a file that another machine can write to would show old words.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_local(file: &File) -> bool {
    // NFS, SMB, CIFS, SMB2, FUSE, AFS (two), Coda, NCP, 9P, Ceph, GFS2, OCFS2, Lustre, VirtualBox.
    const REMOTE: [u32; 15] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6573_5546,
        0x5346_414f,
        0x6b41_4653,
        0x7375_7245,
        0x564c,
        0x0102_1997,
        0x00c3_6400,
        0x0116_1970,
        0x7461_636f,
        0x0bd0_0bd0,
        0x786f_4256,
    ];
    let found = nix::sys::statfs::fstatfs(file);
    found.is_ok_and(|found| !REMOTE.contains(&(found.filesystem_type().0 as u32)))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn is_local(_file: &File) -> bool {
    false
}
