//! What a builder can be given of its own: how to key, how to weigh, where to keep; not the options.

use serde::Serialize;

use crate::core::{Core, MemoryCore};
use crate::error::Error;
use crate::key::{self, Key};
use crate::policy::Options;
use crate::threads::{MaybeSend, MaybeSync};

/// How the key of some arguments `A` is made.
///
/// # Example
///
/// ```
/// use cachier::{ByArguments, Key, KeyRule};
/// assert_eq!(ByArguments.key_of(&(1, "a"))?, Key::of(&(1, "a"))?);
/// # Ok::<(), cachier::Error>(())
/// ```
pub trait KeyRule<A>: MaybeSend + MaybeSync + 'static {
    /// The key of these arguments.
    ///
    /// # Errors
    ///
    /// Where an argument cannot be made part of a key.
    fn key_of(&self, arguments: &A) -> Result<Key, Error>;
}

/// The key is all the arguments.
#[derive(Clone, Copy, Debug)]
pub struct ByArguments;

/// The key is what a function makes of the arguments.
#[derive(Clone, Copy, Debug)]
pub struct ByFunction<G>(pub(super) G);

impl<A: Serialize> KeyRule<A> for ByArguments {
    fn key_of(&self, arguments: &A) -> Result<Key, Error> {
        Key::of(arguments)
    }
}

impl<A, G> KeyRule<A> for ByFunction<G>
where
    G: Fn(&A) -> Result<Key, Error> + MaybeSend + MaybeSync + 'static,
{
    fn key_of(&self, arguments: &A) -> Result<Key, Error> {
        (self.0)(arguments)
    }
}

/// How a value `V` is weighed.
///
/// # Example
///
/// ```
/// use cachier::{WeighRule, WeighedEncoded};
/// assert_eq!(WeighedEncoded.weigh(&"four"), 5);
/// ```
pub trait WeighRule<V>: MaybeSend + MaybeSync + 'static {
    /// The size of a value, in bytes.
    fn weigh(&self, value: &V) -> u64;

    /// Whether sizes mean anything, so that limits in bytes can hold.
    fn weighs(&self) -> bool {
        true
    }
}

/// Values are not weighed.
#[derive(Clone, Copy, Debug)]
pub struct Unweighed;

/// A function says what a value weighs.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<G>(pub(super) G);

/// A value weighs as much as its encoding.
#[derive(Clone, Copy, Debug)]
pub struct WeighedEncoded;

impl<V> WeighRule<V> for Unweighed {
    fn weigh(&self, _value: &V) -> u64 {
        0
    }

    fn weighs(&self) -> bool {
        false
    }
}

impl<V, G: Fn(&V) -> u64 + MaybeSend + MaybeSync + 'static> WeighRule<V> for Weighed<G> {
    fn weigh(&self, value: &V) -> u64 {
        (self.0)(value)
    }
}

impl<V: Serialize> WeighRule<V> for WeighedEncoded {
    fn weigh(&self, value: &V) -> u64 {
        key::encoded_length(value)
    }
}

/// Where values `V` are kept.
///
/// # Example
///
/// ```
/// use cachier::{CoreRule, InMemory, Options, core::MemoryCore};
/// let core: MemoryCore<u32> = InMemory.core(&Options::new().max_entries(10)?)?;
/// # Ok::<(), cachier::Error>(())
/// ```
pub trait CoreRule<V> {
    /// The core.
    type Core: Core<V>;

    /// The core, with the bounds of these options where it is made here.
    ///
    /// # Errors
    ///
    /// Where bounds were given for a core that was made elsewhere.
    fn core(self, options: &Options) -> Result<Self::Core, Error>;
}

/// In this process's memory.
#[derive(Clone, Copy, Debug)]
pub struct InMemory;

/// In a core made elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct In<C>(pub(super) C);

impl<V: Clone + MaybeSend + MaybeSync + 'static> CoreRule<V> for InMemory {
    type Core = MemoryCore<V>;

    fn core(self, options: &Options) -> Result<MemoryCore<V>, Error> {
        Ok(MemoryCore::of_options(options))
    }
}

impl<V, C: Core<V>> CoreRule<V> for In<C> {
    type Core = C;

    fn core(self, options: &Options) -> Result<C, Error> {
        if options.max_entries.or(options.max_bytes).is_some() {
            return Err(Error::option_range(
                "max_entries, max_bytes: set them where the core is made, \
                 for instance MemoryCore::new().max_entries(1_000)",
            ));
        }
        Ok(self.0)
    }
}
