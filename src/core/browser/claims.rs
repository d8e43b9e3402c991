//! The right to calculate one key in all tabs: a lock, and the numbers under which it was taken.

use super::FORMAT;
use super::ledger::{Answer, Asked, Ticket};
use super::locks::{self, Lock};
use crate::error::Error;
use crate::key::Key;
use crate::text::{integer, joined};

/// Who has to be asked before a claim is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among {
    /// This tab only; decided at once.
    #[cfg(feature = "localstorage")]
    ThisTab,
    AllTabs,
}

/// The right to calculate one key of a browser's core; given back when dropped, when its tab closes or crashes,
/// and when the page is frozen or goes into the back/forward cache.
///
/// # Example
///
/// ```
/// # #[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
/// # async fn example() -> Result<(), cachier::Error> {
/// use cachier::{Key, core::{Core, IndexedDb}};
/// let core = IndexedDb::<u32>::new("answers");
/// let claim = core.claim(&Key::of(&(1,))?, 0).await?;
/// assert!(core.claim(&Key::of(&(1,))?, 0).await?.is_none(), "it is held");
/// drop(claim);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BrowserClaim {
    pub(crate) key: Key,
    pub(crate) ticket: Ticket,
    lock: Lock,
}

impl BrowserClaim {
    /// Whether the page was put aside, so that others may have the claim.
    pub(crate) fn is_lost(&self) -> bool {
        self.lock.is_lost()
    }
}

/// Takes a claim on a key. `place` names the key among all of the origin; `ask` asks the store, which is told
/// who asks and answers for the moment it is asked.
pub(crate) async fn claim(
    key: &Key,
    place: &str,
    among: Among,
    mut asked: Asked,
    ask: impl AsyncFn(Asked) -> Result<Answer, Error>,
) -> Result<Option<BrowserClaim>, Error> {
    loop {
        let Some(lock) = take(place, among, asked.generation, asked.attempt).await else {
            return Ok(None);
        };
        match ask(asked).await? {
            Answer::Claimed(ticket) => {
                let key = key.clone();
                return Ok(Some(BrowserClaim { key, ticket, lock }));
            }
            Answer::Moved(generation) => {
                asked = Asked {
                    generation,
                    ..asked
                }
            }
            Answer::Behind(later) => {
                if take(place, among, asked.generation, later).await.is_none() {
                    return Ok(None);
                }
                asked.over = later;
            }
        }
    }
}

async fn take(place: &str, among: Among, generation: u64, attempt: u32) -> Option<Lock> {
    let (generation, attempt) = (integer(generation as i64), integer(attempt.into()));
    let name = joined!(
        "cachier",
        FORMAT,
        ":",
        place,
        ":",
        &generation,
        ":",
        &attempt,
    );
    match among {
        #[cfg(feature = "localstorage")]
        Among::ThisTab => locks::take_here(&name),
        Among::AllTabs => locks::take(&name).await,
    }
}
