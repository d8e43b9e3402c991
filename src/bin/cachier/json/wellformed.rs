//! Where a CBOR item ends and whether it is well-formed (RFC 8949 appendix C), without recursion; knows no JSON.

/// Indefinite lengths have this in place of a size.
const INDEFINITE: u8 = 31;
const BREAK: u8 = 0xff;

pub const BYTES: u8 = 2;
pub const TEXT: u8 = 3;
pub const ARRAY: u8 = 4;
pub const MAP: u8 = 5;
pub const TAG: u8 = 6;

/// The head of an item; an indefinite length is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub major: u8,
    pub value: Option<u64>,
    /// How many bytes it takes.
    pub length: usize,
}

impl Head {
    /// The head at the beginning of the bytes, if there is a well-formed one.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        let (major, size) = (first >> 5, first & 0x1f);
        match size {
            ..24 => Some(Self::with(major, u64::from(size), 1)),
            24..28 => {
                let length = 1 + (1 << (size - 24));
                let value = bytes
                    .get(1..length)?
                    .iter()
                    .fold(0, |value, byte| value << 8 | u64::from(*byte));
                // Simple values below 32 have one byte.
                let spare = major == 7 && size == 24 && value < 32;
                (!spare).then(|| Self::with(major, value, length))
            }
            INDEFINITE if (BYTES..=MAP).contains(&major) => Some(Self {
                major,
                value: None,
                length: 1,
            }),
            _ => None,
        }
    }

    fn with(major: u8, value: u64, length: usize) -> Self {
        Self {
            major,
            value: Some(value),
            length,
        }
    }
}

/// Splits the first item off, if it is well-formed.
pub fn split_item(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut scan = Scan {
        rest: bytes,
        open: Vec::new(),
        pending: 1,
    };
    while scan.pending > 0 || !scan.open.is_empty() {
        scan.step()?;
    }
    Some(bytes.split_at(bytes.len() - scan.rest.len()))
}

/// How far a scan has come.
struct Scan<'a> {
    rest: &'a [u8],
    /// Open items of indefinite length, outermost first.
    open: Vec<Open>,
    /// Items that are still to come before the innermost open item goes on.
    pending: u64,
}

struct Open {
    is_map: bool,
    /// Whether a key came whose value is still to come.
    half: bool,
    /// What was pending outside.
    pending: u64,
}

impl<'a> Scan<'a> {
    fn step(&mut self) -> Option<()> {
        if self.pending == 0 && self.rest.first() == Some(&BREAK) {
            return self.close();
        }
        let head = Head::of(self.rest)?;
        self.rest = self.rest.get(head.length..)?;
        self.count_in();
        match (head.major, head.value) {
            (BYTES | TEXT, Some(length)) => self.take(length)?,
            (BYTES | TEXT, None) => self.pieces(head.major)?,
            (ARRAY | MAP, None) => self.open(head.major == MAP),
            (ARRAY, Some(length)) => self.expect(length)?,
            (MAP, Some(length)) => self.expect(length.checked_mul(2)?)?,
            (TAG, _) => self.expect(1)?,
            _ => {}
        }
        Some(())
    }

    /// Counts the item that begins, where it belongs.
    fn count_in(&mut self) {
        match self.open.last_mut() {
            Some(innermost) if self.pending == 0 => innermost.half = !innermost.half,
            _ => self.pending -= 1,
        }
    }

    fn expect(&mut self, items: u64) -> Option<()> {
        self.pending = self.pending.checked_add(items)?;
        Some(())
    }

    fn open(&mut self, is_map: bool) {
        let pending = std::mem::take(&mut self.pending);
        self.open.push(Open {
            is_map,
            half: false,
            pending,
        });
    }

    fn close(&mut self) -> Option<()> {
        let closed = self.open.pop().filter(|open| !(open.is_map && open.half))?;
        self.pending = closed.pending;
        self.rest = self.rest.get(1..)?;
        Some(())
    }

    fn take(&mut self, length: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    fn pieces(&mut self, major: u8) -> Option<()> {
        while self.rest.first() != Some(&BREAK) {
            let head = Head::of(self.rest).filter(|head| head.major == major)?;
            self.rest = self.rest.get(head.length..)?;
            self.take(head.value?)?;
        }
        self.take(1)
    }
}
