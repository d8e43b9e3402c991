//! The JavaScript face: what crosses between JavaScript and the engine; decides nothing itself.

#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod allocator;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod calls;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod given;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod global;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod home;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod key;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod memoized;
// Plain Rust, and tested natively.
mod spelling;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod steps;
