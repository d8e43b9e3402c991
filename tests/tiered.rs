//! Files with a front before them keep every law: sync and async functions, callers of three kinds.

#![cfg(all(feature = "file", unix))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::places::{Threads, Tokio, TokioOfOneThread};
use suite::tiered::Fronted;

mod sync {
    use super::*;

    type Subject = Blocking<Fronted, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_panics!(Subject);
}

/// Each caller drives its own future, without a runtime.
mod futures_on_threads {
    use super::*;

    type Subject = Asynchronous<Fronted, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_threads {
    use super::*;

    type Subject = Asynchronous<Fronted, Tokio>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_one_thread {
    use super::*;

    type Subject = Asynchronous<Fronted, TokioOfOneThread>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}
