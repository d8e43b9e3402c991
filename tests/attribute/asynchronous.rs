//! Async functions, on a minimal executor and on tokio; refreshes where there is a runtime and where there is none.

use std::sync::LazyLock;
use std::time::Duration;

use cachier::{CallOptions, FakeClock, Outcome, cachier};
use futures_lite::future::{block_on, zip};

use super::Runs;

#[test]
fn an_async_function_is_calculated_once() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory)]
    async fn user(id: u64, name: &str) -> String {
        RUNS.next();
        futures_lite::future::yield_now().await;
        format!("{name} {id}")
    }
    block_on(async {
        let both = zip(user(7, "Ann"), user(7, "Ann")).await;
        assert_eq!(both, ("Ann 7".to_owned(), "Ann 7".to_owned()));
        assert_eq!(RUNS.count(), 1);
        assert_eq!(user::trace(7, "Ann").await.outcome, Outcome::Hit);
        assert_eq!(
            user::peek(7, "Ann").await.map(|entry| entry.value),
            Some("Ann 7".into())
        );
        let past = user::with(CallOptions::new().skip_cache(true));
        assert_eq!(past.call(7, "Ann").await, "Ann 7");
        assert_eq!(RUNS.count(), 2);
        assert!(user::remove(7, "Ann").await.unwrap());
        assert_eq!(
            user::precache_value(7, "Ann", "x".into()).await.unwrap(),
            "x"
        );
        user::clear_cache().await;
        user::clear_being_calculated().await;
        user::drain().await;
        assert!(user::entries().await.unwrap().is_empty());
        assert!(user::metrics().await.is_none());
        assert_eq!(user::cache_dpath(), None);
        assert!(!user::is_fresh(7, "Ann").await);
        assert_eq!(user::try_call(7, "Ann").await.unwrap(), "Ann 7");
        assert_eq!(
            user::key_of(7, "Ann").unwrap().diagnostic(),
            r#"[7, "Ann"]"#
        );
    });
}

#[test]
fn an_async_function_may_await_itself() {
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, next_time)]
    async fn fib(n: u64) -> u64 {
        RUNS.next();
        if n < 2 {
            n
        } else {
            fib(n - 1).await + fib(n - 2).await
        }
    }
    assert_eq!(block_on(fib(80)), 23_416_728_348_467_685);
    assert_eq!(RUNS.count(), 81);
}

#[test]
fn an_async_function_can_be_spawned() {
    #[cachier(core = memory)]
    async fn double(n: u32, text: &str) -> Result<u32, std::io::Error> {
        tokio::task::yield_now().await;
        Ok(n * 2 + text.len() as u32)
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let call = async {
        let text = String::from("ab");
        double(4, &text).await
    };
    assert_eq!(
        runtime
            .block_on(async { tokio::spawn(call).await })
            .unwrap()
            .unwrap(),
        10
    );
}

#[test]
fn a_refresh_keeps_what_the_caller_lent() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = "3s", next_time, clock = CLOCK.clone())]
    async fn count(text: &str) -> Result<String, std::io::Error> {
        Ok(format!("{text} {}", RUNS.next()))
    }
    block_on(async {
        assert_eq!(count(&String::from("a")).await.unwrap(), "a 1");
        CLOCK.advance(Duration::from_secs(4));
        assert_eq!(count(&String::from("a")).await.unwrap(), "a 1");
        count::drain().await;
        assert_eq!(count("a").await.unwrap(), "a 2");
    });
}

/// Only where the feature is on: elsewhere the function would wait for a timer that nobody drives.
#[cfg(feature = "tokio")]
#[test]
fn a_refresh_runs_on_the_callers_runtime() {
    static CLOCK: LazyLock<FakeClock> = LazyLock::new(FakeClock::new);
    static RUNS: Runs = Runs::new();
    #[cachier(core = memory, stale_after = "3s", next_time, clock = CLOCK.clone())]
    async fn count(text: &str) -> String {
        tokio::time::sleep(Duration::from_millis(1)).await;
        format!("{text} {}", RUNS.next())
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        assert_eq!(count("a").await, "a 1");
        CLOCK.advance(Duration::from_secs(4));
        assert_eq!(count("a").await, "a 1");
        count::drain().await;
        assert_eq!(count("a").await, "a 2");
    });
}

#[test]
fn an_associated_async_function_has_a_handle() {
    struct Api;
    impl Api {
        #[cachier(core = memory, associated)]
        async fn page(number: u32, text: &str) -> String {
            format!("{text} {number}")
        }
    }
    block_on(async {
        assert_eq!(Api::page(3, "page").await, "page 3");
        assert!(Api::page_cache().is_fresh(3, "page").await);
    });
}

#[test]
fn a_generic_async_function_has_a_cache_for_each_instantiation() {
    #[cachier(core = memory, cache = all)]
    async fn twice<T>(value: T) -> (T, T)
    where
        T: Clone + serde::Serialize + Send + Sync + 'static,
    {
        (value.clone(), value)
    }
    block_on(async {
        assert_eq!(twice(1_u8).await, (1, 1));
        assert_eq!(twice::trace(1_u32).await.outcome, Outcome::Computed);
        assert_eq!(twice("a").await, ("a", "a"));
    });
}
