//! Tasks under the model checker; its time stands still, so nothing there sleeps.

pub(crate) fn sleep(_millis: i64) -> impl Future<Output = ()> {
    std::future::pending()
}

pub(crate) fn spawn<F: Future<Output = ()>>(task: impl FnOnce() -> F + Send + 'static) {
    shuttle::thread::spawn(move || crate::blocking::block_on(task()));
}
