//! What this process knows of a directory, and how it catches up with the others; writes nothing.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::claims::Claims;
use super::control::{Control, Epoch, next_number};
use super::index::{Found, Index, LONGEST_RECORD};
use super::log::{At, Log, Scanned, Stop};
use super::outline::{BATCH, Outline, Row, Stretch};
use super::place::Name;
use super::record::{Body, Cause, EntryRecord, Record, Why, bodies_of_own, parse};
use super::slots::Slots;
use super::trouble;
use super::unlisted::Unlisted;
use super::{Mutex, lock};
use crate::error::Error;

/// A log that is followed may be replaced by the next one meanwhile.
const TRIES: u32 = 16;

/// Whom it concerns what the log says.
pub(super) struct Audience<'a> {
    pub(super) dir: &'a Path,
    pub(super) id: &'a str,
    pub(super) slots: &'a Slots,
    pub(super) claims: &'a Mutex<Claims>,
}

/// A log, where its entries lie, and up to where that is known.
#[derive(Debug)]
pub(super) struct View {
    pub(super) control: Arc<Control>,
    pub(super) log: Arc<Log>,
    pub(super) index: Index,
    pub(super) seen: Epoch,
    /// Whether something in the log could not be read; whoever stores next repairs it.
    pub(super) damaged: bool,
    outline: Option<Outline>,
    /// Records that no outline tells of, at most.
    unlisted: Unlisted,
}

/// What a record means for whoever calculates its key or holds its value.
#[derive(Clone, Copy, Debug)]
struct Effect {
    tag: u64,
    /// Claims of earlier attempts are overtaken.
    below: u32,
    /// Whether the entry is another one now.
    moves: bool,
}

impl Effect {
    fn of(record: &Record<'_>) -> Option<Self> {
        let (digest, below, moves) = match record {
            Record::Entry(entry) if entry.set => (&entry.digest, u32::MAX, true),
            Record::Entry(entry) => (&entry.digest, entry.attempt, true),
            Record::Gone {
                digest,
                why: Why::Removed,
            } => (digest, u32::MAX, true),
            Record::Gone {
                digest,
                why: Why::Evicted,
            } => (digest, 0, true),
            Record::Taken { digest, attempt } => (digest, *attempt, false),
            Record::Log(_) | Record::After { .. } | Record::Unknown => return None,
        };
        let tag = digest.tag();
        Some(Self { tag, below, moves })
    }
}

impl Audience<'_> {
    fn tell(&self, effect: Effect) {
        if effect.moves {
            self.slots.bump(effect.tag);
        }
        let mut claims = lock(self.claims);
        if !claims.is_empty() {
            claims.overtake(effect.tag, effect.below);
        }
    }

    /// Anything may have happened.
    pub(super) fn tell_all(&self) {
        self.slots.bump_all();
        lock(self.claims).overtake_all();
    }

    pub(super) fn outline_path(&self, number: u32) -> PathBuf {
        self.dir.join(Name::Index(number).text())
    }

    pub(super) fn log_path(&self, number: u32) -> PathBuf {
        self.dir.join(Name::Log(number).text())
    }
}

impl View {
    /// Reads what a control file leads to, and tells that anything may be different now.
    pub(super) fn load(control: Arc<Control>, audience: &Audience<'_>) -> Result<Self, Error> {
        let view = Self::read(control, audience)?;
        audience.tell_all();
        Ok(view)
    }

    /// Reads what a control file leads to.
    pub(super) fn read(control: Arc<Control>, audience: &Audience<'_>) -> Result<Self, Error> {
        for _ in 0..TRIES {
            let epoch = newest(&control, audience)?;
            match Reading::of(epoch, Reader::Newcomer, audience) {
                Ok(reading) => return Ok(reading.view(control, epoch)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(audience, &error)),
            }
        }
        Err(missing_log(audience))
    }

    /// A log that holds nothing but its header.
    pub(super) fn empty(control: Arc<Control>, log: Log, seen: Epoch) -> Self {
        Self {
            control,
            log: Arc::new(log),
            index: Index::default(),
            seen,
            damaged: false,
            outline: None,
            unlisted: Unlisted::default(),
        }
    }

    /// Bytes on the disk that are not entries.
    pub(super) fn waste(&self) -> u64 {
        let outline = self.outline.as_ref().map_or(0, |outline| outline.length);
        self.seen.tail() - self.index.live() + outline
    }

    /// Tells the outline of records that only a scan would find, once they are many.
    pub(super) fn outline_if_due(&mut self, path: impl FnOnce(u32) -> PathBuf) {
        if self.unlisted.count() >= BATCH {
            // Where that cannot be, it is tried again after as many records.
            let left = self.list(&path(self.log.number)).unwrap_or(0);
            self.unlisted = Unlisted::of(left);
        }
    }

    /// Appends a batch to the outline, unless somebody else just did; how many records are left.
    fn list(&mut self, path: &Path) -> io::Result<usize> {
        let mut outline = match self.outline.take() {
            Some(outline) => outline,
            None => Outline::open_or_make(path)?,
        };
        let tail = self.seen.tail();
        outline.read_on(tail, &mut |_, _| true)?;
        let from = outline.covered;
        let (rows, sound) = self.rows_of(from, tail)?;
        let left = match sound && rows.len() >= BATCH {
            true => 0,
            false => rows.len(),
        };
        if left == 0 {
            let (to, after) = (tail, None);
            outline.append(&Stretch { from, to, after }, &rows)?;
        }
        self.outline = Some(outline);
        Ok(left)
    }

    /// What the records of a stretch do to the index, and whether all could be read that this program did not write.
    fn rows_of(&self, from: u64, to: u64) -> io::Result<(Cow<'_, [Row]>, bool)> {
        if let Some(rows) = self.unlisted.stretch(from, to) {
            return Ok((rows.into(), true));
        }
        let mut rows = Vec::new();
        let sound = read_all(&self.log, from, to, &mut |at, record| {
            rows.extend(row(at, record));
        })?;
        Ok((rows.into(), sound))
    }

    /// What the outline says of bytes that were cut off is not to be believed.
    pub(super) fn forget_outline(&mut self, path: &Path) -> io::Result<()> {
        self.outline = None;
        super::place::remove(path)
    }

    /// Whether nobody stored or cleared anything since.
    #[inline]
    pub(super) fn is_current(&self) -> bool {
        self.control.is_at(self.seen)
    }

    /// Takes in what others did; damage is an error once.
    pub(super) fn catch_up(&mut self, audience: &Audience<'_>) -> Result<(), Error> {
        for _ in 0..TRIES {
            let epoch = newest(&self.control, audience)?;
            if epoch == self.seen {
                return Ok(());
            }
            let same_log = epoch.number() == self.seen.number();
            let caught_up = match same_log && epoch.tail() > self.seen.tail() {
                true => self.read_on(epoch, audience),
                false => self.follow(epoch, audience),
            };
            match caught_up {
                Ok(()) if self.damaged => return Err(damaged_log(audience)),
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(audience, &error)),
            }
        }
        Err(missing_log(audience))
    }

    /// Reads the same log further.
    fn read_on(&mut self, epoch: Epoch, audience: &Audience<'_>) -> io::Result<()> {
        let log = self.log.clone();
        let sound = read_all(&log, self.seen.tail(), epoch.tail(), &mut |at, record| {
            self.apply(at, record, audience);
        })?;
        self.seen = epoch;
        if !sound {
            // What could not be read may have been a removal.
            self.damaged = true;
            audience.tell_all();
        }
        Ok(())
    }

    /// Goes on to another log. After a compaction that was not missed, only what else was done counts.
    fn follow(&mut self, epoch: Epoch, audience: &Audience<'_>) -> io::Result<()> {
        let reader = match next_number(self.log.number) == epoch.number() {
            true => Reader::Follower,
            false => Reader::Newcomer,
        };
        let reading = Reading::of(epoch, reader, audience)?;
        reading.index.inherit_uses(&self.index);
        match reading.after {
            Some((number, tail))
                if self.precedes(&reading, number) && self.finish(tail, audience) =>
            {
                reading
                    .later
                    .iter()
                    .for_each(|effect| audience.tell(*effect));
            }
            _ => audience.tell_all(),
        }
        *self = reading.view(self.control.clone(), epoch);
        Ok(())
    }

    fn precedes(&self, reading: &Reading, number: u32) -> bool {
        number == self.log.number && reading.log.number == next_number(number)
    }

    /// Tells what was done in this log until it was replaced; `false` if that cannot be read.
    fn finish(&self, tail: u64, audience: &Audience<'_>) -> bool {
        let rest = read_all(&self.log, self.seen.tail(), tail, &mut |_, record| {
            if let Some(effect) = Effect::of(record) {
                audience.tell(effect);
            }
        });
        matches!(rest, Ok(true))
    }

    pub(super) fn apply(&mut self, at: At, record: &Record<'_>, audience: &Audience<'_>) {
        self.index.enter(row(at, record));
        self.unlisted.add();
        if let Some(effect) = Effect::of(record) {
            audience.tell(effect);
        }
    }

    /// Takes in records that this program has written at the end of what is seen.
    pub(super) fn apply_own(&mut self, records: &[u8], audience: &Audience<'_>) {
        let mut offset = self.seen.tail();
        for body in bodies_of_own(records) {
            let length = super::record::framed_length(body);
            if let Some(record) = parse(body) {
                let at = At {
                    offset,
                    length: length as u32,
                };
                self.unlisted.note(at, row(at, &record));
                self.apply(at, &record, audience);
            }
            offset += length;
        }
        self.seen = Epoch::new(self.seen.number(), offset);
    }
}

/// A log that was read from its beginning.
struct Reading {
    log: Log,
    index: Index,
    sound: bool,
    cause: Option<Cause>,
    outline: Option<Outline>,
    unlisted: usize,
    /// What a compaction copied ends here.
    after: Option<(u32, u64)>,
    /// What came after that.
    later: Vec<Effect>,
}

/// Whom a log is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Somebody who knew nothing of it.
    Newcomer,
    /// Somebody who knows the log before it, and asks what was done since.
    Follower,
}

impl Reading {
    fn of(epoch: Epoch, reader: Reader, audience: &Audience<'_>) -> io::Result<Self> {
        let log = Log::open(&audience.log_path(epoch.number()), epoch.number())?;
        let header = log.header(|header| (header.id == audience.id).then_some(header.cause))?;
        let mut reading = Self {
            index: Index::default(),
            sound: true,
            cause: header.and_then(|(cause, _)| cause),
            outline: None,
            unlisted: 0,
            after: None,
            later: Vec::new(),
            log,
        };
        let covered = reading.read_outline(epoch, reader, audience).unwrap_or(0);
        reading.read_log(covered, epoch)?;
        Ok(reading)
    }

    /// Reads what need not be scanned; up to where that is.
    fn read_outline(
        &mut self,
        epoch: Epoch,
        reader: Reader,
        audience: &Audience<'_>,
    ) -> io::Result<u64> {
        if self.cause.is_none() {
            return Ok(0);
        }
        let mut outline = Outline::open(&audience.outline_path(epoch.number()))?;
        let (index, after) = (&mut self.index, &mut self.after);
        // At once, and for those that only the log tells of: to grow takes longer than all the rest.
        index.reserve(outline.most_rows(epoch.tail())? + BATCH);
        let read = outline.read_on(epoch.tail(), &mut |stretch, rows| {
            rows.for_each(|row| index.enter(Some(row)));
            *after = after.or(stretch.after);
            // A follower has to see each record that came after the compaction.
            reader == Reader::Newcomer || after.is_none()
        });
        if read.is_err() || (reader == Reader::Follower && self.after.is_none()) {
            (self.index, self.after) = (Index::default(), None);
            return Ok(0);
        }
        let covered = outline.covered;
        self.outline = Some(outline);
        Ok(covered)
    }

    fn read_log(&mut self, from: u64, epoch: Epoch) -> io::Result<()> {
        let (index, unlisted) = (&mut self.index, &mut self.unlisted);
        let (after, later) = (&mut self.after, &mut self.later);
        let sound = read_all(&self.log, from, epoch.tail(), &mut |at, record| {
            match record {
                Record::After { number, tail } => *after = Some((*number, *tail)),
                _ if after.is_some() => later.extend(Effect::of(record)),
                _ => {}
            }
            *unlisted += 1;
            index.enter(row(at, record));
        })?;
        self.sound = sound && self.cause.is_some();
        Ok(())
    }

    fn view(self, control: Arc<Control>, seen: Epoch) -> View {
        View {
            control,
            log: Arc::new(self.log),
            index: self.index,
            seen,
            damaged: !self.sound,
            outline: self.outline,
            unlisted: Unlisted::of(self.unlisted),
        }
    }
}

/// What a record does to the index.
pub(super) fn row(at: At, record: &Record<'_>) -> Option<Row> {
    match record {
        Record::Entry(entry) if u64::from(at.length) <= LONGEST_RECORD => {
            Some(Row::There(found(at, entry)))
        }
        Record::Entry(EntryRecord { digest, .. }) | Record::Gone { digest, .. } => {
            Some(Row::Gone(digest.tag()))
        }
        _ => None,
    }
}

fn found(at: At, entry: &EntryRecord<'_>) -> Found {
    let outside = match entry.body {
        Body::Inline(_) => 0,
        Body::Outside { bytes, .. } => bytes,
    };
    Found {
        tag: entry.digest.tag(),
        at,
        outside,
    }
}

/// Visits every record that can be read; whether all could be.
pub(super) fn read_all(
    log: &Log,
    from: u64,
    to: u64,
    visit: &mut dyn FnMut(At, &Record<'_>),
) -> io::Result<bool> {
    let mut from = from;
    let mut sound = true;
    loop {
        let Scanned { end, stopped } = log.scan(from, to, &mut |at, record| {
            visit(at, record);
            true
        })?;
        match stopped {
            None => return Ok(sound && end >= to),
            Some(Stop::Damage(Some(next))) if next > end && next <= to => {
                (from, sound) = (next, false);
            }
            Some(_) => return Ok(false),
        }
    }
}

fn newest(control: &Control, audience: &Audience<'_>) -> Result<Epoch, Error> {
    let path = || audience.dir.join(Name::Control.text());
    let epoch = control.epoch().filter(|_| control.is_sound());
    epoch.ok_or_else(|| trouble::damaged(&path(), "it does not say what the newest log is"))
}

#[cold]
fn unreadable(audience: &Audience<'_>, error: &io::Error) -> Error {
    match super::place::stands_in_the_way(error) {
        true => missing_log(audience),
        false => trouble::on(audience.dir, error),
    }
}

#[cold]
fn damaged_log(audience: &Audience<'_>) -> Error {
    trouble::damaged(audience.dir, "some of the log cannot be read")
}

#[cold]
fn missing_log(audience: &Audience<'_>) -> Error {
    trouble::damaged(audience.dir, "the newest log is missing")
}
