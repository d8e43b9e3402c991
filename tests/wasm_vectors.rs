//! The keys of vectors.json in WebAssembly: the same test as natively.
#![cfg(target_arch = "wasm32")]

#[path = "vectors.rs"]
mod vectors;
