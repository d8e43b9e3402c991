//! Going through every entry of a store; changes nothing itself.

use super::*;

/// An entry and where it lies.
pub(crate) type Visit<'a> = dyn FnMut(&Found, &EntryRecord<'_>) -> Result<(), Error> + 'a;

/// The sizes of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
}

impl Store {
    /// Visits every entry that can be read, oldest first.
    pub(crate) fn each(&self, visit: &mut Visit<'_>) -> Result<(), Error> {
        let Some((log, live)) = self.live()? else {
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

    /// The log and its entries as they are now, oldest first.
    fn live(&self) -> Result<Option<(Arc<Log>, Vec<Found>)>, Error> {
        let view = self.current()?;
        Ok(view.as_ref().map(|view| {
            let mut live: Vec<_> = view.index.entries().collect();
            live.sort_unstable_by_key(|found| found.at.offset);
            (view.log.clone(), live)
        }))
    }

    pub(crate) fn totals(&self) -> Result<Totals, Error> {
        let view = self.current()?;
        Ok(view.as_ref().map_or_else(Totals::default, |view| Totals {
            entries: view.index.len(),
            bytes: view.index.bytes(),
        }))
    }
}

/// From the first entry to the end of the last.
fn bounds_of(live: &[Found]) -> (u64, u64) {
    let end = |found: &Found| found.at.offset + u64::from(found.at.length);
    let from = live.first().map_or(0, |found| found.at.offset);
    (from, live.last().map_or(from, end))
}
