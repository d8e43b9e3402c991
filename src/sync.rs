//! Locks and thread-locals: the standard library's, the model checker's, or a page's, which has one thread.

#[cfg(not(any(shuttle, target_arch = "wasm32")))]
pub(crate) use std::{sync::Mutex, sync::MutexGuard, thread_local};

#[cfg(shuttle)]
pub(crate) use shuttle::{sync::Mutex, sync::MutexGuard, thread_local};

#[cfg(all(target_arch = "wasm32", not(shuttle)))]
pub(crate) use std::{cell::RefCell as Mutex, cell::RefMut as MutexGuard, thread_local};

/// Locks, also after a panic elsewhere: every critical section here leaves its data whole.
#[cfg(any(shuttle, not(target_arch = "wasm32")))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(target_arch = "wasm32", not(shuttle)))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.borrow_mut()
}
