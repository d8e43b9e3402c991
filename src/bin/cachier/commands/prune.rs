//! `cachier prune`: removes what is too old or too much.

use std::collections::HashMap;

use cachier::Timestamp;
use cachier::inspect::{Cache, Digest};
use serde::Serialize;

use crate::entry;
use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::usage::{Common, Limits, Prune};

/// An entry that may have to go.
struct Candidate {
    /// Which of the caches it is in.
    cache: usize,
    digest: Digest,
    stored_at: Timestamp,
    size: u64,
}

#[derive(Serialize)]
struct Pruned {
    dry_run: bool,
    removed: u64,
    removed_bytes: u64,
    entries: u64,
    bytes: u64,
    functions: Vec<Function>,
}

#[derive(Default, Serialize)]
struct Function {
    function: String,
    removed: u64,
    removed_bytes: u64,
    /// What is left.
    entries: u64,
    bytes: u64,
}

pub fn run(given: &Prune, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let chosen = caches.these(&given.functions)?;
    let (mut kept, mut removed) = (candidates(&chosen)?, Vec::new());
    choose(&given.limits, screen.now(), &mut kept, &mut removed);
    let pruned = summed_up(&chosen, &kept, &removed, given.dry_run);
    if !given.dry_run && pruned.removed > 0 {
        let (entries, bytes) = (
            human::entries(pruned.removed),
            human::size(pruned.removed_bytes),
        );
        screen.confirm(&given.consent, &format!("Remove {entries} ({bytes})?"))?;
        remove(&chosen, &removed, screen)?;
    }
    screen.result(&pruned, || text(&pruned))
}

/// Every entry; nothing is written for that.
fn candidates(caches: &[&Cache]) -> Result<Vec<Candidate>, Failure> {
    let mut candidates = Vec::new();
    for (index, cache) in caches.iter().enumerate() {
        entry::each(cache, |stored| {
            candidates.push(Candidate {
                cache: index,
                digest: stored.digest,
                stored_at: stored.stored_at,
                size: stored.size,
            });
            Ok(())
        })?;
    }
    Ok(candidates)
}

/// Moves what has to go from the one to the other.
fn choose(
    limits: &Limits,
    now: Timestamp,
    kept: &mut Vec<Candidate>,
    removed: &mut Vec<Candidate>,
) {
    if let Some(stale) = limits.stale {
        removed.extend(kept.extract_if(.., |candidate| {
            now.millis_since(candidate.stored_at) >= stale
        }));
    }
    if let Some(max_size) = limits.max_size {
        kept.sort_by_key(|candidate| std::cmp::Reverse(candidate.stored_at));
        let mut bytes = 0_u64;
        let fitting = kept.iter().take_while(|candidate| {
            bytes = bytes.saturating_add(candidate.size);
            bytes <= max_size
        });
        let fitting = fitting.count();
        removed.extend(kept.drain(fitting..));
    }
}

/// An entry that was stored anew meanwhile stays.
fn remove(caches: &[&Cache], removed: &[Candidate], screen: &Screen) -> Result<(), Failure> {
    let progress = screen.progress("Removing", caches.len() as u64);
    for (index, cache) in caches.iter().enumerate() {
        let of_this = removed.iter().filter(|candidate| candidate.cache == index);
        let doomed: HashMap<_, _> = of_this
            .map(|candidate| (candidate.digest, candidate.stored_at))
            .collect();
        if !doomed.is_empty() {
            cache.retain(|meta| doomed.get(&meta.digest) != Some(&meta.stored_at))?;
            cache.compact()?;
        }
        progress.reached(index as u64 + 1);
    }
    Ok(())
}

fn summed_up(
    caches: &[&Cache],
    kept: &[Candidate],
    removed: &[Candidate],
    dry_run: bool,
) -> Pruned {
    let named = caches.iter().map(|cache| Function {
        function: cache.id().into(),
        ..Function::default()
    });
    let mut functions: Vec<Function> = named.collect();
    for candidate in kept {
        functions[candidate.cache].entries += 1;
        functions[candidate.cache].bytes += candidate.size;
    }
    for candidate in removed {
        functions[candidate.cache].removed += 1;
        functions[candidate.cache].removed_bytes += candidate.size;
    }
    let sum = |of: fn(&Function) -> u64| functions.iter().map(of).sum();
    Pruned {
        dry_run,
        removed: sum(|function| function.removed),
        removed_bytes: sum(|function| function.removed_bytes),
        entries: sum(|function| function.entries),
        bytes: sum(|function| function.bytes),
        functions,
    }
}

fn text(pruned: &Pruned) -> String {
    let left = format!(
        "{} ({})",
        human::entries(pruned.entries),
        human::size(pruned.bytes)
    );
    if pruned.removed == 0 {
        return format!("Nothing to remove of {left}");
    }
    let verb = if pruned.dry_run {
        "Would remove"
    } else {
        "Removed"
    };
    let affected = pruned
        .functions
        .iter()
        .filter(|function| function.removed > 0);
    let text: String = affected.map(|function| function.text(verb)).collect();
    text + "Left: " + &left
}

impl Function {
    fn text(&self, verb: &str) -> String {
        let (removed, bytes) = (
            human::entries(self.removed),
            human::size(self.removed_bytes),
        );
        format!(
            "{verb} {removed} ({bytes}) of {}\n",
            human::plain(&self.function)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ages of what goes, of entries with these ages and sizes.
    fn removed(limits: Limits, entries: &[(i64, u64)]) -> Vec<i64> {
        let now = Timestamp::from_millis(1_000);
        let candidate = |(age, size): &(i64, u64)| Candidate {
            cache: 0,
            digest: Digest::from_bytes([0; 32]),
            stored_at: now.saturating_add(-age),
            size: *size,
        };
        let (mut kept, mut removed) = (entries.iter().map(candidate).collect(), Vec::new());
        choose(&limits, now, &mut kept, &mut removed);
        assert_eq!(kept.len() + removed.len(), entries.len());
        removed
            .iter()
            .map(|candidate| now.millis_since(candidate.stored_at))
            .collect()
    }

    fn limits(stale: Option<i64>, max_size: Option<u64>) -> Limits {
        Limits { stale, max_size }
    }

    #[test]
    fn what_is_of_the_age_or_older_goes() {
        assert_eq!(
            removed(limits(Some(5), None), &[(4, 1), (5, 1), (-9, 1), (6, 1)]),
            [5, 6]
        );
        assert_eq!(removed(limits(Some(0), None), &[(0, 1)]), [0]);
    }

    #[test]
    fn the_oldest_go_until_the_rest_is_small_enough() {
        let entries = [(3, 10), (1, 10), (2, 10)];
        assert_eq!(removed(limits(None, Some(30)), &entries), [0; 0]);
        assert_eq!(removed(limits(None, Some(29)), &entries), [3]);
        assert_eq!(removed(limits(None, Some(10)), &entries), [2, 3]);
        assert_eq!(removed(limits(None, Some(0)), &entries), [1, 2, 3]);
    }

    #[test]
    fn what_is_too_old_makes_room_first() {
        assert_eq!(
            removed(limits(Some(3), Some(20)), &[(3, 10), (1, 10), (2, 10)]),
            [3]
        );
    }
}
