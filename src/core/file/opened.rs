//! The view of a directory behind its lock, and what can be asked of it without; knows not what is in a view.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::control::{Control, Epoch};
use super::view::View;

/// What was opened of a directory, if anything was.
#[derive(Debug, Default)]
pub(super) struct Opened {
    view: RwLock<Option<View>>,
    seen: Seen,
}

/// What the view has seen, told whenever somebody has changed it.
///
/// Only of the first control file that was opened, which stays open: if the directory is made anew, whoever asks is
/// sent to the lock.
#[derive(Debug, Default)]
struct Seen {
    control: OnceLock<Arc<Control>>,
    epoch: AtomicU64,
}

/// The epoch of no control file: the log of the last number, full to its last byte.
const NOTHING: u64 = u64::MAX;

/// A view that may be changed; once that is done, others are told what it has seen.
pub(super) struct Writing<'a> {
    view: RwLockWriteGuard<'a, Option<View>>,
    seen: &'a Seen,
}

impl Opened {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Option<View>> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> Writing<'_> {
        Writing {
            view: self.view.write().unwrap_or_else(PoisonError::into_inner),
            seen: &self.seen,
        }
    }

    /// Whether nobody stored or cleared anything that the view has not seen; perhaps `false` where that is so.
    ///
    /// Whoever then finds a counter unmoved that moves with each change has asked in the right order: what the view
    /// has seen is told after the counters were moved.
    #[inline]
    pub(super) fn is_newest(&self) -> bool {
        let seen = self.seen.epoch.load(Ordering::Acquire);
        let control = self.seen.control.get();
        control.is_some_and(|control| control.is_at(Epoch::from_raw(seen)))
    }
}

impl Seen {
    fn tell(&self, view: Option<&View>) {
        let epoch = view
            .filter(|view| self.is_of(view))
            .map(|view| view.seen.raw());
        self.epoch
            .store(epoch.unwrap_or(NOTHING), Ordering::Release);
    }

    fn is_of(&self, view: &View) -> bool {
        let first = self.control.get_or_init(|| view.control.clone());
        Arc::ptr_eq(first, &view.control)
    }
}

impl Deref for Writing<'_> {
    type Target = Option<View>;

    fn deref(&self) -> &Option<View> {
        &self.view
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Option<View> {
        &mut self.view
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.seen.tell(self.view.as_ref());
    }
}
