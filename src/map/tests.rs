//! Both tables, against the standard library's map.

use std::borrow::Borrow;
use std::collections::HashMap;

use proptest::prelude::*;

use super::{Key, Table, small};

/// Few keys and fewer hashes, so that chains are long and places taken again.
fn changes() -> impl Strategy<Value = Vec<(u8, bool)>> {
    prop::collection::vec((0..40_u8, any::<bool>()), 0..400)
}

macro_rules! agrees_with_the_standard_library {
    ($name:ident, $table:ty) => {
        proptest! {
            #[test]
            fn $name(changes in changes()) {
                let mut table = <$table>::default();
                let mut places = HashMap::new();
                for (number, is_insertion) in changes {
                    let key = Key::of(&(number,)).unwrap();
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
    };
}

agrees_with_the_standard_library!(the_quick_table_finds_what_is_there, Table<u8>);
agrees_with_the_standard_library!(the_small_table_finds_what_is_there, small::Table<u8>);
