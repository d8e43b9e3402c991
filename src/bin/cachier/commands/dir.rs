//! `cachier dir`: where the caches are.

use serde::Serialize;

use crate::failure::Failure;
use crate::screen::Screen;
use crate::select::{Caches, cache_dir};
use crate::usage::{Common, Dir};

#[derive(Serialize)]
struct Place {
    directory: String,
    exists: bool,
}

pub fn run(given: &Dir, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let directory = match &given.function {
        Some(function) => Caches::of(common)?.one(function)?.dir().to_owned(),
        None => cache_dir(common)?,
    };
    let place = Place {
        directory: directory.display().to_string(),
        exists: directory.is_dir(),
    };
    screen.result(&place, || place.directory.clone())
}
