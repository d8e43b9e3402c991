//! One numbered log: made, appended to, read at a place, scanned; knows records, not what they do.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::place;
use super::record::{self, Cause, Framed, Header, Record};
use super::stat;

/// How much is read at once while scanning.
const CHUNK: usize = 1 << 18;

#[derive(Debug)]
pub(super) struct Log {
    file: File,
    pub(super) number: u32,
    named_for_good: AtomicBool,
}

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) offset: u64,
    pub(super) length: u32,
}

/// How far a scan came, and whether something stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) end: u64,
    pub(super) stopped: Option<Stop>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A record that is not what was written; the next one may begin so many bytes on.
    Damage(Option<u64>),
    /// The file ends within a record.
    End,
}

impl Log {
    /// Makes a log of nothing but its header; how long that is.
    pub(super) fn make(path: &Path, header: &Header<'_>) -> io::Result<(Self, u64)> {
        place::remove(path)?;
        let made = Self::begin(place::make_file(path)?, header);
        if made.is_err() {
            let _ = place::remove(path);
        }
        made
    }

    /// Empties this log and begins another one in its file.
    pub(super) fn reuse(&self, header: &Header<'_>) -> io::Result<(Self, u64)> {
        self.truncate(0)?;
        Self::begin(self.file.try_clone()?, header)
    }

    fn begin(file: File, header: &Header<'_>) -> io::Result<(Self, u64)> {
        stat::keep_no_access_time(&file);
        let log = Self {
            file,
            number: header.number,
            named_for_good: AtomicBool::new(false),
        };
        let mut bytes = Vec::new();
        record::push(&mut bytes, &Record::Log(header.clone()));
        log.write(&bytes, 0)?;
        Ok((log, bytes.len() as u64))
    }

    /// Opens a log to read and write, or only to read where no more is allowed.
    pub(super) fn open(path: &Path, number: u32) -> io::Result<Self> {
        let (file, _) = place::open(path)?;
        stat::keep_no_access_time(&file);
        Ok(Self {
            file,
            number,
            named_for_good: AtomicBool::new(false),
        })
    }

    /// Whether its name was synced before; from now on it is.
    pub(super) fn is_named_for_good(&self) -> bool {
        self.named_for_good.swap(true, Ordering::Relaxed)
    }

    /// How long the file is, and whether a name still leads to it.
    pub(super) fn length(&self) -> io::Result<(u64, bool)> {
        let found = stat::of_file(&self.file)?;
        Ok((found.length, found.named))
    }

    pub(super) fn write(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, at)
    }

    pub(super) fn truncate(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    #[inline]
    pub(super) fn read(&self, into: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(into, at)
    }

    /// The id and cause in its header, and how long that is; `None` if it has no sound one.
    pub(super) fn header<T>(
        &self,
        then: impl FnOnce(&Header<'_>) -> T,
    ) -> io::Result<Option<(T, u64)>> {
        let mut then = Some(then);
        let mut found = None;
        self.scan(0, u64::MAX, &mut |at, record| {
            if let (Record::Log(header), Some(then)) = (record, then.take())
                && header.number == self.number
            {
                found = Some((then(header), u64::from(at.length)));
            }
            false
        })?;
        Ok(found)
    }

    /// Visits each record from one place to another, until `visit` says no.
    pub(super) fn scan(
        &self,
        from: u64,
        to: u64,
        visit: &mut dyn FnMut(At, &Record<'_>) -> bool,
    ) -> io::Result<Scanned> {
        let mut buffer = Buffer::new(&self.file, from, to);
        loop {
            let offset = buffer.offset();
            if offset >= to {
                return Ok(Scanned {
                    end: offset,
                    stopped: None,
                });
            }
            let (length, body) = match buffer.next()? {
                Next::Body(length, body) => (length, body),
                Next::Nothing => return Ok(stopped(offset, None)),
                Next::Stop(stop) => return Ok(stopped(offset, Some(stop))),
            };
            let Some(record) = record::parse(body) else {
                let next = Some(offset + length as u64);
                return Ok(stopped(offset, Some(Stop::Damage(next))));
            };
            let at = At {
                offset,
                length: length as u32,
            };
            let more = visit(at, &record);
            buffer.pass(length);
            if !more {
                return Ok(stopped(buffer.offset(), None));
            }
        }
    }
}

fn stopped(end: u64, stopped: Option<Stop>) -> Scanned {
    Scanned { end, stopped }
}

pub(super) fn header<'a>(id: &'a str, number: u32, cause: Cause) -> Header<'a> {
    Header { id, number, cause }
}

/// A moving piece of a file.
struct Buffer<'a> {
    file: &'a File,
    bytes: Vec<u8>,
    /// Where the bytes lie in the file, how many were passed, and where reading ends.
    start: u64,
    passed: usize,
    to: u64,
}

enum Next<'a> {
    Body(usize, &'a [u8]),
    Stop(Stop),
    /// The file ends where a record would begin.
    Nothing,
}

impl<'a> Buffer<'a> {
    fn new(file: &'a File, from: u64, to: u64) -> Self {
        Self {
            file,
            bytes: Vec::new(),
            start: from,
            passed: 0,
            to,
        }
    }

    fn offset(&self) -> u64 {
        self.start + self.passed as u64
    }

    fn pass(&mut self, length: usize) {
        self.passed += length;
    }

    fn next(&mut self) -> io::Result<Next<'_>> {
        if let Framed::Short(whole) = record::frame(&self.bytes[self.passed..]) {
            self.fill(whole)?;
        }
        let offset = self.offset();
        let rest = &self.bytes[self.passed..];
        Ok(match record::frame(rest) {
            Framed::Body(body) => Next::Body(record::FRAME + body.len(), body),
            Framed::Short(_) if rest.is_empty() => Next::Nothing,
            Framed::Short(_) => Next::Stop(Stop::End),
            Framed::Nonsense => Next::Stop(Stop::Damage(None)),
            Framed::Wrong(whole) => Next::Stop(Stop::Damage(Some(offset + whole as u64))),
        })
    }

    /// Reads on until so many bytes are there, once the file has them.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        self.bytes.drain(..self.passed);
        self.start += self.passed as u64;
        self.passed = 0;
        self.read_more(wanted)?;
        if let Framed::Short(whole) = record::frame(&self.bytes) {
            self.read_more(whole)?;
        }
        Ok(())
    }

    fn read_more(&mut self, wanted: usize) -> io::Result<()> {
        let there = self.bytes.len();
        let left = self.left_in_file()?.saturating_sub(there as u64);
        let missing = wanted.saturating_sub(there).max(CHUNK) as u64;
        let missing = missing.min(left) as usize;
        self.bytes.resize(there + missing, 0);
        let mut filled = there;
        while filled < self.bytes.len() {
            match self
                .file
                .read_at(&mut self.bytes[filled..], self.start + filled as u64)
            {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.bytes.truncate(filled);
        Ok(())
    }

    /// No announced length makes more memory than there is file.
    fn left_in_file(&self) -> io::Result<u64> {
        let end = stat::of_file(self.file)?.length.min(self.to);
        Ok(end.saturating_sub(self.start))
    }
}
