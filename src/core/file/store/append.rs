//! What changes a store: every append, under the locks, evictions and clearing; knows no values.

use super::*;

impl Store {
    /// Stores what was calculated under a claim; `None` if that was overtaken, or it is too large.
    pub(crate) fn put(
        &self,
        claim: &FileClaim,
        draft: Draft<'_>,
        bounds: Bounds,
    ) -> Result<Option<Written>, Error> {
        let ready = match draft.ready(&self.dir, bounds.largest()) {
            // Removed by hand, and the claim with it.
            Err(_) if !self.exists() => {
                self.look_at_directory();
                None
            }
            ready => ready?,
        };
        let Some(ready) = ready else {
            return Ok(None);
        };
        self.store(ready, bounds, Some(claim), |view| claim.is_good(view))
    }

    /// Stores an entry without a claim, and overtakes every claim of its key.
    pub(crate) fn set(&self, draft: Draft<'_>, bounds: Bounds) -> Result<Option<Written>, Error> {
        self.make()?;
        let digest = draft.digest;
        match draft.ready(&self.dir, bounds.largest())? {
            Some(ready) => self.store(ready, bounds, None, |_| true),
            None => self.remove(&digest).map(|_| None),
        }
    }

    fn store(
        &self,
        mut ready: Ready,
        bounds: Bounds,
        claim: Option<&FileClaim>,
        may: impl Fn(&View) -> bool,
    ) -> Result<Option<Written>, Error> {
        let stored = self.append(|view, afterwards| {
            if !may(view) {
                return Ok(None);
            }
            afterwards.replaced(view, ready.digest.tag());
            let mut bytes = ready.take_record();
            let evicted = self.make_room(view, &ready, bounds, &mut bytes, afterwards);
            self.write(view, &bytes)?;
            self.evicted.fetch_add(evicted, Ordering::Relaxed);
            ready.keep_file();
            afterwards.claim = claim.map(FileClaim::place);
            let stamp = self.slots.stamp(ready.digest.tag());
            Ok(Some((view.log.clone(), stamp)))
        })?;
        let Some((log, stamp)) = stored else {
            return Ok(None);
        };
        if ready.sync {
            self.make_durable(&log, ready.outside > 0)?;
        }
        let size = ready.size();
        Ok(Some(Written { size, stamp }))
    }

    /// Removes an entry, and overtakes every claim of its key; whether there was one.
    pub(crate) fn remove(&self, digest: &Digest) -> Result<bool, Error> {
        if !self.exists() {
            return Ok(false);
        }
        let gone = Record::Gone {
            digest: *digest,
            why: Why::Removed,
        };
        self.append(|view, afterwards| {
            let there = view.index.find(digest.tag()).is_some();
            afterwards.replaced(view, digest.tag());
            self.write(view, &framed(&gone))?;
            Ok(there)
        })
    }

    /// Says that somebody took a calculation over.
    pub(super) fn note_taken(&self, digest: &Digest, attempt: u32) -> Result<(), Error> {
        let digest = *digest;
        let taken = framed(&Record::Taken { digest, attempt });
        self.append(|view, _| self.write(view, &taken))
    }

    /// Removes those entries that are still the ones found, without overtaking claims; how many.
    pub(crate) fn drop_entries(&self, found: &[(Digest, Found)]) -> Result<u64, Error> {
        self.append(|view, afterwards| {
            let mut bytes = Vec::new();
            let mut count = 0;
            for (digest, found) in found {
                if view.index.find(found.tag) != Some(*found) {
                    continue;
                }
                afterwards.replaced(view, found.tag);
                record::push(&mut bytes, &evicted(*digest));
                count += 1;
            }
            self.write(view, &bytes)?;
            Ok(count)
        })
    }

    /// Removes every entry, and overtakes every claim.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        if !self.exists() {
            return Ok(());
        }
        let old = self.append(|view, _| {
            let claims = view.control.claim_epoch().unwrap_or(0).wrapping_add(1);
            let set = view.control.set_claim_epoch(claims);
            set.map_err(|error| self.trouble(&error))?;
            let (log, length) = self.cleared_log(view)?;
            self.switch(view, log, length)
        })?;
        self.unlink_all(&old);
        Ok(())
    }

    /// A log without entries, also where there is no room for one beside that with them.
    fn cleared_log(&self, view: &mut View) -> Result<(Log, u64), Error> {
        let (number, old) = (next_number(view.log.number), view.log.number);
        self.remove_outline(number);
        let (audience, path) = (self.audience(), self.audience().log_path(number));
        let header = header(&self.id, number, Cause::Clear);
        let made = match Log::make(&path, &header) {
            Err(error) if is_full(&error) => {
                self.unlink_values(view);
                let made = view.log.reuse(&header);
                made.and_then(|made| std::fs::rename(audience.log_path(old), &path).map(|()| made))
            }
            made => made,
        };
        made.map_err(|error| trouble::on(&path, &error))
    }

    /// Overtakes every claim and leaves the entries.
    pub(crate) fn release_claims(&self) -> Result<(), Error> {
        if !self.exists() {
            return Ok(());
        }
        self.append(|view, _| {
            let claims = view.control.claim_epoch().unwrap_or(0).wrapping_add(1);
            lock(&self.claims).overtake_all();
            let set = view.control.set_claim_epoch(claims);
            set.map_err(|error| self.trouble(&error))
        })
    }

    /// Whoever is about to calculate repairs what was found damaged, to find what is still there.
    pub(super) fn repair_if_damaged(&self) -> Result<(), Error> {
        // Not held while it is repaired.
        let damaged = self.opened.read().as_ref().is_some_and(|view| view.damaged);
        if damaged {
            self.append(|_, _| Ok(()))?;
        }
        Ok(())
    }

    /// Works on the newest state, while nobody else appends.
    pub(super) fn append<T>(
        &self,
        mut work: impl FnMut(&mut View, &mut Afterwards) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _mine = lock(&self.appending);
        for _ in 0..TRIES {
            let control = self.writable()?;
            let locked = control.lock_append();
            let locked = locked.map_err(|error| self.trouble(&error))?;
            let mut view = self.opened.write();
            let Some(opened) = newest(&mut view, &control) else {
                continue;
            };
            if !self.prepare(opened)? {
                *view = None;
                self.audience().tell_all();
                continue;
            }
            let mut afterwards = Afterwards::default();
            let worked = work(opened, &mut afterwards);
            if worked.is_err() {
                // What failed half-way is read anew.
                *view = None;
            }
            drop(view);
            self.let_go(locked, afterwards.claim);
            self.finish(&afterwards);
            return worked;
        }
        Err(self.trouble(&ErrorKind::NotFound.into()))
    }

    /// Gives back the append lock, and with it a claim that was used, if that is all this process holds.
    fn let_go(&self, locked: Appending<'_>, claim: Option<(u64, u64)>) {
        let Some((tag, number)) = claim else {
            return;
        };
        // Held until it is done: nobody takes a claim or compacts meanwhile.
        let mut claims = lock(&self.claims);
        if claims.is_alone(tag, number)
            && let Ok(_compacting) = self.compacting.try_lock()
        {
            claims.release(tag, number);
            locked.release_all();
        }
    }

    /// The control file that leads to what is opened; makes what is not there.
    pub(super) fn writable(&self) -> Result<Arc<Control>, Error> {
        match self.opened_control() {
            Some(control) if control.is_writable() => Ok(control),
            _ => self.open_to_write(),
        }
    }

    #[cold]
    fn open_to_write(&self) -> Result<Arc<Control>, Error> {
        place::make(&self.dir)?;
        let path = self.control_path();
        let opened = match Control::open_or_make(path) {
            Err(error) if place::stands_in_the_way(&error) => {
                place::set_aside(&self.dir, path).and_then(|()| Control::open_or_make(path))
            }
            opened => opened,
        };
        let control = opened.map_err(|error| trouble::on(path, &error))?;
        let locked = control.lock_append();
        let locked = locked.map_err(|error| trouble::on(path, &error))?;
        if !self.leads_to_a_log(&control) {
            self.make_sound(&control)?;
        }
        self.remove_left_behind(&control)?;
        drop(locked);
        let control = Arc::new(control.reopened());
        let view = View::load(control.clone(), &self.audience())?;
        *self.opened.write() = Some(view);
        Ok(control)
    }

    fn leads_to_a_log(&self, control: &Control) -> bool {
        let epoch = control.epoch().filter(|_| control.is_sound());
        epoch.is_some_and(|epoch| place::is_file(&self.audience().log_path(epoch.number())))
    }

    /// Removes what somebody who died left behind of other logs.
    fn remove_left_behind(&self, control: &Control) -> Result<(), Error> {
        let newest = control.epoch().map(Epoch::number);
        let names = place::files(&self.dir).map_err(|error| self.trouble(&error))?;
        for name in names {
            let (Name::Log(number) | Name::Index(number)) = name else {
                continue;
            };
            if Some(number) != newest {
                let _ = place::remove(&self.dir.join(name.text()));
            }
        }
        Ok(())
    }

    /// Catches up, and sees to it that the log ends where it is said to; `false` to begin anew.
    fn prepare(&self, view: &mut View) -> Result<bool, Error> {
        match view.catch_up(&self.audience()) {
            Err(error) if !error.is_damaged() => return Err(error),
            Err(_) if view.control.epoch() != Some(view.seen) => return Ok(false),
            _ => {}
        }
        let length = view.log.length();
        let (length, named) = length.map_err(|error| self.trouble(&error))?;
        let tail = view.seen.tail();
        if !named && view.control.is_gone() {
            return Ok(false);
        }
        if view.damaged || !named || length < tail {
            self.repair(view)?;
            return Ok(true);
        }
        if length > tail {
            self.take_in_rest(view, length)?;
        }
        Ok(true)
    }

    /// Somebody died between a record and the word that tells of it.
    #[cold]
    fn take_in_rest(&self, view: &mut View, length: u64) -> Result<(), Error> {
        let (log, audience) = (view.log.clone(), self.audience());
        let scanned = log.scan(view.seen.tail(), length, &mut |at, record| {
            view.apply(at, record, &audience);
            true
        });
        let end = scanned.map_err(|error| self.trouble(&error))?.end;
        view.seen = Epoch::new(view.log.number, end);
        let path = audience.outline_path(view.log.number);
        let cut = match end < length {
            true => view.forget_outline(&path).and_then(|()| log.truncate(end)),
            false => Ok(()),
        };
        let told = cut.and_then(|()| view.control.set_epoch(view.seen));
        told.map_err(|error| self.trouble(&error))
    }

    /// Appends records: the bytes first, then the word that tells of them.
    fn write(&self, view: &mut View, bytes: &[u8]) -> Result<(), Error> {
        let tail = view.seen.tail();
        if tail + bytes.len() as u64 > LONGEST_LOG {
            return Err(self.trouble(&ErrorKind::StorageFull.into()));
        }
        let told = view.log.write(bytes, tail).and_then(|()| {
            let epoch = Epoch::new(view.log.number, tail + bytes.len() as u64);
            view.control.set_epoch(epoch)
        });
        told.map_err(|error| self.trouble(&error))?;
        view.apply_own(bytes, &self.audience());
        view.outline_if_due(|number| self.audience().outline_path(number));
        Ok(())
    }

    /// Evicts until an entry fits, and appends that to what is written; how many went.
    fn make_room(
        &self,
        view: &mut View,
        ready: &Ready,
        bounds: Bounds,
        bytes: &mut Vec<u8>,
        afterwards: &mut Afterwards,
    ) -> u64 {
        let most_entries = bounds.max_entries - 1;
        let most_bytes = bounds.max_bytes.saturating_sub(ready.size());
        let mut evictions = 0;
        // What it replaces goes first, and is no eviction.
        view.index.remove(ready.digest.tag());
        while view.index.len() > most_entries || view.index.bytes() > most_bytes {
            let Some(victim) = view.index.next_victim(|tag| self.slots.take_used(tag)) else {
                break;
            };
            afterwards.replaced(view, victim.tag);
            if let Some(digest) = digest_of(view, &victim) {
                record::push(bytes, &evicted(digest));
            }
            view.index.remove(victim.tag);
            evictions += 1;
        }
        evictions
    }

    /// Somebody who died may have left one of a log that never was.
    fn remove_outline(&self, number: u32) {
        let _ = place::remove(&self.audience().outline_path(number));
    }

    pub(super) fn make_log(&self, number: u32, cause: Cause) -> Result<(Log, u64), Error> {
        self.remove_outline(number);
        let path = self.audience().log_path(number);
        let made = Log::make(&path, &header(&self.id, number, cause));
        made.map_err(|error| trouble::on(&path, &error))
    }

    /// Goes on with another log; gives the old view back, whose files are to go.
    fn switch(&self, view: &mut View, log: Log, length: u64) -> Result<View, Error> {
        let seen = Epoch::new(log.number, length);
        let told = view.control.set_epoch(seen);
        told.map_err(|error| self.trouble(&error))?;
        let fresh = View::empty(view.control.clone(), log, seen);
        self.audience().tell_all();
        Ok(std::mem::replace(view, fresh))
    }

    /// Removes a log that was replaced by an empty one, and the files its entries are in.
    fn unlink_all(&self, old: &View) {
        self.unlink_values(old);
        let number = old.log.number;
        for name in [Name::Log(number), Name::Index(number)] {
            let _ = place::remove(&self.dir.join(name.text()));
        }
    }

    fn unlink_values(&self, view: &View) {
        for name in view
            .index
            .entries()
            .filter_map(|found| file_of(view, &found))
        {
            let _ = place::remove(&self.dir.join(name));
        }
    }

    fn finish(&self, afterwards: &Afterwards) {
        for name in &afterwards.unlink {
            let _ = place::remove(&self.dir.join(name));
        }
    }

    /// Waits until a log is on the disk, and the names that lead to it and to a new file beside it.
    fn make_durable(&self, log: &Log, beside: bool) -> Result<(), Error> {
        let synced = log
            .sync()
            .and_then(|()| match log.is_named_for_good() && !beside {
                true => Ok(()),
                false => self.sync_directory(),
            });
        synced.map_err(|error| self.trouble(&error))
    }

    pub(super) fn sync_directory(&self) -> io::Result<()> {
        place::sync_directory(&self.dir)?;
        self.dir.parent().map_or(Ok(()), place::sync_directory)
    }
}

/// The view, if it is still of the directory whose append lock is held.
fn newest<'a>(view: &'a mut Option<View>, control: &Arc<Control>) -> Option<&'a mut View> {
    view.as_mut()
        .filter(|view| Arc::ptr_eq(&view.control, control))
}

impl Afterwards {
    /// An entry is replaced or goes, and its file with it.
    fn replaced(&mut self, view: &View, tag: u64) {
        let found = view.index.find(tag);
        self.unlink
            .extend(found.and_then(|found| file_of(view, &found)));
    }
}

impl Bounds {
    /// The largest entry there may be.
    fn largest(&self) -> u64 {
        if self.max_entries == 0 {
            0
        } else {
            self.max_bytes
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

fn digest_of(view: &View, found: &Found) -> Option<Digest> {
    let mut bytes = vec![0; found.at.length as usize];
    view.log.read(&mut bytes, found.at.offset).ok()?;
    Some(entry_in(&bytes)?.digest)
}

fn evicted(digest: Digest) -> Record<'static> {
    Record::Gone {
        digest,
        why: Why::Evicted,
    }
}

fn framed(record: &Record<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    record::push(&mut bytes, record);
    bytes
}
