//! Other processes for tests: this test binary again, running one of its tests as a child; not what they do.

#![allow(dead_code)]

use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const ROLE: &str = "CACHIER_TEST_CHILD";
const WORD: &str = "CACHIER_TEST_WORD";
/// What a line begins with that is meant for the parent; a test runner says things as well.
const SAYS: &str = "child: ";

/// The directory a child was given; `None` in the parent.
pub fn directory_of_child() -> Option<PathBuf> {
    std::env::var_os(ROLE).map(PathBuf::from)
}

/// A child that is killed when dropped.
pub struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Runs the ignored test of this name as another process, for a directory and with one more word.
    pub fn start(test: &str, directory: &Path, word: &str) -> Self {
        Self::spawn(command(test, directory).env(WORD, word))
    }

    /// As [`start`](Self::start), with these variables in its environment instead of a directory.
    pub fn start_in(test: &str, environment: &[(&str, &str)]) -> Self {
        Self::spawn(command(test, Path::new("")).envs(environment.iter().copied()))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line the child said that is meant for its parent; `None` once it has ended.
    pub fn line(&mut self) -> Option<String> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once(SAYS).map(|(_, said)| said.to_owned()))
    }

    /// SIGKILL, which no process can catch.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn ended_well(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(test: &str, directory: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            test,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ROLE, directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Says a line to the parent, at once.
pub fn say(line: &str) {
    println!("{SAYS}{line}");
}

/// The one more word a child was given.
pub fn word() -> String {
    std::env::var(WORD).unwrap_or_default()
}
