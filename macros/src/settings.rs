//! Every option that becomes a call of a builder's method: its name and what it takes; not how it is written.

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A duration of at least so many milliseconds.
    Duration(i64),
    /// `true`, `false` or a duration.
    Window,
    /// A size of at least so many bytes.
    Size(i64),
    /// A number of at least so much.
    Count(i64),
    /// `true`, `false` or a size.
    Front,
    /// `true` or `false`; `true` if nothing is given.
    Switch,
    /// `serve` or `fail`.
    OnError,
    /// Whatever the builder's method takes.
    Anything,
}

/// An option that the builder has as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    /// Whether it has a meaning only where values outlive the program.
    pub(crate) of_stores: bool,
}

const fn setting(name: &'static str, takes: Takes) -> Setting {
    Setting {
        name,
        takes,
        of_stores: false,
    }
}

const fn of_stores(name: &'static str, takes: Takes) -> Setting {
    Setting {
        name,
        takes,
        of_stores: true,
    }
}

pub(crate) const SETTINGS: [Setting; 22] = [
    setting("stale_after", Takes::Duration(0)),
    setting("next_time", Takes::Window),
    setting("stale_if_error", Takes::Window),
    setting("allow_none", Takes::Switch),
    setting("wait_for_calc_timeout", Takes::Duration(0)),
    setting("cleanup_stale", Takes::Switch),
    setting("cleanup_interval", Takes::Duration(1)),
    setting("entry_size_limit", Takes::Size(0)),
    setting("max_entries", Takes::Count(1)),
    setting("max_bytes", Takes::Size(1)),
    setting("name", Takes::Anything),
    setting("version", Takes::Anything),
    setting("enable_metrics", Takes::Switch),
    setting("clock", Takes::Anything),
    of_stores("cache_dir", Takes::Anything),
    of_stores("separate_files", Takes::Switch),
    of_stores("sync", Takes::Switch),
    of_stores("front", Takes::Front),
    of_stores("preload", Takes::Front),
    of_stores("coherent", Takes::Switch),
    of_stores("on_error", Takes::OnError),
    of_stores("store_args", Takes::Switch),
];

/// The options that only the attribute has.
pub(crate) const OWN: [&str; 9] = [
    "scope",
    "core",
    "ignore",
    "key",
    "handle",
    "crate",
    "cache",
    "associated",
    "allow_non_static_methods",
];

/// What belongs to a single call.
pub(crate) const OF_ONE_CALL: [&str; 4] = ["max_age", "skip_cache", "overwrite_cache", "verbose"];

impl Setting {
    pub(crate) fn named(name: &str) -> Option<Self> {
        SETTINGS.into_iter().find(|setting| setting.name == name)
    }

    /// Whether the builder's method can refuse what it is given.
    pub(crate) fn is_fallible(self) -> bool {
        !matches!(self.takes, Takes::Switch | Takes::OnError | Takes::Anything)
    }

    /// What it may be given, for messages.
    pub(crate) fn example(self) -> &'static str {
        match self.takes {
            Takes::Duration(_) => "\"1h 30m\"",
            Takes::Window => "\"10m\"",
            Takes::Size(_) | Takes::Front => "\"10MB\"",
            Takes::Count(_) => "1_000",
            Takes::Switch => "true",
            Takes::OnError => "fail",
            Takes::Anything => "..",
        }
    }
}
