//! A snapshot gives back what was written, or says that it is damaged; never anything else.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use cachier::snapshot::{Header, Item, Part, Reader, Writer};
use cachier::{Error, Key, Timestamp};
use proptest::prelude::*;

const HEADER: Header<'_> = Header {
    id: "weather::report",
    taken_at: Timestamp::from_millis(1_700_000_000_000),
};

#[derive(Clone, Debug, PartialEq)]
struct Kept {
    key: [u8; 32],
    arguments: Option<Vec<u8>>,
    stored_at: Timestamp,
    none: bool,
    value: Vec<u8>,
}

impl Kept {
    fn of(argument: u32, value: &[u8]) -> Self {
        let key = Key::of(&(argument,)).unwrap();
        Self {
            key: key.digest(),
            arguments: Some(key.as_bytes().to_vec()),
            stored_at: Timestamp::from_millis(i64::from(argument) - 1),
            none: false,
            value: value.to_vec(),
        }
    }

    fn item(&self) -> Item<'_> {
        Item {
            key: self.key,
            arguments: self.arguments.as_deref(),
            stored_at: self.stored_at,
            none: self.none,
            value: &self.value,
        }
    }
}

impl From<Item<'_>> for Kept {
    fn from(item: Item<'_>) -> Self {
        Self {
            key: item.key,
            arguments: item.arguments.map(<[u8]>::to_vec),
            stored_at: item.stored_at,
            none: item.none,
            value: item.value.to_vec(),
        }
    }
}

fn byte_string(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u32).to_be_bytes();
    [&[0x5a], &length[..], bytes].concat()
}

fn some_entries() -> Vec<Kept> {
    let without_arguments = Kept {
        arguments: None,
        ..Kept::of(1, &[0x01])
    };
    let none = Kept {
        none: true,
        ..Kept::of(2, &[0xf6])
    };
    let neither = Kept {
        arguments: None,
        none: true,
        ..Kept::of(3, &[0xf6])
    };
    vec![Kept::of(0, b"\x65hello"), without_arguments, none, neither]
}

fn written(entries: &[Kept]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = Writer::new(&HEADER, &mut file);
    for entry in entries {
        writer.item(&entry.item(), &mut file);
    }
    writer.finish(&mut file);
    file
}

/// What is read of the bytes, given in pieces of this size, until the first error.
fn read(bytes: &[u8], piece: usize) -> (Vec<Kept>, Result<(), Error>) {
    let mut items = Vec::new();
    let mut reader = Reader::new();
    for piece in bytes.chunks(piece) {
        reader.feed(piece);
        if let Err(error) = drain(&mut reader, &mut items) {
            return (items, Err(error));
        }
    }
    reader.end();
    let end = drain(&mut reader, &mut items);
    (items, end)
}

fn drain(reader: &mut Reader, items: &mut Vec<Kept>) -> Result<(), Error> {
    while let Some(part) = reader.part()? {
        match part {
            Part::Header(header) => assert_eq!(header, HEADER),
            Part::Item(item) => items.push(item.into()),
            Part::Closing { entries } => assert_eq!(entries, items.len() as u64),
        }
    }
    Ok(())
}

/// What is left of the bytes, and how often something was passed over.
fn salvaged(bytes: &[u8], piece: usize) -> (Vec<Kept>, u32) {
    let (mut items, mut damages) = (Vec::new(), 0);
    let mut reader = Reader::new();
    let mut pieces = bytes.chunks(piece);
    loop {
        match reader.part() {
            Ok(Some(Part::Item(item))) => items.push(item.into()),
            Ok(Some(_)) => {}
            Err(_) => {
                damages += 1;
                reader.skip_damage();
            }
            Ok(None) => match pieces.next() {
                Some(piece) => reader.feed(piece),
                None if reader_is_done(&mut reader) => return (items, damages),
                None => {}
            },
        }
    }
}

fn reader_is_done(reader: &mut Reader) -> bool {
    reader.end();
    matches!(reader.part(), Ok(None))
}

fn entries() -> impl Strategy<Value = Vec<Kept>> {
    let entry = (
        any::<u32>(),
        any::<i64>(),
        any::<[bool; 2]>(),
        any::<Vec<u8>>(),
    );
    let entry = entry.prop_map(|(argument, millis, [arguments, none], value)| {
        let mut entry = Kept::of(argument, &byte_string(&value));
        entry.arguments = entry.arguments.filter(|_| arguments);
        entry.stored_at = Timestamp::from_millis(millis);
        entry.none = none;
        entry
    });
    prop::collection::vec(entry, 0..5)
}

#[test]
fn what_is_written_is_read_whatever_the_pieces() {
    for entries in [
        vec![],
        some_entries(),
        vec![Kept::of(9, &byte_string(&[7; 100_000]))],
    ] {
        let file = written(&entries);
        for piece in [1, 2, 7, 64, 65_536, file.len()]
            .into_iter()
            .filter(|piece| file.len() / piece < 10_000)
        {
            let (items, end) = read(&file, piece);
            end.unwrap();
            assert_eq!(items, entries);
        }
    }
}

#[test]
fn the_bytes_are_those_of_the_specification() {
    let entry = Kept {
        key: [0xab; 32],
        arguments: None,
        stored_at: Timestamp::from_millis(-2),
        none: true,
        value: vec![0xf6],
    };
    let file = written(&[entry]);
    let header: &[u8] =
        b"\xa5\x67cachier\x68snapshot\x67version\x01\x62id\x6fweather::report\x62at\x1b";
    assert!(file.starts_with(header));
    let entry: &[u8] = &[
        b"\xa5\x63key\x58\x20".as_slice(),
        &[0xab; 32],
        b"\x62at\x21\x64none\xf5\x65value\xd8\x18\x41\xf6\x63sum\x48",
    ]
    .concat();
    let start = header.len() + 8 + b"\x63sum\x48".len() + 8;
    assert_eq!(&file[start..start + entry.len()], entry);
    let closing: &[u8] = b"\xa3\x67entries\x01\x63all\x58\x20";
    let start = start + entry.len() + 8;
    assert_eq!(&file[start..start + closing.len()], closing);
    assert_eq!(
        file.len(),
        start + closing.len() + 32 + b"\x63sum\x48".len() + 8
    );
}

#[test]
fn a_snapshot_that_is_cut_off_anywhere_is_damaged() {
    let file = written(&some_entries());
    for length in 0..file.len() {
        let (_, end) = read(&file[..length], 50);
        let error = end.unwrap_err();
        assert!(error.is_damaged());
        assert!(error.to_string().contains("cut off"), "{length}: {error}");
    }
}

#[test]
fn a_snapshot_with_a_bit_flipped_anywhere_is_damaged() {
    let file = written(&some_entries());
    for position in 0..file.len() * 8 {
        let mut flipped = file.clone();
        flipped[position / 8] ^= 1 << (position % 8);
        let mut reader = Reader::new();
        reader.feed(&flipped);
        reader.end();
        while let Ok(Some(part)) = reader.part() {
            assert!(!matches!(part, Part::Closing { .. }), "bit {position}");
        }
    }
}

#[test]
fn an_entry_that_was_taken_out_is_missed() {
    let entries = some_entries();
    let (whole, first) = (written(&entries), written(&entries[..1]));
    let (header, closing) = (written(&[]).len() - closing_length(), closing_length());
    let without_first = [&whole[..header], &whole[first.len() - closing..]].concat();
    let (_, end) = read(&without_first, 64);
    assert!(end.unwrap_err().to_string().contains("entries are missing"));
}

fn closing_length() -> usize {
    b"\xa3\x67entries\x01\x63all\x58\x20".len() + 32 + b"\x63sum\x48".len() + 8
}

#[test]
fn what_follows_the_closing_is_damage() {
    let file = [written(&some_entries()), vec![0]].concat();
    let (items, end) = read(&file, 64);
    assert_eq!(items, some_entries());
    assert!(end.unwrap_err().to_string().contains("more bytes follow"));
}

#[test]
fn other_files_and_other_versions_are_refused_by_name() {
    let (_, end) = read(b"\x89PNG\r\n\x1a\n", 64);
    assert!(
        end.unwrap_err()
            .to_string()
            .contains("no snapshot of cachier")
    );
    let (_, end) = read(b"\xa5\x67cachier\x63log\x67version\x01", 64);
    assert!(
        end.unwrap_err()
            .to_string()
            .contains("no snapshot of cachier")
    );
    let (_, end) = read(b"\xa5\x67cachier\x68snapshot\x67version\x02", 64);
    assert!(end.unwrap_err().to_string().contains("another version"));
}

#[test]
fn arguments_that_are_not_those_of_the_key_are_damage() {
    let forged = Kept {
        arguments: Kept::of(8, &[]).arguments,
        ..Kept::of(7, &[0x01])
    };
    let (_, end) = read(&written(&[forged]), 64);
    assert!(
        end.unwrap_err()
            .to_string()
            .contains("not those of its key")
    );
}

#[test]
fn a_value_that_is_not_one_item_is_damage() {
    for value in [&[][..], &[0x18], &[0x01, 0x02], &[0x9f, 0xff]] {
        let (_, end) = read(&written(&[Kept::of(7, value)]), 64);
        assert!(
            end.unwrap_err()
                .to_string()
                .contains("not one item of CBOR")
        );
    }
}

#[test]
fn all_entries_but_the_damaged_one_are_salvaged() {
    let entries = some_entries();
    let file = written(&entries);
    let header = written(&[]).len() - closing_length();
    for position in 0..file.len() - closing_length() {
        let mut damaged = file.clone();
        damaged[position] ^= 0x55;
        let (items, damages) = salvaged(&damaged, 100);
        assert!(damages > 0);
        let expected = entries.len() - usize::from(position >= header);
        assert_eq!(items.len(), expected, "byte {position}");
        assert!(items.iter().all(|item| entries.contains(item)));
    }
}

#[test]
fn an_undamaged_snapshot_is_salvaged_whole() {
    assert_eq!(salvaged(&written(&some_entries()), 10), (some_entries(), 0));
}

proptest! {
    #[test]
    fn any_entries_come_back(entries in entries(), piece in 1..200_usize) {
        let (items, end) = read(&written(&entries), piece);
        prop_assert!(end.is_ok());
        prop_assert_eq!(items, entries);
    }

    #[test]
    fn any_bytes_can_be_read(bytes: Vec<u8>, piece in 1..20_usize) {
        let (items, end) = read(&bytes, piece);
        prop_assert!(items.is_empty() && end.is_err());
        prop_assert!(salvaged(&bytes, piece).0.is_empty());
    }

    #[test]
    fn whatever_is_done_to_a_snapshot_no_other_entry_comes_out(
        entries in entries(), start: prop::sample::Index, end: prop::sample::Index, noise: Vec<u8>, piece in 1..200_usize,
    ) {
        let mut file = written(&entries);
        let (start, end) = (start.index(file.len()), end.index(file.len()));
        file.splice(start.min(end)..start.max(end), noise);
        let (items, _) = salvaged(&file, piece);
        prop_assert!(items.iter().all(|item| entries.contains(item)));
    }
}
