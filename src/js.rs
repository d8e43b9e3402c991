//! The JavaScript face: what crosses between JavaScript and the engine; decides nothing itself.

mod global;
mod memoized;
mod options;
mod record;
mod steps;
