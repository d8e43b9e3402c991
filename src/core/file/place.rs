//! Which directory a function's entries are in, and what may be in it; knows no format.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use etcetera::BaseStrategy;
use nix::libc;
use sha2::{Digest as _, Sha256};

use super::trouble;
use crate::error::Error;

/// How much of a function id can be read in the name of its directory.
const READABLE: usize = 48;

const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const WRITABLE_BY_ALL: u32 = 0o002;

/// Where functions keep their entries if nothing else is said.
pub(crate) fn default_cache_dir() -> Result<PathBuf, Error> {
    let base = platform_cache_dir().ok_or_else(|| {
        Error::storage(
            "there is no home directory to keep a cache in; set `cache_dir` or XDG_CACHE_HOME",
        )
    })?;
    let dir = base.join("cachier");
    refuse_open_to_all(&dir)?;
    Ok(dir)
}

fn platform_cache_dir() -> Option<PathBuf> {
    let given = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let native = || etcetera::base_strategy::choose_native_strategy().ok();
    absolute_of(given).or_else(|| absolute_of(native().map(|native| native.cache_dir())))
}

/// A directory that would be another one from another directory is none.
fn absolute_of(dir: Option<PathBuf>) -> Option<PathBuf> {
    dir.filter(|dir| dir.is_absolute())
}

/// Somebody else could put entries into a default that everybody may write to.
fn refuse_open_to_all(dir: &Path) -> Result<(), Error> {
    let nearest = dir.ancestors().find_map(|dir| fs::metadata(dir).ok());
    if nearest.is_some_and(|found| found.mode() & WRITABLE_BY_ALL != 0) {
        return Err(Error::storage(format!(
            "{}: everybody may write there or where it is to be made, so nothing is kept; make it, for yourself alone, or set `cache_dir`",
            dir.display()
        )));
    }
    Ok(())
}

/// The name of a function's directory: safe on every system, whatever the id, and never shared.
pub(crate) fn directory_name(id: &str) -> String {
    let mut name: String = id.chars().map(safe).take(READABLE).collect();
    name.push('-');
    for byte in &Sha256::digest(id.as_bytes())[..8] {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

fn safe(character: char) -> char {
    match character.to_ascii_lowercase() {
        character @ ('a'..='z' | '0'..='9') => character,
        _ => '_',
    }
}

/// Makes a directory and what is above it, for this user alone.
pub(crate) fn make(dir: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(DIRECTORY_MODE).create(dir);
    made.map_err(|error| trouble::on(dir, &error))?;
    match is_real_directory(dir) {
        true => Ok(()),
        false => Err(trouble::on(dir, &ErrorKind::NotADirectory.into())),
    }
}

/// Whether there is a directory, and no symbolic link to one.
pub(crate) fn is_real_directory(dir: &Path) -> bool {
    fs::symlink_metadata(dir).is_ok_and(|found| found.is_dir())
}

pub(crate) fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

/// When a file was written last.
pub(crate) fn modified(path: &Path) -> Option<SystemTime> {
    fs::symlink_metadata(path)
        .and_then(|found| found.modified())
        .ok()
}

/// Waits until the names in a directory are on the disk.
pub(crate) fn sync_directory(dir: &Path) -> io::Result<()> {
    open_to_read(dir)?.sync_all()
}

/// The same directory, wherever the program changes to.
pub(crate) fn absolute(dir: &Path) -> PathBuf {
    std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned())
}

/// Opens a file that is there to read and write, or only to read where no more is allowed; and
/// whether it can be written.
pub(crate) fn open(path: &Path) -> io::Result<(File, bool)> {
    use ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    match options().read(true).write(true).open(path) {
        Err(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => {
            Ok((open_to_read(path)?, false))
        }
        opened => Ok((opened?, true)),
    }
}

pub(crate) fn open_to_read(path: &Path) -> io::Result<File> {
    options().read(true).open(path)
}

/// Opens a file, and makes it if it is not there.
pub(crate) fn open_or_make(path: &Path) -> io::Result<File> {
    options().read(true).write(true).create(true).open(path)
}

/// Makes a file that must not be there yet.
pub(crate) fn make_file(path: &Path) -> io::Result<File> {
    options().read(true).write(true).create_new(true).open(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(libc::O_NOFOLLOW).mode(FILE_MODE);
    options
}

/// Removes a file; one that is not there is as good.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Whether what could not be opened is no file of ours: a directory, a symbolic link.
pub(crate) fn stands_in_the_way(error: &io::Error) -> bool {
    error.kind() == ErrorKind::IsADirectory || error.raw_os_error() == Some(libc::ELOOP)
}

/// Moves whatever stands at a path out of the way; what was set aside before is gone.
pub(crate) fn set_aside(dir: &Path, path: &Path) -> io::Result<()> {
    let aside = dir.join(Name::Damaged.text());
    let before = match fs::symlink_metadata(&aside) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(&aside),
        _ => remove(&aside),
    };
    before?;
    fs::rename(path, aside)
}

/// The files of a function's directory; any other name is foreign and never touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Control,
    Log(u32),
    /// What tells where the entries of a log are.
    Index(u32),
    /// A value of its own.
    Value(String),
    /// The log a compaction is writing.
    Next,
    /// What was found damaged last.
    Damaged,
}

impl Name {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Control => "control.1".to_owned(),
            Self::Log(number) => format!("log.1.{number}"),
            Self::Index(number) => format!("index.1.{number}"),
            Self::Value(name) => name.clone(),
            Self::Next => "next.1".to_owned(),
            Self::Damaged => "damaged.1".to_owned(),
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        match text {
            "control.1" => return Some(Self::Control),
            "next.1" => return Some(Self::Next),
            "damaged.1" => return Some(Self::Damaged),
            _ => {}
        }
        if let Some(number) = text.strip_prefix("log.1.") {
            return number
                .parse()
                .ok()
                .map(Self::Log)
                .filter(|name| name.text() == text);
        }
        if let Some(number) = text.strip_prefix("index.1.") {
            return number
                .parse()
                .ok()
                .map(Self::Index)
                .filter(|name| name.text() == text);
        }
        is_value_name(text).then(|| Self::Value(text.to_owned()))
    }
}

/// Whether a record may name this file: nothing outside the directory, and none of the other kinds.
pub(crate) fn is_value_name(text: &str) -> bool {
    let Some(name) = text.strip_prefix("value.1.") else {
        return false;
    };
    let name = name.as_bytes();
    let (tag, unique) = name.split_at(name.len().min(16));
    let all = |part: &[u8]| part.len() == 16 && part.iter().all(u8::is_ascii_hexdigit);
    all(tag)
        && unique
            .split_first()
            .is_some_and(|(dash, unique)| *dash == b'-' && all(unique))
}

/// Every file of a function's directory.
pub(crate) fn files(dir: &Path) -> io::Result<Vec<Name>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(Name::of));
    }
    Ok(names)
}

/// How much room they take.
pub(crate) fn bytes(dir: &Path) -> io::Result<u64> {
    let names = files(dir)?;
    let length = |name: &Name| fs::symlink_metadata(dir.join(name.text())).map(|found| found.len());
    // One that went meanwhile takes none.
    Ok(names.iter().filter_map(|name| length(name).ok()).sum())
}

/// What is in a directory that could be a function's; nothing, if it is not there.
pub(crate) fn directories(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_a_safe_name_of_its_own() {
        let long = "x".repeat(300);
        let ids = [
            "foo", "foo_bar", "foo/bar", "FOO", "..", ".", "", "a\0b", &long, "🦀", "con",
        ];
        let names: std::collections::BTreeSet<_> =
            ids.iter().map(|id| directory_name(id)).collect();
        assert_eq!(names.len(), ids.len());
        for name in names {
            assert!(name.len() <= READABLE + 17, "{name}");
            assert!(
                name.chars()
                    .all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_' | '-'))
            );
        }
    }

    #[test]
    fn a_default_that_everybody_may_write_to_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("cachier");
        refuse_open_to_all(&dir).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(refuse_open_to_all(&dir).unwrap_err().is_storage());
    }

    #[test]
    fn a_relative_default_is_none() {
        assert_eq!(absolute_of(Some("cache".into())), None);
        assert_eq!(absolute_of(Some("".into())), None);
        assert_eq!(absolute_of(Some("/cache".into())), Some("/cache".into()));
    }

    #[test]
    fn names_of_files_come_back() {
        let value = "value.1.0123456789abcdef-fedcba9876543210".to_owned();
        for name in [
            Name::Control,
            Name::Log(7),
            Name::Index(0),
            Name::Value(value),
            Name::Next,
        ] {
            assert_eq!(Name::of(&name.text()), Some(name));
        }
    }

    #[test]
    fn other_names_are_foreign() {
        let strange = [
            "log.1.07",
            "log.2.1",
            "control.2",
            "value.1.x",
            "value.1./etc/passwd",
            "a",
        ];
        for name in strange {
            assert_eq!(Name::of(name), None, "{name}");
        }
    }
}
