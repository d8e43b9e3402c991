//! The maps of a snapshot to bytes and back; knows one at a time, not what stands around it.

use sha2::{Digest, Sha256};

use super::{Header, Item, Part};
use crate::cbor::{BYTES, MAP, NEGATIVE, Reader, TAG, TEXT, TRUE, UNSIGNED, push_head};
use crate::entry::Timestamp;

const VERSION: u64 = 1;
/// Tag 24 (RFC 8949 §3.4.5.1): the byte string is CBOR itself.
const ENCODED_CBOR: u64 = 24;

/// The first bytes of an entry with none, one and two of the fields that may be absent, and those of the closing.
const STARTS: [&[u8; START_LENGTH]; 4] = [
    b"\xa4\x63key",
    b"\xa5\x63key",
    b"\xa6\x63key",
    b"\xa3\x67ent",
];
pub(super) const START_LENGTH: usize = 5;

/// The first bytes of a digest of what stands before them.
pub(super) type Sum = [u8; 8];

/// Why there is no part.
#[derive(Debug)]
pub(super) enum Fault {
    /// So far all is well, but the bytes end.
    Short,
    Wrong(&'static str),
    /// Never was a snapshot that this version reads.
    Foreign(&'static str),
}

/// A part that was read, and checked as far as it can be alone.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) part: Part<'a>,
    pub(super) sum: Sum,
    /// What the closing says of all sums; zeros elsewhere.
    pub(super) all: [u8; 32],
    /// How many bytes the part takes.
    pub(super) length: usize,
}

pub(super) fn write_header(header: &Header<'_>, out: &mut Vec<u8>) -> Sum {
    let mut map = Map::begin(out, 5);
    map.text("cachier", "snapshot");
    map.unsigned("version", VERSION);
    map.text("id", header.id);
    map.moment("at", header.taken_at);
    map.close()
}

pub(super) fn write_item(item: &Item<'_>, out: &mut Vec<u8>) -> Sum {
    let optional = u64::from(item.arguments.is_some()) + u64::from(item.none);
    let mut map = Map::begin(out, 4 + optional);
    map.bytes("key", &item.key);
    map.moment("at", item.stored_at);
    if let Some(arguments) = item.arguments {
        map.bytes("args", arguments);
    }
    if item.none {
        map.name("none");
        map.out.push(TRUE);
    }
    map.name("value");
    push_head(map.out, TAG, ENCODED_CBOR);
    map.string(BYTES, item.value);
    map.close()
}

pub(super) fn write_closing(entries: u64, all: &[u8; 32], out: &mut Vec<u8>) {
    let mut map = Map::begin(out, 3);
    map.unsigned("entries", entries);
    map.bytes("all", all);
    map.close();
}

/// A map that is being written; what `close` returns is its sum.
struct Map<'out> {
    out: &'out mut Vec<u8>,
    start: usize,
}

impl<'out> Map<'out> {
    fn begin(out: &'out mut Vec<u8>, fields: u64) -> Self {
        let start = out.len();
        push_head(out, MAP, fields);
        Self { out, start }
    }

    fn name(&mut self, name: &str) {
        self.string(TEXT, name.as_bytes());
    }

    fn string(&mut self, major: u8, bytes: &[u8]) {
        push_head(self.out, major, bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.string(TEXT, text.as_bytes());
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.name(name);
        self.string(BYTES, bytes);
    }

    fn unsigned(&mut self, name: &str, number: u64) {
        self.name(name);
        push_head(self.out, UNSIGNED, number);
    }

    fn moment(&mut self, name: &str, moment: Timestamp) {
        self.name(name);
        let millis = moment.as_millis();
        match u64::try_from(millis) {
            Ok(millis) => push_head(self.out, UNSIGNED, millis),
            Err(_) => push_head(self.out, NEGATIVE, !millis as u64),
        }
    }

    fn close(mut self) -> Sum {
        let sum = sum_of(self.out.get(self.start..).unwrap_or_default());
        self.bytes("sum", &sum);
        sum
    }
}

fn sum_of(bytes: &[u8]) -> Sum {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// Reads the header at the beginning of the bytes.
pub(super) fn header(bytes: &[u8]) -> Result<Found<'_>, Fault> {
    const FOREIGN: Fault = Fault::Foreign("this is no snapshot of cachier");
    let mut fields = Fields::of(bytes);
    fields.map_of(5).map_err(|fault| fault.or(FOREIGN))?;
    fields.name("cachier").map_err(|fault| fault.or(FOREIGN))?;
    if fields.text()? != "snapshot" {
        return Err(FOREIGN);
    }
    fields.name("version")?;
    if fields.number(UNSIGNED)? != VERSION {
        return Err(Fault::Foreign(
            "the snapshot is of another version of the format",
        ));
    }
    fields.name("id")?;
    let id = fields.text()?;
    fields.name("at")?;
    let taken_at = fields.moment()?;
    fields.close(Part::Header(Header { id, taken_at }), [0; 32])
}

/// Reads an entry, or the closing, at the beginning of the bytes.
pub(super) fn entry_or_closing(bytes: &[u8]) -> Result<Found<'_>, Fault> {
    let mut fields = Fields::of(bytes);
    match fields.number(MAP)? {
        3 => closing(fields),
        count @ 4..=6 => entry(fields, count - 4),
        _ => Err(Fault::Wrong("something that is no entry")),
    }
}

fn entry(mut fields: Fields<'_>, optional: u64) -> Result<Found<'_>, Fault> {
    fields.name("key")?;
    let key = fields.array()?;
    fields.name("at")?;
    let stored_at = fields.moment()?;
    let mut name = fields.string(TEXT)?;
    let mut arguments = None;
    if name == b"args" {
        arguments = Some(fields.string(BYTES)?);
        name = fields.string(TEXT)?;
    }
    let none = name == b"none";
    if none {
        fields.expect(&[TRUE])?;
        name = fields.string(TEXT)?;
    }
    let counted = u64::from(arguments.is_some()) + u64::from(none) == optional;
    ensure(
        counted && name == b"value",
        "an entry has other fields than it should",
    )?;
    ensure(
        fields.number(TAG)? == ENCODED_CBOR,
        "an entry's value is not marked as one",
    )?;
    let value = fields.string(BYTES)?;
    let item = Item {
        key,
        arguments,
        stored_at,
        none,
        value,
    };
    let found = fields.close(Part::Item(item), [0; 32])?;
    ensure(is_whole(value), "an entry's value is not one item of CBOR")?;
    ensure(
        arguments.is_none_or(|arguments| Sha256::digest(arguments)[..] == key),
        "an entry's arguments are not those of its key",
    )?;
    Ok(found)
}

fn is_whole(item: &[u8]) -> bool {
    let mut reader = Reader::new(item);
    reader.skip().is_some() && reader.remaining() == 0
}

fn closing(mut fields: Fields<'_>) -> Result<Found<'_>, Fault> {
    fields.name("entries")?;
    let entries = fields.number(UNSIGNED)?;
    fields.name("all")?;
    let all = fields.array()?;
    fields.close(Part::Closing { entries }, all)
}

/// Where the first bytes of an entry or the closing are.
pub(super) fn next_start(bytes: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(START_LENGTH);
    windows.position(|window| STARTS.iter().any(|start| window == *start))
}

impl Fault {
    /// The other fault, unless there were only too few bytes to tell.
    fn or(self, other: Self) -> Self {
        match self {
            Self::Short => self,
            _ => other,
        }
    }
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), Fault> {
    holds.then_some(()).ok_or(Fault::Wrong(otherwise))
}

/// The fields of a map that is being read.
struct Fields<'a> {
    whole: &'a [u8],
    rest: Reader<'a>,
}

impl<'a> Fields<'a> {
    fn of(whole: &'a [u8]) -> Self {
        Self {
            whole,
            rest: Reader::new(whole),
        }
    }

    /// The value in a head of this type.
    fn number(&mut self, major: u8) -> Result<u64, Fault> {
        let first = self.rest.peek().ok_or(Fault::Short)?;
        if first >> 5 != major || first & 0x1f > 27 {
            return Err(Fault::Wrong("a field is of another type than it should be"));
        }
        let (_, value) = self.rest.head().ok_or(Fault::Short)?;
        Ok(value)
    }

    fn map_of(&mut self, fields: u64) -> Result<(), Fault> {
        let fits = self.number(MAP)? == fields;
        ensure(fits, "a map has other fields than it should")
    }

    fn string(&mut self, major: u8) -> Result<&'a [u8], Fault> {
        let length = self.number(major)?;
        self.rest.take(length).ok_or(Fault::Short)
    }

    fn text(&mut self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.string(TEXT)?).map_err(|_| Fault::Wrong("a text is no UTF-8"))
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Fault> {
        let bytes = self.string(BYTES)?;
        bytes
            .try_into()
            .map_err(|_| Fault::Wrong("a digest or sum has another length than it should"))
    }

    fn expect(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let fits = self.rest.take(bytes.len() as u64).ok_or(Fault::Short)? == bytes;
        ensure(fits, "a field has another value than it should")
    }

    fn name(&mut self, name: &str) -> Result<(), Fault> {
        let fits = self.string(TEXT)? == name.as_bytes();
        ensure(fits, "a field has another name than it should")
    }

    fn moment(&mut self) -> Result<Timestamp, Fault> {
        let negative = self.rest.peek().ok_or(Fault::Short)? >> 5 == NEGATIVE;
        let number = self.number(if negative { NEGATIVE } else { UNSIGNED })?;
        let millis = i64::try_from(number).map_err(|_| Fault::Wrong("a moment is out of range"))?;
        Ok(Timestamp::from_millis(if negative {
            !millis
        } else {
            millis
        }))
    }

    /// The part whose last field, its sum, comes now.
    fn close(mut self, part: Part<'a>, all: [u8; 32]) -> Result<Found<'a>, Fault> {
        let summed = self.length_read();
        self.name("sum")?;
        let sum = self.array()?;
        let summed = self.whole.get(..summed).unwrap_or_default();
        ensure(sum_of(summed) == sum, "a checksum is wrong")?;
        Ok(Found {
            part,
            sum,
            all,
            length: self.length_read(),
        })
    }

    fn length_read(&self) -> usize {
        self.whole.len() - self.rest.remaining()
    }
}
