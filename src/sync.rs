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
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(target_arch = "wasm32", not(shuttle)))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.borrow_mut()
}

/// How much there is behind a lock, for who would take it to find nothing. A page has no locks, and asks them.
#[derive(Debug, Default)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) struct Count(std::sync::atomic::AtomicUsize);

#[cfg(not(target_arch = "wasm32"))]
impl Count {
    /// Told by who holds the lock.
    pub(crate) fn set(&self, count: usize) {
        self.0.store(count, std::sync::atomic::Ordering::Release);
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Acquire) == 0
    }
}

#[derive(Debug, Default)]
#[cfg(target_arch = "wasm32")]
pub(crate) struct Count(());

#[cfg(target_arch = "wasm32")]
impl Count {
    pub(crate) fn set(&self, _count: usize) {}

    pub(crate) fn is_zero(&self) -> bool {
        false
    }
}
