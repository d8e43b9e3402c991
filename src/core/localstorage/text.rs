//! The text of an item, written and read in one order; knows no value and no storage.

use crate::core::browser::hexadecimal;
use crate::core::browser::ledger::{Function, Head, Mark, meta};
use crate::key::Key;
use crate::text::{integer, joined};

/// An entry as it was read.
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) key: Key,
    pub(super) text: String,
    pub(super) is_bytes: bool,
}

/// The text of an entry; a value is JSON, bytes are hexadecimal.
pub(super) fn entry(head: &Head, key: &Key, text: &str, is_bytes: bool) -> String {
    let number = |number: u64| integer(number as i64);
    let (open, close) = match is_bytes {
        true => ("\",\"bytes\":\"", "\"}"),
        false => ("\",\"value\":", "}"),
    };
    joined!(
        "{\"storedAt\":",
        &integer(head.meta.stored_at.as_millis()),
        ",\"size\":",
        &number(head.meta.size),
        ",\"none\":",
        if head.meta.none { "1" } else { "0" },
        ",\"order\":",
        &number(head.order),
        ",\"generation\":",
        &number(head.generation),
        ",\"key\":\"",
        &hexadecimal::text(key.as_bytes()),
        open,
        text,
        close,
    )
}

/// The entry of a text; `None` if it is none.
pub(super) fn read_entry(item: &str) -> Option<Found> {
    let mut reader = Reader(item);
    let stored_at = reader.number("{\"storedAt\":")?;
    let size = reader.number(",\"size\":")?;
    let none = reader.number(",\"none\":")?;
    let order = reader.number(",\"order\":")?;
    let generation = reader.number(",\"generation\":")?;
    let key = reader.text(",\"key\":\"")?;
    let (text, is_bytes) = reader.value()?;
    Some(Found {
        head: Head {
            order: order as u64,
            generation: generation as u64,
            meta: meta(stored_at, size as u64, none != 0),
        },
        key: Key::from_canonical(&hexadecimal::bytes(key)?),
        text: text.to_owned(),
        is_bytes,
    })
}

pub(super) fn function(function: Function) -> String {
    numbers(["serial", "freed"], [function.serial, function.freed])
}

/// What is kept of a function; all zero where there is nothing.
pub(super) fn read_function(item: &str) -> Function {
    let [serial, freed] = read_numbers(item, ["serial", "freed"]).unwrap_or_default();
    Function {
        serial,
        freed,
        ..Function::default()
    }
}

pub(super) fn mark(mark: Mark) -> String {
    numbers(
        ["number", "generation", "attempt"],
        [mark.number, mark.generation, mark.attempt.into()],
    )
}

pub(super) fn read_mark(item: &str) -> Option<Mark> {
    let [number, generation, attempt] = read_numbers(item, ["number", "generation", "attempt"])?;
    Some(Mark {
        number,
        generation,
        attempt: attempt as u32,
    })
}

fn numbers<const N: usize>(names: [&str; N], values: [u64; N]) -> String {
    let mut text = String::from("{");
    for (name, value) in names.iter().zip(values) {
        let comma = if text.len() > 1 { "," } else { "" };
        text.push_str(&joined!(comma, "\"", name, "\":", &integer(value as i64)));
    }
    text.push('}');
    text
}

fn read_numbers<const N: usize>(item: &str, names: [&str; N]) -> Option<[u64; N]> {
    let mut reader = Reader(item);
    let mut values = [0; N];
    for (index, name) in names.iter().enumerate() {
        let before = if index == 0 { "{" } else { "," };
        let label = joined!(before, "\"", name, "\":");
        *values.get_mut(index)? = reader.number(&label)? as u64;
    }
    Some(values)
}

/// What is still to be read of a text.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn pass(&mut self, label: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(label)?;
        Some(())
    }

    fn number(&mut self, label: &str) -> Option<i64> {
        self.pass(label)?;
        let end = self.0.find([',', '}'])?;
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        digits.parse().ok()
    }

    fn text(&mut self, label: &str) -> Option<&'a str> {
        self.pass(label)?;
        let (text, rest) = self.0.split_once('"')?;
        self.0 = rest;
        Some(text)
    }

    /// The value or the bytes, which are the last; and whether it is bytes.
    fn value(&mut self) -> Option<(&'a str, bool)> {
        if let Some(text) = self.0.strip_prefix(",\"bytes\":\"") {
            return Some((text.strip_suffix("\"}")?, true));
        }
        let text = self.0.strip_prefix(",\"value\":")?;
        Some((text.strip_suffix('}')?, false))
    }
}
