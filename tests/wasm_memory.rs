//! The memory core keeps every law in a page and in a dedicated worker, wherever this is run.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::memory::Memory;
use suite::places::EventLoop;

/// Sync functions cannot wait there: they keep the laws of one caller.
mod sync {
    use super::*;

    type Subject = Blocking<Memory, EventLoop>;

    suite::laws_of_one_caller!(Subject);
}

mod futures {
    use super::*;

    type Subject = Asynchronous<Memory, EventLoop>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
}
