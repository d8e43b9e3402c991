//! Global options and the caching switch, natively; apart, for they hold for every test of a program.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::memory::Memory;
use suite::places::{Threads, Tokio};

mod sync {
    use super::*;

    suite::laws_of_global_state!(Blocking<Memory, Threads>);
}

mod futures {
    use super::*;

    suite::laws_of_global_state!(Asynchronous<Memory, Tokio>);
}
