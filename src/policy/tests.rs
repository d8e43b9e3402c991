//! The table of verdicts and the properties no input may break.

use proptest::prelude::*;

use super::*;

const NOW: i64 = 1_000_000;

impl Policy {
    /// The policy of a call: its own options above those of the definition, the global and the built-in ones.
    ///
    /// Caching counts as enabled.
    fn resolve(call: Option<&CallOptions>, definition: &Options, global: &Options) -> Self {
        let base = Self::of(&definition.layer.or(&global.layer));
        call.map_or(base, |call| base.with_call(call))
    }
}

fn options() -> Options {
    Options::new()
}

fn policy(definition: &Options) -> Policy {
    Policy::resolve(None, definition, &Options::new())
}

fn entry(age: i64) -> Meta {
    Meta {
        stored_at: Timestamp::from_millis(NOW - age),
        size: 0,
        none: false,
    }
}

fn verdict(meta: &Meta, policy: &Policy) -> Verdict {
    decide(Some(meta), Timestamp::from_millis(NOW), policy)
}

fn verdict_at_age(age: i64, policy: &Policy) -> Verdict {
    verdict(&entry(age), policy)
}

#[test]
fn without_an_entry_a_value_is_obtained() {
    assert_eq!(
        decide(None, Timestamp::default(), &policy(&options())),
        Verdict::Obtain
    );
}

#[test]
fn table_of_verdicts() {
    use Verdict::{Obtain, Serve, ServeAndRefresh};
    let unlimited = policy(&options());
    let limited = policy(&options().stale_after(3000).unwrap());
    let refreshing = policy(
        &options()
            .stale_after(3000)
            .unwrap()
            .next_time(true)
            .unwrap(),
    );
    let windowed = policy(
        &options()
            .stale_after(3000)
            .unwrap()
            .next_time(2000)
            .unwrap(),
    );
    let always_stale = policy(&options().stale_after(0).unwrap());
    let always_refreshing = policy(&options().stale_after(0).unwrap().next_time(true).unwrap());
    for (name, policy, age, expected) in [
        ("unlimited", unlimited, 0, Serve),
        ("unlimited, old", unlimited, 900_000, Serve),
        ("unlimited, future", unlimited, -900_000, Serve),
        ("fresh", limited, 2999, Serve),
        ("at the limit", limited, 3000, Obtain),
        ("slightly in the future", limited, -1000, Serve),
        ("in the future", limited, -1001, Obtain),
        ("refreshing, fresh", refreshing, 2999, Serve),
        ("refreshing, stale", refreshing, 3000, ServeAndRefresh),
        ("refreshing, ancient", refreshing, 900_000, ServeAndRefresh),
        ("refreshing, future", refreshing, -1001, ServeAndRefresh),
        ("inside the window", windowed, 4999, ServeAndRefresh),
        ("at the window's end", windowed, 5000, Obtain),
        ("window, future", windowed, -1001, Obtain),
        ("limit 0, just stored", always_stale, 0, Obtain),
        (
            "limit 0, slightly in the future",
            always_stale,
            -500,
            Obtain,
        ),
        ("limit 0, refreshing", always_refreshing, 0, ServeAndRefresh),
    ] {
        assert_eq!(verdict_at_age(age, &policy), expected, "{name}");
    }
}

#[test]
fn table_of_call_options() {
    use Verdict::{Bypass, Obtain, Overwrite, Serve, ServeAndRefresh};
    let limited = policy(&options().stale_after(3000).unwrap());
    let refreshing = policy(
        &options()
            .stale_after(3000)
            .unwrap()
            .next_time(true)
            .unwrap(),
    );
    let call = CallOptions::new();
    for (name, policy, call, age, expected) in [
        ("skip", limited, call.skip_cache(true), 0, Bypass),
        (
            "skip above overwrite",
            limited,
            call.skip_cache(true).overwrite_cache(true),
            0,
            Bypass,
        ),
        (
            "overwrite",
            limited,
            call.overwrite_cache(true),
            0,
            Overwrite,
        ),
        (
            "verbose decides nothing",
            limited,
            call.verbose(true),
            0,
            Serve,
        ),
        (
            "stricter max_age",
            limited,
            call.max_age(1000).unwrap(),
            1000,
            Obtain,
        ),
        (
            "looser max_age",
            limited,
            call.max_age(9000).unwrap(),
            3000,
            Obtain,
        ),
        (
            "looser max_age, fresh",
            limited,
            call.max_age(9000).unwrap(),
            2999,
            Serve,
        ),
        (
            "negative max_age",
            limited,
            call.max_age(-1).unwrap(),
            0,
            Obtain,
        ),
        (
            "negative max_age, skew",
            limited,
            call.max_age(-1).unwrap(),
            -900,
            Obtain,
        ),
        (
            "stricter max_age, refreshing",
            refreshing,
            call.max_age(1000).unwrap(),
            1000,
            ServeAndRefresh,
        ),
        (
            "max_age 0, refreshing",
            refreshing,
            call.max_age(0).unwrap(),
            0,
            ServeAndRefresh,
        ),
        (
            "negative max_age, refreshing",
            refreshing,
            call.max_age(-1).unwrap(),
            0,
            Obtain,
        ),
        (
            "own stale_after",
            limited,
            call.stale_after("never").unwrap(),
            9000,
            Serve,
        ),
        (
            "own next_time",
            limited,
            call.next_time(true).unwrap(),
            3000,
            ServeAndRefresh,
        ),
        (
            "next_time off",
            refreshing,
            call.next_time(false).unwrap(),
            3000,
            Obtain,
        ),
    ] {
        assert_eq!(
            verdict_at_age(age, &policy.with_call(&call)),
            expected,
            "{name}"
        );
    }
}

#[test]
fn disabled_caching_bypasses_everything() {
    let disabled = Policy {
        caching_enabled: false,
        ..policy(&options())
    };
    assert_eq!(verdict_at_age(0, &disabled), Verdict::Bypass);
    let overwriting = disabled.with_call(&CallOptions::new().overwrite_cache(true));
    assert_eq!(verdict_at_age(0, &overwriting), Verdict::Bypass);
}

#[test]
fn none_is_served_only_if_allowed() {
    let none = Meta {
        none: true,
        ..entry(0)
    };
    let strict = policy(
        &options()
            .next_time(true)
            .unwrap()
            .stale_if_error(true)
            .unwrap(),
    );
    assert_eq!(verdict(&none, &strict), Verdict::Obtain);
    assert!(fresh_during(&none, &strict).is_empty());
    assert!(!serves_after_error(
        &none,
        Timestamp::from_millis(NOW),
        &strict
    ));
    let allowing = strict.with_call(&CallOptions::new().allow_none(true));
    assert_eq!(verdict(&none, &allowing), Verdict::Serve);
    assert!(serves_after_error(
        &none,
        Timestamp::from_millis(NOW),
        &allowing
    ));
}

#[test]
fn each_layer_stands_above_the_next() {
    let global = options()
        .stale_after("1d")
        .unwrap()
        .allow_none(true)
        .cleanup_interval("1h")
        .unwrap();
    let definition = options()
        .stale_after("1h")
        .unwrap()
        .next_time("5m")
        .unwrap();
    let call = CallOptions::new().stale_after("1m").unwrap();
    let resolved = Policy::resolve(Some(&call), &definition, &global);
    assert_eq!(resolved.fresh_for, Limit::from_millis(60_000));
    assert_eq!(resolved.next_time, Limit::from_millis(300_000));
    assert!(resolved.allow_none);
    assert_eq!(resolved.cleanup_interval, Limit::from_millis(3_600_000));
    assert_eq!(
        Policy::resolve(None, &definition, &global).fresh_for,
        Limit::from_millis(3_600_000)
    );
    assert_eq!(policy(&global).fresh_for, Limit::from_millis(86_400_000));
    assert_eq!(policy(&options()).fresh_for, Limit::NEVER);
}

#[test]
fn an_error_is_covered_up_to_its_own_limit() {
    let covering = policy(
        &options()
            .stale_after(1000)
            .unwrap()
            .stale_if_error(5000)
            .unwrap(),
    );
    let covers = |age| serves_after_error(&entry(age), Timestamp::from_millis(NOW), &covering);
    assert!(covers(4999));
    assert!(!covers(5000));
    assert!(!covers(-1001));
    let insisting = covering.with_call(&CallOptions::new().overwrite_cache(true));
    assert!(!serves_after_error(
        &entry(0),
        Timestamp::from_millis(NOW),
        &insisting
    ));
    assert!(!serves_after_error(
        &entry(0),
        Timestamp::from_millis(NOW),
        &policy(&options())
    ));
}

#[test]
fn the_clean_up_keeps_what_may_still_be_served() {
    let limited = options().stale_after(1000).unwrap();
    let removable = |options: &Options, age| {
        is_removable(&entry(age), Timestamp::from_millis(NOW), &policy(options))
    };
    assert!(!removable(&options(), 900_000));
    assert!(!removable(&limited, 999));
    assert!(removable(&limited, 1000));
    assert!(removable(&limited, -1001));
    assert!(!removable(&limited.clone().next_time(500).unwrap(), 1499));
    assert!(removable(&limited.clone().next_time(500).unwrap(), 1500));
    assert!(!removable(
        &limited.clone().stale_if_error(9000).unwrap(),
        8999
    ));
    assert!(removable(&limited.clone().next_time(true).unwrap(), 1000));
}

#[test]
fn the_clock_is_needed_only_for_a_limit() {
    assert!(!needs_clock(&policy(&options().next_time(true).unwrap())));
    assert!(needs_clock(&policy(&options().stale_after("60d").unwrap())));
    let call = CallOptions::new().max_age("1s").unwrap();
    assert!(needs_clock(&policy(&options()).with_call(&call)));
}

fn any_limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        4 => (0..10_000i64).prop_map(Limit::from_millis),
        1 => (0..i64::MAX).prop_map(Limit::from_millis),
        1 => Just(Limit::NEVER),
        1 => Just(Limit::ZERO),
    ]
}

fn any_max_age() -> impl Strategy<Value = Limit> {
    prop_oneof![
        2 => any_limit(),
        1 => (i64::MIN..0).prop_map(Limit::from_millis),
    ]
}

fn switch(on: Option<bool>) -> Option<Limit> {
    on.map(Limit::of_switch)
}

fn layer<const N: usize>(settings: [(Setting, Option<Limit>); N]) -> Layer {
    let mut layer = Layer::EMPTY;
    for (setting, limit) in settings {
        limit
            .into_iter()
            .for_each(|limit| layer.set(setting, limit));
    }
    layer
}

prop_compose! {
    fn any_definition()(
        stale_after in prop::option::of(any_limit()),
        next_time in prop::option::of(any_limit()),
        stale_if_error in prop::option::of(any_limit()),
        allow_none in prop::option::of(any::<bool>()),
    ) -> Options {
        let layer = layer([
            (Setting::StaleAfter, stale_after),
            (Setting::NextTime, next_time),
            (Setting::StaleIfError, stale_if_error),
            (Setting::AllowNone, switch(allow_none)),
        ]);
        Options { layer, ..Options::new() }
    }
}

prop_compose! {
    fn any_call()(
        (skip_cache, overwrite_cache) in any::<(bool, bool)>(),
        max_age in prop::option::of(any_max_age()),
        stale_after in prop::option::of(any_limit()),
        next_time in prop::option::of(any_limit()),
        allow_none in prop::option::of(any::<bool>()),
    ) -> CallOptions {
        let layer = layer([
            (Setting::SkipCache, switch(Some(skip_cache))),
            (Setting::OverwriteCache, switch(Some(overwrite_cache))),
            (Setting::MaxAge, max_age),
            (Setting::StaleAfter, stale_after),
            (Setting::NextTime, next_time),
            (Setting::AllowNone, switch(allow_none)),
        ]);
        CallOptions { layer }
    }
}

prop_compose! {
    fn any_policy()(
        call in prop::option::of(any_call()),
        definition in any_definition(),
        global in any_definition(),
        caching_enabled in prop::bool::weighted(0.9),
    ) -> Policy {
        Policy { caching_enabled, ..Policy::resolve(call.as_ref(), &definition, &global) }
    }
}

/// A moment of storage and one of reading, near each other or anywhere. `i64::MAX` stands for never.
fn any_moments() -> impl Strategy<Value = (i64, i64)> {
    prop_oneof![
        3 => (-12_000..25_000i64).prop_map(|age| (NOW, NOW + age)),
        1 => (i64::MIN..i64::MAX, i64::MIN..i64::MAX),
    ]
}

prop_compose! {
    fn any_read()((stored_at, now) in any_moments(), none in any::<bool>()) -> (Meta, Timestamp) {
        let meta = Meta { stored_at: Timestamp::from_millis(stored_at), size: 0, none };
        (meta, Timestamp::from_millis(now))
    }
}

/// The age as the design words it, in numbers that cannot overflow; unknown if dated in the future.
fn age_of(meta: &Meta, now: Timestamp) -> Option<i128> {
    let age = i128::from(now.as_millis()) - i128::from(meta.stored_at.as_millis());
    (age >= -1000).then_some(age.max(0))
}

fn is_below(age: Option<i128>, limit: Limit) -> bool {
    !limit.is_bounded() || age.is_some_and(|age| age < i128::from(limit.as_millis()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_is_served_as_fresh_at_or_beyond_the_limit((meta, now) in any_read(), policy in any_policy()) {
        let verdict = decide(Some(&meta), now, &policy);
        let fresh = is_below(age_of(&meta, now), policy.fresh_for);
        prop_assert!(verdict != Verdict::Serve || fresh);
        prop_assert!(verdict != Verdict::ServeAndRefresh || !fresh);
    }

    #[test]
    fn nothing_stale_is_served_without_next_time((meta, now) in any_read(), policy in any_policy()) {
        let policy = Policy { next_time: Limit::ZERO, ..policy };
        prop_assert_ne!(decide(Some(&meta), now, &policy), Verdict::ServeAndRefresh);
    }

    #[test]
    fn nothing_is_served_beyond_the_window((meta, now) in any_read(), policy in any_policy()) {
        let served = decide(Some(&meta), now, &policy) == Verdict::ServeAndRefresh;
        let window = policy.fresh_for.saturating_add(policy.next_time);
        prop_assert!(!served || policy.fresh_for >= Limit::ZERO);
        prop_assert!(!served || is_below(age_of(&meta, now), window));
    }

    #[test]
    fn a_copy_is_fresh_exactly_when_it_would_be_served((meta, now) in any_read(), policy in any_policy()) {
        let plain = Policy { skip_cache: false, overwrite_cache: false, caching_enabled: true, ..policy };
        let served = decide(Some(&meta), now, &plain) == Verdict::Serve;
        prop_assert_eq!(fresh_during(&meta, &plain).contains(&now), served);
    }

    #[test]
    fn without_a_limit_the_moment_changes_nothing(
        (meta, now) in any_read(), (_, other) in any_read(), policy in any_policy(),
    ) {
        let same = decide(Some(&meta), now, &policy) == decide(Some(&meta), other, &policy);
        prop_assert!(needs_clock(&policy) || same);
    }

    #[test]
    fn none_is_never_served_uninvited((meta, now) in any_read(), policy in any_policy()) {
        let meta = Meta { none: true, ..meta };
        let policy = Policy { allow_none: false, ..policy };
        let verdict = decide(Some(&meta), now, &policy);
        prop_assert!(!matches!(verdict, Verdict::Serve | Verdict::ServeAndRefresh));
        prop_assert!(!serves_after_error(&meta, now, &policy));
    }

    #[test]
    fn after_an_error_nothing_older_than_its_limit((meta, now) in any_read(), policy in any_policy()) {
        let covered = serves_after_error(&meta, now, &policy);
        prop_assert!(!covered || is_below(age_of(&meta, now), policy.stale_if_error));
    }

    #[test]
    fn what_is_fresh_is_never_removed((meta, now) in any_read(), definition in any_definition()) {
        let policy = policy(&definition);
        let fresh = is_below(age_of(&meta, now), policy.fresh_for);
        prop_assert!(!fresh || !is_removable(&meta, now, &policy));
    }

    #[test]
    fn one_call_does_not_move_what_is_removed(
        (meta, now) in any_read(), definition in any_definition(), call in any_call(),
    ) {
        let policy = policy(&definition);
        let removable = is_removable(&meta, now, &policy);
        prop_assert_eq!(is_removable(&meta, now, &policy.with_call(&call)), removable);
    }

    #[test]
    fn layering_a_call_later_is_the_same(
        call in any_call(), definition in any_definition(), global in any_definition(),
    ) {
        let base = Policy::resolve(None, &definition, &global);
        prop_assert_eq!(base.with_call(&call), Policy::resolve(Some(&call), &definition, &global));
        let layers = call.layer.or(&definition.layer).or(&global.layer);
        let limit = layers.limit(Setting::StaleAfter);
        let strictest = limit.unwrap_or(Limit::NEVER).min(call.layer.limit(Setting::MaxAge).unwrap_or(Limit::NEVER));
        prop_assert_eq!(base.with_call(&call).fresh_for, strictest);
        let window = layers.limit(Setting::NextTime);
        prop_assert_eq!(base.with_call(&call).next_time, window.unwrap_or(Limit::ZERO));
    }
}
