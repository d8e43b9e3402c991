//! A hit in memory of an async function, on a runtime of one thread.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use cached::macros::cached;
use cachier::{Memoize, cachier};
use tokio::runtime::{Builder, Runtime};

use super::memory::double;
use crate::work::{Against, Work};

const KEY: u64 = 42;

#[cachier(core = memory)]
async fn ours(number: u64) -> u64 {
    double(number)
}

#[cached]
async fn by_cached(number: u64) -> u64 {
    double(number)
}

pub fn hit() -> Work {
    let runtime = Builder::new_current_thread().build();
    let runtime = Rc::new(runtime.unwrap_or_else(|error| panic!("{error}")));
    let built = Memoize::builder().async_function(|number: u64| async move { double(number) });
    let built = Rc::new(built.unwrap_or_else(|error| panic!("{error}")));
    let quick = Rc::new(quick_cache::sync::Cache::new(1_000));
    let moka = moka::future::Cache::new(1_000);
    let on = |runtime: &Rc<Runtime>| runtime.clone();
    Work::new(
        "hit-async",
        "A hit in memory, async fn(u64) -> u64, tokio's current_thread",
    )
    .ours(
        "cachier, the attribute",
        repeated(on(&runtime), || ours(black_box(KEY))),
    )
    .ours(
        "cachier, the builder",
        repeated(on(&runtime), move || {
            let built = built.clone();
            async move { built.call((black_box(KEY),)).await }
        }),
    )
    .peer(
        "quick_cache",
        repeated(on(&runtime), move || {
            let quick = quick.clone();
            async move {
                let key = black_box(KEY);
                let made = quick.get_or_insert_async(&key, async { Ok::<_, ()>(double(key)) });
                made.await.unwrap_or(0)
            }
        }),
    )
    .peer(
        "cached",
        repeated(on(&runtime), || by_cached(black_box(KEY))),
    )
    .peer(
        "moka",
        repeated(on(&runtime), move || {
            let moka = moka.clone();
            async move { moka.get_with(black_box(KEY), async { double(KEY) }).await }
        }),
    )
    .goal(1.5, Against::BestOf(&["quick_cache", "cached", "moka"]))
}

fn repeated<F: Future<Output = u64>>(
    runtime: Rc<Runtime>,
    call: impl Fn() -> F + 'static,
) -> impl FnMut(u64) -> Duration {
    move |count| {
        runtime.block_on(async {
            let start = Instant::now();
            for _ in 0..count {
                black_box(call().await);
            }
            start.elapsed()
        })
    }
}
