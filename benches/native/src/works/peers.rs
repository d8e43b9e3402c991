//! Stores on the disk that others made, each with the same few verbs; knows not what is measured.

use std::path::{Path, PathBuf};

use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use rusqlite::{Connection, params};

/// A store of text by number, as plainly as its documentation would do it.
pub trait Store {
    fn get(&self, key: u64) -> Option<String>;
    fn put(&self, key: u64, value: &str);
}

type Failure = Box<dyn std::error::Error>;

/// A benchmark has no use for a store that fails.
pub fn sound<T, E: Into<Failure>>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{}", error.into()))
}

const TABLE: TableDefinition<u64, &str> = TableDefinition::new("values");

pub struct Redb(Database);

impl Redb {
    pub fn open(dir: &Path) -> Self {
        let database = Self(sound(Database::create(dir.join("redb"))));
        let writing = sound(database.0.begin_write());
        drop(sound(writing.open_table(TABLE)));
        sound(writing.commit());
        database
    }

    /// Opens what is there.
    pub fn reopen(dir: &Path) -> Self {
        Self(sound(Database::open(dir.join("redb"))))
    }

    pub fn put_all(&self, keys: std::ops::Range<u64>, value: &str) {
        let writing = sound(self.0.begin_write());
        let mut table = sound(writing.open_table(TABLE));
        keys.for_each(|key| drop(sound(table.insert(key, value))));
        drop(table);
        sound(writing.commit());
    }
}

impl Store for Redb {
    fn get(&self, key: u64) -> Option<String> {
        let reading = sound(self.0.begin_read());
        let table = sound(reading.open_table(TABLE));
        sound(table.get(key)).map(|found| found.value().to_owned())
    }

    fn put(&self, key: u64, value: &str) {
        let mut writing = sound(self.0.begin_write());
        sound(writing.set_durability(Durability::None));
        drop(sound(sound(writing.open_table(TABLE)).insert(key, value)));
        sound(writing.commit());
    }
}

pub struct Sqlite(Connection);

impl Sqlite {
    pub fn open(dir: &Path) -> Self {
        let connection = sound(Connection::open(dir.join("sqlite")));
        let set_up = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS entries (key INTEGER PRIMARY KEY, value TEXT NOT NULL);";
        sound(connection.execute_batch(set_up));
        Self(connection)
    }

    pub fn put_all(&self, keys: std::ops::Range<u64>, value: &str) {
        sound(self.0.execute_batch("BEGIN"));
        keys.for_each(|key| self.put(key, value));
        sound(self.0.execute_batch("COMMIT"));
    }
}

impl Store for Sqlite {
    fn get(&self, key: u64) -> Option<String> {
        let mut asked = sound(
            self.0
                .prepare_cached("SELECT value FROM entries WHERE key = ?"),
        );
        asked.query_row(params![key as i64], |row| row.get(0)).ok()
    }

    fn put(&self, key: u64, value: &str) {
        let text = "INSERT OR REPLACE INTO entries VALUES (?, ?)";
        let mut asked = sound(self.0.prepare_cached(text));
        sound(asked.execute(params![key as i64, value]));
    }
}

pub struct Cacache(PathBuf);

impl Cacache {
    pub fn open(dir: &Path) -> Self {
        Self(dir.join("cacache"))
    }
}

impl Store for Cacache {
    fn get(&self, key: u64) -> Option<String> {
        String::from_utf8(cacache::read_sync(&self.0, key.to_string()).ok()?).ok()
    }

    fn put(&self, key: u64, value: &str) {
        sound(cacache::write_sync(&self.0, key.to_string(), value));
    }
}

/// A file for each entry, written under another name first.
pub struct Files(PathBuf);

impl Files {
    pub fn open(dir: &Path) -> Self {
        let dir = dir.join("files");
        sound(std::fs::create_dir_all(&dir));
        Self(dir)
    }
}

impl Store for Files {
    fn get(&self, key: u64) -> Option<String> {
        std::fs::read_to_string(self.0.join(key.to_string())).ok()
    }

    fn put(&self, key: u64, value: &str) {
        let new = self.0.join("new");
        sound(std::fs::write(&new, value));
        sound(std::fs::rename(&new, self.0.join(key.to_string())));
    }
}
