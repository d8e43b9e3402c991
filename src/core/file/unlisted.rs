//! The records that no outline tells of yet: how many, and those this program wrote last; knows no file.

use super::log::At;
use super::outline::Row;

#[derive(Debug, Default)]
pub(super) struct Unlisted {
    count: usize,
    /// What was written here from one place to another, with nothing of anybody else between.
    rows: Vec<Row>,
    from: u64,
    to: u64,
}

impl Unlisted {
    /// So many records, wherever they are.
    pub(super) fn of(count: usize) -> Self {
        Self {
            count,
            ..Self::default()
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// One more, whoever wrote it.
    pub(super) fn add(&mut self) {
        self.count += 1;
    }

    /// What a record that was written here does to the index.
    pub(super) fn note(&mut self, at: At, row: Option<Row>) {
        if at.offset != self.to {
            self.rows.clear();
            self.from = at.offset;
        }
        self.to = at.offset + u64::from(at.length);
        self.rows.extend(row);
    }

    /// The rows of everything from one place to another, if all of that was written here.
    pub(super) fn stretch(&self, from: u64, to: u64) -> Option<&[Row]> {
        ((self.from, self.to) == (from, to)).then_some(&self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: u64) -> At {
        At { offset, length: 10 }
    }

    #[test]
    fn what_was_written_without_a_gap_is_known_from_its_first_record_on() {
        let mut unlisted = Unlisted::of(3);
        for offset in [100, 110, 120] {
            unlisted.note(at(offset), Some(Row::Gone(offset)));
        }
        let rows = [100, 110, 120].map(Row::Gone);
        assert_eq!(unlisted.stretch(100, 130), Some(&rows[..]));
        assert_eq!(unlisted.stretch(90, 130), None);
        assert_eq!(unlisted.stretch(100, 140), None);
    }

    #[test]
    fn what_others_wrote_between_is_not_passed_over() {
        let mut unlisted = Unlisted::default();
        unlisted.note(at(100), Some(Row::Gone(1)));
        unlisted.note(at(120), Some(Row::Gone(2)));
        assert_eq!(unlisted.stretch(100, 130), None);
        assert_eq!(unlisted.stretch(120, 130), Some(&[Row::Gone(2)][..]));
    }
}
