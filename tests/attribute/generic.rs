//! Generic functions: one cache for each instantiation, whatever lifetimes are in it.

use std::fmt::Display;

use cachier::{Outcome, cachier};
use serde::Serialize;

use super::Runs;

#[test]
fn each_instantiation_has_a_cache_of_its_own() {
    #[cachier(core = memory, cache = some)]
    fn largest<T: Ord + Clone + Serialize + Send + Sync + 'static>(items: &[T]) -> Option<T> {
        items.iter().max().cloned()
    }
    assert_eq!(largest(&[1_u8, 2]), Some(2));
    assert_eq!(largest::trace(&[1_u32, 2]).outcome, Outcome::Computed);
    assert_eq!(largest::trace(&[1_u8, 2]).outcome, Outcome::Hit);
    assert_eq!(largest(&["a", "b"]), Some("b"));
    largest::clear_cache::<u8>();
    assert!(!largest::is_fresh(&[1_u8, 2]));
    assert!(largest::is_fresh(&[1_u32, 2]));
}

#[test]
fn a_type_parameter_may_be_borrowed_for_any_time() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn length<T: AsRef<str> + Serialize>(text: T) -> usize {
        RUNS.next();
        text.as_ref().len()
    }
    let local = String::from("four");
    assert_eq!((length("four"), length(local.as_str())), (4, 4));
    assert_eq!(RUNS.count(), 1);
    assert_eq!(length(local), 4);
    assert_eq!(RUNS.count(), 2);
}

#[test]
fn const_parameters_tell_instantiations_apart() {
    #[cachier(core = memory)]
    fn sum<const N: usize, T: Copy + Into<u64> + Serialize>(items: [T; N]) -> u64
    where
        [T; N]: Serialize,
    {
        items.iter().map(|item| (*item).into()).sum()
    }
    assert_eq!(sum([1_u32, 2]), 3);
    assert_eq!(sum::trace([1_u32, 2]).outcome, Outcome::Hit);
    assert_eq!(sum([1_u32, 2, 3]), 6);
    assert_eq!(sum::entries::<2, u32>().unwrap().len(), 1);
}

#[test]
fn a_name_is_shared_by_no_two_instantiations() {
    #[cachier(core = memory, name = "show", version = "2")]
    fn show<T: Display + Serialize>(value: T) -> String {
        value.to_string()
    }
    assert_eq!(show(1_u8), "1");
    assert_eq!(
        show::with::<u8>(cachier::CallOptions::new()).id(),
        "show(u8,)@2"
    );
    assert_eq!(
        show::with::<i64>(cachier::CallOptions::new()).id(),
        "show(i64,)@2"
    );
}

#[test]
fn a_generic_function_keeps_only_ok_where_it_says_so() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, cache = ok)]
    fn parse<T>(text: &str) -> Result<T, T::Err>
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
        T::Err: 'static,
    {
        RUNS.next();
        text.parse()
    }
    assert!(parse::<u8>("x").is_err());
    assert!(parse::<u8>("x").is_err());
    assert_eq!((parse::<u8>("1"), parse::<u8>("1")), (Ok(1), Ok(1)));
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn a_generic_function_may_be_refreshed() {
    #[cachier(core = memory, next_time, stale_after = 0)]
    fn show<T: Display + Clone + Serialize + Send + 'static>(value: &T) -> String {
        value.to_string()
    }
    assert_eq!(show(&7), "7");
    assert_eq!(show::trace(&7).outcome, Outcome::StaleHit);
    show::drain::<i32>();
}
