//! The JavaScript face.

pub(crate) mod spelling;
