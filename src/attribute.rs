//! The attribute as a user meets it: its documentation, and no more.

#[doc(inline)]
pub use cachier_wasm_macros::cachier;
