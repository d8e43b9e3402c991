//! A child process, and the pipes by which it is told what to do and tells what it did; knows no test.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child as Process, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::child;

/// What has not been said by then never is.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process of its own with a memoized function, whose values bear the child's tag.
pub struct Child {
    process: Process,
    orders: Option<ChildStdin>,
    said: Receiver<String>,
}

/// What is said of a child before it is started.
pub struct Start(Command);

impl Start {
    pub fn new(tag: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([
            "--ignored",
            "--exact",
            "in_a_process_of_its_own",
            "--nocapture",
        ]);
        command.env(child::TAG, tag);
        Self(command)
    }

    pub fn directory(self, directory: &Path) -> Self {
        self.with(child::DIRECTORY, directory.to_str().unwrap())
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.env_remove(name);
        self
    }

    pub fn start(mut self) -> Child {
        self.0.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = self.0.spawn().unwrap();
        let orders = process.stdin.take();
        let out = BufReader::new(process.stdout.take().unwrap());
        let (sender, said) = channel();
        std::thread::spawn(move || {
            let words = out.lines().map_while(Result::ok);
            for line in words {
                if let Some(words) = line.strip_prefix('@') {
                    sender.send(words.to_owned()).ok();
                }
            }
        });
        Child {
            process,
            orders,
            said,
        }
    }
}

impl Child {
    pub fn order(&mut self, order: &str) {
        let mut orders = self.orders.as_ref().unwrap();
        orders.write_all([order, "\n"].concat().as_bytes()).unwrap();
    }

    /// Waits until the child says something that begins so; the rest of it.
    pub fn hear(&self, beginning: &str) -> String {
        self.hear_any(&[beginning])
    }

    /// Waits until the child says something with one of these beginnings; the rest of it.
    pub fn hear_any(&self, beginnings: &[&str]) -> String {
        let (since, mut missed) = (Instant::now(), Vec::new());
        loop {
            let left = PATIENCE.saturating_sub(since.elapsed());
            let Ok(words) = self.said.recv_timeout(left) else {
                panic!("waited in vain for {beginnings:?}; heard {missed:?}")
            };
            let mut rest = beginnings
                .iter()
                .filter_map(|begins| words.strip_prefix(begins));
            if let Some(rest) = rest.next() {
                return rest.trim().to_owned();
            }
            missed.push(words);
        }
    }

    pub fn hear_all(&self, beginning: &str, count: usize) -> Vec<String> {
        (0..count).map(|_| self.hear(beginning)).collect()
    }

    /// Everything the child said that has not been heard, once it has ended by itself.
    pub fn end(mut self) -> Vec<String> {
        drop(self.orders.take());
        let status = self.process.wait().unwrap();
        assert!(status.success(), "the child ended with {status}");
        self.said.iter().collect()
    }

    /// Kills it on the spot.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// A call by itself: where the value came from, and the value.
    pub fn call(&mut self, number: u32) -> String {
        self.order(&format!("call {number}"));
        self.hear("done ")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
