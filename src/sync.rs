//! Locks and thread-locals: the standard library's, or the model checker's; nothing else.

use std::sync::PoisonError;

#[cfg(not(shuttle))]
pub(crate) use std::{sync::Mutex, sync::MutexGuard, thread_local};

#[cfg(shuttle)]
pub(crate) use shuttle::{sync::Mutex, sync::MutexGuard, thread_local};

/// Locks, also after a panic elsewhere: every critical section here leaves its data whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
