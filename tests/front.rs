//! A front serves what is stored and nothing else, and asks the core behind it no more than it has to.

#![cfg(not(any(target_arch = "wasm32", shuttle)))]
#![allow(clippy::unwrap_used)]

#[path = "suite/slotted.rs"]
mod slotted;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use cachier::core::{Core, Tiered};
use cachier::{Entry, Key, Meta, Timestamp};
use futures_lite::future::block_on;
use slotted::Slotted;

type Fronted = Tiered<u32, Slotted<u32>>;

fn entry<V>(value: &V, size: u64) -> Entry<&V> {
    let meta = Meta {
        stored_at: Timestamp::from_millis(0),
        size,
        none: false,
    };
    Entry { value, meta }
}

fn key(number: u32) -> Key {
    Key::of(&(number,)).unwrap()
}

fn set(core: &impl Core<u32>, number: u32, value: Option<u32>) {
    let entry = value.as_ref().map(|value| entry(value, 10));
    block_on(core.set(&key(number), entry)).unwrap();
}

fn get(core: &impl Core<u32>, number: u32) -> Option<u32> {
    let found = block_on(core.get(&key(number))).unwrap();
    found.map(|entry| entry.value)
}

/// One store, and two fronts before it, as two processes have them.
fn two_fronts() -> (Slotted<u32>, Fronted, Fronted) {
    let core = Slotted::new();
    (core.clone(), Tiered::new(core.clone()), Tiered::new(core))
}

#[test]
fn what_was_read_once_is_not_read_again() {
    let (core, front, _) = two_fronts();
    set(&core, 1, Some(7));
    assert_eq!([(); 3].map(|()| get(&front, 1)), [Some(7); 3]);
    assert_eq!(core.reads(), 1);
}

#[test]
fn what_was_stored_here_is_not_read_at_all() {
    let (core, front, _) = two_fronts();
    let claim = block_on(front.claim(&key(1), 0)).unwrap().unwrap();
    assert!(block_on(front.put(claim, entry(&7, 10))).unwrap());
    set(&front, 2, Some(8));
    assert_eq!((get(&front, 1), get(&front, 2)), (Some(7), Some(8)));
    assert_eq!(core.reads(), 0);
}

#[test]
fn what_another_stores_removes_or_clears_is_seen_at_once() {
    let (_, front, other) = two_fronts();
    set(&front, 1, Some(7));
    assert_eq!(get(&front, 1), Some(7));
    set(&other, 1, Some(8));
    assert_eq!(get(&front, 1), Some(8));
    set(&other, 1, None);
    assert_eq!(get(&front, 1), None);
    set(&front, 1, Some(9));
    block_on(other.clear()).unwrap();
    assert_eq!(get(&front, 1), None);
}

#[test]
fn what_a_sweep_removes_is_not_served() {
    let (_, front, other) = two_fronts();
    (1..=3).for_each(|number| set(&front, number, Some(number)));
    let swept = block_on(other.sweep(|found, _| *found != key(2))).unwrap();
    assert_eq!((swept.entries, swept.removed), (2, 1));
    assert_eq!(
        [1, 2, 3].map(|number| get(&front, number)),
        [Some(1), None, Some(3)]
    );
}

#[test]
fn a_put_whose_claim_was_overtaken_changes_nothing() {
    let (_, front, other) = two_fronts();
    let claim = block_on(front.claim(&key(1), 0)).unwrap().unwrap();
    set(&other, 1, Some(8));
    assert!(!block_on(front.put(claim, entry(&7, 10))).unwrap());
    assert_eq!(get(&front, 1), Some(8));
}

#[test]
fn a_claim_is_given_back_when_dropped() {
    let (_, front, other) = two_fronts();
    let claim = block_on(front.claim(&key(1), 0)).unwrap();
    assert!(block_on(other.claim(&key(1), 0)).unwrap().is_none());
    drop(claim);
    assert!(block_on(other.claim(&key(1), 0)).unwrap().is_some());
}

#[test]
fn a_coherent_core_and_one_without_a_front_read_at_each_call() {
    for front in [
        (|core| Tiered::new(core).coherent(true)) as fn(Slotted<u32>) -> Fronted,
        |core| Tiered::new(core).front(0),
    ] {
        let core = Slotted::new();
        let front = front(core.clone());
        set(&front, 1, Some(7));
        assert_eq!([(); 3].map(|()| get(&front, 1)), [Some(7); 3]);
        assert_eq!(core.reads(), 3);
    }
}

#[test]
fn a_front_holds_no_more_bytes_than_it_may_and_spares_what_is_used() {
    let core = Slotted::new();
    let front = Tiered::new(core.clone()).front(100);
    (0..10).for_each(|number| set(&front, number, Some(number)));
    assert_eq!(get(&front, 0), Some(0));
    set(&front, 10, Some(10));
    (0..=10).for_each(|number| assert_eq!(get(&core, number), Some(number)));
    let before = core.reads();
    assert_eq!((get(&front, 0), core.reads()), (Some(0), before));
    assert_eq!((get(&front, 1), core.reads()), (Some(1), before + 1));
}

#[test]
fn an_entry_larger_than_the_front_is_read_at_each_call() {
    let core = Slotted::new();
    let front = Tiered::new(core.clone()).front(100);
    block_on(front.set(&key(1), Some(entry(&7, 101)))).unwrap();
    assert_eq!([(); 2].map(|()| get(&front, 1)), [Some(7); 2]);
    assert_eq!(core.reads(), 2);
}

/// A value that tells how often it was copied.
struct Counted(Arc<AtomicU32>);

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Relaxed);
        Self(self.0.clone())
    }
}

#[test]
fn a_value_is_copied_once_for_each_core_that_keeps_it() {
    let front = Tiered::new(Slotted::new()).front(100);
    for (size, copies) in [(100, 2), (101, 1)] {
        let value = Counted(Arc::default());
        block_on(front.set(&key(1), Some(entry(&value, size)))).unwrap();
        assert_eq!(value.0.load(Relaxed), copies, "of {size} bytes");
    }
}

#[test]
fn a_large_front_is_divided_and_holds_what_its_parts_can() {
    let core = Slotted::new();
    let front = Tiered::new(core.clone()).front(16 << 20);
    let size = [8 << 20, (8 << 20) + 1];
    for (number, size) in (0..).zip(size) {
        block_on(front.set(&key(number), Some(entry(&7, size)))).unwrap();
        get(&front, number);
    }
    assert_eq!(core.reads(), 1, "only the larger one was read");
}
