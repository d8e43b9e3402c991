//! Both tables, against the standard library's map.
#![allow(clippy::unwrap_used)]

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::{Map, Table, small};
use crate::key::Key;

/// Few keys, so that places are taken again.
fn changes() -> impl Strategy<Value = Vec<(u8, bool)>> {
    prop::collection::vec((0..40_u8, any::<bool>()), 0..400)
}

/// Of every third number a key that no row has room for.
fn key_of(number: u8) -> Key {
    let text = "long ".repeat(usize::from(number % 3) / 2 * usize::from(number));
    Key::of(&(number, text)).unwrap()
}

macro_rules! agrees_with_the_standard_library {
    ($name:ident, $map:ty) => {
        proptest! {
            #[test]
            fn $name(changes in changes()) {
                let mut map = <$map>::default();
                let mut there = HashMap::new();
                for (round, (number, is_insertion)) in changes.into_iter().enumerate() {
                    let key = key_of(number);
                    if is_insertion {
                        map.insert(&key, round);
                        there.insert(number, round);
                    } else {
                        prop_assert_eq!(map.remove(&key), there.remove(&number));
                    }
                    prop_assert_eq!(map.get(&key), there.get(&number));
                    prop_assert_eq!(map.len(), there.len());
                }
                map.values_mut().for_each(|round| *round += 1);
                there.values_mut().for_each(|round| *round += 1);
                map.retain(|round| round % 2 == 0);
                there.retain(|_, round| *round % 2 == 0);
                for number in 0..40 {
                    let key = key_of(number);
                    prop_assert_eq!(map.get_mut(&key), there.get_mut(&number));
                }
                map.clear();
                prop_assert_eq!(map.len(), 0);
            }
        }
    };
}

agrees_with_the_standard_library!(the_quick_map_finds_what_is_there, Map<usize>);
agrees_with_the_standard_library!(the_small_map_finds_what_is_there, small::Map<usize>);

proptest! {
    #[test]
    fn the_quick_table_finds_what_is_there(changes in changes()) {
        let hasher = super::Hasher::default();
        let mut table = Table::new(hasher.clone());
        let mut there = HashSet::new();
        for (number, is_insertion) in changes {
            let key = key_of(number);
            let hash = super::hash_of(&hasher, &key);
            prop_assert_eq!(table.get(hash, &key), there.get(&number));
            if there.contains(&number) {
                let is_it = |value: &u8| *value == number;
                prop_assert_eq!(table.get_where(hash, is_it), Some(&number));
                let taken = match is_insertion {
                    true => table.take_where(hash, is_it),
                    false => table.take(hash, &key),
                };
                prop_assert_eq!(taken, there.take(&number));
            } else if is_insertion {
                table.insert(hash, &key, number);
                there.insert(number);
            }
            prop_assert_eq!(table.len(), there.len());
        }
    }

    #[test]
    fn the_quick_table_shows_each_key_to_whoever_keeps_it(numbers in prop::collection::btree_set(0..40_u8, 0..40)) {
        let hasher = super::Hasher::default();
        let mut table = Table::new(hasher.clone());
        for number in &numbers {
            let key = key_of(*number);
            table.insert(super::hash_of(&hasher, &key), &key, *number);
        }
        let mut seen = Vec::new();
        let gone = table.retain(|key, number| {
            seen.push((*number, key.clone()));
            number % 2 == 0
        });
        seen.sort();
        let all: Vec<_> = numbers.iter().map(|number| (*number, key_of(*number))).collect();
        prop_assert_eq!(seen, all);
        prop_assert_eq!(gone.len() + table.len(), numbers.len());
        for number in &numbers {
            let key = key_of(*number);
            let found = table.get(super::hash_of(&hasher, &key), &key);
            prop_assert_eq!(found.is_some(), number % 2 == 0);
        }
    }

    #[test]
    fn the_small_table_finds_what_is_there(changes in changes()) {
        let mut table = small::Table::<u8>::default();
        let mut places = HashMap::new();
        for (number, is_insertion) in changes {
            let key = key_of(number);
            // Fewer than there are keys, so that chains are long.
            let hash = u64::from(number % 11);
            let found = table.find(hash, &key);
            prop_assert_eq!(found, places.get(&number).copied());
            match found {
                None if is_insertion => {
                    let place = table.insert(hash, &key, number);
                    prop_assert_eq!(*table.value(place), number);
                    prop_assert!(places.values().all(|taken| *taken != place));
                    let kept = table.key(place);
                    let kept: &Key = kept.borrow();
                    prop_assert_eq!(kept, &key);
                    places.insert(number, place);
                }
                Some(place) if !is_insertion => {
                    table.vacate(place);
                    places.remove(&number);
                }
                _ => {}
            }
            prop_assert_eq!(table.len(), places.len());
        }
    }
}
