//! `cachier export`: a function's entries into one file.

use cachier::inspect::{Cache, Stored};
use cachier::snapshot::{Header, Item, Writer};
use serde::Serialize;

use crate::entry;
use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::source::Target;
use crate::usage::{Common, Export};

/// So many bytes are written at once.
const PIECE: usize = 64 * 1024;

#[derive(Serialize)]
struct Exported<'a> {
    function: &'a str,
    file: String,
    entries: u64,
    bytes: u64,
}

pub fn run(given: &Export, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let cache = caches.one(&given.function)?;
    let mut target = Target::of(&given.output)?;
    let (entries, bytes) = write(cache, &mut target, screen)?;
    let exported = Exported {
        function: cache.id(),
        file: given.output.display().to_string(),
        entries,
        bytes,
    };
    let (id, file) = (human::plain(cache.id()), &exported.file);
    let text = format!(
        "Exported {} of {id} to {file} ({})",
        human::entries(entries),
        human::size(bytes)
    );
    match target {
        Target::Output => {
            target.finish()?;
            screen.note(&text);
            Ok(())
        }
        Target::File { .. } => {
            target.finish()?;
            screen.result(&exported, || text)
        }
    }
}

/// How many entries were written, and bytes.
fn write(cache: &Cache, target: &mut Target, screen: &Screen) -> Result<(u64, u64), Failure> {
    let progress = screen.progress("Exporting", cache.summary()?.entries);
    let mut buffer = Vec::new();
    let header = Header {
        id: cache.id(),
        taken_at: screen.now(),
    };
    let mut writer = Writer::new(&header, &mut buffer);
    let (mut entries, mut bytes) = (0, 0);
    entry::each(cache, |stored| {
        writer.item(&item(&stored), &mut buffer);
        entries += 1;
        progress.reached(entries);
        match buffer.len() {
            PIECE.. => flush(&mut buffer, target, &mut bytes),
            _ => Ok(()),
        }
    })?;
    writer.finish(&mut buffer);
    flush(&mut buffer, target, &mut bytes)?;
    Ok((entries, bytes))
}

fn flush(buffer: &mut Vec<u8>, target: &mut Target, bytes: &mut u64) -> Result<(), Failure> {
    target.write(buffer)?;
    *bytes += buffer.len() as u64;
    buffer.clear();
    Ok(())
}

fn item(stored: &Stored) -> Item<'_> {
    Item {
        key: *stored.digest.as_bytes(),
        arguments: stored.arguments.as_deref(),
        stored_at: stored.stored_at,
        none: stored.none,
        value: &stored.value,
    }
}
