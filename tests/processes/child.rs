//! A process of its own that memoizes what its parent asks it to, line by line; knows no test.

use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Condvar, LazyLock, Mutex, mpsc};
use std::thread;

use cachier::core::{FileCore, Tiered};
use cachier::{CallOptions, KeepAll, Memoize, Options};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What the parent says of the function: by the environment, for it is needed before the first line.
pub const DIRECTORY: &str = "CACHIER_TEST_DIRECTORY";
pub const SEPARATE: &str = "CACHIER_TEST_SEPARATE";
pub const VERSION: &str = "CACHIER_TEST_VERSION";
pub const TAG: &str = "CACHIER_TEST_TAG";

type Function = Memoize<(u32,), String, KeepAll, Tiered<String, FileCore<String>>>;

static GATE: Gate = Gate {
    is_open: Mutex::new(false),
    opened: Condvar::new(),
};

/// Holds every run of the function until the parent opens it.
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        let is_open = self.is_open.lock().unwrap();
        let _open = self
            .opened
            .wait_while(is_open, |is_open| !*is_open)
            .unwrap();
    }

    fn set(&self, is_open: bool) {
        *self.is_open.lock().unwrap() = is_open;
        self.opened.notify_all();
    }
}

/// Tells the parent; in one piece, and apart from what the test harness prints.
fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(["\n@", words, "\n"].concat().as_bytes())
        .unwrap();
    out.flush().unwrap();
}

fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn options() -> Options {
    let mut options = Options::new()
        .name("shared by processes")
        .version(given(VERSION).unwrap_or_default())
        .separate_files(given(SEPARATE).is_some())
        .enable_metrics(true);
    if let Some(directory) = given(DIRECTORY) {
        options = options.cache_dir(directory);
    }
    options
}

/// The value tells which process calculated it.
fn memoized() -> Function {
    let tag = given(TAG).unwrap_or_default();
    let body = move |number: u32| {
        say(&format!("runs {number}"));
        GATE.pass();
        format!("{tag} {number}")
    };
    let builder = Memoize::builder().options(&options()).in_files();
    builder.function(body).unwrap()
}

/// Follows the parent's orders until it closes the pipe.
pub fn live() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    let function = Arc::new(memoized());
    let (mut reading, mut callers) = (None, Vec::new());
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let number = |index: usize| words[index].parse::<u32>().unwrap();
        match words[0] {
            "open" => GATE.set(true),
            "call" => callers.extend(call(&function, number(1), 1)),
            "crowd" => callers.extend(call(&function, number(1), number(2))),
            "fill" => fill(&function, number(1), number(2)),
            "store" => {
                function
                    .precache_value((number(1),), words[2].to_owned())
                    .unwrap();
                say("stored");
            }
            "clear" => {
                function.clear_cache();
                say("cleared");
            }
            "where" => say(&format!("where {:?}", function.cache_dpath())),
            "read" => reading = Some(read_all_the_while(&function)),
            "stop" => say(&format!("read {}", reading.take().map_or(0, Reading::stop))),
            other => panic!("{other} is no order"),
        }
    }
    callers
        .into_iter()
        .for_each(|caller: thread::JoinHandle<()>| caller.join().unwrap());
}

fn call(function: &Arc<Function>, number: u32, times: u32) -> Vec<thread::JoinHandle<()>> {
    let caller = |_| {
        let function = function.clone();
        thread::spawn(move || {
            let traced = trace(&function, number);
            say(&format!("done {traced}"));
        })
    };
    (0..times).map(caller).collect()
}

fn trace(function: &Function, number: u32) -> String {
    let traced = function
        .with(CallOptions::new().verbose(true))
        .trace((number,));
    format!("{} {}", traced.outcome.as_str(), traced.value)
}

fn fill(function: &Function, from: u32, count: u32) {
    (from..from + count).for_each(|number| drop(function.call((number,))));
    let errors = function.metrics().unwrap().storage_errors;
    say(&format!("filled with {errors} errors"));
}

/// A thread that reads what there is again and again.
struct Reading {
    over: Arc<AtomicBool>,
    thread: thread::JoinHandle<u64>,
}

impl Reading {
    fn stop(self) -> u64 {
        self.over.store(true, SeqCst);
        self.thread.join().unwrap()
    }
}

fn read_all_the_while(function: &Arc<Function>) -> Reading {
    let over = Arc::new(AtomicBool::new(false));
    let (function, until) = (function.clone(), over.clone());
    let (started, has_started) = mpsc::channel();
    let thread = thread::spawn(move || {
        let mut seen = 0;
        while !until.load(SeqCst) {
            seen += read_once(&function);
            started.send(()).ok();
        }
        assert_eq!(function.metrics().unwrap().storage_errors, 0);
        seen
    });
    has_started.recv().unwrap();
    say("reads");
    Reading { over, thread }
}

/// How many of the first 800 entries are there, each being right.
fn read_once(function: &Function) -> u64 {
    function.entries().unwrap();
    let found = (0..800).filter_map(|number| Some((number, function.peek(&(number,))?)));
    let is_right = |(number, entry): (u32, cachier::Entry<String>)| {
        assert!(
            entry.value.ends_with(&format!(" {number}")),
            "{}",
            entry.value
        );
    };
    found.map(is_right).count() as u64
}

/// Whether nobody else listens here.
static TOLD: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);

/// Passes on to the parent what is told of the calls.
struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        let _alone = TOLD.lock().unwrap();
        event.record(&mut Message);
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

struct Message;

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            say(&format!("told {value:?}"));
        }
    }
}
