//! Going through every entry of a store; knows no values.

use super::*;
use crate::core::Swept;

/// An entry and where it lies.
pub(crate) type Visit<'a> = dyn FnMut(&Found, &EntryRecord<'_>) -> Result<(), Error> + 'a;

/// What lies somewhere in a log.
pub(crate) enum Piece<'a> {
    /// A live entry.
    Entry(Found, &'a EntryRecord<'a>),
    /// A sound record that is no live entry.
    Other,
    /// No sound record.
    Damage(u64),
}

/// Called with each piece, up to where the log was read, and how long it is.
pub(crate) type Inspect<'a> = dyn FnMut(Piece<'_>, u64, u64) + 'a;

/// A log, its entries and where it ends.
type Live = (Arc<Log>, Vec<Found>, u64);

impl Store {
    /// Goes through the whole log, damaged or not.
    pub(crate) fn pieces(&self, inspect: &mut Inspect<'_>) -> Result<(), Error> {
        let Some((log, live, tail)) = self.live()? else {
            return Ok(());
        };
        let mut live = live.into_iter().peekable();
        let mut from = 0;
        while from < tail {
            let scanned = log.scan(from, tail, &mut |at, record| {
                while live.next_if(|found| found.at.offset < at.offset).is_some() {}
                let found = live.next_if(|found| found.at == at);
                let piece = match (found, record) {
                    (Some(found), Record::Entry(entry)) => Piece::Entry(found, entry),
                    _ => Piece::Other,
                };
                inspect(piece, at.offset + u64::from(at.length), tail);
                true
            });
            let scanned = scanned.map_err(|error| self.trouble(&error))?;
            if scanned.end >= tail {
                break;
            }
            from = match scanned.stopped {
                Some(Stop::Damage(Some(next))) if next > scanned.end => next,
                _ => tail,
            };
            inspect(Piece::Damage(scanned.end), from.min(tail), tail);
        }
        Ok(())
    }

    /// Visits every entry that can be read, oldest first.
    pub(crate) fn each(&self, visit: &mut Visit<'_>) -> Result<(), Error> {
        let Some((log, live, _)) = self.live()? else {
            return Ok(());
        };
        let (from, to) = bounds_of(&live);
        let mut live = live.into_iter().peekable();
        let mut failed = None;
        let read = super::super::view::read_all(&log, from, to, &mut |at, record| {
            while live.next_if(|found| found.at.offset < at.offset).is_some() {}
            let Some(found) = live.next_if(|found| found.at == at) else {
                return;
            };
            if let (Record::Entry(entry), None) = (record, &failed) {
                failed = visit(&found, entry).err();
            }
        });
        read.map_err(|error| self.trouble(&error))?;
        failed.map_or(Ok(()), Err)
    }

    /// The log and its entries as they are now, oldest first, and where it ends.
    fn live(&self) -> Result<Option<Live>, Error> {
        let view = match self.current() {
            // It is told of once; what can be read is read.
            Err(error) if error.is_damaged() => self.current()?,
            view => view?,
        };
        Ok(view.as_ref().map(|view| {
            let mut live: Vec<_> = view.index.entries().collect();
            live.sort_unstable_by_key(|found| found.at.offset);
            (view.log.clone(), live, view.seen.tail())
        }))
    }

    /// Removes the entries that `keep` refuses, without overtaking claims; what is left.
    pub(crate) fn retain(
        &self,
        keep: &mut dyn FnMut(&EntryRecord<'_>, u64) -> bool,
    ) -> Result<Swept, Error> {
        let mut refused = Vec::new();
        self.each(&mut |found, entry| {
            if !keep(entry, found.size()) {
                refused.push((entry.digest, *found));
            }
            Ok(())
        })?;
        let removed = match refused.is_empty() {
            true => 0,
            false => self.drop_entries(&refused)?,
        };
        let view = self.current()?;
        let (entries, bytes) = view
            .as_ref()
            .map_or((0, 0), |view| (view.index.len(), view.index.bytes()));
        Ok(Swept {
            entries,
            bytes,
            removed,
            evicted: self.evicted.load(Ordering::Relaxed),
        })
    }
}

/// From the first entry to the end of the last.
fn bounds_of(live: &[Found]) -> (u64, u64) {
    let end = |found: &Found| found.at.offset + u64::from(found.at.length);
    let from = live.first().map_or(0, |found| found.at.offset);
    (from, live.last().map_or(from, end))
}
