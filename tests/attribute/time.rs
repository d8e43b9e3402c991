//! Time: limits, refreshes in the background, and what a function without `next_time` does about them.

use std::sync::LazyLock;
use std::time::Duration;

use cachier::{CallOptions, FakeClock, Outcome, cachier};

use super::Runs;

#[test]
fn a_value_is_served_until_its_limit() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = "3s", clock = CLOCK.clone())]
    fn count() -> u32 {
        RUNS.next()
    }
    assert_eq!(count(), 1);
    CLOCK.advance(Duration::from_millis(2_999));
    assert_eq!(count(), 1);
    CLOCK.advance(Duration::from_millis(1));
    assert_eq!(count(), 2);
}

#[test]
fn a_stale_value_is_served_at_once_and_renewed_next_time() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = Duration::from_secs(3), next_time = "1h", clock = CLOCK.clone(), ignore(text))]
    fn count(text: &str, list: &[u32], owned: Vec<u8>) -> String {
        format!("{} {text} {list:?} {owned:?}", RUNS.next())
    }
    let call = || count::trace(&String::from("a"), &[1, 2], vec![3]);
    assert_eq!(call().value, "1 a [1, 2] [3]");
    CLOCK.advance(Duration::from_secs(4));
    let stale = call();
    assert_eq!(
        (stale.outcome, stale.value.as_str()),
        (Outcome::StaleHit, "1 a [1, 2] [3]")
    );
    count::drain();
    let renewed = call();
    assert_eq!(
        (renewed.outcome, renewed.value.as_str()),
        (Outcome::Hit, "2 a [1, 2] [3]")
    );
    CLOCK.advance(Duration::from_secs(2 * 60 * 60));
    assert_eq!(call().outcome, Outcome::Computed);
}

#[test]
fn without_next_time_in_the_attribute_a_stale_value_is_never_served() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = "3s", clock = CLOCK.clone())]
    fn count(_text: &str) -> u32 {
        RUNS.next()
    }
    assert_eq!(count("a"), 1);
    CLOCK.advance(Duration::from_secs(4));
    let lenient = count::with(CallOptions::new().next_time(true).unwrap());
    assert_eq!(lenient.call("a"), 2);
}

#[test]
fn after_an_error_the_old_value_is_served_up_to_its_limit() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = "3s", stale_if_error = "1h", clock = CLOCK.clone())]
    fn fetch() -> Result<u32, String> {
        let run = RUNS.next();
        if run == 1 {
            Ok(run)
        } else {
            Err("down".into())
        }
    }
    assert_eq!(fetch(), Ok(1));
    CLOCK.advance(Duration::from_secs(4));
    assert_eq!(fetch(), Ok(1));
    CLOCK.advance(Duration::from_secs(2 * 60 * 60));
    assert_eq!(fetch(), Err("down".into()));
}

#[test]
fn stale_entries_are_cleaned_up() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    #[cachier(core = memory, stale_after = "3s", cleanup_stale, cleanup_interval = "1m", clock = CLOCK.clone())]
    fn double(n: u32) -> u32 {
        n * 2
    }
    (0..5).for_each(|n| assert_eq!(double(n), n * 2));
    CLOCK.advance(Duration::from_secs(61));
    double(9);
    double::drain();
    assert_eq!(double::entries().unwrap().len(), 1);
}
