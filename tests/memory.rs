//! The memory core keeps every law, natively: sync and async functions, callers of three kinds.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::memory::Memory;
use suite::places::{Threads, Tokio, TokioOfOneThread};

mod sync {
    use super::*;

    type Subject = Blocking<Memory, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_panics!(Subject);
}

/// Each caller drives its own future, without a runtime.
mod futures_on_threads {
    use super::*;

    type Subject = Asynchronous<Memory, Threads>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_threads {
    use super::*;

    type Subject = Asynchronous<Memory, Tokio>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}

mod tokio_on_one_thread {
    use super::*;

    type Subject = Asynchronous<Memory, TokioOfOneThread>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
    suite::laws_of_panics!(Subject);
}
