//! Why a command did not do what it was asked for, and the exit code for it; prints nothing.

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use cachier::Error;

/// What ends a command early.
#[derive(Debug)]
pub enum Failure {
    /// Nothing was found, nothing was confirmed, or damage was found.
    Nothing(String),
    /// The command line is wrong in a way that only the caches can tell.
    Usage(String),
    /// A cache or file could not be read or written.
    Storage(String),
    /// Who reads the output has enough of it.
    Closed,
}

impl Failure {
    /// A file that could not be read or written.
    pub fn of_file(path: &std::path::Path, error: &io::Error) -> Self {
        Self::Storage(format!("{}: {error}", path.display()))
    }

    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Nothing(text) | Self::Usage(text) | Self::Storage(text) => Some(text),
            Self::Closed => None,
        }
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Closed => 0,
            Self::Nothing(_) => 1,
            Self::Usage(_) => 2,
            Self::Storage(_) => 3,
        })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            error if error.is_damaged() => Self::Nothing(text),
            error if error.is_storage() => Self::Storage(text),
            _ => Self::Usage(text),
        }
    }
}

/// Of the output; other files have a name, see [`Failure::of_file`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Storage(format!("the output could not be written: {error}")),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}
