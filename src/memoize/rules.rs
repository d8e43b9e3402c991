//! What a builder can be given of its own: how to key, how to weigh, where to keep; not the options.

use serde::Serialize;

use crate::core::{Core, MemoryCore};
use crate::error::Error;
use crate::key::{self, Arguments, Key};
use crate::policy::{Options, Setting};
use crate::text::joined;
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

    /// The same, in a place for it.
    #[doc(hidden)]
    fn fill(&self, arguments: &A, place: &mut Arguments) -> Result<(), Error> {
        place.put(self.key_of(arguments)?);
        Ok(())
    }
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

    fn fill(&self, arguments: &A, place: &mut Arguments) -> Result<(), Error> {
        place.give_all(arguments)
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
/// let core: MemoryCore<u32> = InMemory.core(&Options::new().max_entries(10)?, "double")?;
/// # Ok::<(), cachier::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{V}` cannot be kept by `{Self}`",
    label = "this function's result cannot be kept there",
    note = "beyond memory a kept value is `Serialize + DeserializeOwned`: derive both with serde, or keep it in memory \
            (`core = memory` in the attribute, no `in_files()` or the like at the builder)"
)]
pub trait CoreRule<V> {
    /// The core.
    type Core: Core<V>;

    /// Whether functions of one id share their entries.
    const IS_SHARED: bool = false;

    /// How a value is weighed where nothing else says so.
    const WEIGH: Option<fn(&V) -> u64> = None;

    /// Whether what a definition itself says, apart from global options, has a meaning for this core.
    ///
    /// # Errors
    ///
    /// Where an option has none; the error says what to do.
    fn check(&self, definition: &Options) -> Result<(), Error> {
        let _ = definition;
        Ok(())
    }

    /// The core of the function of this id, under these options where it is made here.
    ///
    /// # Errors
    ///
    /// Where an option cannot be followed.
    fn core(self, options: &Options, id: &str) -> Result<Self::Core, Error>;
}

/// In this process's memory.
#[derive(Clone, Copy, Debug)]
pub struct InMemory;

/// In a core made elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct In<C>(pub(super) C);

impl<V: Clone + MaybeSend + MaybeSync + 'static> CoreRule<V> for InMemory {
    type Core = MemoryCore<V>;

    fn check(&self, definition: &Options) -> Result<(), Error> {
        match definition.storage.first_of_some_stores() {
            Some(name) => Err(of_stores(name)),
            None => Ok(()),
        }
    }

    fn core(self, options: &Options, _id: &str) -> Result<MemoryCore<V>, Error> {
        Ok(MemoryCore::of_options(options))
    }
}

impl<V, C: Core<V>> CoreRule<V> for In<C> {
    type Core = C;

    fn check(&self, definition: &Options) -> Result<(), Error> {
        if definition.layer.is_set(Setting::MaxEntries)
            || definition.layer.is_set(Setting::MaxBytes)
        {
            return Err(Error::option_range(
                "max_entries, max_bytes: set them where the core is made, \
                 for instance MemoryCore::new().max_entries(1_000)",
            ));
        }
        match definition.storage.first_of_some_stores() {
            Some(name) => Err(of_the_core(name)),
            None => Ok(()),
        }
    }

    fn core(self, _options: &Options, _id: &str) -> Result<C, Error> {
        Ok(self.0)
    }
}

/// What cannot be encoded has no length: storing it fails, and says why.
#[cfg(any(
    all(feature = "file", unix),
    all(
        any(feature = "indexeddb", feature = "localstorage"),
        target_arch = "wasm32"
    )
))]
pub(super) fn encoded_length<V: Serialize>(value: &V) -> u64 {
    let mut bytes = Vec::new();
    crate::codec::encode(value, &mut bytes).map_or(0, |()| bytes.len() as u64)
}

fn of_stores(name: &str) -> Error {
    let advice = ": values are kept in memory, where it has no meaning; keep them in files, with in_files(), \
                  or in a browser's store, with in_indexed_db() or in_local_storage()";
    Error::option_type(joined!(name, advice))
}

fn of_the_core(name: &str) -> Error {
    let advice = ": set it where the core is made, for instance FileCore::new(id).sync(true) or \
                  Tiered::new(core).coherent(true)";
    Error::option_type(joined!(name, advice))
}
