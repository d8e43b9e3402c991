//! The claims of this process on one directory, and which of them were overtaken; knows no locks of files.

use std::collections::HashMap;

use crate::map::Hasher;

/// Open claims by their key's tag.
#[derive(Debug, Default)]
pub(super) struct Claims {
    open: HashMap<u64, Vec<Open>, Hasher>,
    last: u64,
}

#[derive(Debug)]
struct Open {
    number: u64,
    epoch: u64,
    attempt: u32,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Asked for; what is read of the log was there before it.
    Reserved,
    Held,
    Overtaken,
}

impl Claims {
    /// A number for a claim that nobody of this process stands against.
    pub(super) fn reserve(&mut self, tag: u64, epoch: u64, attempt: u32) -> Option<u64> {
        let open = self.open.entry(tag).or_default();
        let against = |other: &Open| {
            other.epoch == epoch
                && other.attempt >= attempt
                && other.standing != Standing::Overtaken
        };
        if open.iter().any(against) {
            return None;
        }
        self.last += 1;
        open.push(Open {
            number: self.last,
            epoch,
            attempt,
            standing: Standing::Reserved,
        });
        Some(self.last)
    }

    /// From now on, what is read of the log counts against the claim.
    pub(super) fn hold(&mut self, tag: u64, number: u64) {
        if let Some(claim) = self.find(tag, number) {
            claim.standing = Standing::Held;
        }
    }

    /// Whether anybody of this process has claimed a key.
    pub(super) fn has(&self, tag: u64) -> bool {
        self.open.contains_key(&tag)
    }

    pub(super) fn is_held(&self, tag: u64, number: u64) -> bool {
        let mut open = self.open.get(&tag).into_iter().flatten();
        open.any(|claim| claim.number == number && claim.standing == Standing::Held)
    }

    /// Overtakes the claims of a key below an attempt.
    pub(super) fn overtake(&mut self, tag: u64, below: u32) {
        for claim in self.open.get_mut(&tag).into_iter().flatten() {
            if claim.attempt < below && claim.standing == Standing::Held {
                claim.standing = Standing::Overtaken;
            }
        }
    }

    pub(super) fn overtake_all(&mut self) {
        for claim in self.open.values_mut().flatten() {
            if claim.standing == Standing::Held {
                claim.standing = Standing::Overtaken;
            }
        }
    }

    /// Whether this claim is open and no other one is.
    pub(super) fn is_alone(&self, tag: u64, number: u64) -> bool {
        let open = self.open.get(&tag).map(Vec::as_slice);
        let is_it = matches!(open, Some([claim]) if claim.number == number);
        is_it && self.open.len() == 1
    }

    /// Whether no other claim needs the lock that this one had; nor does one that was released before.
    pub(super) fn release(&mut self, tag: u64, number: u64) -> bool {
        let Some(open) = self.open.get_mut(&tag) else {
            return false;
        };
        let Some(place) = open.iter().position(|claim| claim.number == number) else {
            return false;
        };
        let gone = open.swap_remove(place);
        let shared = |other: &Open| (other.epoch, other.attempt) == (gone.epoch, gone.attempt);
        let last = !open.iter().any(shared);
        if open.is_empty() {
            self.open.remove(&tag);
        }
        last
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn find(&mut self, tag: u64, number: u64) -> Option<&mut Open> {
        let mut open = self.open.get_mut(&tag)?.iter_mut();
        open.find(|claim| claim.number == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(claims: &mut Claims, attempt: u32) -> Option<u64> {
        let number = claims.reserve(1, 0, attempt)?;
        claims.hold(1, number);
        Some(number)
    }

    #[test]
    fn one_claim_of_an_attempt_is_held_at_a_time() {
        let mut claims = Claims::default();
        let first = held(&mut claims, 0).unwrap();
        assert_eq!(held(&mut claims, 0), None);
        let second = held(&mut claims, 1).unwrap();
        claims.overtake(1, 1);
        assert!(!claims.is_held(1, first) && claims.is_held(1, second));
        assert!(claims.release(1, first) && claims.release(1, second));
        assert!(claims.is_empty());
    }

    #[test]
    fn what_was_there_before_a_claim_does_not_overtake_it() {
        let mut claims = Claims::default();
        let number = claims.reserve(1, 0, 0).unwrap();
        claims.overtake(1, u32::MAX);
        claims.overtake_all();
        claims.hold(1, number);
        assert!(claims.is_held(1, number));
    }

    #[test]
    fn a_lock_two_claims_share_is_kept_by_the_last() {
        let mut claims = Claims::default();
        let first = held(&mut claims, 0).unwrap();
        claims.overtake_all();
        let second = held(&mut claims, 0).unwrap();
        assert!(!claims.release(1, first), "the second has the same lock");
        assert!(claims.release(1, second));
    }

    #[test]
    fn a_claim_is_alone_while_no_other_is_open_and_needs_its_lock_once() {
        let mut claims = Claims::default();
        let number = claims.reserve(1, 0, 0).unwrap();
        assert!(claims.is_alone(1, number));
        let other = claims.reserve(2, 0, 0).unwrap();
        assert!(!claims.is_alone(1, number) && !claims.is_alone(2, other));
        assert!(claims.release(2, other));
        let later = claims.reserve(1, 0, 1).unwrap();
        assert!(!claims.is_alone(1, number));
        assert!(claims.release(1, later) && claims.is_alone(1, number));
        assert!(claims.release(1, number));
        assert!(!claims.release(1, number), "somebody else may have it now");
    }

    #[test]
    fn a_new_epoch_has_claims_of_its_own() {
        let mut claims = Claims::default();
        claims.reserve(1, 0, 0).unwrap();
        claims.reserve(1, 1, 0).unwrap();
    }
}
