//! `cachier clear`: removes all entries of functions.

use cachier::inspect::Cache;
use serde::Serialize;

use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::usage::{Clear, Common};

#[derive(Serialize)]
struct Cleared {
    function: String,
    removed: u64,
    bytes: u64,
}

impl Cleared {
    fn of(cache: &Cache) -> Result<Self, Failure> {
        let summary = cache.summary()?;
        Ok(Self {
            function: cache.id().into(),
            removed: summary.entries,
            bytes: summary.bytes,
        })
    }

    fn text(&self) -> String {
        format!(
            "{} ({}) of {}",
            human::entries(self.removed),
            human::size(self.bytes),
            human::plain(&self.function)
        )
    }
}

pub fn run(given: &Clear, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let chosen = caches.these(&given.functions)?;
    let cleared = chosen
        .iter()
        .map(|cache| Cleared::of(cache))
        .collect::<Result<Vec<_>, _>>()?;
    if cleared.iter().any(|cleared| cleared.removed > 0) {
        screen.confirm(&given.consent, &question(&cleared))?;
    }
    for cache in chosen {
        cache.clear()?;
    }
    screen.result(&cleared, || {
        let lines = cleared
            .iter()
            .map(|cleared| format!("Removed {}\n", cleared.text()));
        lines.collect()
    })
}

fn question(cleared: &[Cleared]) -> String {
    if let [only] = cleared {
        return format!("Remove {}?", only.text());
    }
    let sum = |of: fn(&Cleared) -> u64| cleared.iter().map(of).sum();
    let (removed, bytes) = (
        human::entries(sum(|one| one.removed)),
        human::size(sum(|one| one.bytes)),
    );
    format!(
        "Remove {removed} ({bytes}) of {} functions?",
        human::count(cleared.len() as u64)
    )
}
