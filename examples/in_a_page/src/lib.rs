//! Rust in a page, memoized: counts of primes in IndexedDB, spelled numbers in localStorage. Both are there after a reload.

use cachier::cachier;
use wasm_bindgen::prelude::*;

/// How many primes there are below a number: slow on purpose, and the longer the larger the number.
#[cachier(name = "primes below")]
async fn primes_below(limit: u32) -> u32 {
    let is_prime = |number: &u32| {
        (2..)
            .take_while(|factor| factor * factor <= *number)
            .all(|factor| number % factor != 0)
    };
    (2..limit).filter(is_prime).count() as u32
}

/// The digits of a number as words.
#[cachier(name = "spelled")]
fn spelled(number: u32) -> String {
    let words = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let digits = number.to_string();
    let words: Vec<_> = digits
        .bytes()
        .map(|digit| words[usize::from(digit - b'0')])
        .collect();
    words.join(" ")
}

/// The answer and where it came from, as the page shows it.
#[wasm_bindgen(js_name = countPrimes)]
pub async fn count_primes(limit: u32) -> String {
    let traced = primes_below::trace(limit).await;
    format!(
        "{} primes below {}: {:?}",
        traced.value,
        spelled(limit),
        traced.outcome
    )
}

/// Forgets every count, in all tabs.
#[wasm_bindgen]
pub async fn forget() {
    primes_below::clear_cache().await;
}
