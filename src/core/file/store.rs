//! One store per directory and process: entries as bytes, in and out; knows no types of values, no policy.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLockReadGuard, Weak};

use super::Digest;
use super::claims::Claims;
use super::control::{
    Appending, ClaimByte, Control, Epoch, LAST_ATTEMPT, LONGEST_LOG, next_number,
};
use super::draft::{Draft, Origin, Ready};
pub(crate) use super::index::Found;
use super::log::{Log, Scanned, Stop, header};
use super::opened::Opened;
use super::place::{self, Name};
use super::record::{self, Body, Cause, EntryRecord, Framed, Record, Why, frame, parse};
use super::slots::Slots;
use super::stat;
use super::trouble;
use super::value::{self, Content};
use super::view::{Audience, View};
use super::{Mutex, lock};
use crate::core::Stamp;
use crate::error::Error;

/// Records up to this are read without an allocation.
const SHORT: usize = 512;

/// A directory may be removed, or a log replaced, while it is worked on.
const TRIES: u32 = 16;

/// How often it is looked whether the directory is still the one that was opened.
const LOOK_MILLIS: u64 = 1_000;

#[derive(Debug)]
pub(crate) struct Store {
    id: String,
    dir: PathBuf,
    /// Where its control file is.
    control: PathBuf,
    /// One thread of this process appends; the others need not ask the system.
    appending: Mutex<()>,
    opened: Opened,
    claims: Mutex<Claims>,
    slots: Slots,
    evicted: AtomicU64,
    looked: AtomicU64,
    compacting: Mutex<()>,
    /// A compaction that failed is not tried again before the log is as long as this says.
    compact_beyond: AtomicU64,
}

/// How much there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) max_entries: u64,
    pub(crate) max_bytes: u64,
}

impl Bounds {
    pub(crate) const NONE: Self = Self {
        max_entries: u64::MAX,
        max_bytes: u64::MAX,
    };
}

/// What was stored, and where its key stands now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) size: u64,
    pub(crate) stamp: Stamp,
}

/// What an append leaves to be done once others may append again.
#[derive(Debug, Default)]
struct Afterwards {
    /// Files of values that nothing leads to any more.
    unlink: Vec<String>,
    /// The claim that has been used, by tag and number.
    claim: Option<(u64, u64)>,
}

static STORES: Mutex<Vec<Weak<Store>>> = Mutex::new(Vec::new());

impl Store {
    /// The store of a directory, the same one for everybody in this process.
    pub(crate) fn shared(dir: PathBuf, id: &str) -> Arc<Self> {
        let mut stores = lock(&STORES);
        stores.retain(|store| store.strong_count() > 0);
        let mut alive = stores.iter().filter_map(Weak::upgrade);
        if let Some(store) = alive.find(|store| store.dir == dir) {
            return store;
        }
        let store = Arc::new(Self::apart(dir, id));
        stores.push(Arc::downgrade(&store));
        store
    }

    /// A store that shares nothing with others of its directory but the files.
    pub(crate) fn apart(dir: PathBuf, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            control: dir.join(Name::Control.text()),
            dir,
            appending: Mutex::new(()),
            opened: Opened::default(),
            claims: Mutex::default(),
            slots: Slots::default(),
            evicted: AtomicU64::new(0),
            looked: AtomicU64::new(0),
            compacting: Mutex::new(()),
            compact_beyond: AtomicU64::new(0),
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether the directory is there.
    pub(crate) fn exists(&self) -> bool {
        place::is_real_directory(&self.dir)
    }

    /// Makes the directory and an empty log, if there is none.
    pub(crate) fn make(&self) -> Result<(), Error> {
        let _mine = lock(&self.appending);
        self.writable().map(drop)
    }

    #[inline]
    pub(crate) fn stamp(&self, digest: &Digest) -> Stamp {
        self.slots.stamp(digest.tag())
    }

    /// As [`stamp`](Self::stamp), with everything taken in that others did.
    pub(crate) fn newest_stamp(&self, digest: &Digest) -> Result<Stamp, Error> {
        drop(self.current()?);
        Ok(self.stamp(digest))
    }

    /// Whether nothing that this process can see at once has moved a stamp's counter.
    #[inline]
    pub(crate) fn is_current(&self, stamp: Stamp) -> bool {
        self.look_at_directory_if_due();
        let is_newest = self.opened.is_newest() || self.current().is_ok_and(|view| view.is_some());
        is_newest && self.slots.is_unmoved(stamp)
    }

    /// What `then` makes of an entry's record and size.
    pub(crate) fn read<T>(
        &self,
        digest: &Digest,
        then: impl FnOnce(&EntryRecord<'_>, u64) -> T,
    ) -> Result<Option<T>, Error> {
        let (mut short, mut long) = ([0; SHORT], Vec::new());
        let Some((found, bytes)) = self.look_up(digest.tag(), &mut short, &mut long)? else {
            return Ok(None);
        };
        match entry_in(bytes) {
            Some(entry) if entry.digest == *digest => Ok(Some(then(&entry, found.size()))),
            Some(_) => Ok(None),
            None => Err(self.damaged_entry(&found)),
        }
    }

    /// The bytes of the record under a tag.
    #[inline]
    fn look_up<'b>(
        &self,
        tag: u64,
        short: &'b mut [u8; SHORT],
        long: &'b mut Vec<u8>,
    ) -> Result<Option<(Found, &'b [u8])>, Error> {
        let guard = self.current()?;
        let found = guard.as_ref().and_then(|view| view.index.use_entry(tag));
        let (Some(view), Some(found)) = (&*guard, found) else {
            drop(guard);
            // Whoever holds the claim looked when it was taken, and will look when it stores.
            if !lock(&self.claims).has(tag) {
                self.look_at_control();
            }
            return Ok(None);
        };
        let length = found.at.length as usize;
        let bytes = match short.get_mut(..length) {
            Some(bytes) => bytes,
            None => {
                long.resize(length, 0);
                &mut long[..]
            }
        };
        let read = view.log.read(bytes, found.at.offset);
        drop(guard);
        match read {
            Ok(()) => Ok(Some((found, bytes))),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(self.damaged_entry(&found))
            }
            Err(error) => Err(self.trouble(&error)),
        }
    }

    /// A damaged entry is told once; then it is none.
    #[cold]
    fn damaged_entry(&self, found: &Found) -> Error {
        if let Some(view) = &mut *self.opened.write()
            && view.index.find(found.tag) == Some(*found)
        {
            view.index.remove(found.tag);
        }
        let what = format!(
            "the entry at byte {} of its log is damaged",
            found.at.offset
        );
        trouble::damaged(&self.dir, &what)
    }

    /// The bytes of a value's file; `None` if there is none.
    pub(crate) fn read_file(&self, name: &str, length: u64) -> Result<Option<Vec<u8>>, Error> {
        self.in_file(name, |path| value::read_whole(path, length))
    }

    /// As [`read_file`](Self::read_file), for who wants the value alone.
    pub(crate) fn read_value(&self, name: &str, length: u64) -> Result<Option<Content>, Error> {
        self.in_file(name, |path| value::read(path, length))
    }

    fn in_file<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Path) -> io::Result<T>,
    ) -> Result<Option<T>, Error> {
        if !place::is_value_name(name) {
            return Ok(None);
        }
        let path = self.dir.join(name);
        match read(&path) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble::on(&path, &error)),
        }
    }

    /// A damaged file is told once; then its entry is none.
    #[cold]
    pub(crate) fn damaged_file(&self, digest: &Digest, name: &str) -> Error {
        self.forget_missing(digest, name);
        trouble::damaged(&self.dir.join(name), "the value is not what was written")
    }

    /// An entry whose file is not there is none.
    pub(crate) fn forget_missing(&self, digest: &Digest, file: &str) {
        let mut guard = self.opened.write();
        let Some(view) = &mut *guard else {
            return;
        };
        let found = view.index.find(digest.tag());
        if found.is_some_and(|found| file_of(view, &found).as_deref() == Some(file)) {
            view.index.remove(digest.tag());
        }
    }

    /// What is known of the directory, as new as this moment; nothing if there is none.
    #[inline]
    fn current(&self) -> Result<RwLockReadGuard<'_, Option<View>>, Error> {
        self.look_at_directory_if_due();
        let view = self.opened.read();
        if view.as_ref().is_some_and(View::is_current) {
            return Ok(view);
        }
        drop(view);
        self.catch_up()?;
        Ok(self.opened.read())
    }

    #[cold]
    fn catch_up(&self) -> Result<(), Error> {
        let mut view = self.opened.write();
        if let Some(view) = &mut *view {
            return view.catch_up(&self.audience());
        }
        let opened = self.open_to_read()?;
        let damaged = opened.as_ref().is_some_and(|view| view.damaged);
        *view = opened;
        match damaged {
            true => Err(trouble::damaged(
                &self.dir,
                "some of the log cannot be read",
            )),
            false => Ok(()),
        }
    }

    fn open_to_read(&self) -> Result<Option<View>, Error> {
        if !self.exists() {
            return Ok(None);
        }
        let path = self.control_path();
        let control = match Control::open(path) {
            Ok(control) => control,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if place::stands_in_the_way(&error) => {
                return Err(trouble::damaged(path, "something else is in its place"));
            }
            Err(error) => return Err(trouble::on(path, &error)),
        };
        if control.is_empty() {
            return Ok(None);
        }
        View::load(Arc::new(control), &self.audience()).map(Some)
    }

    /// Looks, once in a while, whether the directory is still the one that was opened.
    #[inline]
    fn look_at_directory_if_due(&self) {
        let now = crate::clock::coarse_millis();
        let looked = self.looked.load(Ordering::Relaxed);
        if now.wrapping_sub(looked) >= LOOK_MILLIS {
            self.looked.store(now, Ordering::Relaxed);
            self.look_at_directory();
        }
    }

    /// What was opened is forgotten if its name leads elsewhere by now.
    #[cold]
    fn look_at_directory(&self) {
        let log_named = self.opened.read().as_ref().is_none_or(|view| {
            // A log that was replaced has no name either; whoever follows sees that.
            !view.is_current() || view.log.length().is_ok_and(|(_, named)| named)
        });
        match self.opened_control() {
            Some(opened) if !log_named => self.forget(&opened),
            _ => self.look_at_control(),
        }
    }

    /// The same by the control file alone; whoever stores looks at the log.
    fn look_at_control(&self) {
        let Some(opened) = self.opened_control() else {
            return;
        };
        let found = stat::of_path(self.control_path());
        if !found.is_ok_and(|found| found.identity == opened.identity()) {
            self.forget(&opened);
        }
    }

    /// Forgets what was opened of a directory that is gone.
    fn forget(&self, control: &Arc<Control>) {
        let mut view = self.opened.write();
        if view
            .as_ref()
            .is_some_and(|view| Arc::ptr_eq(&view.control, control))
        {
            *view = None;
            self.audience().tell_all();
        }
    }

    fn opened_control(&self) -> Option<Arc<Control>> {
        self.opened.read().as_ref().map(|view| view.control.clone())
    }

    fn audience(&self) -> Audience<'_> {
        Audience {
            dir: &self.dir,
            id: &self.id,
            slots: &self.slots,
            claims: &self.claims,
        }
    }

    pub(crate) fn control_path(&self) -> &Path {
        &self.control
    }

    /// The log that was read last.
    pub(crate) fn log_path(&self) -> PathBuf {
        let number = self
            .opened
            .read()
            .as_ref()
            .map_or(0, |view| view.log.number);
        self.audience().log_path(number)
    }

    fn trouble(&self, error: &io::Error) -> Error {
        trouble::on(&self.dir, error)
    }
}

/// Where a function's entries are.
pub(crate) fn directory(cache_dir: &Path, id: &str) -> PathBuf {
    place::absolute(cache_dir).join(place::directory_name(id))
}

fn entry_in(bytes: &[u8]) -> Option<EntryRecord<'_>> {
    let Framed::Body(body) = frame(bytes) else {
        return None;
    };
    match parse(body)? {
        Record::Entry(entry) => Some(entry),
        _ => None,
    }
}

/// The id of the function whose entries are in a directory; `None` if it has no log.
pub(crate) fn id_in(dir: &Path) -> io::Result<Option<String>> {
    let mut numbers = log_numbers(dir)?;
    numbers.sort_unstable();
    for number in numbers.into_iter().rev() {
        let log = Log::open(&dir.join(Name::Log(number).text()), number);
        if let Ok(Some((id, _))) = log.and_then(|log| log.header(|header| header.id.to_owned())) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn log_numbers(dir: &Path) -> io::Result<Vec<u32>> {
    let number = |name| match name {
        Name::Log(number) => Some(number),
        _ => None,
    };
    Ok(place::files(dir)?.into_iter().filter_map(number).collect())
}

/// The name of the file an entry's value is in.
fn file_of(view: &View, found: &Found) -> Option<String> {
    if found.outside == 0 {
        return None;
    }
    let mut bytes = vec![0; found.at.length as usize];
    view.log.read(&mut bytes, found.at.offset).ok()?;
    match entry_in(&bytes)?.body {
        Body::Outside { file, .. } if place::is_value_name(file) => Some(file.to_owned()),
        _ => None,
    }
}

mod append;
mod claim;
mod compaction;
mod repair;
mod sweep;

pub use claim::FileClaim;
pub(crate) use sweep::Piece;
