//! Where results and questions go: standard output, the terminal; knows nothing of caches.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use anstream::ColorChoice;
use cachier::{Clock, Timestamp};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::failure::Failure;
use crate::usage::{Color, Common, Consent};

/// Work that ends sooner shows no progress bar.
const PATIENCE: Duration = Duration::from_millis(300);

pub struct Screen {
    json: bool,
    now: Timestamp,
}

impl Screen {
    pub fn new(common: &Common) -> Self {
        let choice = match common.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        choice.write_global();
        Self {
            json: common.json,
            now: Clock::default().now(),
        }
    }

    pub fn is_json(&self) -> bool {
        self.json
    }

    /// The moment at which ages end.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The columns of the terminal, if the output goes there.
    pub fn width(&self) -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(width.0.into())
    }

    /// The result for people, or the other one for programs.
    pub fn result<T: Serialize>(
        &self,
        document: &T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.json {
            true => self.json(document),
            false => self.text(&text()),
        }
    }

    pub fn text(&self, text: &str) -> Result<(), Failure> {
        let mut output = anstream::stdout().lock();
        output.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            output.write_all(b"\n")?;
        }
        Ok(output.flush()?)
    }

    /// Indented for people, one line for programs.
    pub fn json<T: Serialize>(&self, document: &T) -> Result<(), Failure> {
        let mut output = io::BufWriter::new(io::stdout().lock());
        match io::stdout().is_terminal() {
            true => serde_json::to_writer_pretty(&mut output, document)?,
            false => serde_json::to_writer(&mut output, document)?,
        }
        output.write_all(b"\n")?;
        Ok(output.flush()?)
    }

    /// Something worth knowing that is no result.
    pub fn note(&self, text: &str) {
        anstream::eprintln!("{text}");
    }

    /// Asks before something is destroyed, where there is somebody to ask.
    pub fn confirm(&self, consent: &Consent, question: &str) -> Result<(), Failure> {
        if consent.yes || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(());
        }
        anstream::eprint!("{question} [y/N] ");
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        match answer.trim() {
            "y" | "Y" | "yes" => Ok(()),
            _ => Err(Failure::Nothing("nothing was removed".into())),
        }
    }

    /// How far long work has come, on a terminal.
    pub fn progress(&self, verb: &'static str, total: u64) -> Progress {
        Progress::new(verb, total)
    }
}

/// A progress bar, or nothing where standard error is no terminal. Gone when dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(verb: &'static str, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_message(verb);
        let style =
            ProgressStyle::with_template("{msg} [{wide_bar:.cyan}] {percent:>3} %, {eta} left");
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> "),
        );
        Self { bar }
    }

    pub fn reached(&self, position: u64) {
        if self.bar.elapsed() > PATIENCE {
            self.bar.set_position(position);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
