//! A taste of the fuzzing in tests/fuzz: known texts, then some thousand pseudo-random ones.
#![cfg(not(target_arch = "wasm32"))]

#[path = "fuzz/bodies.rs"]
mod bodies;
#[cfg(all(feature = "file", unix))]
#[path = "fuzz/files.rs"]
mod files;

const QUANTITIES: [&str; 20] = [
    "",
    " ",
    "3d",
    "1h 30m",
    "1.5 s",
    "never",
    "-1s",
    "0ms",
    "unlimited",
    "10MB",
    "1.5 GiB",
    "7",
    "9223372036854775807 ms",
    "1e9 s",
    "∞",
    ".5h",
    "5.",
    "1 000",
    "99999999999999999999y",
    "2 weeks",
];

/// CBOR that promises more than it holds, is nested, or is no CBOR.
const FRAGMENTS: [&[u8]; 8] = [
    &[],
    &[0x80],
    &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
    &[0xbb, 255, 255, 255, 255, 255, 255, 255, 255],
    &[0x5b, 255, 255, 255, 255, 255, 255, 255, 255],
    &[0x81; 5_000],
    &[0xc1; 5_000],
    &[0xff, 0x1f, 0xfb],
];

/// xorshift: the same inputs at every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..self.below(60)).map(|_| self.next() as u8).collect()
    }

    /// Something near a quantity: numbers, units and stray characters.
    fn quantity(&mut self) -> String {
        let pieces = [
            "1", "0", "9", ".", " ", "-", "s", "ms", "h", "d", "y", "B", "kB", "GiB", "e", "é",
        ];
        (0..self.below(8))
            .map(|_| pieces[self.below(pieces.len())])
            .collect()
    }
}

fn rounds() -> usize {
    let deep = std::env::var("CACHIER_DEEP").is_ok_and(|deep| deep == "1");
    if deep { 500_000 } else { 5_000 }
}

#[test]
fn no_text_upsets_the_options() {
    QUANTITIES
        .iter()
        .for_each(|text| bodies::options(text.as_bytes()));
    let mut random = Random(1);
    for _ in 0..rounds() {
        bodies::options(random.quantity().as_bytes());
        bodies::options(&random.bytes());
    }
}

#[test]
fn arguments_of_any_shape_have_one_key() {
    let mut random = Random(2);
    (0..rounds()).for_each(|_| bodies::values(&random.bytes()));
}

#[test]
fn damaged_keys_are_shown_somehow() {
    FRAGMENTS
        .iter()
        .for_each(|fragment| bodies::bytes(fragment));
    let mut random = Random(3);
    (0..rounds()).for_each(|_| bodies::bytes(&random.bytes()));
}

#[test]
fn damaged_snapshots_give_what_was_written_or_nothing() {
    FRAGMENTS
        .iter()
        .for_each(|fragment| bodies::snapshots(&[&[10, 9, 7], *fragment].concat()));
    let mut random = Random(4);
    (0..rounds()).for_each(|_| bodies::snapshots(&random.bytes()));
}

#[cfg(all(feature = "file", unix))]
#[test]
fn no_bytes_in_the_place_of_files_upset_a_cache() {
    let mut random = Random(5);
    for _ in 0..rounds() / 100 {
        files::log(&random.bytes());
        files::control(&random.bytes());
        files::entry(&random.bytes());
    }
}
