//! What the attribute refuses, and how it says what to do instead.

#![cfg(all(feature = "macros", not(target_arch = "wasm32")))]

#[test]
fn refusals_say_where_and_what_to_do() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
