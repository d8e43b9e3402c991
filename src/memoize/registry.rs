//! Every memoized function of the program, for what concerns all of them; not what any of them holds.

use std::sync::{Arc, Weak};

use crate::blocking::block_on;
use crate::core::Core;
use crate::engine::{Engine, Stored};
use crate::report;
use crate::threads::{MaybeSend, MaybeSync};

/// What can be emptied without knowing what it holds.
pub(crate) trait Clearable: MaybeSend + MaybeSync {
    fn clear_now(&self);
}

impl<C: Core<V>, V: Stored, S: Stored> Clearable for Engine<C, V, S> {
    fn clear_now(&self) {
        if let Err(error) = block_on(self.clear()) {
            self.trouble(&error);
        }
    }
}

struct Registered {
    id: String,
    function: Weak<dyn Clearable>,
}

/// Makes a function known; where functions of one id share entries, or bear a name that was given to them, two
/// are warned of.
pub(crate) fn register<F: Clearable + 'static>(id: &str, is_shared: bool, function: &Arc<F>) {
    let function: Weak<dyn Clearable> = Arc::downgrade(&(function.clone() as Arc<dyn Clearable>));
    let taken = place::with(|registered| {
        registered.retain(|known| known.function.strong_count() > 0);
        let taken = registered.iter().any(|known| known.id == id);
        registered.push(Registered {
            id: id.to_owned(),
            function,
        });
        taken
    });
    if is_shared && taken {
        report::warn(
            id,
            "two functions bear this name and version; give one of them another name",
        );
    }
}

/// Empties the cache of every memoized function of this program.
///
/// # Example
///
/// ```
/// use cachier::{Memoize, Outcome};
/// let double = Memoize::builder().function(|n: u32| n * 2)?;
/// double.call((4,));
/// cachier::clear_all();
/// assert_eq!(double.trace((4,)).outcome, Outcome::Computed);
/// # Ok::<(), cachier::Error>(())
/// ```
pub fn clear_all() {
    let functions: Vec<_> = place::with(|registered| {
        registered
            .iter()
            .filter_map(|known| known.function.upgrade())
            .collect()
    });
    functions.iter().for_each(|function| function.clear_now());
}

#[cfg(not(target_arch = "wasm32"))]
mod place {
    use super::Registered;
    use std::sync::{Mutex, PoisonError};

    static REGISTERED: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

    pub(super) fn with<T>(use_it: impl FnOnce(&mut Vec<Registered>) -> T) -> T {
        use_it(&mut REGISTERED.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(target_arch = "wasm32")]
mod place {
    use super::Registered;
    use std::cell::RefCell;

    thread_local! {
        static REGISTERED: RefCell<Vec<Registered>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn with<T>(use_it: impl FnOnce(&mut Vec<Registered>) -> T) -> T {
        REGISTERED.with(|registered| use_it(&mut registered.borrow_mut()))
    }
}
