//! One record of a log or of an entry file: frame, checksum and CBOR body; pure, never panics on any bytes.
//!
//! What the bytes mean is specified in FORMAT.md.

use crate::cbor::{self, ARRAY, BYTES, MAP, NEGATIVE, Reader, TEXT, UNSIGNED, push_head};
use crate::codec::{Kind, announced};
use crate::entry::Timestamp;
use crate::error::Error;

use super::Digest;

/// Length and checksum.
pub(crate) const FRAME: usize = 8;

/// The longest body that is believed; whatever claims more is damage.
pub(crate) const LONGEST: u32 = u32::MAX - FRAME as u32;

pub(crate) const FORMAT_VERSION: u64 = 1;

/// What one record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record<'a> {
    /// The first of every log.
    Log(Header<'a>),
    /// The end of what a compaction copied: the old log's number and its last tail.
    After {
        number: u32,
        tail: u64,
    },
    Entry(EntryRecord<'a>),
    Gone {
        digest: Digest,
        why: Why,
    },
    /// Somebody took the calculation over.
    Taken {
        digest: Digest,
        attempt: u32,
    },
    /// Written by a later program, to be passed over.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) id: &'a str,
    pub(crate) number: u32,
    pub(crate) cause: Cause,
}

/// Why a log was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    New,
    Clear,
    Compaction,
    Repair,
}

/// Why an entry went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Removed,
    Evicted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntryRecord<'a> {
    pub(crate) digest: Digest,
    pub(crate) stored_at: Timestamp,
    /// The key's canonical bytes.
    pub(crate) arguments: Option<&'a [u8]>,
    pub(crate) none: bool,
    pub(crate) attempt: u32,
    /// Whether it was stored without a claim, and overtakes every claim.
    pub(crate) set: bool,
    pub(crate) body: Body<'a>,
}

/// Where the value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// Here, as CBOR.
    Inline(&'a [u8]),
    /// In a file of its own, whose whole length and checksum these are.
    Outside { file: &'a str, bytes: u64, sum: u32 },
}

/// What was found where a record should begin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Framed<'a> {
    /// A body whose checksum is right.
    Body(&'a [u8]),
    /// Fewer bytes than its length says; a whole one would need so many.
    Short(usize),
    /// No length a record can have.
    Nonsense,
    /// A plausible length, and another checksum.
    Wrong(usize),
}

/// What the record that begins here holds.
pub(crate) fn frame(bytes: &[u8]) -> Framed<'_> {
    let Some((head, rest)) = bytes.split_first_chunk::<FRAME>() else {
        return Framed::Short(FRAME);
    };
    let [a, b, c, d, e, f, g, h] = *head;
    let length = u32::from_le_bytes([a, b, c, d]);
    if length == 0 || length > LONGEST {
        return Framed::Nonsense;
    }
    let whole = FRAME + length as usize;
    let Some(body) = rest.get(..length as usize) else {
        return Framed::Short(whole);
    };
    if checksum(body, &[]) != u32::from_le_bytes([e, f, g, h]) {
        return Framed::Wrong(whole);
    }
    Framed::Body(body)
}

/// CRC-32 of a body in one or two pieces, begun with its length where it is usually begun with zero.
fn checksum(start: &[u8], rest: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(length_of(start, rest));
    hasher.update(start);
    if !rest.is_empty() {
        hasher.update(rest);
    }
    hasher.finalize()
}

/// The length a record announces; 0, which is none, for what is too long for one.
fn length_of(start: &[u8], rest: &[u8]) -> u32 {
    u32::try_from(start.len() + rest.len()).unwrap_or(0)
}

/// Whether a record that is in two pieces has the checksum it begins with.
pub(crate) fn is_sound_in_two(head: &[u8], rest: &[u8]) -> bool {
    checksum(&head[FRAME..], rest) == sum_of(head)
}

/// Where in a record a value lies that is one text or byte string, and the rest of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Long {
    pub(crate) digest: Digest,
    pub(crate) kind: Kind,
    pub(crate) offset: usize,
    pub(crate) length: usize,
}

/// What the start of a file of so many bytes announces: a record with such a value, and nothing behind it.
pub(crate) fn long_value(start: &[u8], file_length: u64) -> Option<Long> {
    let (head, body) = start.split_first_chunk::<FRAME>()?;
    let [a, b, c, d, ..] = *head;
    let Record::Entry(entry) = parse(body)? else {
        return None;
    };
    let Body::Inline(value) = entry.body else {
        return None;
    };
    let (kind, length, here) = announced(value)?;
    let offset = start.len() - here;
    let is_whole = u64::from(u32::from_le_bytes([a, b, c, d])) + FRAME as u64 == file_length
        && (offset as u64).checked_add(length) == Some(file_length);
    is_whole.then_some(Long {
        digest: entry.digest,
        kind,
        offset,
        length: usize::try_from(length).ok()?,
    })
}

/// The checksum a record begins with.
pub(crate) fn sum_of(record: &[u8]) -> u32 {
    let sum = record.get(4..FRAME).and_then(|sum| sum.try_into().ok());
    u32::from_le_bytes(sum.unwrap_or_default())
}

/// The entry in a file that holds one record, of this key and with this checksum, and its value.
pub(crate) fn entry_in_file<'a>(
    file: &'a [u8],
    digest: &Digest,
    sum: u32,
) -> Option<(EntryRecord<'a>, &'a [u8])> {
    let Framed::Body(body) = frame(file) else {
        return None;
    };
    let whole = sum_of(file) == sum && framed_length(body) == file.len() as u64;
    let Record::Entry(entry) = parse(body)? else {
        return None;
    };
    match entry.body {
        Body::Inline(value) if whole && entry.digest == *digest => Some((entry, value)),
        _ => None,
    }
}

/// The bodies of records that this program has just made, which nothing can have damaged yet.
pub(crate) fn bodies_of_own(mut records: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (head, rest) = records.split_first_chunk::<FRAME>()?;
        let [a, b, c, d, ..] = *head;
        let (body, rest) = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize)?;
        records = rest;
        Some(body)
    })
}

/// A record's length in its log.
pub(crate) fn framed_length(body: &[u8]) -> u64 {
    (FRAME + body.len()) as u64
}

/// Appends a record whose body `write` appends.
pub(crate) fn push_framed(into: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = into.len();
    into.extend_from_slice(&[0; FRAME]);
    write(into);
    close(&mut into[start..], &[]);
}

/// Writes the length and the checksum that a record begins with, whose rest lies elsewhere.
fn close(record: &mut [u8], rest: &[u8]) {
    let (frame, body) = record.split_at_mut(FRAME);
    let (length, sum) = (length_of(body, rest), checksum(body, rest));
    frame[..4].copy_from_slice(&length.to_le_bytes());
    frame[4..].copy_from_slice(&sum.to_le_bytes());
}

/// Appends an entry whose value `write` appends, in its place: so it is not copied to get there. Nor is the end of it that
/// `write` returns, which belongs behind the record.
pub(crate) fn push_entry<'v>(
    into: &mut Vec<u8>,
    entry: EntryRecord<'_>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<&'v [u8], Error>,
) -> Result<&'v [u8], Error> {
    let start = into.len();
    into.extend_from_slice(&[0; FRAME]);
    let body = Body::Inline(&[]);
    Writer(into).entry(&EntryRecord { body, ..entry });
    let rest = write(into)?;
    close(&mut into[start..], rest);
    Ok(rest)
}

/// Appends a record.
pub(crate) fn push(into: &mut Vec<u8>, record: &Record<'_>) {
    push_framed(into, |body| Writer(body).record(record));
}

/// What a body says; `None` if it is no record.
pub(crate) fn parse(body: &[u8]) -> Option<Record<'_>> {
    let mut reader = Reader::new(body);
    let (MAP, members) = reader.head()? else {
        return None;
    };
    let mut fields = Fields::default();
    for _ in 0..members {
        fields.read(&mut reader)?;
    }
    (reader.remaining() == 0).then(|| fields.record())?
}

/// Everything a record may say, as it is met.
#[derive(Default)]
struct Fields<'a> {
    log: Option<&'a str>,
    version: Option<u64>,
    id: Option<&'a str>,
    number: Option<u64>,
    cause: Option<&'a str>,
    after: Option<(u64, u64)>,
    key: Option<Digest>,
    at: Option<i64>,
    arguments: Option<&'a [u8]>,
    none: bool,
    attempt: u64,
    set: bool,
    gone: Option<&'a str>,
    taken: Option<u64>,
    file: Option<&'a str>,
    bytes: Option<u64>,
    sum: Option<u64>,
    value: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Option<()> {
        match name(reader)? {
            b"cachier" => self.log = Some(text(reader)?),
            b"version" => self.version = Some(unsigned(reader)?),
            b"id" => self.id = Some(text(reader)?),
            b"number" => self.number = Some(unsigned(reader)?),
            b"cause" => self.cause = Some(text(reader)?),
            b"after" => self.after = Some(pair(reader)?),
            b"key" => self.key = Some(digest(reader)?),
            b"at" => self.at = Some(signed(reader)?),
            b"args" => self.arguments = Some(bytes(reader)?),
            b"none" => self.none = boolean(reader)?,
            b"attempt" => self.attempt = unsigned(reader)?,
            b"set" => self.set = boolean(reader)?,
            b"gone" => self.gone = Some(text(reader)?),
            b"taken" => self.taken = Some(unsigned(reader)?),
            b"file" => self.file = Some(text(reader)?),
            b"bytes" => self.bytes = Some(unsigned(reader)?),
            b"sum" => self.sum = Some(unsigned(reader)?),
            // Last, and the rest: so the value is not read twice.
            b"value" => self.value = Some(reader.take(reader.remaining() as u64)?),
            _ => reader.skip()?,
        }
        Some(())
    }

    fn record(self) -> Option<Record<'a>> {
        match (self.log, self.after, self.key) {
            (Some(_), ..) => self.header(),
            (_, Some((number, tail)), _) => Some(Record::After {
                number: u32::try_from(number).ok()?,
                tail,
            }),
            (_, _, Some(digest)) => self.keyed(digest),
            _ => Some(Record::Unknown),
        }
    }

    fn header(&self) -> Option<Record<'a>> {
        let known = self.log == Some("log") && self.version == Some(FORMAT_VERSION);
        let header = Header {
            id: self.id?,
            number: u32::try_from(self.number?).ok()?,
            cause: Cause::of(self.cause?)?,
        };
        known.then_some(Record::Log(header))
    }

    fn keyed(&self, digest: Digest) -> Option<Record<'a>> {
        if let Some(why) = self.gone {
            let why = Why::of(why);
            return Some(Record::Gone { digest, why });
        }
        if let Some(attempt) = self.taken {
            let attempt = u32::try_from(attempt).ok()?;
            return Some(Record::Taken { digest, attempt });
        }
        Some(Record::Entry(EntryRecord {
            digest,
            stored_at: Timestamp::from_millis(self.at?),
            arguments: self.arguments,
            none: self.none,
            attempt: u32::try_from(self.attempt).ok()?,
            set: self.set,
            body: self.body()?,
        }))
    }

    fn body(&self) -> Option<Body<'a>> {
        if let Some(value) = self.value {
            return Some(Body::Inline(value));
        }
        Some(Body::Outside {
            file: self.file?,
            bytes: self.bytes?,
            sum: u32::try_from(self.sum?).ok()?,
        })
    }
}

impl Cause {
    fn of(text: &str) -> Option<Self> {
        match text {
            "new" => Some(Self::New),
            "clear" => Some(Self::Clear),
            "compaction" => Some(Self::Compaction),
            "repair" => Some(Self::Repair),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Clear => "clear",
            Self::Compaction => "compaction",
            Self::Repair => "repair",
        }
    }
}

impl Why {
    fn of(text: &str) -> Self {
        match text {
            "evicted" => Self::Evicted,
            _ => Self::Removed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Evicted => "evicted",
        }
    }
}

fn text<'a>(reader: &mut Reader<'a>) -> Option<&'a str> {
    let (TEXT, length) = reader.head()? else {
        return None;
    };
    std::str::from_utf8(reader.take(length)?).ok()
}

/// Compared as it is: checking that it is text would cost more.
#[inline]
fn name<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let (TEXT, length) = reader.head()? else {
        return None;
    };
    reader.take(length)
}

fn bytes<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let (BYTES, length) = reader.head()? else {
        return None;
    };
    reader.take(length)
}

fn digest(reader: &mut Reader<'_>) -> Option<Digest> {
    Some(Digest::from_bytes(bytes(reader)?.try_into().ok()?))
}

fn unsigned(reader: &mut Reader<'_>) -> Option<u64> {
    let (UNSIGNED, value) = reader.head()? else {
        return None;
    };
    Some(value)
}

fn signed(reader: &mut Reader<'_>) -> Option<i64> {
    match reader.head()? {
        (UNSIGNED, value) => i64::try_from(value).ok(),
        (NEGATIVE, value) => Some(!i64::try_from(value).ok()?),
        _ => None,
    }
}

fn boolean(reader: &mut Reader<'_>) -> Option<bool> {
    match reader.take(1)? {
        [cbor::TRUE] => Some(true),
        [cbor::FALSE] => Some(false),
        _ => None,
    }
}

fn pair(reader: &mut Reader<'_>) -> Option<(u64, u64)> {
    let (ARRAY, 2) = reader.head()? else {
        return None;
    };
    Some((unsigned(reader)?, unsigned(reader)?))
}

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn record(&mut self, record: &Record<'_>) {
        match record {
            Record::Log(header) => self.header(header),
            Record::After { number, tail } => self.after(*number, *tail),
            Record::Entry(entry) => self.entry(entry),
            Record::Gone { digest, why } => {
                self.map(2);
                self.key(digest);
                self.text_field("gone", why.name());
            }
            Record::Taken { digest, attempt } => {
                self.map(2);
                self.key(digest);
                self.unsigned_field("taken", (*attempt).into());
            }
            Record::Unknown => self.map(0),
        }
    }

    fn header(&mut self, header: &Header<'_>) {
        self.map(5);
        self.text_field("cachier", "log");
        self.unsigned_field("version", FORMAT_VERSION);
        self.text_field("id", header.id);
        self.unsigned_field("number", header.number.into());
        self.text_field("cause", header.cause.name());
    }

    fn after(&mut self, number: u32, tail: u64) {
        self.map(1);
        self.text("after");
        push_head(self.0, ARRAY, 2);
        push_head(self.0, UNSIGNED, number.into());
        push_head(self.0, UNSIGNED, tail);
    }

    fn entry(&mut self, entry: &EntryRecord<'_>) {
        let optional = [
            entry.arguments.is_some(),
            entry.none,
            entry.attempt > 0,
            entry.set,
        ];
        let optional = optional.iter().filter(|there| **there).count() as u64;
        let body = match entry.body {
            Body::Inline(_) => 1,
            Body::Outside { .. } => 3,
        };
        self.map(2 + optional + body);
        self.key(&entry.digest);
        self.signed_field("at", entry.stored_at.as_millis());
        if let Some(arguments) = entry.arguments {
            self.text("args");
            self.byte_string(arguments);
        }
        self.flag("none", entry.none);
        if entry.attempt > 0 {
            self.unsigned_field("attempt", entry.attempt.into());
        }
        self.flag("set", entry.set);
        self.body(&entry.body);
    }

    fn body(&mut self, body: &Body<'_>) {
        match body {
            Body::Inline(value) => {
                self.text("value");
                self.0.extend_from_slice(value);
            }
            Body::Outside { file, bytes, sum } => {
                self.text_field("file", file);
                self.unsigned_field("bytes", *bytes);
                self.unsigned_field("sum", (*sum).into());
            }
        }
    }

    fn map(&mut self, members: u64) {
        push_head(self.0, MAP, members);
    }

    fn key(&mut self, digest: &Digest) {
        self.text("key");
        self.byte_string(digest.as_bytes());
    }

    fn flag(&mut self, name: &str, set: bool) {
        if set {
            self.text(name);
            self.0.push(cbor::TRUE);
        }
    }

    fn text_field(&mut self, name: &str, text: &str) {
        self.text(name);
        self.text(text);
    }

    fn unsigned_field(&mut self, name: &str, value: u64) {
        self.text(name);
        push_head(self.0, UNSIGNED, value);
    }

    fn signed_field(&mut self, name: &str, value: i64) {
        self.text(name);
        match u64::try_from(value) {
            Ok(value) => push_head(self.0, UNSIGNED, value),
            Err(_) => push_head(self.0, NEGATIVE, !value as u64),
        }
    }

    fn text(&mut self, text: &str) {
        push_head(self.0, TEXT, text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn byte_string(&mut self, bytes: &[u8]) {
        push_head(self.0, BYTES, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(record: &Record<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        push(&mut bytes, record);
        bytes
    }

    fn entry<'a>(arguments: Option<&'a [u8]>, body: Body<'a>) -> Record<'a> {
        Record::Entry(EntryRecord {
            digest: Digest::from_bytes([7; 32]),
            stored_at: Timestamp::from_millis(-5),
            arguments,
            none: true,
            attempt: 2,
            set: true,
            body,
        })
    }

    fn returns(record: Record<'_>) {
        let bytes = written(&record);
        let Framed::Body(body) = frame(&bytes) else {
            panic!("no frame of {record:?}");
        };
        assert_eq!(framed_length(body), bytes.len() as u64);
        assert_eq!(parse(body), Some(record));
    }

    #[test]
    fn every_kind_of_record_comes_back() {
        let digest = Digest::from_bytes([9; 32]);
        for cause in [Cause::New, Cause::Clear, Cause::Compaction, Cause::Repair] {
            returns(Record::Log(Header {
                id: "f/..\0",
                number: u32::MAX,
                cause,
            }));
        }
        for why in [Why::Removed, Why::Evicted] {
            returns(Record::Gone { digest, why });
        }
        returns(Record::Taken {
            digest,
            attempt: 15,
        });
        returns(Record::After {
            number: 1,
            tail: 1 << 36,
        });
        returns(Record::Unknown);
        returns(entry(
            None,
            Body::Outside {
                file: "value",
                bytes: 1 << 40,
                sum: 7,
            },
        ));
    }

    #[test]
    fn what_a_later_program_adds_is_passed_over() {
        let mut bytes = Vec::new();
        push_framed(&mut bytes, |body| {
            push_head(body, MAP, 1);
            Writer(body).unsigned_field("novelty", 1);
        });
        let Framed::Body(body) = frame(&bytes) else {
            panic!("no frame");
        };
        assert_eq!(parse(body), Some(Record::Unknown));
    }

    #[test]
    fn zeros_are_no_record() {
        assert_eq!(frame(&[0; 64]), Framed::Nonsense);
        assert_eq!(frame(&[255; 64]), Framed::Nonsense);
    }

    #[test]
    fn a_record_cut_short_says_what_is_missing() {
        let bytes = written(&entry(Some(&[1]), Body::Inline(&[2])));
        for length in FRAME..bytes.len() {
            assert_eq!(frame(&bytes[..length]), Framed::Short(bytes.len()));
        }
        assert_eq!(frame(&bytes[..3]), Framed::Short(FRAME));
    }

    #[test]
    fn each_flipped_bit_is_noticed() {
        let whole = written(&entry(Some(&[1, 2]), Body::Inline(&[3])));
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!matches!(frame(&bytes), Framed::Body(_)), "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn entries_come_back(arguments in any::<Option<Vec<u8>>>(), value in any::<Vec<u8>>()) {
            returns(entry(arguments.as_deref(), Body::Inline(&value)));
        }

        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            let _ = frame(&bytes);
            let _ = parse(&bytes);
        }

        #[test]
        fn no_damaged_record_panics(at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut bytes = written(&entry(Some(&[1, 2]), Body::Inline(&[3])));
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            let _ = parse(&bytes[FRAME..]);
        }
    }
}
