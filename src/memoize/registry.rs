//! Every memoized function of the program, for what concerns all of them; not what any of them holds.

use std::sync::{Arc, Weak};

use crate::blocking::see_to;
use crate::core::Core;
use crate::engine::{Engine, Publish, Stored};
use crate::report;
use crate::threads::{MaybeSend, MaybeSync};

/// What can be emptied, and asked for its counts, without knowing what it holds.
pub(crate) trait Clearable: Publish + MaybeSend + MaybeSync {
    fn clear_now(self: Arc<Self>);
}

impl<C: Core<V>, V: Stored, S: Stored> Clearable for Engine<C, V, S> {
    fn clear_now(self: Arc<Self>) {
        let busy = self.background.busy();
        see_to(async move {
            if let Err(error) = self.clear().await {
                self.trouble(&error);
            }
            drop(busy);
        });
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
/// In a page, what lies in IndexedDB is gone a little later: once `drain()` of its function is done.
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
    alive().into_iter().for_each(Clearable::clear_now);
}

/// Gives what memoized functions counted to the recorder of the `metrics` facade: call it whenever metrics are read.
///
/// Functions with `enable_metrics` count into memory of their own, so that a hit costs as little as may be; here it
/// becomes the facade's, each function's under the label `function`, those of one name together. Durations need no
/// call: they are given to the recorder as they are taken.
///
/// | name | kind | labels | what it tells |
/// |---|---|---|---|
/// | `cachier_calls_total` | counter | `function`, `outcome`: `hit`, `stale_hit`, `computed`, `waited`, `bypassed` | calls; the sum over outcomes is all there were |
/// | `cachier_recalculations_total` | counter | `function` | runs that replaced a value: stale, overwritten or refreshed |
/// | `cachier_timeouts_total` | counter | `function` | waits that went on longer than `wait_for_calc_timeout` |
/// | `cachier_rejections_total` | counter | `function` | values too large to store |
/// | `cachier_storage_errors_total` | counter | `function` | reads and writes of the store that failed |
/// | `cachier_refreshes_total`, `cachier_refresh_failures_total` | counter | `function` | background refreshes that succeeded, that failed |
/// | `cachier_evictions_total` | counter | `function` | entries evicted to stay within bounds |
/// | `cachier_entries`, `cachier_bytes` | gauge | `function` | entries there are, and their bytes where sizes are taken |
/// | `cachier_calculation_seconds` | histogram | `function` | time in the function, each run |
/// | `cachier_store_seconds` | histogram | `function` | time to store a value, each store |
/// | `cachier_lookup_seconds` | histogram | `function` | time to look a key up, one lookup of 1,024 |
///
/// # Example
///
/// ```
/// let double = cachier::Memoize::builder()
///     .name("double")
///     .enable_metrics(true)
///     .function(|n: u32| n * 2)?;
/// let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
/// let prometheus = recorder.handle();
/// metrics::set_global_recorder(recorder).expect("it is the first");
///
/// double.call((4,));
/// double.call((4,));
/// cachier::publish_metrics();
/// let text = prometheus.render();
/// assert!(text.contains(r#"cachier_calls_total{function="double",outcome="hit"} 1"#));
/// # Ok::<(), cachier::Error>(())
/// ```
#[cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
pub fn publish_metrics() {
    crate::engine::describe();
    let mut held = crate::engine::Holdings::default();
    alive()
        .iter()
        .for_each(|function| function.publish(&mut held));
    held.publish();
}

/// The functions there are, out of the lock: what is done with them may define others.
fn alive() -> Vec<Arc<dyn Clearable>> {
    place::with(|registered| {
        registered
            .iter()
            .filter_map(|known| known.function.upgrade())
            .collect()
    })
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
