//! `cachier completions`: scripts for shells.

use clap::CommandFactory;

use crate::failure::Failure;
use crate::screen::Screen;
use crate::usage::{Completions, Usage};

pub fn run(given: &Completions, screen: &Screen) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(given.shell, &mut Usage::command(), "cachier", &mut script);
    screen.text(&String::from_utf8_lossy(&script))
}
