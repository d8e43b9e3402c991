//! Background tasks on the tokio runtime of whoever asks for them; knows no other way to run any.

use tokio::runtime::Handle;

/// Runs a task on the current runtime; gives it back if there is none.
pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(task: F) -> Option<F> {
    let Ok(runtime) = Handle::try_current() else {
        return Some(task);
    };
    drop(runtime.spawn(task));
    None
}
