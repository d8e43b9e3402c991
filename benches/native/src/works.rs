//! The works, by what they are about; each of them knows its peers.

pub mod asynchronous;
pub mod borrowed;
pub mod files;
pub mod growth;
pub mod large;
pub mod memory;
pub mod open;
mod peers;
pub mod stores;
pub mod threads;
