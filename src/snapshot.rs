//! The entries of one function as one portable file; knows bytes only, neither stores nor files.
//!
//! A snapshot is what `cachier export` writes and `cachier import` reads. [`Writer`] appends its parts to a
//! buffer, [`Reader`] takes bytes in pieces of any size and gives the parts back, so neither side
//! needs all of it in memory.
//!
//! # Format
//!
//! A CBOR sequence (RFC 8742) of maps with definite lengths: one header, any number of entries, one closing. The
//! keys of each map are text and stand in the order of the table.
//!
//! | map | field | value |
//! |---|---|---|
//! | header | `"cachier"` | the text `"snapshot"`; with it every file begins with the bytes `a5 67 "cachier" 68 "snapshot"` |
//! | | `"version"` | 1 |
//! | | `"id"` | text: the function's id |
//! | | `"at"` | integer: when the snapshot was taken, milliseconds of UTC since 1970-01-01T00:00:00Z |
//! | | `"sum"` | 8 bytes |
//! | entry | `"key"` | 32 bytes: SHA-256 (FIPS 180-4) of the canonical bytes of the [`Key`](crate::Key) |
//! | | `"at"` | integer: when the entry was stored, in the same milliseconds |
//! | | `"args"` | byte string: those canonical bytes; absent where they were not kept |
//! | | `"none"` | `true`: the value is a none (`None`, `undefined`, `null`); absent where it is not |
//! | | `"value"` | tag 24 (encoded CBOR) of a byte string: the value, one item without indefinite lengths |
//! | | `"sum"` | 8 bytes |
//! | closing | `"entries"` | integer: the number of entries |
//! | | `"all"` | 32 bytes: SHA-256 of the `"sum"` of the header and of each entry, one behind the other |
//! | | `"sum"` | 8 bytes |
//!
//! A `"sum"` is the first 8 bytes of the SHA-256 of its map's own bytes before the key `"sum"`. Nothing follows the
//! closing: a file that was cut off, at whatever byte, has none. No key occurs twice. Another version's
//! header begins with the same two fields.
//!
//! # Example
//!
//! ```
//! use cachier::snapshot::{Header, Item, Part, Reader, Writer};
//! use cachier::{Key, Timestamp};
//!
//! let key = Key::of(&(2024, "eu"))?;
//! let item = Item {
//!     key: key.digest(),
//!     arguments: Some(key.as_bytes()),
//!     stored_at: Timestamp::from_millis(7),
//!     none: false,
//!     value: &[0x18, 0x2a], // 42
//! };
//!
//! let mut file = Vec::new();
//! let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
//! let mut writer = Writer::new(&header, &mut file);
//! writer.item(&item, &mut file);
//! writer.finish(&mut file);
//!
//! let mut reader = Reader::new();
//! reader.feed(&file);
//! reader.end();
//! assert_eq!(reader.part()?, Some(Part::Header(header)));
//! assert_eq!(reader.part()?, Some(Part::Item(item)));
//! assert_eq!(reader.part()?, Some(Part::Closing { entries: 1 }));
//! assert_eq!(reader.part()?, None);
//! # Ok::<(), cachier::Error>(())
//! ```

mod parts;

use sha2::{Digest, Sha256};

use crate::Error;
use crate::entry::Timestamp;
use crate::text::joined;
use parts::{Fault, Found, Sum};

/// What stands before the entries of a snapshot.
///
/// # Example
///
/// ```
/// use cachier::snapshot::{Header, Writer};
/// let mut file = Vec::new();
/// Writer::new(&Header { id: "report", taken_at: cachier::Timestamp::from_millis(9) }, &mut file);
/// assert!(file.starts_with(b"\xa5\x67cachier\x68snapshot"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The id of the function.
    pub id: &'a str,
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
}

/// An entry in a snapshot.
///
/// # Example
///
/// ```
/// use cachier::{Key, Timestamp, snapshot::Item};
/// let item = Item {
///     key: Key::of(&(1,))?.digest(),
///     arguments: None,
///     stored_at: Timestamp::from_millis(7),
///     none: true,
///     value: &[0xf6],
/// };
/// assert!(item.none);
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The digest of the key, see [`Key::digest`](crate::Key::digest).
    pub key: [u8; 32],
    /// The canonical bytes of the key, if they were kept.
    pub arguments: Option<&'a [u8]>,
    /// When the value was stored.
    pub stored_at: Timestamp,
    /// Whether the value is a none, which is served only with `allow_none`.
    pub none: bool,
    /// The value in CBOR.
    pub value: &'a [u8],
}

/// What a [`Reader`] gives.
///
/// # Example
///
/// ```
/// use cachier::snapshot::{Header, Part, Reader, Writer};
/// let (mut file, mut reader) = (Vec::new(), Reader::new());
/// Writer::new(&Header { id: "report", taken_at: cachier::Timestamp::from_millis(9) }, &mut file).finish(&mut file);
/// reader.feed(&file);
/// assert!(matches!(reader.part()?, Some(Part::Header(header)) if header.id == "report"));
/// assert_eq!(reader.part()?, Some(Part::Closing { entries: 0 }));
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// The first part.
    Header(Header<'a>),
    /// One entry.
    Item(Item<'a>),
    /// The last part: everything was read, and it is what was written.
    Closing {
        /// How many entries there are.
        entries: u64,
    },
}

/// Writes a snapshot; the [module's example](self) shows it whole.
///
/// # Example
///
/// ```
/// use cachier::snapshot::{Header, Writer};
/// let mut file = Vec::new();
/// let header = Header { id: "report", taken_at: cachier::Timestamp::from_millis(9) };
/// let writer = Writer::new(&header, &mut file);
/// // … write the buffer somewhere and clear it, as often as there are items …
/// writer.finish(&mut file);
/// ```
#[derive(Debug)]
#[must_use = "a snapshot without its closing is a damaged one"]
pub struct Writer {
    seen: Seen,
}

/// What the closing sums up.
#[derive(Clone, Debug, Default)]
struct Seen {
    entries: u64,
    sums: Sha256,
}

impl Seen {
    fn header(&mut self, sum: Sum) {
        self.sums.update(sum);
    }

    fn entry(&mut self, sum: Sum) {
        self.sums.update(sum);
        self.entries += 1;
    }

    fn all(&self) -> [u8; 32] {
        self.sums.clone().finalize().into()
    }

    /// Takes note of a part that was read; what comes after it.
    fn account(&mut self, found: &Found<'_>, skipped: bool) -> Result<Place, Error> {
        match (found.part, found.all) {
            (Part::Header(_), _) => self.header(found.sum),
            (Part::Item(_), _) => self.entry(found.sum),
            (Part::Closing { .. }, _) if skipped => return Ok(Place::AfterClosing),
            (Part::Closing { entries }, all) if entries == self.entries && all == self.all() => {
                return Ok(Place::AfterClosing);
            }
            (Part::Closing { .. }, _) => {
                return Err(damaged("entries are missing or were changed"));
            }
        }
        Ok(Place::InEntries)
    }
}

impl Writer {
    /// Begins a snapshot: appends its header.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// use cachier::snapshot::{Header, Writer};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// let writer = Writer::new(&header, &mut file);
    /// assert!(!file.is_empty());
    /// writer.finish(&mut file);
    /// ```
    pub fn new(header: &Header<'_>, out: &mut Vec<u8>) -> Self {
        let mut seen = Seen::default();
        seen.header(parts::write_header(header, out));
        Self { seen }
    }

    /// Appends an entry.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::snapshot::{Header, Item, Writer};
    /// use cachier::{Key, Timestamp};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// let mut writer = Writer::new(&header, &mut file);
    /// let key = Key::of(&(1,))?.digest();
    /// let stored_at = Timestamp::from_millis(7);
    /// writer.item(&Item { key, arguments: None, stored_at, none: false, value: &[5] }, &mut file);
    /// writer.finish(&mut file);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn item(&mut self, item: &Item<'_>, out: &mut Vec<u8>) {
        self.seen.entry(parts::write_item(item, out));
    }

    /// Appends the closing, without which the snapshot is a damaged one.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// use cachier::snapshot::{Header, Writer};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// let writer = Writer::new(&header, &mut file);
    /// let length = file.len();
    /// writer.finish(&mut file);
    /// assert!(file.len() > length);
    /// ```
    pub fn finish(self, out: &mut Vec<u8>) {
        parts::write_closing(self.seen.entries, &self.seen.all(), out);
    }
}

/// Reads a snapshot; the [module's example](self) shows it whole.
///
/// Its bytes come in pieces through [`feed`](Self::feed), its parts go out through [`part`](Self::part).
/// Any bytes can be read: what is no snapshot, or a damaged one, is an error.
///
/// # Example
///
/// ```
/// use cachier::snapshot::Reader;
/// let mut reader = Reader::new();
/// reader.feed(b"{\"no\": \"snapshot\"}");
/// assert!(reader.part().is_err_and(|error| error.is_damaged()));
/// ```
#[derive(Debug, Default)]
pub struct Reader {
    buffer: Vec<u8>,
    /// Where in the buffer the next part begins.
    position: usize,
    ended: bool,
    place: Place,
    seen: Seen,
    skipped: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    BeforeHeader,
    InEntries,
    InDamage,
    AfterClosing,
}

impl Reader {
    /// A reader that was given no bytes yet.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::snapshot::Reader;
    /// assert_eq!(Reader::new().part()?, None, "more bytes are needed");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the next bytes of the snapshot.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// use cachier::snapshot::{Header, Part, Reader, Writer};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// Writer::new(&header, &mut file).finish(&mut file);
    /// let mut reader = Reader::new();
    /// for byte in file {
    ///     reader.feed(&[byte]);
    ///     while let Some(part) = reader.part()? {
    ///         println!("{part:?}");
    ///     }
    /// }
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn feed(&mut self, bytes: &[u8]) {
        // `drain` would compile its panic's formatting into the WebAssembly.
        if self.position > 0 {
            self.buffer = self.unread().to_vec();
            self.position = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that there are no more bytes: what is not whole now was cut off.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// use cachier::snapshot::{Header, Part, Reader, Writer};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// Writer::new(&header, &mut file).finish(&mut file);
    /// let mut reader = Reader::new();
    /// reader.feed(&file[..3]);
    /// reader.end();
    /// assert!(reader.part().is_err_and(|error| error.is_damaged()));
    /// ```
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// The next part; `None` if more bytes are needed for it or, after the [`end`](Self::end), if that was all.
    ///
    /// # Errors
    ///
    /// [`Error::is_damaged`] if the bytes are no snapshot, one of another version, or a damaged one. The same
    /// error comes again until [`skip_damage`](Self::skip_damage) is called.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::Timestamp;
    /// use cachier::snapshot::{Header, Part, Reader, Writer};
    /// let header = Header { id: "report", taken_at: Timestamp::from_millis(9) };
    /// let mut file = Vec::new();
    /// Writer::new(&header, &mut file).finish(&mut file);
    /// let mut reader = Reader::new();
    /// reader.feed(&file);
    /// reader.end();
    /// assert_eq!(reader.part()?, Some(Part::Header(header)));
    /// assert_eq!(reader.part()?, Some(Part::Closing { entries: 0 }));
    /// assert_eq!(reader.part()?, None);
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn part(&mut self) -> Result<Option<Part<'_>>, Error> {
        if self.place == Place::InDamage && !self.leave_damage() {
            return Ok(None);
        }
        let unread = self.buffer.get(self.position..).unwrap_or_default();
        let found = match self.place {
            Place::BeforeHeader => parts::header(unread),
            Place::AfterClosing if unread.is_empty() => return Ok(None),
            Place::AfterClosing => Err(Fault::Wrong("more bytes follow its end")),
            Place::InEntries | Place::InDamage => parts::entry_or_closing(unread),
        };
        match found {
            Ok(found) => {
                self.place = self.seen.account(&found, self.skipped)?;
                self.position += found.length;
                Ok(Some(found.part))
            }
            Err(Fault::Short) if self.ended => Err(damaged("it is cut off")),
            Err(Fault::Short) => Ok(None),
            Err(Fault::Wrong(reason)) => Err(damaged(reason)),
            Err(Fault::Foreign(reason)) => Err(Error::damaged(reason)),
        }
    }

    /// Passes over what [`part`](Self::part) gave an error for: the next part is the next whole entry behind it.
    ///
    /// The closing then no longer checks how many entries there were; it tells.
    ///
    /// # Example
    ///
    /// ```
    /// use cachier::snapshot::Reader;
    /// let mut reader = Reader::new();
    /// reader.feed(b"no snapshot");
    /// reader.end();
    /// while reader.part().is_err() {
    ///     reader.skip_damage();
    /// }
    /// assert_eq!(reader.part()?, None, "nothing whole was left");
    /// # Ok::<(), cachier::Error>(())
    /// ```
    pub fn skip_damage(&mut self) {
        self.position = self.buffer.len().min(self.position + 1);
        self.place = Place::InDamage;
        self.skipped = true;
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.position..).unwrap_or_default()
    }

    /// Moves on to what looks like a part; whether there is one.
    fn leave_damage(&mut self) -> bool {
        match parts::next_start(self.unread()) {
            Some(offset) => {
                self.position += offset;
                self.place = Place::InEntries;
                true
            }
            None => {
                let may_be_cut_in_two = if self.ended {
                    0
                } else {
                    parts::START_LENGTH - 1
                };
                self.position = self
                    .position
                    .max(self.buffer.len().saturating_sub(may_be_cut_in_two));
                false
            }
        }
    }
}

fn damaged(reason: &str) -> Error {
    Error::damaged(joined!("the snapshot is damaged: ", reason))
}
