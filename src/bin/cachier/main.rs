//! The `cachier` program: looks after the caches that memoized functions keep in files.
//!
//! It stands on [`cachier::inspect`] and [`cachier::snapshot`] alone.

#[cfg(unix)]
mod commands;
#[cfg(unix)]
mod entry;
#[cfg(unix)]
mod failure;
#[cfg(unix)]
mod human;
#[cfg(unix)]
mod json;
#[cfg(unix)]
mod keys;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod select;
#[cfg(unix)]
mod source;
#[cfg(unix)]
mod table;
#[cfg(unix)]
mod usage;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    commands::main()
}

#[cfg(not(unix))]
fn main() -> std::process::ExitCode {
    eprintln!("cachier: there are caches in files on Unix only");
    std::process::ExitCode::from(3)
}
