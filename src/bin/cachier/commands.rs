//! From the command line to its command and the exit code; the commands are in files of their names.

mod clear;
mod completions;
mod dir;
mod export;
mod get;
mod import;
mod list;
mod prune;
mod rm;
mod show;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use clap::builder::styling::{AnsiColor, Style};

use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::usage::{Command, Usage};

const ERROR: Style = AnsiColor::Red.on_default().bold();

pub fn main() -> ExitCode {
    let usage = Usage::parse();
    let screen = Screen::new(&usage.common);
    match run(&usage, &screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                // Names of functions and what files say of themselves stand in messages.
                let lines: Vec<String> = message.lines().map(human::plain).collect();
                screen.note(&format!("{ERROR}cachier:{ERROR:#} {}", lines.join("\n")));
            }
            failure.exit_code()
        }
    }
}

fn run(usage: &Usage, screen: &Screen) -> Result<(), Failure> {
    let common = &usage.common;
    match &usage.command {
        Command::List(given) => list::run(given, common, screen),
        Command::Show(given) => show::run(given, common, screen),
        Command::Get(given) => get::run(given, common, screen),
        Command::Rm(given) => rm::run(given, common, screen),
        Command::Clear(given) => clear::run(given, common, screen),
        Command::Prune(given) => prune::run(given, common, screen),
        Command::Verify(given) => verify::run(given, common, screen),
        Command::Export(given) => export::run(given, common, screen),
        Command::Import(given) => import::run(given, common, screen),
        Command::Dir(given) => dir::run(given, common, screen),
        Command::Completions(given) => completions::run(given, screen),
    }
}
