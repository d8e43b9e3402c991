//! The control file: what the newest state is, and the locks of append, compaction and claims; knows no record.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use nix::libc::off_t;

use super::Digest;
use super::locks;
use super::place;
use super::stat::{self, Identity};
use super::window::{LENGTH, Window};

const MAGIC: u64 = u64::from_le_bytes(*b"cachier\x01");

/// Each word is followed by its complement.
const MAGIC_AT: usize = 0;
const EPOCH_AT: usize = 16;
const CLAIMS_AT: usize = 32;

const APPEND: off_t = LENGTH as off_t;
const COMPACTION: off_t = APPEND + 1;
const FIRST_CLAIM: off_t = 1 << 62;

/// A log's number has 28 bits, and its tail 36.
const TAIL_BITS: u32 = 36;
pub(super) const LONGEST_LOG: u64 = (1 << TAIL_BITS) - 1;
const LAST_NUMBER: u32 = (1 << (64 - TAIL_BITS)) - 1;

/// No claim is of a later attempt.
pub(super) const LAST_ATTEMPT: u32 = 15;

/// How often a word is read again whose complement is still being written.
const LOOKS: u32 = 100;

/// Which log is the newest, and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

impl Epoch {
    pub(super) fn new(number: u32, tail: u64) -> Self {
        Self(u64::from(number) << TAIL_BITS | tail)
    }

    pub(super) fn from_raw(word: u64) -> Self {
        Self(word)
    }

    pub(super) fn raw(self) -> u64 {
        self.0
    }

    pub(super) fn number(self) -> u32 {
        (self.0 >> TAIL_BITS) as u32
    }

    pub(super) fn tail(self) -> u64 {
        self.0 & LONGEST_LOG
    }
}

/// The number of the log after this one.
pub(super) fn next_number(number: u32) -> u32 {
    match number {
        LAST_NUMBER => 0,
        number => number + 1,
    }
}

#[derive(Debug)]
pub(super) struct Control {
    file: File,
    window: Window,
    identity: Identity,
    writable: bool,
}

/// The append lock, given back when dropped.
pub(super) struct Appending<'a>(&'a Control);

/// The compaction lock, given back when dropped.
pub(super) struct Compacting<'a>(&'a Control);

impl Appending<'_> {
    /// Gives it back together with every claim and the compaction lock, in one call.
    pub(super) fn release_all(self) {
        locks::release_from(&self.0.file, APPEND);
        std::mem::forget(self);
    }
}

impl Drop for Appending<'_> {
    fn drop(&mut self) {
        locks::release(&self.0.file, APPEND);
    }
}

impl Drop for Compacting<'_> {
    fn drop(&mut self) {
        locks::release(&self.0.file, COMPACTION);
    }
}

impl Control {
    /// Opens a control file to read and write, or only to read where no more is allowed.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let (file, writable) = place::open(path)?;
        Self::of(file, writable)
    }

    /// Opens a control file to read and write; an empty one is made if there is none.
    pub(super) fn open_or_make(path: &Path) -> io::Result<Self> {
        Self::of(place::open_or_make(path)?, true)
    }

    fn of(file: File, writable: bool) -> io::Result<Self> {
        let identity = stat::of_file(&file)?.identity;
        Ok(Self {
            window: Window::of(&file),
            identity,
            writable,
            file,
        })
    }

    pub(super) fn is_writable(&self) -> bool {
        self.writable
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether no name leads to the file any more.
    pub(super) fn is_gone(&self) -> bool {
        stat::of_file(&self.file).map_or(true, |found| !found.named)
    }

    /// Whether nothing was written to it yet, as while it is being made.
    pub(super) fn is_empty(&self) -> bool {
        stat::of_file(&self.file).is_ok_and(|found| found.length == 0)
    }

    /// Maps the file if it could not be mapped when it was opened.
    pub(super) fn reopened(self) -> Self {
        Self {
            window: Window::of(&self.file),
            ..self
        }
    }

    /// The newest state; `None` if the file is damaged.
    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.checked(EPOCH_AT).map(Epoch)
    }

    /// Whether the newest state is still one that was seen. The word may be read while it is being written: it is only
    /// good to see that nothing changed.
    #[inline]
    pub(super) fn is_at(&self, seen: Epoch) -> bool {
        self.window.word(&self.file, EPOCH_AT) == Some(seen.raw())
    }

    /// What moves when all claims are freed; `None` if the file is damaged.
    pub(super) fn claim_epoch(&self) -> Option<u64> {
        self.checked(CLAIMS_AT)
    }

    /// The claim epoch, or what stands in its place.
    pub(super) fn any_claim_epoch(&self) -> u64 {
        self.window.word(&self.file, CLAIMS_AT).unwrap_or(0)
    }

    pub(super) fn is_sound(&self) -> bool {
        self.checked(MAGIC_AT) == Some(MAGIC)
            && self.epoch().is_some()
            && self.claim_epoch().is_some()
    }

    fn checked(&self, offset: usize) -> Option<u64> {
        for _ in 0..LOOKS {
            let word = self.window.word(&self.file, offset)?;
            if word == !self.window.word(&self.file, offset + 8)? {
                return Some(word);
            }
            std::hint::spin_loop();
        }
        None
    }

    /// Writes the whole file, which is how it is made and repaired.
    pub(super) fn write(&self, epoch: Epoch, claims: u64) -> io::Result<()> {
        let mut bytes = [0; LENGTH];
        for (offset, word) in [(MAGIC_AT, MAGIC), (EPOCH_AT, epoch.0), (CLAIMS_AT, claims)] {
            bytes[offset..offset + 16].copy_from_slice(&with_complement(word));
        }
        self.file.write_all_at(&bytes, 0)
    }

    pub(super) fn set_epoch(&self, epoch: Epoch) -> io::Result<()> {
        self.set(EPOCH_AT, epoch.0)
    }

    pub(super) fn set_claim_epoch(&self, claims: u64) -> io::Result<()> {
        self.set(CLAIMS_AT, claims)
    }

    fn set(&self, offset: usize, word: u64) -> io::Result<()> {
        self.file
            .write_all_at(&with_complement(word), offset as u64)
    }

    /// Waits until nobody else appends.
    pub(super) fn lock_append(&self) -> io::Result<Appending<'_>> {
        locks::take(&self.file, APPEND)?;
        Ok(Appending(self))
    }

    /// The compaction lock, unless somebody else compacts.
    pub(super) fn try_lock_compaction(&self) -> io::Result<Option<Compacting<'_>>> {
        let taken = locks::try_take(&self.file, COMPACTION)?;
        Ok(taken.then_some(Compacting(self)))
    }

    /// Takes a claim's byte; `false` if somebody else holds it or one of a later attempt.
    pub(super) fn try_lock_claim(&self, claim: ClaimByte) -> io::Result<bool> {
        if !locks::try_take(&self.file, claim.0)? {
            return Ok(false);
        }
        let later = off_t::from(LAST_ATTEMPT) - (claim.0 & off_t::from(LAST_ATTEMPT));
        let overtaken = locks::is_taken(&self.file, claim.0 + 1, later);
        if !matches!(overtaken, Ok(false)) {
            locks::release(&self.file, claim.0);
        }
        overtaken.map(|overtaken| !overtaken)
    }

    pub(super) fn release_claim(&self, claim: ClaimByte) {
        locks::release(&self.file, claim.0);
    }
}

fn with_complement(word: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&word.to_le_bytes());
    bytes[8..].copy_from_slice(&(!word).to_le_bytes());
    bytes
}

/// The byte whose lock is the claim of one key, under one claim epoch, at one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClaimByte(off_t);

impl ClaimByte {
    pub(super) fn of(digest: &Digest, claim_epoch: u64, attempt: u32) -> Self {
        let hash = mixed(digest.tag() ^ mixed(claim_epoch)) >> 8;
        let attempt = attempt.min(LAST_ATTEMPT);
        Self(FIRST_CLAIM | (hash << 4) as off_t | off_t::from(attempt))
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): part of the format.
fn mixed(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_a_number_and_a_tail() {
        let epoch = Epoch::new(LAST_NUMBER, LONGEST_LOG);
        assert_eq!((epoch.number(), epoch.tail()), (LAST_NUMBER, LONGEST_LOG));
        assert_eq!(next_number(LAST_NUMBER), 0);
    }

    #[test]
    fn claims_lie_beyond_the_file_and_below_the_last_byte() {
        for byte in [0, 0xff] {
            let digest = Digest::from_bytes([byte; 32]);
            for attempt in [0, 99] {
                let ClaimByte(at) = ClaimByte::of(&digest, 7, attempt);
                assert!((FIRST_CLAIM..off_t::MAX).contains(&at));
            }
        }
    }

    #[test]
    fn a_word_without_its_complement_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.1");
        let control = Control::open_or_make(&path).unwrap();
        assert!(control.is_empty() && !control.is_sound());
        control.write(Epoch::new(3, 40), 9).unwrap();
        let control = control.reopened();
        assert!(control.is_sound());
        assert_eq!(control.epoch(), Some(Epoch::new(3, 40)));
        for offset in [0, 8, 16, 31, 32, 47] {
            control.write(Epoch::new(3, 40), 9).unwrap();
            control.file.write_all_at(&[0x5a], offset).unwrap();
            assert!(!control.is_sound(), "byte {offset}");
        }
    }
}
