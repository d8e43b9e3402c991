//! Both indexes of keys, against the standard library's map.

use std::borrow::Borrow;
use std::collections::HashMap;

use proptest::prelude::*;

use super::{Index, Key, small};

/// Few keys and fewer hashes, so that chains are long and places taken again.
fn changes() -> impl Strategy<Value = Vec<(u8, bool)>> {
    prop::collection::vec((0..40_u8, any::<bool>()), 0..400)
}

macro_rules! agrees_with_the_standard_library {
    ($name:ident, $index:ty) => {
        proptest! {
            #[test]
            fn $name(changes in changes()) {
                let mut index = <$index>::default();
                let mut places = HashMap::new();
                for (number, is_insertion) in changes {
                    let key = Key::of(&(number,)).unwrap();
                    let hash = u64::from(number % 11);
                    let found = index.find(hash, &key);
                    prop_assert_eq!(found, places.get(&number).copied());
                    match found {
                        None if is_insertion => {
                            let place = index.find_or_insert(hash, &key);
                            prop_assert!(places.values().all(|taken| *taken != place));
                            let kept = index.key(place);
                            let kept: &Key = kept.borrow();
                            prop_assert_eq!(kept, &key);
                            places.insert(number, place);
                        }
                        Some(place) if !is_insertion => {
                            index.vacate(place);
                            places.remove(&number);
                        }
                        _ => {}
                    }
                    prop_assert_eq!(index.len(), places.len());
                }
            }
        }
    };
}

agrees_with_the_standard_library!(the_quick_index_finds_what_is_there, Index);
agrees_with_the_standard_library!(the_small_index_finds_what_is_there, small::Index);
