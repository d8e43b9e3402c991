//! Bytes of a key, short ones as words and without an allocation, and how they are gathered; knows no format.
//!
//! What is read in other pieces than it was written in waits until it has left the processor's store buffer,
//! which takes as long as all the rest of a look into memory. So short bytes are written, hashed and compared as
//! words, and stay where they were written.

use std::hash::{Hash, Hasher};
use std::mem::replace;
use std::sync::Arc;

use super::Key;

/// How many bytes are held without an allocation; with their count that is 32.
const INLINE: usize = 31;

const WORD: usize = 8;
const WORDS: usize = 4;

/// In place of a count: the bytes are on the heap.
const LONG: usize = 0xff;

/// Short bytes are always inline and zero beyond their length, so that equality is that of the words.
#[derive(Clone)]
pub(super) struct Bytes {
    words: Words,
    heap: Option<Arc<Vec<u8>>>,
}

/// Bytes in the order of memory; the last one counts them.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Words([[u8; WORD]; WORDS]);

impl Words {
    const ZERO: Self = Self([[0; WORD]; WORDS]);
    const LONG: Self = Self::ZERO.counted(LONG);

    const fn counted(mut self, length: usize) -> Self {
        self.0[WORDS - 1][WORD - 1] = length as u8;
        self
    }

    #[inline(always)]
    fn numbers(&self) -> [u64; WORDS] {
        self.0.map(u64::from_le_bytes)
    }

    #[inline(always)]
    fn length(&self) -> usize {
        (u64::from_le_bytes(self.0[WORDS - 1]) >> 56) as usize
    }

    /// All of it in two words, if it leaves room for its count there.
    #[inline(always)]
    fn short(&self) -> Option<[u64; 2]> {
        let [a, b, c, d] = self.numbers();
        let is_short = c == 0 && d < (2 * WORD as u64) << 56;
        is_short.then_some([a, b | d])
    }

    /// Puts bits where there are zeros.
    #[inline(always)]
    fn merge(&mut self, place: usize, bits: u64) {
        let word = &mut self.0[place % WORDS];
        *word = (u64::from_le_bytes(*word) | bits).to_le_bytes();
    }

    #[inline]
    fn first(&self, length: usize) -> &[u8] {
        &self.0.as_flattened()[..length]
    }

    #[inline]
    fn first_mut(&mut self, length: usize) -> &mut [u8] {
        &mut self.0.as_flattened_mut()[..length]
    }
}

impl PartialEq for Words {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.numbers(), other.numbers());
        (a ^ e) | (b ^ f) | (c ^ g) | (d ^ h) == 0
    }
}

impl PartialEq for Bytes {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words && (self.heap.is_none() || self.heap == other.heap)
    }
}

impl Eq for Bytes {}

impl Bytes {
    const EMPTY: Self = Self {
        words: Words::ZERO,
        heap: None,
    };

    pub(super) fn from_slice(bytes: &[u8]) -> Self {
        let mut buffer = Buffer::new();
        buffer.write(bytes);
        buffer.finish();
        buffer.take().0
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        match &self.heap {
            Some(heap) => heap,
            None => self.words.first(self.words.length()),
        }
    }

    /// Of the words those that are in use: most keys have two.
    #[inline(always)]
    pub(super) fn hash(&self, state: &mut impl Hasher) {
        if let Some(short) = self.words.short() {
            return Kept(short).hash(state);
        }
        match &self.heap {
            Some(heap) => state.write(heap),
            None => self
                .words
                .numbers()
                .into_iter()
                .for_each(|word| state.write_u64(word)),
        }
    }
}

/// A key that is no longer than most are, as a table holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept([u64; 2]);

impl Kept {
    #[inline(always)]
    pub(crate) fn short(key: &Key) -> Option<Self> {
        key.0.words.short().map(Self)
    }

    /// The key again.
    pub(crate) fn key(&self) -> Key {
        let [a, b] = self.0;
        let count = b >> 56 << 56;
        let words = [a, b & !count, 0, count].map(u64::to_le_bytes);
        let (words, heap) = (Words(words), None);
        Key(Bytes { words, heap })
    }
}

/// As its key.
impl Hash for Kept {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b] = self.0;
        state.write_u64(a);
        state.write_u64(b);
    }
}

/// `length` once the bytes are on the heap: no write fits inline any more.
const SPILLED: usize = INLINE + 1;

/// Bytes that are being written: inline, on the heap once that is full.
pub(super) struct Buffer {
    key: Key,
    length: usize,
    /// The inline word that is not full yet, so that what is written next need not read what has just been written.
    unfinished: u64,
}

impl Buffer {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self {
            key: Key(Bytes::EMPTY),
            length: 0,
            unfinished: 0,
        }
    }

    /// Tells the compiler of an empty one that it is empty, and spares it all that depends on it.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        self.length = 0;
        self.unfinished = 0;
    }

    /// Ends the writing: what was written is a key now, where it is.
    #[inline(always)]
    pub(super) fn finish(&mut self) -> &Key {
        match self.length {
            SPILLED => self.key = finished(self.take()),
            length => self.key.0.words.merge(WORDS - 1, (length as u64) << 56),
        }
        &self.key
    }

    /// Gives away what was written and finished.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Key {
        self.begin();
        replace(&mut self.key, Key(Bytes::EMPTY))
    }

    /// Takes a key as what was written and finished.
    pub(super) fn put(&mut self, key: Key) {
        self.begin();
        self.key = key;
    }

    /// Zero if there is none, or if the bytes are on the heap and it is not known without a look there.
    #[inline(always)]
    pub(super) fn first(&self) -> u8 {
        u64::from_le_bytes(self.key.0.words.0[0]) as u8
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.key.0.heap {
            Some(heap) => heap,
            None => self.key.0.words.first(self.length),
        }
    }

    /// The bytes, to be changed by who truncates them then.
    #[inline]
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        let Bytes { words, heap } = &mut self.key.0;
        match heap {
            Some(heap) => Arc::make_mut(heap).as_mut_slice(),
            None => words.first_mut(self.length),
        }
    }

    #[inline]
    pub(super) fn length(&self) -> usize {
        match &self.key.0.heap {
            Some(heap) => heap.len(),
            None => self.length,
        }
    }

    #[inline(always)]
    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.length + bytes.len() > INLINE {
            return self.spill(bytes);
        }
        if bytes.len() < WORD {
            return self.append(short_word(bytes).into(), bytes.len());
        }
        if self.length >= WORD {
            return self.write_further(bytes);
        }
        let shift = self.length % WORD * 8;
        let [a, b, c, d] = padded(bytes);
        let words = &mut self.key.0.words.0;
        words[0] = (a << shift | self.unfinished).to_le_bytes();
        words[1] = carry(a, b, shift).to_le_bytes();
        words[2] = carry(b, c, shift).to_le_bytes();
        words[3] = carry(c, d, shift).to_le_bytes();
        self.length += bytes.len();
        self.unfinished = u64::from_le_bytes(words[self.length / WORD % WORDS]);
    }

    #[inline(never)]
    fn write_further(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(WORD) {
            let mut padded = [0; WORD];
            padded[..word.len()].copy_from_slice(word);
            self.append(u64::from_le_bytes(padded).into(), word.len());
        }
    }

    /// Writes the first `length` of nine bytes whose rest is zeros.
    #[inline(always)]
    pub(super) fn write_padded(&mut self, padded: &[u8; 9], length: usize) {
        let [first, rest @ ..] = *padded;
        let rest = u64::from_le_bytes(rest);
        if self.length + length > INLINE {
            spill_padded(&mut self.key, self.length, first, rest, length);
            return self.spilled();
        }
        self.append(u128::from(first) | u128::from(rest) << 8, length);
    }

    /// Writes up to nine bytes for which there is room, given as bits with zeros behind them.
    #[inline(always)]
    fn append(&mut self, bits: u128, length: usize) {
        let (place, shift) = (self.length / WORD, self.length % WORD * 8);
        let bits = bits << shift | u128::from(self.unfinished);
        let (low, high) = (bits as u64, (bits >> 64) as u64);
        self.length += length;
        let words = &mut self.key.0.words.0;
        words[place % WORDS] = low.to_le_bytes();
        self.unfinished = match self.length / WORD - place {
            0 => low,
            begun => {
                words[(place + 1) % WORDS] = high.to_le_bytes();
                if begun == 1 { high } else { 0 }
            }
        };
    }

    #[inline(always)]
    fn spill(&mut self, bytes: &[u8]) {
        spill(&mut self.key, self.length, bytes);
        self.spilled();
    }

    #[inline(always)]
    fn spilled(&mut self) {
        self.length = SPILLED;
        self.unfinished = 0;
    }

    pub(super) fn truncate(&mut self, length: usize) {
        let Bytes { words, heap } = &mut self.key.0;
        match heap {
            Some(heap) => Arc::make_mut(heap).truncate(length),
            None => {
                words.0.as_flattened_mut()[length..].fill(0);
                self.unfinished = words.numbers()[length / WORD];
                self.length = length;
            }
        }
    }
}

/// Writes where there is no room inline any more.
#[cold]
#[inline(never)]
fn spill(key: &mut Key, length: usize, bytes: &[u8]) {
    let Bytes { words, heap } = &mut key.0;
    let heap = heap.get_or_insert_with(|| {
        let short = words.first(length).to_vec();
        *words = Words::ZERO;
        Arc::new(short)
    });
    Arc::make_mut(heap).extend_from_slice(bytes);
}

#[cold]
#[inline(never)]
fn spill_padded(key: &mut Key, length: usize, first: u8, rest: u64, count: usize) {
    let [a, b, c, d, e, f, g, h] = rest.to_le_bytes();
    spill(key, length, &[first, a, b, c, d, e, f, g, h][..count]);
}

/// What is on the heap may have become short meanwhile.
#[cold]
#[inline(never)]
fn finished(key: Key) -> Key {
    let long = key.0.as_slice();
    if long.len() <= INLINE {
        return Key(Bytes::from_slice(long));
    }
    let (words, heap) = (Words::LONG, key.0.heap);
    Key(Bytes { words, heap })
}

/// From a word to all words but one, and zeros behind them.
#[inline(always)]
fn padded(bytes: &[u8]) -> [u64; WORDS] {
    // Never all of them, so that no shift is as long as what it shifts.
    let missing = 8 * (INLINE - bytes.len()) as u32;
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u128::from_le_bytes(*first), u128::from_le_bytes(*last));
        let last = last >> 8 >> missing;
        return [
            first as u64,
            (first >> 64) as u64,
            last as u64,
            (last >> 64) as u64,
        ];
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return [first, last >> 8 >> (missing - 128), 0, 0];
    }
    [short_word(bytes), 0, 0, 0]
}

/// The word behind `low`, where both are moved up by so many bits.
#[inline(always)]
fn carry(low: u64, high: u64, shift: usize) -> u64 {
    ((u128::from(high) << 64 | u128::from(low)) << shift >> 64) as u64
}

/// Fewer bytes than a word has, and zeros behind them.
#[inline(always)]
fn short_word(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return u64::from(first) | u64::from(last) << (8 * (bytes.len() - 4));
    }
    let byte = |place: usize| bytes.get(place).map_or(0, |byte| u64::from(*byte));
    byte(0) | byte(1) << 8 | byte(2) << 16
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn";

    /// The key of pieces that are written one after the other, and a head of so many bytes behind each.
    fn written(pieces: [&[u8]; 2], head: usize) -> Key {
        let padded = *TEXT.first_chunk().unwrap();
        let mut buffer = Buffer::new();
        for piece in pieces {
            buffer.write(piece);
            let mut padded: [u8; 9] = padded;
            padded[head..].fill(0);
            buffer.write_padded(&padded, head);
        }
        buffer.finish();
        buffer.take()
    }

    #[test]
    fn pieces_of_every_length_stand_one_behind_the_other() {
        let all = (0..TEXT.len()).flat_map(|a| (0..TEXT.len()).map(move |b| (a, b)));
        for ((a, b), head) in all.flat_map(|pair| (1..10).map(move |head| (pair, head))) {
            let (first, second) = (&TEXT[..a], &TEXT[TEXT.len() - b..]);
            let key = written([first, second], head);
            let expected = [first, &TEXT[..head], second, &TEXT[..head]].concat();
            assert_eq!(key.as_bytes(), expected, "{a} {b} {head}");
            assert!(
                key == Key::from_canonical(&expected),
                "equal to one written at once: {a} {b} {head}"
            );
        }
    }
}
