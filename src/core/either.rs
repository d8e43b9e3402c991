//! One of two cores, as it turns out where the program runs; decides nothing more.

use crate::core::{Core, Swept};
use crate::entry::{Entry, Meta};
use crate::error::Error;
use crate::key::Key;
use crate::threads::{MaybeSend, MaybeSync};

/// One of two cores, and the claims of it; which one, is known only where the program runs.
///
/// # Example
///
/// ```
/// use cachier::Memoize;
/// use cachier::core::{Either, FileCore, MemoryCore};
/// # let folder = tempfile::tempdir().unwrap();
///
/// let core = match std::env::var("REPORTS") {
///     Ok(directory) => Either::Left(FileCore::new("report").cache_dir(directory)),
///     Err(_) => Either::Right(MemoryCore::new()),
/// };
/// let report = Memoize::builder().core(core).function(|year: u32| format!("the year {year}"))?;
/// assert_eq!(report.call((2024,)), "the year 2024");
/// # Ok::<(), cachier::Error>(())
/// ```
#[derive(Clone, Debug)]
pub enum Either<L, R> {
    /// This one.
    Left(L),
    /// The other one.
    Right(R),
}

impl<V: MaybeSend + MaybeSync, L: Core<V>, R: Core<V>> Core<V> for Either<L, R> {
    type Claim = Either<L::Claim, R::Claim>;

    const WAITS: bool = L::WAITS || R::WAITS;

    async fn get(&self, key: &Key) -> Result<Option<Entry<V>>, Error> {
        match self {
            Self::Left(core) => core.get(key).await,
            Self::Right(core) => core.get(key).await,
        }
    }

    #[inline(always)]
    fn get_at_once(&self, key: &Key) -> Option<Option<Entry<V>>> {
        match self {
            Self::Left(core) => core.get_at_once(key),
            Self::Right(core) => core.get_at_once(key),
        }
    }

    async fn claim(&self, key: &Key, attempt: u32) -> Result<Option<Self::Claim>, Error> {
        Ok(match self {
            Self::Left(core) => core.claim(key, attempt).await?.map(Either::Left),
            Self::Right(core) => core.claim(key, attempt).await?.map(Either::Right),
        })
    }

    async fn put(&self, claim: Self::Claim, entry: Entry<&V>) -> Result<bool, Error> {
        match (self, claim) {
            (Self::Left(core), Either::Left(claim)) => core.put(claim, entry).await,
            (Self::Right(core), Either::Right(claim)) => core.put(claim, entry).await,
            // A claim of somebody else's.
            _ => Ok(false),
        }
    }

    async fn set(&self, key: &Key, entry: Option<Entry<&V>>) -> Result<(), Error> {
        match self {
            Self::Left(core) => core.set(key, entry).await,
            Self::Right(core) => core.set(key, entry).await,
        }
    }

    fn set_at_once(&self, key: &Key, entry: Option<Entry<&V>>) -> bool {
        match self {
            Self::Left(core) => core.set_at_once(key, entry),
            Self::Right(core) => core.set_at_once(key, entry),
        }
    }

    async fn clear(&self) -> Result<(), Error> {
        match self {
            Self::Left(core) => core.clear().await,
            Self::Right(core) => core.clear().await,
        }
    }

    async fn release_claims(&self) -> Result<(), Error> {
        match self {
            Self::Left(core) => core.release_claims().await,
            Self::Right(core) => core.release_claims().await,
        }
    }

    async fn sweep(
        &self,
        keep: impl FnMut(&Key, &Meta) -> bool + MaybeSend,
    ) -> Result<Swept, Error> {
        match self {
            Self::Left(core) => core.sweep(keep).await,
            Self::Right(core) => core.sweep(keep).await,
        }
    }

    fn cache_dpath(&self) -> Option<std::path::PathBuf> {
        match self {
            Self::Left(core) => core.cache_dpath(),
            Self::Right(core) => core.cache_dpath(),
        }
    }
}
