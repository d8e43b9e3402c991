//! Global options and the caching switch in a page and in a dedicated worker.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::memory::Memory;
use suite::places::EventLoop;

mod sync {
    use super::*;

    suite::laws_of_global_state!(Blocking<Memory, EventLoop>);
}

mod futures {
    use super::*;

    suite::laws_of_global_state!(Asynchronous<Memory, EventLoop>);
}
