//! Files and standard streams that snapshots are read from and written to; knows bytes only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

const STANDARD: &str = "-";

/// What can be read more than once.
pub enum Source {
    File(PathBuf),
    /// Standard input, kept.
    Bytes(Vec<u8>),
}

impl Source {
    pub fn of(path: &Path) -> Result<Self, Failure> {
        if path != Path::new(STANDARD) {
            return Ok(Self::File(path.to_owned()));
        }
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::of_file(Path::new("standard input"), &error))?;
        Ok(Self::Bytes(bytes))
    }

    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Bytes(_) => "standard input".into(),
        }
    }

    /// How many bytes there are, as far as that is known.
    pub fn length(&self) -> u64 {
        match self {
            Self::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Gives all bytes, piece by piece.
    pub fn read(&self, mut take: impl FnMut(&[u8]) -> Result<(), Failure>) -> Result<(), Failure> {
        match self {
            Self::File(path) => read_file(path, &mut take),
            Self::Bytes(bytes) => bytes.chunks(PIECE).try_for_each(take),
        }
    }
}

const PIECE: usize = 64 * 1024;

fn read_file(
    path: &Path,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::of_file(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => take(&piece[..length])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// A file that is there whole or not at all, or standard output.
pub enum Target {
    Output,
    File {
        path: PathBuf,
        unfinished: PathBuf,
        file: File,
    },
}

impl Target {
    pub fn of(path: &Path) -> Result<Self, Failure> {
        if path != Path::new(STANDARD) {
            return Self::file(path);
        }
        if io::stdout().is_terminal() {
            return Err(Failure::Usage(
                "a snapshot is nothing to look at: name a file with --output, or pipe it on".into(),
            ));
        }
        Ok(Self::Output)
    }

    /// What is in the cache is for its owner only, and so is the file.
    fn file(path: &Path) -> Result<Self, Failure> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!(".{}", std::process::id()));
        let unfinished = PathBuf::from(unfinished);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished);
        let file = file.map_err(|error| Failure::of_file(path, &error))?;
        Ok(Self::File {
            path: path.to_owned(),
            unfinished,
            file,
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Output => Ok(io::stdout().lock().write_all(bytes)?),
            Self::File { path, file, .. } => file
                .write_all(bytes)
                .map_err(|error| Failure::of_file(path, &error)),
        }
    }

    /// Puts the file in its place.
    pub fn finish(self) -> Result<(), Failure> {
        match &self {
            Self::Output => Ok(io::stdout().lock().flush()?),
            Self::File {
                path,
                unfinished,
                file,
            } => {
                let moved = file.sync_all().and_then(|()| fs::rename(unfinished, path));
                moved.map_err(|error| Failure::of_file(path, &error))
            }
        }
    }
}

impl Drop for Target {
    /// After [`finish`](Self::finish) there is no such file any more.
    fn drop(&mut self) {
        if let Self::File { unfinished, .. } = self {
            let _ = fs::remove_file(unfinished);
        }
    }
}
