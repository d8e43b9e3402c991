//! What of a result is kept, by the type it has: aliases are seen through.

use std::sync::Arc;

use cachier::{Outcome, cachier};

use super::Runs;

type Fallible<T> = Result<T, String>;
type Perhaps = Option<u32>;

#[test]
fn an_error_is_returned_and_not_kept() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn parse(text: &str) -> Fallible<u32> {
        RUNS.next();
        text.parse().map_err(|_| format!("{text} is no number"))
    }
    assert_eq!(parse("x"), Err("x is no number".into()));
    assert_eq!(parse("x"), Err("x is no number".into()));
    assert_eq!(RUNS.count(), 2);
    assert_eq!((parse("1"), parse("1")), (Ok(1), Ok(1)));
    assert_eq!(RUNS.count(), 3);
    assert_eq!(parse::peek("1").map(|entry| entry.value), Some(Ok(1)));
    assert_eq!(
        parse::precache_value("y", Err("no".into())).unwrap(),
        Err("no".into())
    );
    assert!(parse::peek("y").is_none());
}

#[test]
fn an_error_need_not_be_clonable() {
    #[cachier(core = memory)]
    fn read(path: &str) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }
    assert!(read("/no/such/file").is_err());
    assert!(read::peek("/no/such/file").is_none());
    #[cachier(core = memory)]
    fn boxed(n: u32) -> Result<u32, Box<dyn std::error::Error>> {
        if n == 0 { Err("zero".into()) } else { Ok(n) }
    }
    assert!(boxed(0).is_err());
    assert_eq!(boxed::trace(1).outcome, Outcome::Computed);
    assert_eq!(boxed::trace(1).outcome, Outcome::Hit);
}

#[test]
fn a_none_is_served_only_where_allowed() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn find(n: u32) -> Perhaps {
        RUNS.next();
        (n > 0).then_some(n)
    }
    assert_eq!((find(0), find(0)), (None, None));
    assert_eq!(RUNS.count(), 2);
    #[cachier(core = memory, allow_none)]
    fn find_any(n: u32) -> Perhaps {
        RUNS.next();
        (n > 0).then_some(n)
    }
    assert_eq!((find_any(0), find_any(0)), (None, None));
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn what_is_kept_can_be_said() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, cache = all)]
    fn judge(n: u32) -> Fallible<u32> {
        RUNS.next();
        Err(format!("{n} is guilty"))
    }
    assert_eq!(judge(1), judge(1));
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn a_value_that_is_not_clone_is_kept_in_an_arc() {
    struct Large(u32);
    #[cachier(core = memory)]
    fn load(n: u32) -> Arc<Large> {
        Arc::new(Large(n))
    }
    assert!(Arc::ptr_eq(&load(3), &load(3)));
    assert_eq!(load(3).0, 3);
}

#[test]
fn a_result_may_be_nothing() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    fn note(_n: u32) {
        RUNS.next();
    }
    note(1);
    note(1);
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn a_body_may_return_early() {
    #[cachier(core = memory)]
    fn first(text: &str) -> Option<char> {
        let text = text.strip_prefix('#')?;
        if text.is_empty() {
            return Some('-');
        }
        text.chars().next()
    }
    assert_eq!(
        (first("#a"), first("#"), first("a")),
        (Some('a'), Some('-'), None)
    );
}
