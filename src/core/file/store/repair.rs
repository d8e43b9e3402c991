//! Making a damaged directory sound again, by whoever holds the append lock; keeps all that still checks.

use super::*;

/// How much is searched at once for the next record.
const WINDOW: usize = 1 << 22;

/// Every record about a key begins with it: a frame, a map's head, and this.
const KEY: &[u8] = b"\x63key\x58\x20";
const BEFORE_KEY: usize = record::FRAME + 1;

impl Store {
    /// Writes a control file anew that is empty or damaged, from the newest log there is.
    #[cold]
    pub(super) fn make_sound(&self, control: &Control) -> Result<(), Error> {
        let numbers = log_numbers(&self.dir);
        let mut numbers = numbers.map_err(|error| self.trouble(&error))?;
        numbers.sort_unstable();
        let newest = match numbers.last() {
            Some(number) => self.sound_log(*number)?,
            None => self.new_log()?,
        };
        // Whoever calculates holds a claim of another epoch.
        let claims = control.any_claim_epoch().wrapping_add(1);
        let written = control.write(newest, claims);
        written.map_err(|error| trouble::on(self.control_path(), &error))
    }

    fn new_log(&self) -> Result<Epoch, Error> {
        let (log, length) = self.make_log(1, Cause::New)?;
        Ok(Epoch::new(log.number, length))
    }

    /// The end of a log whose every record is right, else that of what could be saved of it.
    fn sound_log(&self, number: u32) -> Result<Epoch, Error> {
        let path = self.audience().log_path(number);
        let log = match Log::open(&path, number) {
            Ok(log) => log,
            Err(error) if place::stands_in_the_way(&error) => {
                let moved = place::set_aside(&self.dir, &path);
                moved.map_err(|error| trouble::on(&path, &error))?;
                return self.new_log();
            }
            Err(error) => return Err(trouble::on(&path, &error)),
        };
        let ours = log.header(|header| header.id == self.id);
        let ours = ours.map_err(|error| trouble::on(&path, &error))?;
        let scanned = log.scan(0, u64::MAX, &mut |_, _| true);
        let scanned = scanned.map_err(|error| trouble::on(&path, &error))?;
        match (ours, scanned) {
            (Some((true, _)), Scanned { end, stopped: None }) => Ok(Epoch::new(number, end)),
            _ => self.salvage(&log),
        }
    }

    /// Goes on with a log of what could be saved; what was damaged is set aside.
    #[cold]
    pub(super) fn repair(&self, view: &mut View) -> Result<(), Error> {
        let (_, named) = view.log.length().map_err(|error| self.trouble(&error))?;
        let epoch = match named {
            true => self.salvage(&view.log)?,
            // Removed by hand, and so it is to be, with all that is being calculated.
            false => {
                self.audience().tell_all();
                let (log, length) = self.make_log(next_number(view.log.number), Cause::Repair)?;
                Epoch::new(log.number, length)
            }
        };
        let told = view.control.set_epoch(epoch);
        told.map_err(|error| self.trouble(&error))?;
        // Entries may be lost; whoever calculates one missed nothing by that.
        *view = View::read(view.control.clone(), &self.audience())?;
        self.slots.bump_all();
        Ok(())
    }

    /// Writes what can be read of a log into the next one, and sets it aside; where that ends.
    fn salvage(&self, damaged: &Log) -> Result<Epoch, Error> {
        let (fresh, start) = self.make_log(next_number(damaged.number), Cause::Repair)?;
        let saved = copy_readable(damaged, &fresh, start);
        let end = saved.map_err(|error| self.trouble(&error))?;
        let path = self.audience().log_path(damaged.number);
        let moved = place::set_aside(&self.dir, &path);
        moved.map_err(|error| trouble::on(&path, &error))?;
        let _ = place::remove(&self.dir.join(Name::Index(damaged.number).text()));
        Ok(Epoch::new(fresh.number, end))
    }
}

/// Copies every record that checks, as it is, wherever the next one is found.
fn copy_readable(from: &Log, to: &Log, start: u64) -> io::Result<u64> {
    let mut end = start;
    let mut offset = 0;
    loop {
        let mut bytes = Vec::new();
        let mut copied = Ok(());
        let scanned = from.scan(offset, u64::MAX, &mut |at, record| {
            if !matches!(record, Record::Log(_) | Record::After { .. }) {
                copied = copy_one(from, at, &mut bytes);
            }
            copied.is_ok() && bytes.len() < WINDOW
        })?;
        copied?;
        let next = match scanned.stopped {
            None => Some(scanned.end),
            Some(_) => {
                push_gone(from, scanned, &mut bytes);
                next_record(from, scanned.end + 1)?
            }
        };
        to.write(&bytes, end)?;
        end += bytes.len() as u64;
        match next {
            Some(next) if next > offset => offset = next,
            _ => return Ok(end),
        }
    }
}

fn copy_one(from: &Log, at: super::super::log::At, into: &mut Vec<u8>) -> io::Result<()> {
    let there = into.len();
    into.resize(there + at.length as usize, 0);
    from.read(&mut into[there..], at.offset)
}

/// A damaged record that still shows its key replaced what there was under it, or removed that.
fn push_gone(from: &Log, scanned: Scanned, into: &mut Vec<u8>) {
    let Some(Stop::Damage(Some(next))) = scanned.stopped else {
        return;
    };
    let mut bytes = vec![0; (next - scanned.end) as usize];
    if from.read(&mut bytes, scanned.end).is_err() {
        return;
    }
    let digest = match parse(&bytes[record::FRAME..]) {
        Some(Record::Entry(entry)) => entry.digest,
        Some(Record::Gone { digest, .. }) => digest,
        _ => return,
    };
    record::push(
        into,
        &Record::Gone {
            digest,
            why: Why::Evicted,
        },
    );
}

/// Where the next record about a key begins that checks.
fn next_record(log: &Log, from: u64) -> io::Result<Option<u64>> {
    let (length, _) = log.length()?;
    let mut start = from;
    while start < length {
        let mut bytes = vec![0; WINDOW.min((length - start) as usize)];
        log.read(&mut bytes, start)?;
        if let Some(place) = first_record(&bytes) {
            return Ok(Some(start + place as u64));
        }
        // The next window begins where a record may have been cut by the end of this one.
        let overlap = super::super::draft::LARGE * 2;
        start += bytes.len().saturating_sub(overlap).max(1) as u64;
        if bytes.len() < WINDOW {
            return Ok(None);
        }
    }
    Ok(None)
}

fn first_record(bytes: &[u8]) -> Option<usize> {
    let starts = bytes.windows(KEY.len()).enumerate();
    let starts = starts.filter(|(_, window)| *window == KEY);
    let mut starts = starts.filter_map(|(place, _)| place.checked_sub(BEFORE_KEY));
    starts.find(|start| matches!(frame(&bytes[*start..]), Framed::Body(_)))
}
