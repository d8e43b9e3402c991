//! The localStorage core keeps every law in a page, for sync and for async functions.

#![cfg(all(feature = "localstorage", target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod suite;

use suite::kinds::{Asynchronous, Blocking};
use suite::localstorage::{AcrossTabs, BehindAFront, InLocalStorage};
use suite::places::EventLoop;

/// Sync functions cannot wait there: they keep the laws of one caller.
mod sync {
    use super::*;

    type Subject = Blocking<InLocalStorage, EventLoop>;

    suite::laws_of_one_caller!(Subject);
}

mod futures {
    use super::*;

    type Subject = Asynchronous<AcrossTabs, EventLoop>;

    suite::laws_of_one_caller!(Subject);
    suite::laws_of_many_callers!(Subject);
    suite::laws_of_futures!(Subject);
}

mod fronted {
    use super::*;

    type Subject = Blocking<BehindAFront, EventLoop>;

    suite::laws_of_one_caller!(Subject);
}

/// What only this store has to show.
mod own {
    use cachier::core::{Behind, Core, LocalStorage};
    use cachier::{KeepAll, Key, Options};
    use suite::harness::{Scene, Store};
    use suite::places::{fresh_name, next_turn, script};
    use suite::shapes::{self, Kept, Opens, entry, key};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    type Subject = Blocking<InLocalStorage, EventLoop>;

    struct InIt;

    impl Opens for InIt {
        type Core<V: Kept> = LocalStorage<V>;

        fn open<V: Kept>(id: &str) -> LocalStorage<V> {
            LocalStorage::new(id).unwrap()
        }
    }

    fn opened<V>(id: &str) -> LocalStorage<V> {
        LocalStorage::new(id).unwrap()
    }

    async fn item(name: &str) -> Option<String> {
        script(&format!("return localStorage.getItem({name:?});"))
            .await
            .as_string()
    }

    #[wasm_bindgen_test]
    async fn values_of_every_shape_come_back_as_they_were() {
        shapes::all_come_back::<InIt>().await;
        shapes::not_a_number_comes_back::<InIt>().await;
    }

    #[wasm_bindgen_test]
    async fn an_entry_can_be_read_in_the_inspector() {
        let id = fresh_name();
        let core = opened::<(String, Option<u8>)>(&id);
        let key = Key::of(&(7, "é")).unwrap();
        core.set(&key, Some(entry(&("x".into(), None), 5)))
            .await
            .unwrap();
        let shown = script(&format!(
            "const item = JSON.parse(localStorage.getItem('cachier:{id}:[7, \"é\"]'));
             return JSON.stringify([item.value, item.storedAt, item.none]);"
        ));
        assert_eq!(shown.await.as_string().unwrap(), r#"[["x",null],5,0]"#);
        let all = script(&format!(
            "return Object.keys(localStorage)
               .filter((name) => name.startsWith('cachier:{id}'))
               .every((name) => JSON.parse(localStorage.getItem(name)));"
        ));
        assert_eq!(all.await.as_bool(), Some(true));
    }

    #[wasm_bindgen_test]
    async fn ids_that_look_like_keys_share_nothing() {
        let base = fresh_name();
        let ids = [
            "", ":", ":[1]", ":\\[1]", ":[1]:", ":#", ":!", ":![1]", "::[1]", "\\",
        ];
        let cores: Vec<_> = ids
            .iter()
            .map(|id| opened::<String>(&format!("{base}{id}")))
            .collect();
        for (core, id) in cores.iter().zip(ids) {
            let value = id.to_owned();
            core.set(&key(1), Some(entry(&value, 0))).await.unwrap();
        }
        for (core, id) in cores.iter().zip(ids) {
            assert_eq!(core.get(&key(1)).await.unwrap().unwrap().value, id);
            assert_eq!(core.sweep(|_, _| true).await.unwrap().entries, 1, "{id}");
            core.clear().await.unwrap();
        }
    }

    #[wasm_bindgen_test]
    async fn values_that_javascript_would_take_for_others_come_back() {
        let core = opened::<std::collections::BTreeMap<String, (String, u8)>>(&fresh_name());
        let tagged = std::collections::BTreeMap::from([("$".to_owned(), ("Map".to_owned(), 1))]);
        core.set(&key(1), Some(entry(&tagged, 0))).await.unwrap();
        assert_eq!(core.get(&key(1)).await.unwrap().unwrap().value, tagged);
    }

    #[wasm_bindgen_test]
    async fn what_a_function_of_javascript_has_stored_is_found() {
        let id = fresh_name();
        let core = opened::<Vec<u8>>(&id);
        script(&format!(
            "const known = {{ storedAt: 5, size: 1, none: 0, order: 1, generation: 1, key: '8101', arguments: '[1]' }};
             const text = JSON.stringify(known).slice(0, -1) + ',\"value\":{{\"$\":[\"Promise\",[1,2]]}}}}';
             localStorage.setItem('cachier:{id}:[1]', text);"
        ))
        .await;
        let found = core.get(&key(1)).await.unwrap().unwrap();
        assert_eq!(
            (found.value, found.meta.stored_at.as_millis()),
            (vec![1, 2], 5)
        );
    }

    #[wasm_bindgen_test]
    fn the_builder_keeps_values_in_it_with_a_front() {
        let name = fresh_name();
        let define = || {
            let builder = cachier::Memoize::builder().name(&name).in_local_storage();
            builder.function(|n: u32| n * 2).unwrap()
        };
        let (f, again) = (define(), define());
        assert_eq!(
            (f.call((4,)), again.trace((4,)).outcome),
            (8, cachier::Outcome::Hit)
        );
        f.clear_cache();
        assert_eq!(again.trace((4,)).outcome, cachier::Outcome::Computed);
    }

    #[wasm_bindgen_test]
    async fn a_long_key_has_a_digest_for_a_name() {
        let id = fresh_name();
        let core = opened::<u8>(&id);
        let key = Key::of(&("x".repeat(10_000),)).unwrap();
        core.set(&key, Some(entry(&1, 0))).await.unwrap();
        assert_eq!(core.get(&key).await.unwrap().unwrap().value, 1);
        let mut listed = Vec::new();
        core.sweep(|key, _| {
            listed.push(key.clone());
            true
        })
        .await
        .unwrap();
        assert_eq!(listed, [key]);
    }

    #[wasm_bindgen_test]
    async fn a_damaged_item_is_a_miss_and_heals() {
        let scene = Scene::<Subject>::new();
        let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()));
        assert_eq!(f.call(1, 2).await, 1);
        let names = script(
            "const names = Object.keys(localStorage).filter((name) => name.endsWith('/f:[1, 2]'));
             names.forEach((name) => localStorage.setItem(name, '{\"storedAt\":7'));
             return names.length;",
        );
        assert!(names.await.as_f64().unwrap() >= 1.0);
        assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (2, 2));
    }

    #[wasm_bindgen_test]
    async fn where_the_quota_is_exceeded_own_oldest_make_room_and_others_stay() {
        let id = fresh_name();
        let core = opened::<String>(&id);
        let part = |letter: char| letter.to_string().repeat(100_000);
        for (number, letter) in (0..3).zip('a'..) {
            core.set(&key(number), Some(entry(&part(letter), 0)))
                .await
                .unwrap();
        }
        script(
            "let part = 'o'.repeat(1 << 20);
             for (let number = 0; part.length > 0; number += 1) {
               try {
                 localStorage.setItem('other ' + number, part);
               } catch {
                 part = part.slice(part.length / 2 + 1);
               }
             }",
        )
        .await;
        let stored = core.set(&key(9), Some(entry(&part('z'), 0))).await;
        let beyond = core
            .set(&key(10), Some(entry(&"x".repeat(20 << 20), 0)))
            .await;
        let others = script(
            "const others = Object.keys(localStorage).filter((name) => name.startsWith('other '));
             others.forEach((name) => localStorage.removeItem(name));
             return others.length;",
        );
        assert!(others.await.as_f64().unwrap() > 1.0);
        stored.unwrap();
        assert!(beyond.unwrap_err().is_storage());
        assert_eq!(item(&format!("cachier:{id}:[0]")).await, None);
    }

    #[wasm_bindgen_test]
    async fn where_it_is_forbidden_calls_still_return() {
        script(
            "self.allowed = Object.getOwnPropertyDescriptor(window, 'localStorage');
             Object.defineProperty(window, 'localStorage', {
               configurable: true,
               get() { throw new DOMException('forbidden', 'SecurityError'); },
             });",
        )
        .await;
        let scene = Scene::<Subject>::new();
        let f = scene.sample::<KeepAll, u64>(scene.definition(Options::new()));
        let values = (f.call(1, 2).await, f.call(1, 2).await);
        script("Object.defineProperty(window, 'localStorage', self.allowed);").await;
        assert_eq!(values, (1, 2));
        assert_eq!((f.call(1, 2).await, f.call(1, 2).await), (3, 3));
    }

    #[wasm_bindgen_test]
    async fn what_another_document_stores_is_heard() {
        let id = fresh_name();
        let core = opened::<u8>(&id);
        core.set(&key(1), Some(entry(&1, 0))).await.unwrap();
        let (_, stamp) = core.get_stamped(&key(1)).await.unwrap().unwrap();
        assert!(core.is_current(stamp));
        script(&format!(
            "const frame = document.createElement('iframe');
             document.body.append(frame);
             frame.contentWindow.localStorage.setItem('cachier:{id}:[1]', 'by another');
             self.frame = frame;"
        ))
        .await;
        for _ in 0..10_000 {
            if !core.is_current(stamp) {
                break;
            }
            next_turn().await;
        }
        script("self.frame.remove();").await;
        assert!(!core.is_current(stamp));
    }

    #[wasm_bindgen_test]
    async fn a_claim_holds_against_those_of_other_tabs_where_asked() {
        let store = AcrossTabs::new();
        let core = store.open::<u64>("f", suite::harness::Bounds::default());
        let held = core.claim(&key(1), 0).await.unwrap();
        assert!(held.is_some());
        let locks = script(
            "const { held } = await navigator.locks.query();
             return held.filter((lock) => lock.name.startsWith('cachier2:cachier:')).length;",
        );
        assert_eq!(locks.await.as_f64(), Some(1.0));
        drop(held);
        assert!(core.claim(&key(1), 0).await.unwrap().is_some());
    }
}
