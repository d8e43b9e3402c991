//! Tasks under the model checker; its time stands still, so nothing there sleeps.

pub(crate) fn sleep(_millis: i64) -> impl Future<Output = ()> {
    std::future::pending()
}

pub(crate) fn spawn<F: Future<Output = ()>>(task: impl FnOnce() -> F + Send + 'static) {
    shuttle::thread::spawn(move || crate::blocking::block_on(task()));
}

#[cfg(all(feature = "file", unix))]
pub(crate) async fn unblock<T>(work: impl FnOnce() -> T) -> T {
    work()
}
