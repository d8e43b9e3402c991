//! `cachier import`: entries from the file that `cachier export` wrote.

use cachier::inspect::{Cache, Digest, Stored};
use cachier::snapshot::{Item, Part, Reader};
use serde::Serialize;

use crate::failure::Failure;
use crate::human;
use crate::keys;
use crate::screen::{Progress, Screen};
use crate::select::{self, cache_dir};
use crate::source::Source;
use crate::usage::{Common, Import};

#[derive(Serialize)]
struct Imported {
    function: String,
    file: String,
    imported: u64,
    /// Entries that are here and newer.
    kept: u64,
    /// Places in the file that were passed over.
    damaged: u64,
}

pub fn run(given: &Import, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let source = Source::of(&given.file)?;
    let checked = check(&source, given, screen)?;
    let id = function_id(checked.id.as_deref(), given)?;
    let cache = Cache::create(&cache_dir(common)?, &id)?;
    let mut imported = Imported {
        function: id,
        file: source.name(),
        imported: 0,
        kept: 0,
        damaged: checked.damaged,
    };
    let progress = screen.progress("Importing", source.length());
    walk(
        &source,
        Damaged::as_asked(given),
        &progress,
        &mut |part| match part {
            Part::Item(item) => store(&cache, &item, given.overwrite, &mut imported),
            _ => Ok(()),
        },
    )?;
    drop(progress);
    screen.result(&imported, || imported.text())?;
    match imported.damaged {
        0 => Ok(()),
        damages => Err(Failure::Nothing(format!(
            "{} passed over in {}",
            human::counted(damages, "damaged place was", "damaged places were"),
            imported.file
        ))),
    }
}

impl Imported {
    fn text(&self) -> String {
        let (imported, id) = (human::entries(self.imported), human::plain(&self.function));
        match self.kept {
            0 => format!("Imported {imported} of {id}"),
            kept => format!(
                "Imported {imported} of {id}; {} here were as new or newer",
                human::count(kept)
            ),
        }
    }
}

/// What is known of a file once it was read to its end.
#[derive(Default)]
struct Checked {
    /// Of the function; none if the header is damaged.
    id: Option<String>,
    damaged: u64,
}

fn check(source: &Source, given: &Import, screen: &Screen) -> Result<Checked, Failure> {
    let progress = screen.progress("Checking", source.length());
    let mut id = None;
    let damaged = walk(
        source,
        Damaged::as_asked(given),
        &progress,
        &mut |part| match part {
            Part::Header(header) => {
                id = Some(header.id.to_owned());
                Ok(())
            }
            _ => Ok(()),
        },
    )?;
    Ok(Checked { id, damaged })
}

/// What to do where the file is not what was written.
#[derive(Clone, Copy)]
enum Damaged {
    Refuse,
    PassOver,
}

impl Damaged {
    fn as_asked(given: &Import) -> Self {
        if given.salvage {
            Self::PassOver
        } else {
            Self::Refuse
        }
    }
}

type Visit<'a> = dyn FnMut(Part<'_>) -> Result<(), Failure> + 'a;

/// Visits every part; how many damaged places were passed over.
fn walk(
    source: &Source,
    damaged: Damaged,
    progress: &Progress,
    visit: &mut Visit<'_>,
) -> Result<u64, Failure> {
    let mut reader = Reader::new();
    let (mut places, mut read) = (0, 0);
    source.read(|piece| {
        reader.feed(piece);
        read += piece.len() as u64;
        progress.reached(read);
        places += drain(&mut reader, source, damaged, visit)?;
        Ok(())
    })?;
    reader.end();
    Ok(places + drain(&mut reader, source, damaged, visit)?)
}

/// Visits the parts that are there by now.
fn drain(
    reader: &mut Reader,
    source: &Source,
    damaged: Damaged,
    visit: &mut Visit<'_>,
) -> Result<u64, Failure> {
    let mut places = 0;
    loop {
        match (reader.part(), damaged) {
            (Ok(Some(part)), _) => visit(part)?,
            (Ok(None), _) => return Ok(places),
            (Err(_), Damaged::PassOver) => {
                places += 1;
                reader.skip_damage();
            }
            (Err(error), Damaged::Refuse) => {
                return Err(Failure::Nothing(format!(
                    "{}: {error}; nothing was imported",
                    source.name()
                )));
            }
        }
    }
}

/// Under which id the entries are imported.
fn function_id(in_file: Option<&str>, given: &Import) -> Result<String, Failure> {
    match (&given.under, in_file, &given.function) {
        (Some(under), _, _) => Ok(under.clone()),
        (None, None, _) => Err(Failure::Usage(
            "the file does not tell its function any more: name it with --as".into(),
        )),
        (None, Some(id), Some(function)) if !select::is_named(id, function) => {
            Err(Failure::Usage(format!(
                "the file holds entries of {id}, not of {function}; --as imports them there all the same"
            )))
        }
        (None, Some(id), _) => Ok(id.into()),
    }
}

fn store(
    cache: &Cache,
    item: &Item<'_>,
    overwrite: bool,
    imported: &mut Imported,
) -> Result<(), Failure> {
    let digest = Digest::from_bytes(item.key);
    if !overwrite && is_newer_here(cache, &digest, item)? {
        imported.kept += 1;
        return Ok(());
    }
    cache.insert(Stored {
        digest,
        arguments: item.arguments.map(<[u8]>::to_vec),
        stored_at: item.stored_at,
        none: item.none,
        size: 0,
        value: item.value.to_vec(),
    })?;
    imported.imported += 1;
    Ok(())
}

/// A damaged entry is none.
fn is_newer_here(cache: &Cache, digest: &Digest, item: &Item<'_>) -> Result<bool, Failure> {
    match keys::read(cache, digest) {
        Ok(here) => Ok(here.is_some_and(|here| here.stored_at >= item.stored_at)),
        Err(error) if error.is_damaged() => Ok(false),
        Err(error) => Err(error.into()),
    }
}
