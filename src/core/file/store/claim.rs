//! The right to calculate one key, over all processes; knows nothing of values.

use super::*;

/// The right to calculate one key of a [`FileCore`](crate::core::FileCore); given back when dropped,
/// and by the system when the process ends.
///
/// # Example
///
/// ```
/// use cachier::Key;
/// use cachier::core::{Core, FileCore};
/// # let folder = tempfile::tempdir().unwrap();
/// # let dir = folder.path();
///
/// # futures_lite::future::block_on(async {
/// let core = FileCore::<u32>::new("f").cache_dir(dir);
/// let claim = core.claim(&Key::of(&(1,))?, 0).await?;
/// assert!(core.claim(&Key::of(&(1,))?, 0).await?.is_none(), "it is held");
/// drop(claim);
/// # Ok::<(), cachier::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct FileClaim {
    store: Arc<Store>,
    control: Arc<Control>,
    digest: Digest,
    attempt: u32,
    epoch: u64,
    number: u64,
    locked: bool,
    key: crate::key::Key,
}

impl FileClaim {
    pub(crate) fn key(&self) -> &crate::key::Key {
        &self.key
    }

    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::Claimed(self.attempt)
    }

    /// Whether nothing has overtaken it, as far as this view goes.
    pub(super) fn is_good(&self, view: &View) -> bool {
        Arc::ptr_eq(&self.control, &view.control)
            && view.control.claim_epoch() == Some(self.epoch)
            && lock(&self.store.claims).is_held(self.digest.tag(), self.number)
    }

    /// Under which tag and number it is open.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.digest.tag(), self.number)
    }

    fn byte(&self) -> ClaimByte {
        ClaimByte::of(&self.digest, self.epoch, self.attempt)
    }
}

impl Drop for FileClaim {
    fn drop(&mut self) {
        let mut claims = lock(&self.store.claims);
        let last = claims.release(self.digest.tag(), self.number);
        if self.locked && last {
            self.control.release_claim(self.byte());
        }
    }
}

impl Store {
    /// Takes the right to calculate a key; `None` if somebody holds it.
    pub(crate) fn claim(
        self: &Arc<Self>,
        key: &crate::key::Key,
        attempt: u32,
    ) -> Result<Option<FileClaim>, Error> {
        let digest = Digest::of(key);
        for _ in 0..TRIES {
            let control = {
                let _mine = lock(&self.appending);
                self.writable()?
            };
            self.repair_if_damaged()?;
            let Some(epoch) = control.claim_epoch() else {
                self.forget(&control);
                continue;
            };
            let attempt = attempt.min(LAST_ATTEMPT);
            let reserved = lock(&self.claims).reserve(digest.tag(), epoch, attempt);
            let Some(number) = reserved else {
                return Ok(None);
            };
            let mut claim = FileClaim {
                store: self.clone(),
                control,
                digest,
                attempt,
                epoch,
                number,
                locked: false,
                key: key.clone(),
            };
            let taken = claim.control.try_lock_claim(claim.byte());
            claim.locked = taken.map_err(|error| self.trouble(&error))?;
            if !claim.locked {
                return Ok(None);
            }
            if self.hold(&claim)? {
                return self.announced(claim).map(Some);
            }
        }
        Err(self.trouble(&ErrorKind::NotFound.into()))
    }

    /// From here on what others do counts against the claim; `false` if it is of no use already.
    fn hold(&self, claim: &FileClaim) -> Result<bool, Error> {
        let view = match self.current() {
            Err(error) if error.is_damaged() => return Ok(false),
            view => view?,
        };
        lock(&self.claims).hold(claim.digest.tag(), claim.number);
        Ok(view.as_ref().is_some_and(|view| claim.is_good(view)))
    }

    /// Whoever takes over says so, for those who are overtaken to know.
    fn announced(&self, claim: FileClaim) -> Result<FileClaim, Error> {
        if claim.attempt > 0 {
            self.note_taken(&claim.digest, claim.attempt)?;
        }
        Ok(claim)
    }
}
