//! The core that keeps entries in files, shared by processes; thin over the store, knows values and keys.

mod digest;
pub(crate) mod record;

pub use digest::Digest;
