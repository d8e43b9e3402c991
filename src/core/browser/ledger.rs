//! The numbers that decide whether a claim may still store; pure, knows no store and no lock.
//!
//! Every change of a function's entries takes the next number of its *serial*. A claim remembers the serial at
//! which it was taken, and its *generation*: the serial at which claims of its key were last freed, by a clear
//! of everything or by a value stored or removed without a claim. A claim stores only while its generation is
//! the key's, and nothing about the key is younger than the claim.

use crate::entry::{Meta, Timestamp};

/// What is kept of a function beside its entries.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Function {
    /// The number of the last change.
    pub(crate) serial: u64,
    /// The number of the last change that freed every claim.
    pub(crate) freed: u64,
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
}

/// What is known of an entry beside its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    /// The number of the change that stored it.
    pub(crate) order: u64,
    pub(crate) generation: u64,
    pub(crate) meta: Meta,
}

/// That the claims of a key were overtaken, where no entry says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) number: u64,
    pub(crate) generation: u64,
    /// The attempt that overtook them; 0 for a removal.
    pub(crate) attempt: u32,
}

/// All that is stored about one key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) function: Function,
    pub(crate) mark: Option<Mark>,
    pub(crate) head: Option<Head>,
}

/// The numbers of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) number: u64,
    pub(crate) generation: u64,
}

/// What a store says to somebody who holds the lock of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Claimed(Ticket),
    /// The lock was of another generation than this, the key's.
    Moved(u64),
    /// This later attempt may still be under way; its lock tells.
    Behind(u32),
}

/// Who asks for a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) generation: u64,
    pub(crate) attempt: u32,
    /// Attempts up to this one are known to be over.
    pub(crate) over: u32,
}

impl Function {
    /// The number of the next change. A function that was never stored, or was deleted by hand, starts at a
    /// random number, so that no claim from before looks younger than what comes.
    pub(crate) fn advance(&mut self) -> u64 {
        if self.serial == 0 {
            self.serial = (super::global::random() * (1_u64 << 40) as f64) as u64;
        }
        self.serial += 1;
        self.serial
    }

    /// Frees every claim; without entries, if they go with it.
    pub(crate) fn free(&mut self) {
        self.freed = self.advance();
    }

    pub(crate) fn gain(&mut self, size: u64) {
        self.entries += 1;
        self.bytes += size;
    }

    pub(crate) fn lose(&mut self, size: u64) {
        self.entries = self.entries.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(size);
    }
}

impl Ledger {
    pub(crate) fn generation(&self) -> u64 {
        let mark = self.mark.map_or(0, |mark| mark.generation);
        let head = self.head.map_or(0, |head| head.generation);
        self.function.freed.max(mark).max(head)
    }

    /// Whether whoever has this ticket may store.
    pub(crate) fn admits(&self, ticket: Ticket) -> bool {
        let mark = self.mark.map_or(0, |mark| mark.number);
        let head = self.head.map_or(0, |head| head.order);
        ticket.generation == self.generation() && ticket.number >= mark.max(head)
    }

    /// The claim of whoever holds the lock; a later attempt leaves a mark that overtakes the earlier ones.
    pub(crate) fn claim(&mut self, asked: Asked) -> Answer {
        let generation = self.generation();
        if asked.generation != generation {
            return Answer::Moved(generation);
        }
        let later = self.mark.filter(|mark| mark.generation == generation);
        let later = later.map_or(0, |mark| mark.attempt);
        if later > asked.attempt.max(asked.over) {
            return Answer::Behind(later);
        }
        let number = match asked.attempt {
            0 => self.function.serial,
            attempt => self.mark(generation, attempt),
        };
        Answer::Claimed(Ticket { number, generation })
    }

    fn mark(&mut self, generation: u64, attempt: u32) -> u64 {
        let number = self.function.advance();
        self.mark = Some(Mark {
            number,
            generation,
            attempt,
        });
        number
    }

    /// Overtakes every claim of the key, for an entry that is removed.
    pub(crate) fn overtake(&mut self) {
        let generation = self.function.serial + 1;
        let number = self.mark(generation, 0);
        if let Some(mark) = &mut self.mark {
            mark.generation = number;
        }
    }
}

/// What is known of an entry, from the numbers that a store keeps.
pub(crate) fn meta(stored_at: i64, size: u64, none: bool) -> Meta {
    Meta {
        stored_at: Timestamp::from_millis(stored_at),
        size,
        none,
    }
}

/// How much a function may keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) max_entries: u64,
    pub(crate) max_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_entries: u64::MAX,
            max_bytes: u64::MAX,
        }
    }
}

impl Bounds {
    pub(crate) fn is_bounded(&self) -> bool {
        self.max_entries != u64::MAX || self.max_bytes != u64::MAX
    }

    /// Whether an entry of this size could be kept, were it the only one.
    pub(crate) fn can_hold(&self, size: u64) -> bool {
        self.max_entries > 0 && size <= self.max_bytes
    }

    /// Whether an entry of this size fits beside what there is.
    pub(crate) fn has_room(&self, function: &Function, size: u64) -> bool {
        function.entries < self.max_entries && function.bytes.saturating_add(size) <= self.max_bytes
    }
}
