//! The file core as a store of the suite: each law has a directory of its own.

use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use cachier::core::FileCore;
use tempfile::TempDir;

use super::harness::{Bounds, Storable, Store};

/// How values lie in files.
pub trait Layout: Send + Sync + 'static {
    const SEPARATE: bool;
}

/// In one log.
pub struct InLog;

/// Each in a file of its own.
pub struct Separate;

impl Layout for InLog {
    const SEPARATE: bool = false;
}

impl Layout for Separate {
    const SEPARATE: bool = true;
}

/// What is opened a second time under one id is opened as by another process.
pub struct Files<L> {
    dir: Arc<TempDir>,
    opened: Arc<Mutex<HashSet<String>>>,
    layout: PhantomData<L>,
}

impl<L> Clone for Files<L> {
    fn clone(&self) -> Self {
        Self {
            dir: self.dir.clone(),
            opened: self.opened.clone(),
            layout: PhantomData,
        }
    }
}

impl<L: Layout> Store for Files<L> {
    type Core<V: Storable> = FileCore<V>;

    const HAS_DIRECTORY: bool = true;

    fn new() -> Self {
        Self {
            dir: Arc::new(tempfile::tempdir().unwrap()),
            opened: Arc::default(),
            layout: PhantomData,
        }
    }

    fn open<V: Storable>(&self, id: &str, bounds: Bounds) -> FileCore<V> {
        let core = FileCore::new(id)
            .cache_dir(self.dir.path())
            .separate_files(L::SEPARATE)
            .max_entries(bounds.max_entries.unwrap_or(u64::MAX))
            .max_bytes(bounds.max_bytes.unwrap_or(u64::MAX));
        let first = self.opened.lock().unwrap().insert(id.to_owned());
        if first { core } else { core.apart() }
    }
}
