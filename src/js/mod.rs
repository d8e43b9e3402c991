//! The JavaScript face: what crosses between JavaScript and the engine; decides nothing itself.

mod options;
