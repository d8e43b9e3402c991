//! Canonical CBOR, item by item; knows the rules of the format, neither serde nor JavaScript.
//!
//! The rules: RFC 8949 §4.2.1 for heads and map order, draft-mcnally-deterministic-cbor (dCBOR)
//! for numbers, RFC 8949 §3.4.3 for big integers.

use super::Key;
use super::bytes::Buffer;
use crate::cbor::{
    ARRAY, BYTES, DOUBLE, MAP, NEGATIVE, NEGATIVE_BIGNUM, NULL, POSITIVE_BIGNUM, Reader, SINGLE,
    SOME, TAG, TEXT, UNSIGNED, long_head,
};
use crate::cbor::{FALSE, TRUE};

const HALF: u8 = 0xf9;
const NAN: [u8; 3] = [HALF, 0x7e, 0x00];

/// Elements without order (<https://github.com/input-output-hk/cbor-sets-spec>).
pub(crate) const SET: u64 = 258;

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;

/// Writes canonical CBOR.
pub(crate) struct Encoder {
    pub(super) buffer: Buffer,
    /// The entries of all maps and sets that are open, innermost last.
    entries: Vec<Entry>,
}

/// Where a member of an open map or set begins, and where its key ends; where it ends itself is known to who sorts.
struct Entry {
    start: usize,
    key_end: usize,
    end: usize,
}

impl Entry {
    fn at(start: usize) -> Self {
        Self {
            start,
            key_end: start,
            end: start,
        }
    }

    fn key<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.start..self.key_end]
    }
}

/// An array, map or set whose members are being written.
pub(crate) struct Container {
    major: u8,
    start: usize,
    announced: usize,
    first_entry: usize,
}

/// A map holds two keys of equal encoding.
#[derive(Debug)]
pub(crate) struct DuplicateKey;

impl Encoder {
    #[inline]
    pub(crate) fn new() -> Self {
        Self {
            buffer: Buffer::new(),
            entries: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn finish(&mut self) -> Key {
        self.buffer.finish();
        self.buffer.take()
    }

    /// Makes a list of what was written, unless it is one: the only argument.
    #[inline]
    pub(super) fn finish_arguments(&mut self) {
        if self.buffer.first() >> 5 != ARRAY {
            self.make_list();
        }
    }

    #[cold]
    fn make_list(&mut self) {
        match self.bytes() {
            [NULL] => self.buffer.truncate(0),
            [first, ..] if first >> 5 == ARRAY => return,
            _ => {}
        }
        let members = usize::from(!self.bytes().is_empty());
        self.insert(0, &[ARRAY << 5 | members as u8]);
    }

    #[inline]
    fn position(&self) -> usize {
        self.buffer.length()
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        self.buffer.bytes()
    }

    #[inline]
    fn bytes_mut(&mut self) -> &mut [u8] {
        self.buffer.bytes_mut()
    }

    /// Writes bytes that are canonical CBOR already.
    #[inline]
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.buffer.write(bytes);
    }

    fn insert(&mut self, position: usize, bytes: &[u8]) {
        self.replace(position, 0, bytes);
    }

    /// Puts bytes in the place of so many others.
    fn replace(&mut self, position: usize, replaced: usize, bytes: &[u8]) {
        let end = self.position();
        self.write(bytes);
        let written = self.bytes_mut();
        written.copy_within(position + replaced..end, position + bytes.len());
        written[position..][..bytes.len()].copy_from_slice(bytes);
        self.buffer.truncate(end - replaced + bytes.len());
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    #[cfg_attr(target_arch = "wasm32", inline)]
    fn head(&mut self, major: u8, value: u64) {
        let (head, length) = any_head(major, value);
        self.buffer.write_padded(&head, length);
    }

    pub(crate) fn null(&mut self) {
        self.write(&[NULL]);
    }

    #[inline]
    pub(crate) fn boolean(&mut self, value: bool) {
        self.write(&[if value { TRUE } else { FALSE }]);
    }

    #[inline]
    pub(crate) fn unsigned(&mut self, value: u64) {
        self.head(UNSIGNED, value);
    }

    #[inline]
    pub(crate) fn signed(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.unsigned(value),
            Err(_) => self.head(NEGATIVE, !value as u64),
        }
    }

    #[inline]
    pub(crate) fn text(&mut self, text: &str) {
        self.utf_8(text.as_bytes());
    }

    /// Text whose bytes are known to be UTF-8.
    #[inline]
    pub(crate) fn utf_8(&mut self, text: &[u8]) {
        self.head(TEXT, text.len() as u64);
        self.write(text);
    }

    #[inline]
    pub(crate) fn byte_string(&mut self, bytes: &[u8]) {
        self.head(BYTES, bytes.len() as u64);
        self.write(bytes);
    }

    pub(crate) fn tag(&mut self, tag: u64) {
        self.head(TAG, tag);
    }

    /// A number: an integer if it is one that 64 bits hold, else the shortest float that keeps it.
    pub(crate) fn float(&mut self, value: f64) {
        if (0.0..TWO_TO_64).contains(&value) && value as u64 as f64 == value {
            return self.unsigned(value as u64);
        }
        if (-TWO_TO_63..0.0).contains(&value) && value as i64 as f64 == value {
            return self.signed(value as i64);
        }
        self.fraction(value);
    }

    fn fraction(&mut self, value: f64) {
        if value.is_nan() {
            return self.write(&NAN);
        }
        let single = value as f32;
        if f64::from(single) != value {
            return self.float_bits(DOUBLE, &value.to_be_bytes());
        }
        match half(single) {
            Some(half) => self.float_bits(HALF, &half.to_be_bytes()),
            None => self.float_bits(SINGLE, &single.to_be_bytes()),
        }
    }

    fn float_bits(&mut self, head: u8, bits: &[u8]) {
        self.write(&[head]);
        self.write(bits);
    }

    /// The integer `magnitude`, big-endian; `-1 - magnitude` if `negative`.
    pub(crate) fn bignum(&mut self, negative: bool, magnitude: &[u8]) {
        self.tag(if negative {
            NEGATIVE_BIGNUM
        } else {
            POSITIVE_BIGNUM
        });
        let leading = magnitude.iter().take_while(|byte| **byte == 0).count();
        self.byte_string(&magnitude[leading..]);
    }

    /// Where the next item begins, for [`some`](Self::some) and [`set`](Self::set).
    #[inline]
    pub(super) fn mark(&self) -> usize {
        self.position()
    }

    /// Tells `Some` of what was written since `mark` from `None`, if that is null or such a `Some`.
    #[inline]
    pub(super) fn some(&mut self, mark: usize) {
        let content = &self.bytes()[mark..];
        if content == [NULL] || content.starts_with(&SOME) {
            self.insert(mark, &SOME);
        }
    }

    /// Turns the array written since `mark` into a set; leaves what is no array.
    pub(super) fn set(&mut self, mark: usize) {
        let mut reader = Reader::new(&self.bytes()[mark..]);
        let Some((ARRAY, members)) = reader.head() else {
            return;
        };
        let head = self.position() - mark - reader.remaining();
        let container = self.array_from(mark, members as usize);
        let mut start = mark + head;
        for _ in 0..members {
            let mut rest = Reader::new(&self.bytes()[start..]);
            rest.skip();
            let key_end = self.position() - rest.remaining();
            self.entries.push(Entry {
                key_end,
                ..Entry::at(start)
            });
            start = key_end;
        }
        self.close_set(&container);
        let (tag, length) = long_head(TAG, SET);
        self.insert(mark, &tag[..length]);
    }

    /// Begins an array that probably has `announced` elements.
    #[inline]
    pub(crate) fn open_array(&mut self, announced: usize) -> Container {
        let container = self.array_from(self.position(), announced);
        self.head(ARRAY, announced as u64);
        container
    }

    #[inline]
    fn array_from(&self, start: usize, announced: usize) -> Container {
        Container {
            major: ARRAY,
            start,
            announced,
            first_entry: self.entries.len(),
        }
    }

    /// Ends an array that has `members` elements.
    #[inline]
    pub(crate) fn close_array(&mut self, container: &Container, members: usize) {
        if members != container.announced {
            self.correct_head(container, members);
        }
    }

    /// Begins a map that probably has `announced` entries.
    #[inline]
    pub(crate) fn open_map(&mut self, announced: usize) -> Container {
        let container = Container {
            major: MAP,
            ..self.array_from(self.position(), announced)
        };
        self.head(MAP, announced as u64);
        container
    }

    /// Begins a map or an array of whose members nothing is known.
    #[cfg(any(
        all(test, not(target_arch = "wasm32")),
        all(feature = "js", target_arch = "wasm32")
    ))]
    pub(crate) fn open(&mut self, is_map: bool) -> Container {
        let container = Container {
            major: if is_map { MAP } else { ARRAY },
            ..self.array_from(self.position(), 0)
        };
        self.write(&[container.major << 5]);
        container
    }

    /// Begins an entry of a map, or an element of a set.
    #[inline]
    pub(crate) fn begin_entry(&mut self) {
        let start = self.position();
        self.entries.push(Entry::at(start));
    }

    /// Ends the key of a map's entry, or the element of a set.
    #[inline]
    pub(crate) fn end_key(&mut self) {
        let position = self.position();
        if let Some(entry) = self.entries.last_mut() {
            entry.key_end = position;
        }
    }

    /// Ends a map: puts its entries in order.
    #[inline]
    pub(crate) fn close_map(&mut self, container: &Container) -> Result<(), DuplicateKey> {
        let is_ordered = self.order_members(container);
        self.close_members(container);
        if is_ordered {
            Ok(())
        } else {
            Err(DuplicateKey)
        }
    }

    /// Ends a set, which was opened as an array behind its tag: puts its elements in order.
    pub(crate) fn close_set(&mut self, container: &Container) {
        self.order_members(container);
        self.close_members(container);
    }

    /// Puts members in the order of their keys; whether each key is there once.
    #[inline]
    fn order_members(&mut self, container: &Container) -> bool {
        self.in_order(container) || self.sort_members(container)
    }

    fn close_members(&mut self, container: &Container) {
        let members = self.entries.len() - container.first_entry;
        self.entries.truncate(container.first_entry);
        self.close_array(container, members);
    }

    fn in_order(&self, container: &Container) -> bool {
        let bytes = self.bytes();
        self.entries[container.first_entry..]
            .windows(2)
            .all(|pair| pair[0].key(bytes) < pair[1].key(bytes))
    }

    /// Writes the members anew, in order; whether each key is there once.
    fn sort_members(&mut self, container: &Container) -> bool {
        let entries = &mut self.entries[container.first_entry..];
        let bytes = self.buffer.bytes();
        let mut start = bytes.len();
        for entry in entries.iter_mut().rev() {
            entry.end = start;
            start = entry.start;
        }
        sort(entries, bytes);
        let mut sorted = Vec::new();
        for entry in entries {
            sorted.extend_from_slice(&bytes[entry.start..entry.end]);
        }
        let is_ordered = self.in_order(container);
        self.buffer.truncate(start);
        self.write(&sorted);
        is_ordered
    }

    /// Writes the head of a container anew, because its length was not known or was announced wrongly.
    #[cold]
    fn correct_head(&mut self, container: &Container, members: usize) {
        let (_, wrong) = any_head(container.major, container.announced as u64);
        let (head, length) = any_head(container.major, members as u64);
        self.replace(container.start, wrong, &head[..length]);
    }
}

/// Shell's sort with the gaps of Gonnet and Baeza-Yates, because it is the smallest in WebAssembly.
fn sort(entries: &mut [Entry], bytes: &[u8]) {
    let mut gap = entries.len() / 2;
    while gap > 0 {
        for end in gap..entries.len() {
            let mut place = end;
            while place >= gap && entries[place].key(bytes) < entries[place - gap].key(bytes) {
                entries.swap(place, place - gap);
                place -= gap;
            }
        }
        gap = if gap == 2 { 1 } else { gap * 5 / 11 };
    }
}

#[inline]
fn any_head(major: u8, value: u64) -> ([u8; 9], usize) {
    if value < 24 {
        let mut head = [0; 9];
        head[0] = major << 5 | value as u8;
        return (head, 1);
    }
    long_head(major, value)
}

/// The 16 bits (IEEE 754 binary16) of a value that is not zero, if they keep it.
fn half(value: f32) -> Option<u16> {
    let bits = value.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let exponent = (bits >> 23 & 0xff) as i32 - 127;
    let mantissa = bits & 0x7f_ffff;
    let magnitude = match exponent {
        128 => Some(0x7c00),
        -14..=15 => exact(mantissa, 13).map(|kept| ((exponent + 15) as u16) << 10 | kept),
        -24..=-15 => exact(mantissa | 0x80_0000, (-1 - exponent) as u32),
        _ => None,
    };
    magnitude.map(|magnitude| sign | magnitude)
}

/// `bits` without its lowest `dropped` ones, if those are zero.
fn exact(bits: u32, dropped: u32) -> Option<u16> {
    let kept = bits >> dropped;
    (kept << dropped == bits).then_some(kept as u16)
}
