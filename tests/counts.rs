//! What a call costs in counts, which no other program's load can change: allocations, system calls, instructions.

#![cfg(all(feature = "file", feature = "macros", target_os = "linux"))]
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use allocation_counter::measure;
use cachier::core::FileCore;
use cachier::{KeepAll, Memoize, cachier};
use serde::{Serialize, de::DeserializeOwned};

#[cachier(core = memory)]
fn double(number: u64) -> u64 {
    number * 2
}

#[cachier(core = memory, stale_after = "1h")]
fn double_for_an_hour(number: u64) -> u64 {
    number * 2
}

#[cachier(core = memory)]
fn measured(name: &str, times: u32) -> usize {
    name.len() * times as usize
}

#[cachier(core = memory)]
async fn awaited(number: u64) -> u64 {
    number * 2
}

/// Nobody guesses a result away that is used.
fn used<T>(result: T) {
    black_box(result);
}

/// The allocations of a call that is made for the second time.
fn allocations(call: impl Fn()) -> u64 {
    call();
    measure(call).count_total
}

#[test]
fn a_hit_in_memory_allocates_nothing() {
    let built = Memoize::builder()
        .function(|a: u64, b: bool| (a, b))
        .unwrap();
    let calls: [&dyn Fn(); 6] = [
        &|| used(double(u64::MAX / 3)),
        &|| used(double_for_an_hour(7)),
        &|| used(measured("a name as long as most", 3)),
        &|| used(built.call((1, true))),
        &|| used(futures_lite::future::block_on(awaited(7))),
        &|| used(built.try_call((1, true)).unwrap()),
    ];
    for (place, call) in calls.iter().enumerate() {
        assert_eq!(allocations(call), 0, "call {place}");
    }
}

#[test]
fn a_value_put_in_the_place_of_another_one_in_memory_allocates_nothing() {
    let built = Memoize::builder().function(|a: u64| a).unwrap();
    let precached = || used(double::precache_value(u64::MAX / 3, 7).unwrap());
    assert_eq!(allocations(precached), 0, "by the attribute");
    let precached = || used(built.precache_value((7,), 8).unwrap());
    assert_eq!(allocations(precached), 0, "by the builder");
}

/// A text of 1 MiB, for keys of one digit.
fn long(key: u64) -> String {
    format!("{key}").repeat(1 << 20)
}

/// A memoized function of such values, in files.
fn of_long_values<V>(dir: &Path, value: fn(u64) -> V) -> Memoize<(u64,), V, KeepAll, FileCore<V>>
where
    V: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let core = FileCore::new("counted").cache_dir(dir);
    Memoize::builder().core(core).function(value).unwrap()
}

/// What is allocated to store such a value.
fn bytes_to_store<V>(value: fn(u64) -> V) -> impl Iterator<Item = u64>
where
    V: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let folder = tempfile::tempdir().unwrap();
    let files = of_long_values(folder.path(), value);
    files.call((0,));
    (1..=5).map(move |key| {
        let _kept = &folder;
        let value = value(key);
        measure(|| used(files.precache_value((key,), value).unwrap())).bytes_total
    })
}

#[test]
fn a_value_that_is_one_long_text_is_read_where_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let files = of_long_values(folder.path(), long);
    files.call((1,));
    let bytes = measure(|| used(files.call((1,)))).bytes_max;
    assert!(bytes < (1 << 20) + 16_384, "{bytes} bytes for 1 MiB");
}

#[test]
fn a_long_text_is_stored_from_where_it_is() {
    let bytes = bytes_to_store(long).max().unwrap();
    assert!(bytes < 16_384, "{bytes} bytes for 1 MiB");
}

#[test]
fn another_long_value_is_stored_in_memory_that_was_there() {
    // Another test may have that memory for a moment.
    let bytes = bytes_to_store(|key| (key, long(key))).min().unwrap();
    assert!(bytes < 16_384, "{bytes} bytes for 1 MiB");
}

#[test]
fn a_long_key_costs_a_hit_no_more_than_its_bytes() {
    let long = "x".repeat(500);
    assert!(allocations(|| used(measured(&long, 3))) <= 4);
}

/// A memoized function of texts of 100 bytes, in files, with entries 0 to 99.
fn filled(dir: &Path) -> Memoize<(u64,), String, KeepAll, FileCore<String>> {
    let core = FileCore::new("counted").cache_dir(dir);
    let value = |key: u64| format!("{key:0100}");
    let filled = Memoize::builder()
        .name("counted")
        .core(core)
        .function(value)
        .unwrap();
    (0..100).for_each(|key| drop(filled.call((key,))));
    filled
}

#[test]
fn an_index_is_not_made_larger_while_it_is_read() {
    const ENTRIES: u64 = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let opened = || {
        let core = FileCore::new("counted").cache_dir(folder.path()).apart();
        let double = |number: u64| number * 2;
        Memoize::builder().core(core).function(double).unwrap()
    };
    let filled = opened();
    (0..ENTRIES).for_each(|key| used(filled.call((key,))));
    let bytes = measure(|| used(opened().call((7,)))).bytes_total;
    assert!(bytes < 100 * ENTRIES, "{bytes} bytes for {ENTRIES} entries");
}

#[test]
fn a_store_in_files_allocates_its_record_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let files = filled(folder.path());
    let value = RefCell::new("x".repeat(100));
    let store = || {
        let lent = value.take();
        value.replace(files.precache_value((7,), lent).unwrap());
    };
    assert_eq!(allocations(store), 1);
}

/// How often this thread has read and written, as the system counts.
fn reads_and_writes() -> [u64; 2] {
    let text = std::fs::read_to_string("/proc/thread-self/io").unwrap();
    ["syscr: ", "syscw: "].map(|name| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().parse().unwrap()
    })
}

/// The same for `work` alone: less what it takes to ask.
fn reads_and_writes_of(work: impl Fn()) -> [u64; 2] {
    let [start, asked] = [(); 2].map(|()| reads_and_writes());
    work();
    let end = reads_and_writes();
    [0, 1].map(|kind| end[kind] - asked[kind] - (asked[kind] - start[kind]))
}

#[test]
fn a_hit_in_files_reads_once_and_a_store_writes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let files = filled(folder.path());
    let hits = reads_and_writes_of(|| (0..100).for_each(|key| drop(files.call((key,)))));
    assert_eq!(hits, [100, 0], "reads and writes of 100 hits");
    let store = |key| drop(files.precache_value((key,), "x".repeat(100)).unwrap());
    let stores = reads_and_writes_of(|| (100..200).for_each(store));
    assert_eq!(stores, [0, 200], "reads and writes of 100 stores");
}

/// Something done so many times.
type Work = (&'static str, fn(u64));

/// What the children below do: they are this program, started by another one.
const WORKS: [Work; 4] = [
    ("hit in memory", |count| {
        (0..count).for_each(|_| used(double(black_box(7))));
    }),
    ("hit in files", |count| {
        let folder = tempfile::tempdir().unwrap();
        let files = filled(folder.path());
        (0..count).for_each(|key| drop(files.call((key % 100,))));
    }),
    ("store", |count| {
        let folder = tempfile::tempdir().unwrap();
        let files = filled(folder.path());
        (0..count)
            .for_each(|key| drop(files.precache_value((key + 100,), "x".repeat(100)).unwrap()));
    }),
    ("miss", |count| {
        let folder = tempfile::tempdir().unwrap();
        let files = filled(folder.path());
        (0..count).for_each(|key| drop(files.call((key + 100,))));
    }),
];

/// Fewer than would be compacted, or listed in an index.
const FEW: u64 = 200;
const MANY: u64 = 1_200;

#[test]
#[ignore = "started by the others"]
fn child() {
    let Ok(asked) = std::env::var("COUNTED") else {
        return;
    };
    let (name, count) = asked.split_once(':').unwrap();
    let (_, work) = WORKS.iter().find(|(known, _)| *known == name).unwrap();
    work(count.parse().unwrap());
}

/// A program that runs this one, and counts; its report.
fn report(counter: &[&str], name: &str, count: u64) -> Option<String> {
    let output = Command::new(counter[0])
        .args(&counter[1..])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--test-threads=1"])
        .env("COUNTED", format!("{name}:{count}"))
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stderr).ok()
}

/// How much more of something many runs take than few, for each run.
fn for_each_run(few: u64, many: u64) -> f64 {
    (many as f64 - few as f64) / (MANY - FEW) as f64
}

/// System calls of a whole run that concern files.
fn system_calls(name: &str, count: u64) -> Option<u64> {
    let traced = "trace=pread64,pwrite64,read,write,fcntl,flock,statx,fstat,newfstatat,openat,close,ftruncate";
    let table = report(&["strace", "-f", "-c", "-e", traced], name, count)?;
    let total = table
        .lines()
        .find(|line| line.trim_end().ends_with("total"))?;
    total.split_whitespace().nth(3)?.parse().ok()
}

#[test]
fn system_calls_stay_as_few() {
    for (name, most) in [("hit in files", 1.0), ("store", 5.0), ("miss", 8.0)] {
        let (Some(few), Some(many)) = (system_calls(name, FEW), system_calls(name, MANY)) else {
            return eprintln!("skipped: strace is not installed, or may not trace here");
        };
        let each = for_each_run(few, many);
        eprintln!("{name}: {each} system calls");
        assert!(
            each < most + 0.1,
            "a {name} takes {each} system calls, not {most}"
        );
    }
}

/// Instructions of a whole run.
fn instructions(name: &str, count: u64) -> Option<u64> {
    let valgrind = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
    ];
    let text = report(&valgrind, name, count)?;
    let (_, collected) = text.split_once("Collected :")?;
    collected.split_whitespace().next()?.parse().ok()
}

#[test]
#[ignore = "tells something of optimized code only: `npm run test:native` compiles it so"]
fn a_hit_in_memory_stays_as_short() {
    let name = "hit in memory";
    let (Some(few), Some(many)) = (instructions(name, FEW), instructions(name, MANY)) else {
        return eprintln!("skipped: valgrind is not installed, or does not run here");
    };
    let each = for_each_run(few, many);
    eprintln!("{name}: {each} instructions");
    // 295 when this was written.
    assert!(each < 330.0, "a hit takes {each} instructions");
}
