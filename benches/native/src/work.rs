//! What is measured: a work, who does it, and what is to be reached; knows neither clock nor paper.

use std::time::Duration;

use tempfile::TempDir;

use crate::measure::{Effort, Run, medians};

/// One work and all who do it.
pub struct Work {
    pub name: &'static str,
    pub title: String,
    contestants: Vec<Contestant>,
    goals: Vec<Goal>,
    /// A turn has no more runs than this, where each leaves something behind.
    most: u64,
    /// Where files are, as long as the work is.
    _folder: Option<TempDir>,
}

struct Contestant {
    name: &'static str,
    role: Role,
    run: Run,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Ours,
    Floor,
    Peer,
}

/// The first of ours is to take at most so many times as long as somebody else.
struct Goal {
    factor: f64,
    against: Against,
}

#[derive(Clone, Copy)]
pub enum Against {
    Named(&'static str),
    BestOf(&'static [&'static str]),
    Nanoseconds(f64),
}

/// What came out of a work.
pub struct Result {
    pub name: &'static str,
    pub title: String,
    pub rows: Vec<Row>,
    pub goals: Vec<Reached>,
}

pub struct Row {
    pub name: &'static str,
    pub role: Role,
    pub nanoseconds: f64,
}

pub struct Reached {
    pub text: String,
    pub is: f64,
    pub may: f64,
}

impl Reached {
    pub fn holds(&self) -> bool {
        self.is <= self.may
    }
}

impl Work {
    pub fn new(name: &'static str, title: impl Into<String>) -> Self {
        Self {
            name,
            title: title.into(),
            contestants: Vec::new(),
            goals: Vec::new(),
            most: u64::MAX,
            _folder: None,
        }
    }

    pub fn at_most(mut self, runs: u64) -> Self {
        self.most = runs;
        self
    }

    /// Removes a folder once all is measured.
    pub fn keeping(mut self, folder: TempDir) -> Self {
        self._folder = Some(folder);
        self
    }

    pub fn ours(self, name: &'static str, run: impl FnMut(u64) -> Duration + 'static) -> Self {
        self.contestant(name, Role::Ours, run)
    }

    pub fn floor(self, name: &'static str, run: impl FnMut(u64) -> Duration + 'static) -> Self {
        self.contestant(name, Role::Floor, run)
    }

    pub fn peer(self, name: &'static str, run: impl FnMut(u64) -> Duration + 'static) -> Self {
        self.contestant(name, Role::Peer, run)
    }

    pub fn goal(mut self, factor: f64, against: Against) -> Self {
        self.goals.push(Goal { factor, against });
        self
    }

    fn contestant(
        mut self,
        name: &'static str,
        role: Role,
        run: impl FnMut(u64) -> Duration + 'static,
    ) -> Self {
        let run = Box::new(run);
        self.contestants.push(Contestant { name, role, run });
        self
    }

    /// Measures everybody.
    pub fn measured(self, effort: Effort) -> Result {
        let (names, mut runs): (Vec<_>, Vec<_>) = self
            .contestants
            .into_iter()
            .map(|contestant| ((contestant.name, contestant.role), contestant.run))
            .unzip();
        let medians = medians(&mut runs, effort, self.most);
        let row = |((name, role), nanoseconds)| Row {
            name,
            role,
            nanoseconds,
        };
        let rows: Vec<_> = names.into_iter().zip(medians).map(row).collect();
        let goals = self.goals.iter().filter_map(|goal| goal.reached(&rows));
        Result {
            goals: goals.collect(),
            name: self.name,
            title: self.title,
            rows,
        }
    }
}

impl Goal {
    fn reached(&self, rows: &[Row]) -> Option<Reached> {
        let named = |name: &str| rows.iter().find(|row| row.name == name);
        let ours = rows.iter().find(|row| row.role == Role::Ours)?;
        let (other, text) = match self.against {
            Against::Named(name) => (named(name)?.nanoseconds, name.to_owned()),
            Against::BestOf(names) => {
                let found = names.iter().filter_map(|name| named(name));
                let best = found.map(|row| row.nanoseconds).reduce(f64::min)?;
                (best, format!("the best of {}", names.join(", ")))
            }
            Against::Nanoseconds(most) => (most, time(most)),
        };
        Some(Reached {
            text: format!("≤ {} × {text}", self.factor),
            is: ours.nanoseconds / other,
            may: self.factor,
        })
    }
}

/// A time as people write it.
pub fn time(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        less if less < 1e3 => (less, "ns"),
        less if less < 1e6 => (less / 1e3, "µs"),
        less => (less / 1e6, "ms"),
    };
    match number {
        small if small < 100.0 => format!("{small:.1} {unit}"),
        large => format!("{large:.0} {unit}"),
    }
}
