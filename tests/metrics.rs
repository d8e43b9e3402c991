//! What reaches the `metrics` facade, and what an example serves of it over HTTP.

#![cfg(all(feature = "metrics", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use cachier::{Clock, FakeClock, Memoize};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

static PROMETHEUS: LazyLock<PrometheusHandle> =
    LazyLock::new(|| PrometheusBuilder::new().install_recorder().unwrap());

/// What the recorder holds of one function.
fn published(function: &str) -> Vec<String> {
    cachier::publish_metrics();
    of(function, &PROMETHEUS.render())
}

fn of(function: &str, text: &str) -> Vec<String> {
    let label = format!("function=\"{function}\"");
    let lines = text.lines().filter(|line| line.contains(&label));
    lines.map(|line| line.replace(&label, "")).collect()
}

fn has(lines: &[String], wanted: &str) {
    assert!(
        lines.iter().any(|line| line == wanted),
        "{wanted} in {lines:#?}"
    );
}

#[test]
fn outcomes_entries_and_bytes_reach_the_recorder_when_they_are_published() {
    LazyLock::force(&PROMETHEUS);
    let double = Memoize::builder()
        .name("counted")
        .enable_metrics(true)
        .max_entries(2)
        .unwrap()
        .weigh(|_: &u32| 10)
        .function(|n: u32| n * 2)
        .unwrap();
    for n in [1, 1, 1, 2, 3] {
        double.call((n,));
    }
    for _ in 0..2 {
        let lines = published("counted");
        has(&lines, "cachier_calls_total{,outcome=\"hit\"} 2");
        has(&lines, "cachier_calls_total{,outcome=\"computed\"} 3");
        has(&lines, "cachier_evictions_total{} 1");
        has(&lines, "cachier_entries{} 2");
        has(&lines, "cachier_bytes{} 20");
    }
    double.call((3,));
    has(
        &published("counted"),
        "cachier_calls_total{,outcome=\"hit\"} 3",
    );
}

#[test]
fn calculations_stores_and_lookups_are_timed_by_the_clock_of_the_function() {
    LazyLock::force(&PROMETHEUS);
    let clock = FakeClock::new();
    let hands = clock.clone();
    let slow = Memoize::builder()
        .name("timed")
        .clock(Clock::from(clock))
        .enable_metrics(true)
        .function(move |n: u32| {
            hands.advance(Duration::from_millis(1_500));
            n
        })
        .unwrap();
    for n in [1, 2, 2] {
        slow.call((n,));
    }
    let lines = published("timed");
    has(&lines, "cachier_calculation_seconds_sum{} 3");
    has(&lines, "cachier_calculation_seconds_count{} 2");
    has(&lines, "cachier_store_seconds_count{} 2");
    has(&lines, "cachier_lookup_seconds_count{} 1");
    for _ in 0..2_048 {
        slow.call((1,));
    }
    has(&published("timed"), "cachier_lookup_seconds_count{} 3");
}

#[test]
fn functions_of_one_name_are_counted_together() {
    LazyLock::force(&PROMETHEUS);
    let made = |_| {
        let builder = Memoize::builder().name("twice").enable_metrics(true);
        builder.function(|n: u32| n).unwrap()
    };
    let both = [0, 1].map(made);
    both.iter().for_each(|function| {
        function.call((1,));
    });
    let lines = published("twice");
    has(&lines, "cachier_calls_total{,outcome=\"computed\"} 2");
    has(&lines, "cachier_entries{} 2");
}

#[test]
fn functions_without_metrics_are_not_published() {
    LazyLock::force(&PROMETHEUS);
    let silent = Memoize::builder().name("silent").function(|n: u32| n);
    silent.unwrap().call((1,));
    assert_eq!(published("silent"), [""; 0]);
}

#[test]
fn the_example_serves_its_counters_over_http() {
    let server = Server::start();
    assert_eq!(server.get("/primes/100"), "25\n");
    assert_eq!(server.get("/primes/100"), "25\n");
    let lines = of("primes", &server.get("/metrics"));
    has(&lines, "cachier_calls_total{,outcome=\"computed\"} 1");
    has(&lines, "cachier_calls_total{,outcome=\"hit\"} 1");
    has(&lines, "cachier_calculation_seconds_count{} 1");
    has(&lines, "cachier_entries{} 1");
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// On a port the system chooses, which it prints.
    fn start() -> Self {
        let mut process = Command::new(example())
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { process, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        body.to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Cargo builds examples beside the tests, unless it is asked for one test alone.
fn example() -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    let program = folder.join("examples").join("metrics_server");
    if !program.exists() {
        let build = [
            "build",
            "--example",
            "metrics_server",
            "--features",
            "metrics",
        ];
        let status = Command::new(env!("CARGO")).args(build).status().unwrap();
        assert!(status.success());
    }
    program
}
