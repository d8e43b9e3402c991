//! The localStorage core keeps every law in a page, for sync and for async functions.

#![cfg(all(feature = "localstorage", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::localstorage::{AcrossTabs, InLocalStorage};
use suite::places::EventLoop;

/// Sync functions cannot wait there: they keep the laws of one caller.
mod sync {
    use super::*;

    type Subject = Blocking<InLocalStorage, EventLoop>;

    suite::laws_of_one_caller!(Subject);
}

mod futures {
    use super::*;

    type Subject = Asynchronous<AcrossTabs, EventLoop>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
}
