//! All shards of a core, in the way that takes the least code.

use std::sync::Arc;

use super::{Padded, Shard};
use crate::sync::Mutex;

pub(super) type Shards<V> = Arc<Vec<Padded<Mutex<Shard<V>>>>>;
