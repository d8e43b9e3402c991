//! Writing the live entries of a log into the next one while others read and write; knows no values.

use std::collections::HashSet;
use std::time::Duration;

use super::super::outline::{Outline, Row, Stretch};
use super::*;

/// What may lie idle however little is live.
const LEAST_WASTE: u64 = 960 << 10;

/// Written at once.
const CHUNK: usize = 1 << 20;

/// Records that came meanwhile are copied without the append lock, until so few are left, or so often.
const REST: u64 = 64 << 10;
const ROUNDS: u32 = 4;

/// A value's file that no record leads to may be one whose record is about to be written.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A log that is being written from another one.
struct Copy {
    old: Arc<Log>,
    log: Log,
    /// Up to where the old one was copied, and where the new one ends.
    copied: u64,
    end: u64,
    rows: Vec<Row>,
    files: HashSet<String>,
}

impl Store {
    /// Whether more of the disk lies idle than is used, and more than a little.
    pub(crate) fn is_compaction_due(&self) -> bool {
        self.opened.read().as_ref().is_some_and(|view| {
            let due = view.waste() > view.index.live().max(LEAST_WASTE);
            due && view.seen.raw() >= self.compact_beyond.load(Ordering::Relaxed)
        })
    }

    /// Compacts if it is due; what fails is tried again once as much was written anew.
    pub(crate) fn compact_if_due(&self) {
        if self.is_compaction_due() && self.compact().is_err() {
            let seen = self
                .opened
                .read()
                .as_ref()
                .map_or(0, |view| view.seen.raw());
            self.compact_beyond
                .store(seen + LEAST_WASTE, Ordering::Relaxed);
        }
    }

    /// Writes the live entries anew; does nothing while somebody else does so.
    pub(crate) fn compact(&self) -> Result<(), Error> {
        if !self.exists() {
            return Ok(());
        }
        let Ok(_mine) = self.compacting.try_lock() else {
            return Ok(());
        };
        let control = {
            let _mine = lock(&self.appending);
            self.writable()?
        };
        let locked = control.try_lock_compaction();
        let Some(_locked) = locked.map_err(|error| self.trouble(&error))? else {
            return Ok(());
        };
        let next = self.dir.join(Name::Next.text());
        let compacted = self.copy_and_switch(&control, &next);
        if compacted.is_err() {
            let _ = place::remove(&next);
        }
        compacted
    }

    fn copy_and_switch(&self, control: &Arc<Control>, next: &Path) -> Result<(), Error> {
        let Some(mut copy) = self.copy_live(control, next)? else {
            return Ok(());
        };
        for _ in 0..ROUNDS {
            let tail = control.epoch().map_or(0, Epoch::tail);
            if tail < copy.copied + REST {
                break;
            }
            copy.copy_rest(tail).map_err(|error| self.trouble(&error))?;
        }
        // The bulk of it, before others have to wait.
        copy.log.sync().map_err(|error| self.trouble(&error))?;
        let files = std::mem::take(&mut copy.files);
        let switched = self.append(|view, _| self.switch_to(view, &mut copy, control, next))?;
        match switched {
            true => self.remove_abandoned(&files),
            false => place::remove(next).map_err(|error| self.trouble(&error)),
        }
    }

    /// Starts the next log with every live entry, in the order they came.
    fn copy_live(&self, control: &Arc<Control>, next: &Path) -> Result<Option<Copy>, Error> {
        let (old, live, seen) = {
            let view = self.current()?;
            let Some(view) = view
                .as_ref()
                .filter(|view| Arc::ptr_eq(&view.control, control))
            else {
                return Ok(None);
            };
            let mut live: Vec<_> = view.index.entries().collect();
            live.sort_unstable_by_key(|found| found.at.offset);
            (view.log.clone(), live, view.seen)
        };
        let number = next_number(old.number);
        let made = Log::make(next, &header(&self.id, number, Cause::Compaction));
        let (log, end) = made.map_err(|error| trouble::on(next, &error))?;
        let mut copy = Copy {
            old,
            log,
            copied: seen.tail(),
            end,
            rows: Vec::with_capacity(live.len()),
            files: HashSet::new(),
        };
        let copied = copy.copy_entries(&live);
        copied.map_err(|error| trouble::on(next, &error))?;
        Ok(Some(copy))
    }

    /// Under the append lock: copies what is left, and tells everybody of the new log.
    fn switch_to(
        &self,
        view: &mut View,
        copy: &mut Copy,
        control: &Arc<Control>,
        next: &Path,
    ) -> Result<bool, Error> {
        if !Arc::ptr_eq(&view.control, control) || view.log.number != copy.old.number {
            return Ok(false);
        }
        let path = self.audience().log_path(copy.log.number);
        let finished = copy
            .finish(view.seen.tail())
            .and_then(|()| std::fs::rename(next, &path));
        finished.map_err(|error| trouble::on(next, &error))?;
        self.write_outline(copy);
        let epoch = Epoch::new(copy.log.number, copy.end);
        let told = self
            .sync_directory()
            .and_then(|()| view.control.set_epoch(epoch));
        told.map_err(|error| self.trouble(&error))?;
        let old = copy.old.number;
        // Nobody's entry changes by it: whoever knew the old log needs no telling.
        view.catch_up(&self.audience())?;
        for name in [Name::Log(old), Name::Index(old)] {
            let _ = place::remove(&self.dir.join(name.text()));
        }
        Ok(true)
    }

    /// Opening is slower without one, and nothing else.
    fn write_outline(&self, copy: &Copy) {
        let path = self.dir.join(Name::Index(copy.log.number).text());
        let _ = place::remove(&path);
        let _ =
            Outline::open_or_make(&path).and_then(|mut outline| copy.write_outline(&mut outline));
    }

    /// Removes files of values that somebody wrote who died before the record was.
    fn remove_abandoned(&self, files: &HashSet<String>) -> Result<(), Error> {
        let names = place::files(&self.dir).map_err(|error| self.trouble(&error))?;
        let now = place::modified(self.control_path());
        for name in names {
            let Name::Value(name) = name else { continue };
            let path = self.dir.join(&name);
            let age = now
                .zip(place::modified(&path))
                .and_then(|(now, then)| now.duration_since(then).ok());
            if !files.contains(&name) && age.is_some_and(|age| age > ABANDONED) {
                let _ = place::remove(&path);
            }
        }
        Ok(())
    }
}

impl Copy {
    fn copy_entries(&mut self, live: &[Found]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(CHUNK);
        for found in live {
            let start = bytes.len();
            bytes.resize(start + found.at.length as usize, 0);
            self.old.read(&mut bytes[start..], found.at.offset)?;
            // What is damaged is left behind.
            let Some(entry) = entry_in(&bytes[start..]) else {
                bytes.truncate(start);
                continue;
            };
            if let Body::Outside { file, .. } = entry.body {
                self.files.insert(file.to_owned());
            }
            let mut moved = *found;
            moved.at.offset = self.end + start as u64;
            self.rows.push(Row::There(moved));
            if bytes.len() >= CHUNK {
                self.write(&mut bytes)?;
            }
        }
        self.write(&mut bytes)
    }

    /// Copies what was appended to the old log since, as it is.
    fn copy_rest(&mut self, tail: u64) -> io::Result<()> {
        while self.copied < tail {
            let count = (tail - self.copied).min(CHUNK as u64);
            let mut bytes = vec![0; count as usize];
            self.old.read(&mut bytes, self.copied)?;
            let whole = self.list(&bytes);
            if whole == 0 {
                return Err(ErrorKind::InvalidData.into());
            }
            bytes.truncate(whole);
            self.copied += whole as u64;
            self.write(&mut bytes)?;
        }
        Ok(())
    }

    /// Notes where these records will lie; how long the whole ones of them are.
    fn list(&mut self, bytes: &[u8]) -> usize {
        let mut whole = 0;
        while let Framed::Body(body) = frame(&bytes[whole..]) {
            let length = record::framed_length(body);
            let at = super::super::log::At {
                offset: self.end + whole as u64,
                length: length as u32,
            };
            if let Some(record) = parse(body) {
                if let Record::Entry(EntryRecord {
                    body: Body::Outside { file, .. },
                    ..
                }) = &record
                {
                    self.files.insert((*file).to_owned());
                }
                self.rows.extend(super::super::view::row(at, &record));
            }
            whole += length as usize;
        }
        whole
    }

    fn finish(&mut self, tail: u64) -> io::Result<()> {
        self.copy_rest(tail)?;
        let mut bytes = Vec::new();
        let number = self.old.number;
        record::push(&mut bytes, &Record::After { number, tail });
        self.write(&mut bytes)?;
        self.log.sync()
    }

    fn write(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.log.write(bytes, self.end)?;
        self.end += bytes.len() as u64;
        bytes.clear();
        Ok(())
    }

    /// One batch, which says where the compaction ended.
    fn write_outline(&self, outline: &mut Outline) -> io::Result<()> {
        let after = Some((self.old.number, self.copied));
        let (from, to) = (0, self.end);
        outline.append(&Stretch { from, to, after }, &self.rows)
    }
}
