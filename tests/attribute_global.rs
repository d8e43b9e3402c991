//! The attribute under global options, which ask for a program of their own.

#![cfg(all(feature = "macros", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;
use std::time::Duration;

use cachier::{FakeClock, Options, Outcome, cachier, reset_global_params, set_global_params};

static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);

#[cachier(core = memory, clock = CLOCK.clone())]
fn double(n: u32) -> u32 {
    n * 2
}

#[cachier(core = memory, clock = CLOCK.clone(), next_time)]
fn renewable(n: u32) -> u32 {
    n * 2
}

#[cachier(core = memory)]
fn text(n: usize) -> String {
    "x".repeat(n)
}

#[test]
fn global_options_hold_where_the_attribute_says_nothing_else() {
    everything_can_be_cleared_at_once();
    a_global_limit_makes_values_stale();
    a_global_next_time_asks_for_one_in_the_attribute();
    a_global_limit_in_bytes_stops_nobody();
}

fn everything_can_be_cleared_at_once() {
    double(4);
    cachier::clear_all();
    assert!(!double::is_fresh(4));
}

fn a_global_limit_makes_values_stale() {
    set_global_params(Options::new().stale_after("3s").unwrap()).unwrap();
    assert_eq!((double(4), renewable(4)), (8, 8));
    CLOCK.advance(Duration::from_secs(4));
    assert_eq!(double::trace(4).outcome, Outcome::Computed);
    assert_eq!(renewable::trace(4).outcome, Outcome::StaleHit);
    renewable::drain();
}

fn a_global_next_time_asks_for_one_in_the_attribute() {
    set_global_params(Options::new().next_time(true).unwrap()).unwrap();
    CLOCK.advance(Duration::from_secs(4));
    assert_eq!(double::trace(4).outcome, Outcome::Computed);
    assert_eq!(renewable::trace(4).outcome, Outcome::StaleHit);
    renewable::drain();
    reset_global_params();
}

fn a_global_limit_in_bytes_stops_nobody() {
    set_global_params(Options::new().max_bytes(10).unwrap()).unwrap();
    assert_eq!(text(20).len(), 20);
    assert_eq!(text::trace(20).outcome, Outcome::Hit);
    reset_global_params();
}
