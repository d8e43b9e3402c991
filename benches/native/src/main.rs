//! Native benchmarks: ours, the floor and the peers in one run; which works there are, and the command line.

mod draw;
mod measure;
mod paper;
mod work;
mod works;

use std::error::Error;
use std::path::PathBuf;

use measure::Effort;
use work::{Result, Work};

const WORKS: &[(&str, fn() -> Work)] = &[
    ("hit", works::memory::hit),
    ("hit-stale-after", works::memory::hit_stale_after),
    ("hit-metrics", works::memory::hit_metrics),
    ("hit-borrowed", works::borrowed::hit),
    ("threads-uniform", works::threads::uniform),
    ("threads-zipf", works::threads::zipf),
    ("hit-async", works::asynchronous::hit),
    ("growth-10", works::growth::ten),
    ("growth-1k", works::growth::thousand),
    ("growth-100k", works::growth::hundred_thousand),
    ("growth-1m", works::growth::million),
    ("file-front", works::files::front),
    ("file-hit", works::files::hit),
    // Before those whose peers remove thousands of files: for minutes after that, ext4 takes ten times as long to make one.
    ("file-read-large", works::large::read),
    ("file-store-large", works::large::store),
    ("file-store", works::stores::store),
    ("file-miss", works::stores::miss),
    ("file-open", works::open::cold),
];

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let effort = match words.iter().any(|word| word == "--quick") {
        true => Effort::QUICK,
        false => Effort::USUAL,
    };
    let names: Vec<_> = words
        .iter()
        .filter(|word| !word.starts_with("--"))
        .collect();
    let chosen = |name: &str| names.is_empty() || names.iter().any(|chosen| *chosen == name);
    if let Some(unknown) = names
        .iter()
        .find(|name| !WORKS.iter().any(|(known, _)| known == *name))
    {
        let known: Vec<_> = WORKS.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "no work is called {unknown}; there are {}",
            known.join(", ")
        )
        .into());
    }
    let mut results = Vec::new();
    for (name, work) in WORKS.iter().filter(|(name, _)| chosen(name)) {
        eprintln!("measuring {name} …");
        let result = work().measured(effort);
        println!("{}", paper::table(&result));
        results.push(result);
    }
    println!("{}", paper::summary(&results));
    // A part of the works, or a glance at them, is not what the readme shows.
    if names.is_empty() && !words.iter().any(|word| word == "--quick") {
        write(&results)?;
    }
    Ok(())
}

fn write(results: &[Result]) -> std::result::Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../results");
    std::fs::create_dir_all(&folder)?;
    let tables: Vec<_> = results
        .iter()
        .map(|result| {
            format!(
                "{}\n![{}](native-{}.svg)\n",
                paper::table(result),
                result.title,
                result.name
            )
        })
        .collect();
    let head = "# Native figures\n\nMedians of one run, every contestant in turn; made by `npm run bench:native`. \
                **Bold**: cachier; *italics*: the floor, what one would write by hand.\n";
    let text = [
        head,
        "\n## Goals\n\n",
        &paper::summary(results),
        "\n## Works\n\n",
        &tables.join("\n"),
    ]
    .concat();
    std::fs::write(folder.join("native.md"), text)?;
    for result in results {
        paper::plot(result, &folder.join(format!("native-{}.svg", result.name)))?;
    }
    Ok(())
}
