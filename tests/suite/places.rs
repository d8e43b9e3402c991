//! Where callers run: threads, tokio's tasks, or the one event loop of a page or a worker.

use super::tools::Pending;

/// Runs laws, and callers beside the law's own.
pub trait Place: 'static {
    #[cfg(not(target_arch = "wasm32"))]
    fn run(law: Pending<'static, ()>);

    fn spawn(task: Pending<'static, ()>);
}

#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
#[cfg(target_arch = "wasm32")]
pub use web::*;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::time::Duration;

    use super::*;

    /// No law takes a second; one that takes this long is deadlocked.
    const LONGEST_LAW: Duration = Duration::from_secs(30);

    /// Tries a law, in its own thread so that one that never ends fails.
    pub fn run<P: Place, F: Future<Output = ()> + Send + 'static>(law: F) {
        let (sender, over) = channel::<()>();
        let law = std::thread::spawn(move || {
            let _sender = sender;
            P::run(Box::pin(law));
        });
        if over.recv_timeout(LONGEST_LAW) == Err(RecvTimeoutError::Timeout) {
            panic!("the law has not ended after {LONGEST_LAW:?}");
        }
        law.join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }

    /// A sync function runs to its end on its thread, however long that waits.
    pub fn finish<R>(body: Pending<'static, R>) -> R {
        futures_lite::future::block_on(body)
    }

    pub fn settle_sync<'a>(drain: impl FnOnce() + Send + 'a) -> Pending<'a, ()> {
        Box::pin(async move { drain() })
    }

    /// Every caller on a thread of its own, which drives its own future.
    pub struct Threads;

    /// The tasks of a tokio runtime of several threads.
    pub struct Tokio;

    /// The tasks of a tokio runtime of one thread.
    pub struct TokioOfOneThread;

    impl Place for Threads {
        fn run(law: Pending<'static, ()>) {
            futures_lite::future::block_on(law);
        }

        fn spawn(task: Pending<'static, ()>) {
            std::thread::spawn(|| futures_lite::future::block_on(task));
        }
    }

    impl Place for Tokio {
        fn run(law: Pending<'static, ()>) {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(4).build().unwrap().block_on(law);
        }

        fn spawn(task: Pending<'static, ()>) {
            tokio::spawn(task);
        }
    }

    impl Place for TokioOfOneThread {
        fn run(law: Pending<'static, ()>) {
            tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(law);
        }

        fn spawn(task: Pending<'static, ()>) {
            tokio::spawn(task);
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod web {
    use js_sys::{Function, Promise};
    use wasm_bindgen::prelude::*;

    use super::*;

    #[wasm_bindgen]
    extern "C" {
        type MessageChannel;
        type MessagePort;

        #[wasm_bindgen(constructor)]
        fn new() -> MessageChannel;

        #[wasm_bindgen(method, getter)]
        fn port1(this: &MessageChannel) -> MessagePort;

        #[wasm_bindgen(method, getter)]
        fn port2(this: &MessageChannel) -> MessagePort;

        #[wasm_bindgen(method, setter)]
        fn set_onmessage(this: &MessagePort, listener: &Function);

        #[wasm_bindgen(method, js_name = postMessage)]
        fn post_message(this: &MessagePort, message: &JsValue);

        #[wasm_bindgen(method)]
        fn close(this: &MessagePort);
    }

    /// What the body of an async function of JavaScript returns.
    ///
    /// # Panics
    ///
    /// If it throws.
    pub fn script(body: &str) -> impl Future<Output = JsValue> + use<> {
        let promise = js_sys::eval(&format!("(async () => {{ {body} }})()")).unwrap();
        let returned = wasm_bindgen_futures::JsFuture::from(Promise::from(promise));
        async { returned.await.unwrap() }
    }

    /// A name that nothing else has, in this run or an earlier one.
    pub fn fresh_name() -> String {
        format!("law {}", js_sys::Math::random())
    }

    /// The next turn of the event loop; a timer would wait for milliseconds.
    pub async fn next_turn() {
        let channel = MessageChannel::new();
        let (sender, receiver) = (channel.port1(), channel.port2());
        let arrived = Promise::new(&mut |resolve, _| receiver.set_onmessage(&resolve));
        sender.post_message(&JsValue::NULL);
        wasm_bindgen_futures::JsFuture::from(arrived).await.unwrap();
        receiver.close();
    }

    /// A sync function of a page cannot wait.
    pub fn finish<R>(body: Pending<'static, R>) -> R {
        let ready = futures_lite::future::poll_once(body);
        let ready = futures_lite::future::block_on(ready);
        ready.expect("no law of one caller makes a sync function wait")
    }

    /// Nobody can wait for a refresh without an event loop, but it needs only a few turns.
    pub fn settle_sync<'a>(_drain: impl FnOnce() + 'a) -> Pending<'a, ()> {
        Box::pin(async {
            for _ in 0..20 {
                super::super::tools::yield_to_others().await;
            }
        })
    }

    /// The event loop of a page or a worker.
    pub struct EventLoop;

    impl Place for EventLoop {
        fn spawn(task: Pending<'static, ()>) {
            wasm_bindgen_futures::spawn_local(task);
        }
    }
}
