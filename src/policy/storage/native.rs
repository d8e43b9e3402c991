//! What was given of a store's options, and what its troubles cost; decides nothing else.

use std::fmt;
use std::path::PathBuf;

use super::{Given, OnError, Troubles, USUAL_FRONT, bytes, show};
use crate::policy::Limit;

/// The options of stores in one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storage {
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) separate_files: Option<bool>,
    pub(crate) sync: Option<bool>,
    front: Option<Limit>,
    pub(crate) coherent: Option<bool>,
    on_error: Option<OnError>,
    pub(crate) store_args: Option<bool>,
}

impl Storage {
    pub(crate) const EMPTY: Self = Self {
        cache_dir: None,
        separate_files: None,
        sync: None,
        front: None,
        coherent: None,
        on_error: None,
        store_args: None,
    };

    pub(in crate::policy) fn set(&mut self, given: Given) {
        match given {
            Given::CacheDir(directory) => self.cache_dir = Some(directory),
            Given::SeparateFiles(separate) => self.separate_files = Some(separate),
            Given::Sync(sync) => self.sync = Some(sync),
            Given::Front(bound) => self.front = Some(bound),
            Given::Coherent(coherent) => self.coherent = Some(coherent),
            Given::OnError(on_error) => self.on_error = Some(on_error),
            Given::StoreArgs(store) => self.store_args = Some(store),
            // Words of pages only.
            Given::InBrowser(_) | Given::Preload(_) => {}
        }
    }

    /// These options, and where one is not set, that of `lower`.
    pub(crate) fn or(&self, lower: &Self) -> Self {
        Self {
            cache_dir: self.cache_dir.clone().or_else(|| lower.cache_dir.clone()),
            separate_files: self.separate_files.or(lower.separate_files),
            sync: self.sync.or(lower.sync),
            front: self.front.or(lower.front),
            coherent: self.coherent.or(lower.coherent),
            on_error: self.on_error.or(lower.on_error),
            store_args: self.store_args.or(lower.store_args),
        }
    }

    /// What the front may hold, in bytes.
    #[cfg_attr(
        not(any(test, all(feature = "file", unix))),
        expect(dead_code, reason = "without files there is no front")
    )]
    pub(crate) fn front_bytes(&self) -> u64 {
        bytes(self.front, USUAL_FRONT)
    }

    pub(crate) fn troubles(&self) -> Troubles {
        Troubles(self.on_error.unwrap_or_default())
    }

    /// The first option set that has a meaning only for some stores.
    pub(crate) fn first_of_some_stores(&self) -> Option<&'static str> {
        let set = [
            ("cache_dir", self.cache_dir.is_some()),
            ("separate_files", self.separate_files.is_some()),
            ("sync", self.sync.is_some()),
            ("front", self.front.is_some()),
            ("coherent", self.coherent.is_some()),
            ("store_args", self.store_args.is_some()),
        ];
        let first = set.into_iter().find(|(_, is_set)| *is_set);
        first.map(|(name, _)| name)
    }

    pub(crate) fn show(&self, fields: &mut fmt::DebugStruct<'_, '_>) {
        show(fields, "cache_dir", &self.cache_dir);
        show(fields, "separate_files", &self.separate_files);
        show(fields, "sync", &self.sync);
        show(fields, "front", &self.front);
        show(fields, "coherent", &self.coherent);
        show(fields, "on_error", &self.on_error);
        show(fields, "store_args", &self.store_args);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::policy::Options;

    fn every_option() -> Options {
        Options::new()
            .cache_dir("/somewhere")
            .separate_files(true)
            .sync(true)
            .coherent(true)
            .on_error(OnError::Fail)
            .store_args(false)
            .front("1 KiB")
            .unwrap()
    }

    #[test]
    fn what_is_set_stands_above_what_is_lower() {
        let every = every_option();
        assert_eq!(every.or(&Options::new()), every);
        assert_eq!(Options::new().or(&every), every);
        let higher = Options::new().sync(false).cache_dir("/elsewhere");
        let both = higher.or(&every).storage;
        assert_eq!(both.sync, Some(false));
        assert_eq!(both.cache_dir, Some("/elsewhere".into()));
        assert_eq!(both.store_args, Some(false));
    }

    #[test]
    fn what_is_set_is_shown() {
        let shown = r#"Options { cache_dir: "/tmp/x", on_error: Fail, version: "2" }"#;
        let options = Options::new().on_error(OnError::Fail).version("2");
        assert_eq!(format!("{:?}", options.cache_dir("/tmp/x")), shown);
    }

    #[test]
    fn a_front_is_on_off_or_bounded() {
        let front = |options: Result<Options, Error>| options.unwrap().storage.front_bytes();
        assert_eq!(Options::new().storage.front_bytes(), 64 << 20);
        assert_eq!(front(Options::new().front(true)), 64 << 20);
        assert_eq!(front(Options::new().front(false)), 0);
        assert_eq!(front(Options::new().front("1.5 KiB")), 1_536);
        assert_eq!(front(Options::new().front(7_u64)), 7);
        for (refused, why) in [
            (Options::new().front("64 MiBs"), "did you mean MiB"),
            (Options::new().front(-1), "at least 0"),
        ] {
            let error = refused.unwrap_err();
            assert!(error.is_out_of_range());
            assert!(error.to_string().starts_with("front: "), "{error}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn a_word_that_is_no_choice_says_what_is() {
        let error = "ignore".parse::<OnError>().unwrap_err();
        assert!(error.is_invalid_option());
        assert!(
            error.to_string().contains("\"serve\" or \"fail\""),
            "{error}"
        );
    }

    #[test]
    fn only_a_store_out_of_order_costs_a_call_and_only_where_asked() {
        let troubles = |on_error| Options::new().on_error(on_error).storage.troubles();
        let (storage, damage) = (Error::storage("full"), Error::damaged("checksum"));
        assert!(troubles(OnError::Serve).weigh(storage.clone()).is_ok());
        assert!(
            Options::new()
                .storage
                .troubles()
                .weigh(storage.clone())
                .is_ok()
        );
        assert!(troubles(OnError::Fail).weigh(damage).is_ok());
        let Err(fatal) = troubles(OnError::Fail).weigh(storage) else {
            panic!("the call was to fail")
        };
        assert_eq!(Error::from(fatal).to_string(), "full");
    }
}
