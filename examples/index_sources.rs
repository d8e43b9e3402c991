//! Memoizes real work over real files, in files: the second process is instant.
//!
//! Parses every Rust source it finds (the standard library's, else those of downloaded crates, else a directory
//! given) and indexes the identifiers in it.
//!
//! `cargo run --release --example index_sources [-- DIRECTORY]`, a second time as well, and
//! `cargo run --release --example index_sources -- --clear` to begin anew.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, UNIX_EPOCH};

use cachier::core::{FileCore, Tiered};
use cachier::{KeepOk, Memoize, OnError};
use serde::{Deserialize, Serialize};
use syn::visit::{self, Visit};

/// As many as the standard library has; the sources of every crate ever downloaded would take minutes.
const MOST_FILES: usize = 4_000;

/// What is known of a source file once it was read and parsed.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Index {
    lines: usize,
    functions: usize,
    identifiers: HashMap<String, u32>,
}

/// A file as it was at one moment: changed since, it is another argument.
type State = (PathBuf, u64, u128);
type Indexed = Result<Index, String>;
type Indexes = Memoize<State, Indexed, KeepOk, Tiered<Index, FileCore<Index>>>;

/// The slow function: nothing in it knows of caching.
fn index(path: PathBuf, _length: u64, _modified: u128) -> Indexed {
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let file = syn::parse_file(&text).map_err(|error| error.to_string())?;
    let mut index = Index {
        lines: text.lines().count(),
        ..Index::default()
    };
    index.visit_file(&file);
    Ok(index)
}

impl<'ast> Visit<'ast> for Index {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.functions += 1;
        visit::visit_signature(self, signature);
    }

    fn visit_ident(&mut self, identifier: &'ast syn::Ident) {
        *self.identifiers.entry(identifier.to_string()).or_default() += 1;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let indexes = Memoize::builder()
        .name("index of a Rust source")
        .cache_ok()
        .enable_metrics(true)
        // Otherwise a cache that cannot be written would only make every run as slow as the first.
        .on_error(OnError::Fail)
        .in_files()
        .function(index)?;
    let given = std::env::args().nth(1);
    if given.as_deref() == Some("--clear") {
        indexes.clear_cache();
        println!("The cache is empty.");
        return Ok(());
    }
    let folder = given.map_or_else(sources_of_rust, |given| Ok(given.into()))?;
    show(&indexes, &folder)
}

fn show(indexes: &Indexes, folder: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut sources = Vec::new();
    find_sources(folder, &mut sources)?;
    sources.sort();
    sources.truncate(MOST_FILES);
    println!("{} Rust sources under {}", sources.len(), folder.display());
    let (sum, unparsed) = sum_of(indexes, sources)?;
    show_sum(&sum);
    let counted = indexes.metrics().unwrap_or_default();
    println!(
        "\n{} calculated, {} served from the cache, {unparsed} not parsed, in {:.2} s",
        counted.computed - unparsed,
        counted.hits,
        start.elapsed().as_secs_f64(),
    );
    if let Some(directory) = indexes.cache_dpath() {
        println!(
            "The cache is {}; run with `-- --clear` to empty it.",
            directory.display()
        );
    }
    Ok(())
}

fn sum_of(indexes: &Indexes, sources: Vec<State>) -> Result<(Index, u64), cachier::Error> {
    let (mut sum, mut unparsed) = (Index::default(), 0);
    for source in sources {
        match indexes.try_call(source)? {
            Ok(index) => sum.add(index),
            Err(_) => unparsed += 1,
        }
    }
    Ok((sum, unparsed))
}

impl Index {
    fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.functions += other.functions;
        for (identifier, count) in other.identifiers {
            *self.identifiers.entry(identifier).or_default() += count;
        }
    }
}

fn show_sum(sum: &Index) {
    println!(
        "{} lines, {} functions, {} different identifiers; most used are",
        sum.lines,
        sum.functions,
        sum.identifiers.len()
    );
    let mut identifiers: Vec<_> = sum.identifiers.iter().collect();
    identifiers.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    for (name, count) in identifiers.iter().take(5) {
        println!("   {name:<20}{count:>10}");
    }
}

fn find_sources(folder: &Path, sources: &mut Vec<State>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            find_sources(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let data = entry.metadata()?;
            let modified = data.modified()?.duration_since(UNIX_EPOCH);
            sources.push((path, data.len(), modified.map_or(0, |age| age.as_nanos())));
        }
    }
    Ok(())
}

/// The standard library's sources if `rustup component add rust-src` brought them, else those of downloaded crates.
fn sources_of_rust() -> Result<PathBuf, Box<dyn Error>> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()?;
    let sysroot = PathBuf::from(String::from_utf8(sysroot.stdout)?.trim());
    let home = std::env::home_dir().unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let places = [sysroot.join("lib/rustlib/src"), cargo.join("registry/src")];
    let found = places.into_iter().find(|place| place.is_dir());
    found.ok_or_else(|| "no sources are here; give a directory".into())
}
