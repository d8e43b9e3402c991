//! What stands around a function: attributes, visibility, names, where the library is found.

use cachier::{Outcome, cachier};

mod elsewhere {
    /// The library under another name, as a crate finds it that renamed it.
    pub mod memo {
        pub use cachier::*;
    }

    /// A double.
    #[cachier::cachier(crate = memo)]
    #[must_use]
    pub(crate) fn double(n: u32) -> u32 {
        n * 2
    }
}

#[test]
fn the_visibility_of_a_function_is_that_of_its_enum() {
    assert_eq!(elsewhere::double(4), 8);
    assert_eq!(elsewhere::double::trace(4).outcome, Outcome::Hit);
}

mod named {
    #[cachier::cachier(handle = Cache)]
    pub fn parse(text: &str) -> usize {
        text.len()
    }

    pub mod parse {
        pub const LONGEST: usize = 80;
    }
}

#[test]
fn the_enum_can_have_another_name_beside_a_module_of_the_functions_own() {
    assert_eq!(named::parse("tea"), 3);
    assert!(named::Cache::is_fresh("tea"));
    assert_eq!(named::parse::LONGEST, 80);
}

#[test]
fn lints_of_a_function_are_those_of_its_body() {
    #[cachier(core = memory)]
    #[expect(unused_variables, reason = "that is what is tried here")]
    #[allow(clippy::needless_return)]
    fn unused(n: u32) -> u32 {
        let nobody = 3;
        return n;
    }
    assert_eq!(unused(1), 1);
}

#[test]
fn names_of_arguments_are_taken_for_nothing_else() {
    #[cachier(core = memory, next_time)]
    fn odd(options: u32, arguments: &str, value: u32, this: u32, builder: u32) -> usize {
        arguments.len() + (options + value + this + builder) as usize
    }
    assert_eq!(odd(1, "ab", 2, 3, 4), 12);
    assert_eq!(odd::precache_value(1, "ab", 2, 3, 4, 5).unwrap(), 5);
    assert_eq!(odd(1, "ab", 2, 3, 4), 5);
}

#[test]
fn types_of_the_names_the_library_uses_are_the_users() {
    #[derive(Clone, Debug, PartialEq, serde::Serialize)]
    struct Probe(u32);
    type Option = Probe;
    #[derive(Clone, Debug, PartialEq)]
    struct Kept(u32);
    #[cachier(core = memory)]
    fn odd(probe: Probe) -> Kept {
        Kept(probe.0)
    }
    assert_eq!(odd(Option { 0: 4 }), Kept(4));
    assert!(odd::is_fresh(Probe(4)));
}

#[test]
fn functions_inside_functions_are_told_apart() {
    fn first() -> String {
        #[cachier(core = memory)]
        fn inner(n: u32) -> u32 {
            n
        }
        inner(1);
        inner::with(cachier::CallOptions::new()).id().to_owned()
    }
    fn second() -> String {
        #[cachier(core = memory)]
        fn inner(n: u32) -> u32 {
            n
        }
        inner(1);
        inner::with(cachier::CallOptions::new()).id().to_owned()
    }
    assert!(first().contains("first::inner#"), "{}", first());
    assert_ne!(first(), second());
}

#[test]
fn a_name_replaces_the_functions_own() {
    #[cachier(core = memory, name = "my function", version = 3.to_string())]
    fn double(n: u32) -> u32 {
        n * 2
    }
    assert_eq!(double(4), 8);
    assert_eq!(
        double::with(cachier::CallOptions::new()).id(),
        "my function@3"
    );
}

#[test]
fn only_what_is_configured_is_there() {
    #[cachier(core = memory)]
    #[cfg(target_arch = "wasm32")]
    fn absent(n: NoSuchType) -> u32 {
        n
    }
    #[cachier(core = memory)]
    #[cfg(not(target_arch = "wasm32"))]
    fn present(n: u32) -> u32 {
        n
    }
    assert_eq!(present(1), 1);
}

#[test]
fn the_core_can_be_named_as_text_or_word() {
    #[cachier(core = memory)]
    fn word(n: u32) -> u32 {
        n
    }
    #[cachier(core = "memory")]
    fn text(n: u32) -> u32 {
        n
    }
    assert_eq!((word(1), text(1)), (1, 1));
    assert_eq!(word::cache_dpath(), None);
}

#[test]
fn a_deprecated_function_is_so_for_its_callers_only() {
    mod old {
        #![deny(deprecated)]
        #[cachier::cachier(core = memory)]
        #[deprecated(note = "use another one")]
        pub fn double(n: u32) -> u32 {
            n * 2
        }
    }
    #[expect(deprecated)]
    fn call() -> u32 {
        old::double(4)
    }
    assert_eq!(call(), 8);
}
