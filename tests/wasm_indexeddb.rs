//! The IndexedDB core keeps every law in a page and in a dedicated worker, wherever this is run.

#![cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::indexeddb::{BehindAFront, InIndexedDb};
use suite::kinds::Asynchronous;
use suite::places::EventLoop;

type Subject = Asynchronous<InIndexedDb, EventLoop>;

suite::laws_of_one_caller!(Subject);
suite::laws_of_many_callers!(Subject);
suite::laws_of_futures!(Subject);

mod fronted {
    use super::*;

    type Subject = Asynchronous<BehindAFront, EventLoop>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
}

/// What only this store has to show.
mod own {
    use cachier::core::{AsIs, Behind, BrowserClaim, Core, IndexedDb, Tiered};
    use cachier::{KeepAll, Options};
    use futures_lite::future::zip;
    use suite::harness::Scene;
    use suite::places::{fresh_name, next_turn, script};
    use suite::shapes::{self, Kept, Opens, entry, key};
    use wasm_bindgen::JsValue;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    struct InIt;

    impl Opens for InIt {
        type Core<V: Kept> = IndexedDb<V>;

        fn open<V: Kept>(id: &str) -> IndexedDb<V> {
            IndexedDb::new(id)
        }
    }

    #[wasm_bindgen_test]
    async fn values_of_every_shape_come_back_as_they_were() {
        shapes::all_come_back::<InIt>().await;
        shapes::not_a_number_comes_back::<InIt>().await;
    }

    #[wasm_bindgen_test]
    async fn values_of_javascript_are_cloned_as_they_are() {
        let core = IndexedDb::<JsValue, AsIs>::with_form(&fresh_name());
        let value = script(
            "const value = {
               map: new Map([[{}, 1n]]), set: new Set([NaN]), date: new Date(5), pattern: /x/g,
               bytes: new Uint8Array([1, 2]), zero: -0, nothing: undefined,
               error: new RangeError('far'),
             };
             value.itself = value;
             return value;",
        )
        .await;
        core.set(&key(1), Some(entry(&value, 0))).await.unwrap();
        let read = core.get(&key(1)).await.unwrap().unwrap().value;
        let same = js_sys::Function::new_with_args(
            "read",
            "const { map, set, date, pattern, bytes, zero, error } = read;
             return [...map.values()][0] === 1n && set.has(NaN) && date.getTime() === 5
               && pattern.flags === 'g' && bytes[1] === 2 && Object.is(zero, -0)
               && 'nothing' in read && error.message === 'far' && read.itself === read;",
        );
        let same = same.call1(&JsValue::UNDEFINED, &read).unwrap();
        assert_eq!(same.as_bool(), Some(true));
        let function = js_sys::Function::new_no_args("").into();
        let refused = core.set(&key(1), Some(entry(&function, 0))).await;
        assert!(refused.unwrap_err().to_string().contains("DataCloneError"));
        assert!(
            core.get(&key(1)).await.unwrap().is_some(),
            "what there was stays"
        );
    }

    #[wasm_bindgen_test]
    async fn an_entry_can_be_read_in_the_inspector() {
        let id = fresh_name();
        let core = IndexedDb::<(String, u8)>::new(&id);
        core.set(&key(7), Some(entry(&("x".into(), 1), 5)))
            .await
            .unwrap();
        let shown = script(&format!(
            "const database = await new Promise((resolve) => {{
               indexedDB.open('cachier2').onsuccess = (event) => resolve(event.target.result);
             }});
             const all = await new Promise((resolve) => {{
               database.transaction('entries').objectStore('entries').getAll().onsuccess =
                 (event) => resolve(event.target.result);
             }});
             database.close();
             const {{ arguments: given, value, storedAt }} = all.find((row) => row.id === '{id}').entry;
             return JSON.stringify({{ given, value, storedAt }});"
        ));
        let shown = shown.await.as_string().unwrap();
        assert_eq!(shown, r#"{"given":"[7]","value":["x",1],"storedAt":5}"#);
    }

    #[wasm_bindgen_test]
    async fn what_is_asked_in_one_turn_shares_a_transaction() {
        let core = IndexedDb::<u32>::new(&fresh_name());
        core.set(&key(1), Some(entry(&1, 0))).await.unwrap();
        next_turn().await;
        script(
            "self.transactions = 0;
             self.begin = IDBDatabase.prototype.transaction;
             IDBDatabase.prototype.transaction = function (...given) {
               self.transactions += 1;
               return self.begin.apply(this, given);
             };",
        )
        .await;
        let (one, two) = (key(1), key(2));
        let sets = zip(
            core.set(&one, Some(entry(&3, 0))),
            core.set(&two, Some(entry(&4, 0))),
        );
        let (set, gets) = zip(sets, zip(core.get(&one), core.get(&two))).await;
        let count = script(
            "IDBDatabase.prototype.transaction = self.begin;
             return self.transactions;",
        );
        assert_eq!(count.await.as_f64(), Some(1.0));
        set.0.unwrap();
        set.1.unwrap();
        assert!(
            gets.0.unwrap().is_some(),
            "as it was when it was asked for, or as it is now"
        );
        gets.1.unwrap();
        let swept = core.sweep(|_, _| true).await.unwrap();
        assert_eq!(swept.entries, 2);
    }

    /// Lets the next put fail, and its second try on its own, as where the quota is exceeded; a real one is as large
    /// as half a disk.
    async fn fail_next_put() {
        script(
            "const put = IDBObjectStore.prototype.put;
             let tries = 2;
             IDBObjectStore.prototype.put = function () {
               tries -= 1;
               if (tries === 0) IDBObjectStore.prototype.put = put;
               throw new DOMException('full', 'QuotaExceededError');
             };",
        )
        .await;
    }

    #[wasm_bindgen_test]
    async fn where_the_quota_is_exceeded_the_oldest_make_room() {
        let core = IndexedDb::<String>::new(&fresh_name());
        for number in 0..4 {
            let value = "x".repeat(100);
            core.set(&key(number), Some(entry(&value, 0)))
                .await
                .unwrap();
        }
        fail_next_put().await;
        core.set(&key(9), Some(entry(&"y".repeat(150), 0)))
            .await
            .unwrap();
        let mut left = Vec::new();
        for number in [0, 1, 2, 3, 9] {
            if core.get(&key(number)).await.unwrap().is_some() {
                left.push(number);
            }
        }
        assert_eq!(left, [2, 3, 9]);
        let swept = core.sweep(|_, _| true).await.unwrap();
        assert_eq!((swept.entries, swept.evicted), (3, 2));
    }

    /// How many requests are made of IndexedDB meanwhile.
    async fn requests_of(work: impl Future<Output = ()>) -> f64 {
        script(
            "self.requests = 0;
             self.originals = {};
             for (const name of ['get', 'getAll', 'put']) {
               const original = self.originals[name] = IDBObjectStore.prototype[name];
               IDBObjectStore.prototype[name] = function (...given) {
                 self.requests += 1;
                 return original.apply(this, given);
               };
             }",
        )
        .await;
        work.await;
        let count = script(
            "Object.assign(IDBObjectStore.prototype, self.originals);
             return self.requests;",
        );
        count.await.as_f64().unwrap()
    }

    #[wasm_bindgen_test]
    async fn small_entries_are_read_together_and_large_ones_when_they_are_asked_for() {
        let id = fresh_name();
        let core = IndexedDb::<String>::new(&id);
        for number in 0..20 {
            let value = "x".repeat(if number == 7 { 100_000 } else { 10 });
            core.set(&key(number), Some(entry(&value, 0)))
                .await
                .unwrap();
        }
        let fronted = Tiered::new(IndexedDb::<String>::new(&id)).preload(4 << 20);
        assert!(fronted.get(&key(3)).await.unwrap().is_some());
        let small = requests_of(async {
            for number in (0..20).filter(|number| *number != 7) {
                let found = fronted.get(&key(number)).await.unwrap().unwrap();
                assert_eq!(found.value, "x".repeat(10));
            }
        });
        assert_eq!(small.await, 0.0);
        core.set(&key(3), Some(entry(&"new".into(), 0)))
            .await
            .unwrap();
        let found = fronted.get(&key(3)).await.unwrap().unwrap();
        assert_eq!(found.value, "new", "what was read before is not served");
        let large = fronted.get(&key(7)).await.unwrap().unwrap();
        assert_eq!(large.value.len(), 100_000);
    }

    #[wasm_bindgen_test]
    async fn what_was_packed_is_read_together_as_it_is_now() {
        let id = fresh_name();
        let core = IndexedDb::<String>::new(&id);
        for number in 0..100 {
            let value = format!("value {number}");
            core.set(&key(number), Some(entry(&value, 5)))
                .await
                .unwrap();
        }
        assert_eq!(core.preload(4 << 20).await.unwrap().len(), 100);
        script(&format!(
            "const settled = (request) => new Promise((resolve) => {{
               request.onsuccess = () => resolve(request.result);
             }});
             const database = await settled(indexedDB.open('cachier2'));
             const packed = () => settled(database.transaction('entries').objectStore('entries').get(['{id}', '']));
             while ((await packed()) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
             database.close();"
        ))
        .await;
        core.set(&key(3), Some(entry(&"new".into(), 7)))
            .await
            .unwrap();
        let read = core.preload(4 << 20).await.unwrap();
        assert_eq!(read.len(), 100);
        for (found, entry, _) in read {
            let number = (0..100)
                .find(|number| key(*number) == found)
                .expect("a key of ours");
            let expected = match number {
                3 => ("new".to_string(), 7),
                _ => (format!("value {number}"), 5),
            };
            assert_eq!((entry.value, entry.meta.stored_at.as_millis()), expected);
        }
    }

    /// A claim that somebody is giving back.
    async fn claim_in_time(core: &IndexedDb<u32>, key: &cachier::Key) -> BrowserClaim {
        for _ in 0..1_000 {
            if let Some(claim) = core.claim(key, 0).await.unwrap() {
                return claim;
            }
            next_turn().await;
        }
        panic!("it is held for ever");
    }

    /// Gives what it is given.
    fn unchanging() -> cachier::AsyncMemoize<(u32,), u32, cachier::KeepAll, IndexedDb<u32>> {
        let name = fresh_name();
        cachier::Memoize::builder()
            .name(&name)
            .core(IndexedDb::new(&name))
            .async_function(|n: u32| async move { n })
            .unwrap()
    }

    #[wasm_bindgen_test]
    async fn what_is_read_once_more_under_a_claim_came_with_the_claim() {
        let f = unchanging();
        assert_eq!(f.call((1,)).await, 1);
        let miss = requests_of(async { assert_eq!(f.call((2,)).await, 2) });
        // A look; what there is of key and function, for the claim and for the store; the store.
        assert_eq!(miss.await, 6.0);
    }

    #[wasm_bindgen_test]
    async fn whoever_stops_waiting_leaves_no_claim_behind() {
        let core = IndexedDb::<u32>::new(&fresh_name());
        let key = key(1);
        let dropped = futures_lite::future::poll_once(core.claim(&key, 0)).await;
        assert!(dropped.is_none(), "it has to be waited for");
        let claim = claim_in_time(&core, &key).await;
        assert!(core.put(claim, entry(&2, 0)).await.unwrap());
    }

    #[wasm_bindgen_test]
    async fn the_builder_keeps_values_in_it_with_a_front() {
        let name = fresh_name();
        let define = || {
            cachier::Memoize::builder()
                .name(&name)
                .version("2")
                .preload("1 MiB")
                .unwrap()
                .in_indexed_db()
                .async_function(|n: u32| async move { n * 2 })
                .unwrap()
        };
        let (f, again) = (define(), define());
        assert_eq!(f.call((4,)).await, 8);
        assert_eq!(again.trace((4,)).await.outcome, cachier::Outcome::Hit);
        assert!(f.remove(&(4,)).await.unwrap());
        let traced = again.trace((4,)).await;
        assert_eq!(traced.outcome, cachier::Outcome::Computed);
    }

    #[wasm_bindgen_test]
    async fn arguments_that_are_not_to_be_kept_are_not() {
        let id = fresh_name();
        let core = IndexedDb::<u32>::new(&id).store_args(false);
        core.set(&key(7), Some(entry(&1, 0))).await.unwrap();
        assert_eq!(core.get(&key(7)).await.unwrap().unwrap().value, 1);
        let mut listed = Vec::new();
        let all = core.sweep(|key, _| {
            listed.push(key.clone());
            true
        });
        all.await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_ne!(listed, [key(7)]);
        core.set(&listed[0], None).await.unwrap();
        assert!(core.get(&key(7)).await.unwrap().is_none());
    }

    #[wasm_bindgen_test]
    async fn a_failure_leaves_those_alone_who_share_its_transaction() {
        let core = IndexedDb::<u32>::new(&fresh_name());
        core.set(&key(0), Some(entry(&0, 0))).await.unwrap();
        script(
            "const put = IDBObjectStore.prototype.put;
             IDBObjectStore.prototype.put = function (...given) {
               if (given[0].entry?.arguments === '[1]') throw new DOMException('no', 'DataCloneError');
               return put.apply(this, given);
             };
             self.restore = () => { IDBObjectStore.prototype.put = put; };",
        )
        .await;
        let (one, two) = (key(1), key(2));
        let sets = zip(
            core.set(&one, Some(entry(&1, 0))),
            core.set(&two, Some(entry(&2, 0))),
        );
        let (guilty, innocent) = sets.await;
        script("self.restore();").await;
        assert!(guilty.unwrap_err().to_string().contains("DataCloneError"));
        innocent.unwrap();
        let swept = core.sweep(|_, _| true).await.unwrap();
        assert_eq!(swept.entries, 2);
    }

    #[wasm_bindgen_test]
    async fn a_database_deleted_in_mid_use_is_made_anew() {
        let scene = Scene::<Subject>::new();
        let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()));
        assert_eq!(f.call(1, 2).await, 1);
        let outcome = script(
            "return await new Promise((resolve) => {
               const request = indexedDB.deleteDatabase('cachier2');
               request.onblocked = () => resolve('blocked');
               request.onsuccess = () => resolve('deleted');
             });",
        );
        assert_eq!(outcome.await.as_string().unwrap(), "deleted");
        assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (2, 2));
        assert_eq!(f.entry_count().await, 1);
    }

    #[wasm_bindgen_test]
    async fn where_another_tab_has_upgraded_the_database_calls_still_return() {
        let scene = Scene::<Subject>::new();
        let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()));
        assert_eq!(f.call(1, 2).await, 1);
        let upgraded = script(
            "const opened = await new Promise((resolve) => {
               const request = indexedDB.open('cachier2', 2);
               request.onblocked = () => resolve();
               request.onsuccess = () => resolve(request.result);
             });
             opened?.close();
             return opened !== undefined;",
        );
        assert_eq!(upgraded.await.as_bool(), Some(true), "nothing blocks it");
        assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (2, 3));
        script(
            "await new Promise((resolve) => {
                  indexedDB.deleteDatabase('cachier2').onsuccess = resolve;
                });",
        )
        .await;
        assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (4, 4));
    }

    #[wasm_bindgen_test]
    async fn a_claim_of_another_context_holds_until_that_ends() {
        let id = fresh_name();
        let core = IndexedDb::<u32>::new(&id);
        let key = key(1);
        script(&format!(
            "const source = `navigator.locks.request('cachier2:indexeddb:{id}:[1]:0:0', () => {{
               postMessage('held');
               return new Promise(() => {{}});
             }})`;
             self.other = new Worker(URL.createObjectURL(new Blob([source])));
             await new Promise((resolve) => {{ self.other.onmessage = resolve; }});"
        ))
        .await;
        assert!(core.claim(&key, 0).await.unwrap().is_none());
        let successor = core.claim(&key, 1).await.unwrap().unwrap();
        assert!(core.put(successor, entry(&1, 0)).await.unwrap());
        script("self.other.terminate();").await;
        let claim = claim_in_time(&core, &key).await;
        assert!(core.put(claim, entry(&2, 0)).await.unwrap());
    }

    #[wasm_bindgen_test]
    async fn clearing_everything_reaches_what_has_to_be_waited_for() {
        let f = unchanging();
        assert_eq!(f.call((1,)).await, 1);
        assert!(f.peek(&(1,)).await.is_some());
        cachier::clear_all();
        f.drain().await;
        assert!(f.peek(&(1,)).await.is_none());
    }

    #[wasm_bindgen_test]
    async fn a_page_that_is_put_aside_gives_its_claims_up() {
        let core = IndexedDb::<u32>::new(&fresh_name());
        let key = key(1);
        let before = core.claim(&key, 0).await.unwrap().unwrap();
        core.set(&shapes::key(2), Some(entry(&1, 0))).await.unwrap();
        let (_, stamp) = core.get_stamped(&shapes::key(2)).await.unwrap().unwrap();
        assert!(core.is_current(stamp));
        script("self.dispatchEvent(new Event('pagehide'));").await;
        let now = core.claim(&key, 0).await.unwrap();
        assert!(!core.put(before, entry(&1, 0)).await.unwrap());
        assert!(core.put(now.unwrap(), entry(&2, 0)).await.unwrap());
        script("self.dispatchEvent(new Event('pageshow'));").await;
        assert!(!core.is_current(stamp), "what was read before may be old");
    }

    #[wasm_bindgen_test]
    async fn other_tabs_hear_of_what_is_stored_and_are_heard() {
        let id = fresh_name();
        let core = IndexedDb::<u32>::new(&id);
        script(
            "self.heard = [];
                self.ear = new BroadcastChannel('cachier2');
                self.ear.onmessage = ({ data }) => {
                    if (data.length === 0) self.ear.postMessage(['']);
                    else self.heard.push(data[0]);
                };
                self.ear.postMessage([]);",
        )
        .await;
        core.set(&key(1), Some(entry(&1, 0))).await.unwrap();
        let (_, stamp) = core.get_stamped(&key(1)).await.unwrap().unwrap();
        assert!(core.is_current(stamp));
        let heard = format!("return self.heard.includes('indexeddb:{id}')");
        let mut turns = 0;
        while script(&heard).await.is_falsy() {
            turns += 1;
            assert!(turns < 10_000, "nothing was heard");
            next_turn().await;
        }
        script(&format!(
            "self.ear.postMessage(['indexeddb:{id}', undefined]);"
        ))
        .await;
        for _ in 0..10_000 {
            if !core.is_current(stamp) {
                break;
            }
            next_turn().await;
        }
        script("self.ear.close();").await;
        assert!(!core.is_current(stamp));
    }
}
