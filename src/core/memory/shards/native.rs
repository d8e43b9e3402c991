//! All shards of a core, one step away: each more is one that a hit has to wait for.

use std::sync::Arc;

use super::{Padded, Shard};
use crate::sync::Mutex;

pub(super) type Shards<V> = Arc<[Padded<Mutex<Shard<V>>>]>;
