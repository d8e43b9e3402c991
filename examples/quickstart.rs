//! The quick start: memoizes the parsing of this repository's own Rust sources, and shows what each call came to.
//!
//! `cargo run --example quickstart`

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use cachier::{KeepOk, Memoize, Metrics, Outcome, Traced};
use sha2::{Digest, Sha256};
use syn::visit::{self, Visit};

/// What is known of a source file once it was read, parsed and hashed.
#[derive(Clone, Default)]
struct Outline {
    lines: usize,
    functions: usize,
    types: usize,
    digest: String,
}

type Parsed = Result<Outline, String>;
type Outlines = Memoize<(PathBuf,), Parsed, KeepOk>;

/// The slow function: nothing in it knows of caching.
fn outline(path: PathBuf) -> Parsed {
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let file = syn::parse_file(&text).map_err(|error| error.to_string())?;
    let digest = Sha256::digest(&text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut outline = Outline {
        lines: text.lines().count(),
        digest,
        ..Outline::default()
    };
    outline.visit_file(&file);
    Ok(outline)
}

impl<'ast> Visit<'ast> for Outline {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.functions += 1;
        visit::visit_signature(self, signature);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.types += usize::from(matches!(item, syn::Item::Struct(_) | syn::Item::Enum(_)));
        visit::visit_item(self, item);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    find_sources(root, &mut sources)?;
    let largest = sources
        .iter()
        .max_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()));
    let largest = largest.ok_or("no Rust sources here")?;

    let outlines = Memoize::builder()
        .name("outline")
        .cache_ok()
        .enable_metrics(true)
        .function(outline)?;
    show_two_passes(&outlines, &sources)?;
    show_shared_run(&outlines, largest);
    show_refresh(largest)?;
    outlines.metrics().iter().for_each(show_metrics);
    Ok(())
}

fn find_sources(folder: &Path, sources: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            find_sources(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(path);
        }
    }
    Ok(())
}

/// The same work twice: calculated, then from the cache.
fn show_two_passes(outlines: &Outlines, sources: &[PathBuf]) -> Result<(), String> {
    println!(
        "1. Every Rust source here, parsed and hashed: {} files\n",
        sources.len()
    );
    let (first, sum) = timed(|| pass(outlines, sources));
    let sum = sum?;
    row(
        "first pass",
        first,
        &format!(
            "{} lines, {} functions, {} types",
            sum.lines, sum.functions, sum.types
        ),
    );
    let (second, again) = timed(|| pass(outlines, sources));
    let same = if again?.digest == sum.digest {
        "the same digests"
    } else {
        "other digests!"
    };
    let faster = first.as_secs_f64() / second.as_secs_f64();
    row(
        "second pass",
        second,
        &format!("{same}, {faster:.0} times faster"),
    );
    Ok(())
}

fn pass(outlines: &Outlines, sources: &[PathBuf]) -> Parsed {
    let mut sum = Outline::default();
    for path in sources {
        let outline = outlines.call((path.clone(),))?;
        sum.lines += outline.lines;
        sum.functions += outline.functions;
        sum.types += outline.types;
        sum.digest += &outline.digest;
    }
    Ok(sum)
}

/// Eight threads ask for the same at the same moment.
fn show_shared_run(outlines: &Outlines, path: &Path) {
    println!("\n2. Eight callers at once, after the cache was cleared: one run\n");
    outlines.clear_cache();
    let call = || timed(|| outlines.trace((path.to_owned(),)));
    let results: Vec<_> = thread::scope(|scope| {
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(call)).collect();
        callers
            .into_iter()
            .filter_map(|caller| caller.join().ok())
            .collect()
    });
    for outcome in [Outcome::Computed, Outcome::Waited, Outcome::Hit] {
        let times = results
            .iter()
            .filter(|(_, traced)| traced.outcome == outcome);
        let times: Vec<Duration> = times.map(|(time, _)| *time).collect();
        if let Some(longest) = times.iter().max() {
            row(
                &format!("{} x {}", times.len(), outcome.as_str()),
                *longest,
                "",
            );
        }
    }
}

/// A file that grows by one function: the stale count is served at once, the new one soon after.
fn show_refresh(original: &Path) -> Result<(), Box<dyn Error>> {
    println!(
        "\n3. A file that changes; its outline is stale after 100 ms and refreshed in the background\n"
    );
    let watched = Memoize::builder()
        .stale_after("100ms")?
        .next_time(true)?
        .cache_ok()
        .function(outline)?;
    let path = std::env::temp_dir().join(format!("cachier-quickstart-{}.rs", std::process::id()));
    let text = fs::read_to_string(original)?;
    fs::write(&path, &text)?;
    show_call(&watched, &path, "at first");
    fs::write(&path, text + "\nfn one_more() {}\n")?;
    thread::sleep(Duration::from_millis(120));
    show_call(&watched, &path, "changed, and stale by now");
    watched.drain();
    show_call(&watched, &path, "after the refresh");
    fs::remove_file(&path)?;
    Ok(())
}

fn show_call(watched: &Outlines, path: &Path, when: &str) {
    let (time, traced) = timed(|| watched.trace((path.to_owned(),)));
    let Traced {
        value,
        outcome,
        age,
        ..
    } = traced;
    let functions = value.map_or(0, |outline| outline.functions);
    let age = age.map_or_else(|| "not stored".to_owned(), |age| format!("{age} ms old"));
    row(
        when,
        time,
        &format!("{:<9}  {functions} functions, {age}", outcome.as_str()),
    );
}

fn show_metrics(metrics: &Metrics) {
    println!("\n4. What 1 and 2 came to\n");
    let counted = [
        ("calls", metrics.calls()),
        ("hits", metrics.hits),
        ("computed", metrics.computed),
        ("waited", metrics.waited),
        ("entries now", metrics.entries),
        ("ms calculating", metrics.calculation_millis),
    ];
    for (name, count) in counted {
        println!("   {name:<26}{count:>10}");
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn row(what: &str, time: Duration, result: &str) {
    let millis = time.as_secs_f64() * 1_000.0;
    println!(
        "{}",
        format!("   {what:<26}{millis:>10.3} ms   {result}").trim_end()
    );
}
