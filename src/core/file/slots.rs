//! Counters that tell a front what moved, and marks of what it served; knows no records.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::core::Stamp;

const COUNT: usize = 1_024;

/// One counter and one mark for each share of the keys.
#[derive(Debug)]
pub(super) struct Slots(Box<[Slot]>);

#[derive(Debug, Default)]
struct Slot {
    version: AtomicU64,
    used: AtomicBool,
}

impl Default for Slots {
    fn default() -> Self {
        Self((0..COUNT).map(|_| Slot::default()).collect())
    }
}

impl Slots {
    #[inline]
    pub(super) fn stamp(&self, tag: u64) -> Stamp {
        let slot = slot_of(tag);
        Stamp {
            slot: slot as u32,
            version: self.0[slot].version.load(Ordering::Acquire),
        }
    }

    /// Whether a stamp's counter stands where it stood; if so, somebody uses what it stands for.
    #[inline]
    pub(super) fn is_unmoved(&self, stamp: Stamp) -> bool {
        let Some(slot) = self.0.get(stamp.slot as usize) else {
            return false;
        };
        let unmoved = slot.version.load(Ordering::Acquire) == stamp.version;
        // Written only where it changes something: many readers share the line.
        if unmoved && !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        unmoved
    }

    pub(super) fn take_used(&self, tag: u64) -> bool {
        let used = &self.0[slot_of(tag)].used;
        used.load(Ordering::Relaxed) && used.swap(false, Ordering::Relaxed)
    }

    pub(super) fn bump(&self, tag: u64) {
        self.0[slot_of(tag)].version.fetch_add(1, Ordering::Release);
    }

    pub(super) fn bump_all(&self) {
        for slot in &self.0 {
            slot.version.fetch_add(1, Ordering::Release);
        }
    }
}

fn slot_of(tag: u64) -> usize {
    tag as usize % COUNT
}
