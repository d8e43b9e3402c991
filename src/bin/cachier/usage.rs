//! What can be written on the command line, and the help for it; does nothing.

use std::path::PathBuf;

use cachier::__program as quantity;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  nothing was found, nothing was confirmed, or damage was found
  2  the command line is wrong
  3  a cache or file could not be read or written";

const FUNCTIONS: &str = "\
A function is named by its id, by its directory's name, or by the beginning of either or of a part of the id \
(`report` for `my_crate::weather::report`), if no other function's begins so.";

const KEYS: &str = "\
An entry is named by its arguments as JSON, '[2024, \"eu\"]' (anything but an array is the only argument), or by the \
digest that `cachier show` prints, its first 8 digits or more. What JSON lacks is written as it is printed: \
{\"$bytes\": \"base64\"}, {\"$bigint\": \"digits\"}, {\"$float\": \"NaN\"}, {\"$map\": [[key, value], …]}, {\"$set\": […]}.";

/// Look after the caches of memoized functions: list, read, clear, prune, verify, move them
///
/// Works on caches in use: nothing here stops or misleads a program that reads or writes them.
#[derive(Debug, Parser)]
#[command(name = "cachier", version, styles = STYLES, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Usage {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Common {
    /// Where the caches are [default: $XDG_CACHE_HOME/cachier, or the platform's cache directory]
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_name = "DIRECTORY"
    )]
    pub cache_dir: Option<PathBuf>,
    /// Print JSON instead of text for people
    #[arg(long, global = true, help_heading = "Options of every command")]
    pub json: bool,
    /// When to use colours; auto: on a terminal, unless NO_COLOR is set
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the functions that have a cache: entries, sizes, ages
    #[command(visible_alias = "ls")]
    List(List),
    /// Show the entries of a function: keys, arguments, ages, sizes, values
    #[command(after_help = FUNCTIONS)]
    Show(Show),
    /// Print the value stored for some arguments as JSON
    #[command(after_help = KEYS)]
    Get(Get),
    /// Remove entries of a function
    #[command(after_help = KEYS)]
    Rm(Rm),
    /// Remove all entries of functions
    #[command(after_help = FUNCTIONS)]
    Clear(Clear),
    /// Remove entries that are too old, or the oldest ones until the rest is small enough
    #[command(after_help = FUNCTIONS)]
    Prune(Prune),
    /// Check every record of functions, or of all
    #[command(after_help = FUNCTIONS)]
    Verify(Verify),
    /// Write the entries of a function into one portable file
    #[command(after_help = FUNCTIONS)]
    Export(Export),
    /// Read entries from such a file
    ///
    /// Nothing is imported unless the whole file is undamaged. Of two entries of one key the newer is kept.
    Import(Import),
    /// Print the cache directory, or that of a function
    #[command(after_help = FUNCTIONS)]
    Dir(Dir),
    /// Print a completion script for a shell
    ///
    /// For bash: `cachier completions bash > ~/.local/share/bash-completion/completions/cachier`
    Completions(Completions),
}

#[derive(Debug, Args)]
pub struct List {
    /// What to sort by
    #[arg(long, value_name = "WHAT", default_value = "name")]
    pub sort: Order,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Order {
    Name,
    /// Most entries first
    Entries,
    /// Largest first
    Size,
    /// Least recently written first
    Age,
}

#[derive(Debug, Args)]
pub struct Show {
    /// The function
    pub function: String,
    /// Show so many of the newest entries; 0: all. With --json all are printed, in the order of the store
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 50,
        conflicts_with = "json"
    )]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct Get {
    /// The function
    pub function: String,
    /// The arguments as JSON, or a digest
    pub key: String,
    /// The scope the entry was stored under
    #[arg(long)]
    pub scope: Option<String>,
}

#[derive(Debug, Args)]
pub struct Rm {
    /// The function
    pub function: String,
    /// The arguments as JSON, or digests
    #[arg(required = true)]
    pub keys: Vec<String>,
    /// The scope the entries were stored under
    #[arg(long)]
    pub scope: Option<String>,
    #[command(flatten)]
    pub consent: Consent,
}

#[derive(Debug, Args)]
pub struct Clear {
    /// The functions
    #[arg(required_unless_present = "all")]
    pub functions: Vec<String>,
    /// Clear all functions of the cache directory
    #[arg(long, conflicts_with = "functions")]
    pub all: bool,
    #[command(flatten)]
    pub consent: Consent,
}

#[derive(Debug, Args)]
pub struct Prune {
    /// The functions; all if none is named
    pub functions: Vec<String>,
    #[command(flatten)]
    pub limits: Limits,
    /// Only say what would be removed
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub consent: Consent,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Limits {
    /// Remove entries of this age and older: "30d", "1h 30m"
    #[arg(long, value_name = "AGE", value_parser = age, allow_hyphen_values = true)]
    pub stale: Option<i64>,
    /// Remove the oldest entries until all that are left take no more than this: "1GB", "512 MiB"
    #[arg(long, value_name = "SIZE", value_parser = size, allow_hyphen_values = true)]
    pub max_size: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The functions; all if none is named
    pub functions: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The function
    pub function: String,
    /// The file to write, replaced if it exists; "-": standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The file to read; "-": standard input
    pub file: PathBuf,
    /// Refuse the file unless it holds the entries of this function
    #[arg(conflicts_with = "under")]
    pub function: Option<String>,
    /// Import under this function id, whatever the file says
    #[arg(long = "as", value_name = "ID")]
    pub under: Option<String>,
    /// Let the file's entries replace newer ones
    #[arg(long)]
    pub overwrite: bool,
    /// Import what is undamaged in a damaged file
    #[arg(long)]
    pub salvage: bool,
}

#[derive(Debug, Args)]
pub struct Dir {
    /// The function
    pub function: Option<String>,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct Consent {
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

fn age(text: &str) -> Result<i64, String> {
    match quantity::millis(text)? {
        millis @ 0.. => Ok(millis),
        _ => Err("an age is at least 0".into()),
    }
}

fn size(text: &str) -> Result<u64, String> {
    if text.trim_start().starts_with('-') {
        return Err("a size is at least 0".into());
    }
    quantity::bytes(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Usage::command().debug_assert();
    }

    #[test]
    fn ages_and_sizes_have_the_grammar_of_the_options() {
        assert_eq!(age("1h 30m"), Ok(5_400_000));
        assert_eq!(size("1.5 GiB"), Ok(1_610_612_736));
        assert!(age("3 dayz").unwrap_err().contains("did you mean day"));
        assert!(size("1 Mb").unwrap_err().contains("did you mean MB"));
        assert!(age("-1s").is_err() && size("-1B").is_err());
    }
}
