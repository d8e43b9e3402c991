//! The IndexedDB core keeps every law in a page and in a dedicated worker, wherever this is run.

#![cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::indexeddb::InIndexedDb;
use suite::kinds::Asynchronous;
use suite::places::EventLoop;

type Subject = Asynchronous<InIndexedDb, EventLoop>;

suite::laws_of_one_caller!(Subject);
suite::laws_of_many_callers!(Subject);
suite::laws_of_futures!(Subject);
