//! The file core keeps every law, without a front: in a log and in separate files, sync and async.

#![cfg(all(feature = "file", unix))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::file::{Files, InLog, Separate};
use suite::kinds::{Asynchronous, Blocking};
use suite::places::{Threads, Tokio, TokioOfOneThread};

mod sync_in_a_log {
    use super::*;

    type Subject = Blocking<Files<InLog>, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_panics!(Subject);
}

mod sync_in_separate_files {
    use super::*;

    type Subject = Blocking<Files<Separate>, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_panics!(Subject);
}

/// Each caller drives its own future, without a runtime.
mod futures_on_threads_in_separate_files {
    use super::*;

    type Subject = Asynchronous<Files<Separate>, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_threads_in_a_log {
    use super::*;

    type Subject = Asynchronous<Files<InLog>, Tokio>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_one_thread_in_a_log {
    use super::*;

    type Subject = Asynchronous<Files<InLog>, TokioOfOneThread>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}
