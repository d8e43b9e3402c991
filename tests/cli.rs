//! The `cachier` program as it is called: what it prints, what it leaves behind, what it exits with.

#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use cachier::core::FileCore;
use cachier::inspect::{Cache, Digest, Stored};
use cachier::{Clock, Key, Memoize, Timestamp};
use nix::sys::termios;
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
const REPORT: &str = "weather::report#4f2a9c01";

/// A cache directory of its own, and the program looking at it.
struct Place {
    home: TempDir,
}

/// What a run of the program left.
struct Ran {
    code: Option<i32>,
    output: Vec<u8>,
    errors: String,
}

impl Place {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// With some reports in it, the newest first: of 2024 an hour old, of 2023 two days, of 2022 forty days.
    fn with_reports() -> Self {
        let place = Self::new();
        place.store(REPORT, &(2022, "Rome"), 40 * DAY, &json!({"rain": 0.5}));
        place.store(REPORT, &(2023, "Oslo"), 2 * DAY, &json!({"rain": [1, 2]}));
        place.store(REPORT, &(2024, "Oslo"), HOUR, &json!("none"));
        place
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("cachier")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn cache(&self, id: &str) -> Cache {
        Cache::create(&self.dir(), id).unwrap()
    }

    fn store<A: Serialize, V: Serialize>(
        &self,
        id: &str,
        arguments: &A,
        age: i64,
        value: &V,
    ) -> Digest {
        let key = Key::of(arguments).unwrap();
        self.store_bytes(id, &key, age, cbor(value));
        Digest::of(&key)
    }

    fn store_bytes(&self, id: &str, key: &Key, age: i64, value: Vec<u8>) {
        let stored = Stored {
            digest: Digest::of(key),
            arguments: Some(key.as_bytes().to_vec()),
            stored_at: now().saturating_add(-age),
            none: false,
            size: 0,
            value,
        };
        self.cache(id).insert(stored).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cachier"));
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
            .env("HOME", self.home.path())
            .env("XDG_CACHE_HOME", self.home.path());
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command().args(arguments).output().unwrap().into()
    }

    /// Runs on a terminal of this many columns where somebody types this.
    fn on_terminal(&self, arguments: &[&str], columns: u16, typed: &str) -> Ran {
        let size = nix::pty::Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let terminal = nix::pty::openpty(&size, None).unwrap();
        // What is typed before it is asked for would be echoed anywhere.
        let mut settings = termios::tcgetattr(&terminal.slave).unwrap();
        settings.local_flags.remove(termios::LocalFlags::ECHO);
        termios::tcsetattr(&terminal.slave, termios::SetArg::TCSANOW, &settings).unwrap();
        let mut keyboard = fs::File::from(terminal.master);
        let mut screen = keyboard.try_clone().unwrap();
        let mut command = self.command();
        let side = || terminal.slave.try_clone().unwrap();
        command
            .args(arguments)
            .env("TERM", "xterm-256color")
            .stdin(side())
            .stdout(side())
            .stderr(side());
        let mut child = command.spawn().unwrap();
        drop((command, terminal.slave));
        keyboard.write_all(typed.as_bytes()).unwrap();
        let mut output = Vec::new();
        // The terminal is gone with the last who has it open, which reads as an error.
        let _ = screen.read_to_end(&mut output);
        Ran {
            code: child.wait().unwrap().code(),
            output,
            errors: String::new(),
        }
    }

    fn fed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command();
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap().into()
    }

    fn entries(&self, id: &str) -> u64 {
        self.cache(id).summary().unwrap().entries
    }

    fn export(&self, id: &str) -> String {
        let file = self.path("snapshot").to_str().unwrap().to_owned();
        self.run(&["export", id, "--output", &file]).succeeds();
        file
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            output: output.stdout,
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.text(), self.errors);
        self
    }

    fn succeeds(self) -> Self {
        self.exits(0)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    fn lines(&self) -> Vec<String> {
        self.text().lines().map(String::from).collect()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.output).unwrap()
    }

    /// Exits with this code and says this on standard error.
    fn fails(self, code: i32, reason: &str) {
        let ran = self.exits(code);
        assert!(ran.errors.contains(reason), "{}", ran.errors);
    }
}

fn now() -> Timestamp {
    Clock::default().now()
}

/// The CBOR of a value, which is that of an argument list of one without its first byte.
fn cbor<V: Serialize>(value: &V) -> Vec<u8> {
    Key::of(&[value]).unwrap().as_bytes()[1..].to_vec()
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn list_shows_each_function_with_its_entries_and_ages() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 3 * HOUR, &1);
    let ran = place.run(&["list"]).succeeds();
    let lines = ran.lines();
    assert_eq!(
        words(&lines[0]),
        [
            "FUNCTION", "ENTRIES", "SIZE", "ON", "DISK", "OLDEST", "NEWEST"
        ]
    );
    assert_eq!(words(&lines[1])[..2], ["parse", "1"]);
    assert!(lines[1].ends_with("3 h     3 h"), "{}", lines[1]);
    assert_eq!(words(&lines[2])[..2], [REPORT, "3"]);
    assert!(lines[2].ends_with("40 d     1 h"), "{}", lines[2]);
    assert!(lines[3].starts_with("2 functions, 4 entries, "));
    assert!(lines[3].ends_with(&format!("in {}", place.dir().display())));
}

#[test]
fn list_is_sorted_as_asked() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 3 * HOUR, &1);
    for (order, first) in [
        ("name", "parse"),
        ("entries", REPORT),
        ("size", REPORT),
        ("age", "parse"),
    ] {
        let ran = place.run(&["list", "--json", "--sort", order]).succeeds();
        assert_eq!(ran.json()[0]["function"], first, "{order}");
    }
}

#[test]
fn list_tells_programs_numbers() {
    let place = Place::with_reports();
    let listed = place.run(&["ls", "--json"]).succeeds().json();
    let row = &listed[0];
    assert_eq!(row["function"], REPORT);
    assert_eq!(row["entries"], 3);
    assert_eq!(
        row["directory"],
        place.cache(REPORT).dir().to_str().unwrap()
    );
    assert!(
        row["bytes"].as_u64().unwrap() > 0 && row["disk_bytes"].as_u64() >= row["bytes"].as_u64()
    );
    let age = row["newest"].as_i64().unwrap() - row["oldest"].as_i64().unwrap();
    assert!((40 * DAY - 2 * HOUR..40 * DAY).contains(&age));
}

#[test]
fn where_there_are_no_caches_every_command_says_so() {
    let place = Place::new();
    for arguments in [
        &["list"][..],
        &["show", "f"],
        &["get", "f", "1"],
        &["rm", "f", "1"],
        &["clear", "f"],
        &["clear", "--all"],
        &["prune", "--stale", "1d"],
        &["verify"],
        &["export", "f"],
        &["dir", "f"],
    ] {
        place.run(arguments).fails(1, "there are no caches in ");
    }
    assert_eq!(place.run(&["list", "--json"]).exits(1).json(), json!([]));
}

#[test]
fn what_is_no_cache_is_passed_over() {
    let place = Place::with_reports();
    fs::create_dir_all(place.dir().join("photos")).unwrap();
    fs::write(place.dir().join("notes.txt"), "mine").unwrap();
    assert_eq!(
        place
            .run(&["list", "--json"])
            .succeeds()
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    place.run(&["clear", "--all"]).succeeds();
    assert_eq!(
        fs::read_to_string(place.dir().join("notes.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn a_cache_directory_that_is_none_is_storage_trouble() {
    let place = Place::new();
    fs::write(place.path("file"), "").unwrap();
    let file = place.path("file");
    place
        .run(&["list", "--cache-dir", file.to_str().unwrap()])
        .fails(3, file.to_str().unwrap());
}

#[test]
fn show_lists_keys_arguments_and_values_newest_first() {
    let place = Place::with_reports();
    let ran = place.run(&["show", REPORT]).succeeds();
    let lines = ran.lines();
    assert_eq!(lines[0], REPORT);
    assert_eq!(
        words(&lines[1]),
        ["KEY", "AGE", "SIZE", "ARGUMENTS", "VALUE"]
    );
    let digest = Digest::of(&Key::of(&(2024, "Oslo")).unwrap()).to_string();
    assert!(lines[2].starts_with(&digest[..12]));
    assert!(
        lines[2].ends_with(r#"[2024,"Oslo"]  "none""#),
        "{}",
        lines[2]
    );
    assert!(
        lines[4].contains("40 d") && lines[4].ends_with(r#"[2022,"Rome"]  {"rain":0.5}"#),
        "{}",
        lines[4]
    );
    assert_eq!(lines[5], "3 entries");
}

#[test]
fn show_is_limited_for_people_and_says_so() {
    let place = Place::with_reports();
    let ran = place.run(&["show", REPORT, "--limit", "1"]).succeeds();
    assert_eq!(ran.lines().len(), 4);
    assert_eq!(
        ran.lines()[3],
        "the newest 1 of 3 entries; --limit 0 shows all"
    );
    assert_eq!(
        place
            .run(&["show", REPORT, "--limit", "0"])
            .succeeds()
            .lines()
            .len(),
        6
    );
}

#[test]
fn show_tells_programs_everything() {
    let place = Place::with_reports();
    place.store_bytes(
        REPORT,
        &Key::of(&(1,)).unwrap().scoped("alice"),
        0,
        vec![0x43, 1, 2, 3],
    );
    let shown = place.run(&["show", REPORT, "--json"]).succeeds().json();
    assert_eq!(shown["function"], REPORT);
    let entries = shown["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 4);
    let rome = entries
        .iter()
        .find(|entry| entry["arguments"] == json!([2022, "Rome"]))
        .unwrap();
    assert_eq!(rome["value"], json!({"rain": 0.5}));
    assert_eq!(rome["none"], false);
    assert_eq!(
        rome["key"],
        Digest::of(&Key::of(&(2022, "Rome")).unwrap()).to_string()
    );
    assert!(rome.get("scope").is_none());
    let alice = entries
        .iter()
        .find(|entry| entry["scope"] == "alice")
        .unwrap();
    assert_eq!(alice["value"], json!({"$bytes": "AQID"}));
}

#[test]
fn a_function_without_entries_is_nothing_found() {
    let place = Place::new();
    place.cache("parse");
    place
        .run(&["show", "parse"])
        .fails(1, "parse has no entries");
    let ran = place.run(&["show", "parse", "--json"]).exits(1);
    assert_eq!(ran.json()["entries"], json!([]));
}

#[test]
fn an_entry_without_its_arguments_is_shown_by_its_digest() {
    let place = Place::new();
    let digest = Digest::of(&Key::of(&(1,)).unwrap());
    let stored = Stored {
        digest,
        arguments: None,
        stored_at: now(),
        none: true,
        size: 0,
        value: vec![0xf6],
    };
    place.cache("secret").insert(stored).unwrap();
    assert!(
        place
            .run(&["show", "secret"])
            .succeeds()
            .text()
            .contains("(not kept)")
    );
    let shown = place
        .run(&["get", "secret", &digest.to_string(), "--json"])
        .succeeds()
        .json();
    assert_eq!(
        (&shown["arguments"], &shown["none"], &shown["value"]),
        (&Value::Null, &json!(true), &Value::Null)
    );
    place.run(&["get", "secret", "[1]"]).succeeds();
}

#[test]
fn get_finds_an_entry_by_arguments_by_digest_and_by_its_beginning() {
    let place = Place::with_reports();
    let digest = Digest::of(&Key::of(&(2023, "Oslo")).unwrap()).to_string();
    for key in [
        r#"[2023, "Oslo"]"#,
        r#"[2023.0,"\u004fslo"]"#,
        &digest,
        &digest[..12],
        &digest[..8].to_uppercase(),
    ] {
        assert_eq!(
            place.run(&["get", REPORT, key]).succeeds().json(),
            json!({"rain": [1, 2]}),
            "{key}"
        );
    }
    let whole = place
        .run(&["get", REPORT, &digest, "--json"])
        .succeeds()
        .json();
    assert_eq!(whole["function"], REPORT);
    assert_eq!(whole["arguments"], json!([2023, "Oslo"]));
}

#[test]
fn get_takes_a_single_argument_without_a_list_and_a_scope() {
    let place = Place::new();
    place.store("parse", &("text",), 0, &1);
    place.store_bytes(
        "parse",
        &Key::of(&("text",)).unwrap().scoped("alice"),
        0,
        cbor(&2),
    );
    assert_eq!(
        place.run(&["get", "parse", "\"text\""]).succeeds().json(),
        1
    );
    assert_eq!(
        place
            .run(&["get", "parse", "\"text\"", "--scope", "alice"])
            .succeeds()
            .json(),
        2
    );
    place
        .run(&["get", "parse", "\"text\"", "--scope", "bob"])
        .fails(1, "has no entry for");
}

#[test]
fn get_says_what_it_did_not_find_or_understand() {
    let place = Place::with_reports();
    place
        .run(&["get", REPORT, "[2025]"])
        .fails(1, "weather::report#4f2a9c01 has no entry for [2025]");
    place
        .run(&["get", REPORT, &"0".repeat(64)])
        .fails(1, "has no entry for 0000");
    place
        .run(&["get", REPORT, "deadbeef"])
        .fails(1, "has no entry for deadbeef");
    place
        .run(&["get", REPORT, "Oslo"])
        .fails(2, "for the text, write '\"Oslo\"'");
    place
        .run(&["get", REPORT, "[2023, "])
        .fails(2, "neither arguments in JSON nor a digest");
    place.run(&["get", REPORT]).fails(2, "required");
}

#[test]
fn what_show_prints_get_takes() {
    let place = Place::new();
    let arguments = (
        f64::NAN,
        u128::MAX,
        Some(None::<u8>),
        [("$key", 1)]
            .into_iter()
            .collect::<std::collections::HashMap<_, _>>(),
    );
    place.store("f", &arguments, 0, &7);
    let shown = place.run(&["show", "f", "--json"]).succeeds().json();
    let arguments = shown["entries"][0]["arguments"].to_string();
    assert_eq!(
        place.run(&["get", "f", &arguments]).succeeds().json(),
        7,
        "{arguments}"
    );
}

#[test]
fn functions_are_found_by_directory_by_beginning_and_by_a_part_of_the_id() {
    let place = Place::with_reports();
    let directory = place.cache(REPORT).dir().to_owned();
    let name = directory.file_name().unwrap().to_str().unwrap();
    for function in [REPORT, name, "weather", "report", "rep"] {
        let ran = place.run(&["dir", function]).succeeds();
        assert_eq!(Path::new(ran.text().trim_end()), directory, "{function}");
    }
}

#[test]
fn a_name_that_fits_several_functions_or_none_is_refused_with_advice() {
    let place = Place::with_reports();
    place.store("weather::report_all", &(), 0, &1);
    place.run(&["show", "rep"]).fails(2, "weather::report_all");
    place
        .run(&["show", "reprot"])
        .fails(1, "did you mean \"report");
    place.run(&["clear", "rep"]).exits(2);
    assert_eq!(place.entries(REPORT), 3);
}

#[test]
fn rm_removes_what_it_says_and_nothing_else() {
    let place = Place::with_reports();
    let ran = place.run(&["rm", REPORT, r#"[2022,"Rome"]"#]).succeeds();
    assert!(
        ran.text().starts_with("Removed 1 entry ("),
        "{}",
        ran.text()
    );
    assert_eq!(place.entries(REPORT), 2);
    place.run(&["get", REPORT, r#"[2022,"Rome"]"#]).exits(1);
    let oslo = Digest::of(&Key::of(&(2023, "Oslo")).unwrap()).to_string();
    let removed = place
        .run(&["rm", REPORT, "--json", "--yes", &oslo])
        .succeeds()
        .json();
    assert_eq!(removed["removed"], json!([oslo]));
    assert!(removed["bytes"].as_u64().unwrap() > 0);
    assert_eq!(place.entries(REPORT), 1);
}

#[test]
fn rm_removes_nothing_if_one_of_the_entries_is_missing() {
    let place = Place::with_reports();
    place
        .run(&["rm", REPORT, r#"[2022,"Rome"]"#, "[1]"])
        .fails(1, "no entry for [1]");
    assert_eq!(place.entries(REPORT), 3);
}

#[test]
fn clear_removes_the_entries_of_the_functions_named() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 0, &1);
    let ran = place.run(&["clear", REPORT]).succeeds();
    assert!(
        ran.text().starts_with("Removed 3 entries ("),
        "{}",
        ran.text()
    );
    assert_eq!((place.entries(REPORT), place.entries("parse")), (0, 1));
}

#[test]
fn clear_asks_for_all_before_it_removes_all() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 0, &1);
    place.run(&["clear"]).fails(2, "FUNCTIONS");
    place.run(&["clear", "parse", "--all"]).exits(2);
    let cleared = place.run(&["clear", "--all", "--json"]).succeeds().json();
    assert_eq!(
        (&cleared[0]["function"], &cleared[0]["removed"]),
        (&json!("parse"), &json!(1))
    );
    assert_eq!(
        (&cleared[1]["function"], &cleared[1]["removed"]),
        (&json!(REPORT), &json!(3))
    );
    assert_eq!((place.entries(REPORT), place.entries("parse")), (0, 0));
}

#[test]
fn prune_removes_what_is_stale() {
    let place = Place::with_reports();
    let ran = place.run(&["prune", "--stale", "30d"]).succeeds();
    assert!(
        ran.lines()[0].starts_with("Removed 1 entry ("),
        "{}",
        ran.text()
    );
    assert!(
        ran.lines()[1].starts_with("Left: 2 entries ("),
        "{}",
        ran.text()
    );
    assert_eq!(place.entries(REPORT), 2);
    let again = place.run(&["prune", "--stale", "30d"]).succeeds();
    assert!(
        again.text().starts_with("Nothing to remove of 2 entries"),
        "{}",
        again.text()
    );
}

#[test]
fn prune_removes_the_oldest_of_all_functions_until_the_rest_fits() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 3 * DAY, &1);
    let pruned = place
        .run(&["prune", "--json", "--max-size", "1GB"])
        .succeeds()
        .json();
    assert_eq!(
        (&pruned["removed"], &pruned["entries"]),
        (&json!(0), &json!(4))
    );
    let too_much = pruned["bytes"].as_u64().unwrap() - 1;
    let pruned = place
        .run(&["prune", "--json", "--max-size", &too_much.to_string()])
        .succeeds()
        .json();
    assert_eq!(
        (&pruned["removed"], &pruned["entries"]),
        (&json!(1), &json!(3))
    );
    place.run(&["get", REPORT, r#"[2022,"Rome"]"#]).exits(1);
    let rest = place
        .run(&["prune", "--json", "--max-size", "0"])
        .succeeds()
        .json();
    assert_eq!(
        (&rest["removed"], &rest["entries"], &rest["bytes"]),
        (&json!(3), &json!(0), &json!(0))
    );
}

#[test]
fn prune_keeps_to_the_functions_named_and_only_tells_in_a_dry_run() {
    let place = Place::with_reports();
    place.store("parse", &("1",), 3 * DAY, &1);
    let ran = place
        .run(&["prune", "--stale", "1h", "--dry-run"])
        .succeeds();
    assert!(
        ran.text().contains("Would remove 1 entry"),
        "{}",
        ran.text()
    );
    assert_eq!((place.entries(REPORT), place.entries("parse")), (3, 1));
    place.run(&["prune", "parse", "--stale", "1h"]).succeeds();
    assert_eq!((place.entries(REPORT), place.entries("parse")), (3, 0));
}

#[test]
fn prune_wants_a_limit_it_understands() {
    let place = Place::with_reports();
    place.run(&["prune"]).fails(2, "--stale");
    place
        .run(&["prune", "--stale", "3 dayz"])
        .fails(2, "did you mean day");
    place
        .run(&["prune", "--stale", "-1d"])
        .fails(2, "at least 0");
    place
        .run(&["prune", "--stale", "30"])
        .fails(2, "the unit is missing");
    place
        .run(&["prune", "--max-size", "1 Mb"])
        .fails(2, "did you mean MB");
}

#[test]
fn verify_finds_nothing_wrong_with_a_sound_cache() {
    let place = Place::with_reports();
    let ran = place.run(&["verify"]).succeeds();
    assert_eq!(
        words(&ran.lines()[0]),
        ["FUNCTION", "RECORDS", "ENTRIES", "DAMAGED"]
    );
    assert_eq!(words(&ran.lines()[1])[2..], ["3", "0"]);
    assert_eq!(ran.lines()[2], "no damage");
    let report = place.run(&["verify", REPORT, "--json"]).succeeds().json();
    assert_eq!(
        (&report[0]["entries"], &report[0]["damaged"]),
        (&json!(3), &json!([]))
    );
    assert!(report[0]["records"].as_u64().unwrap() >= 3);
}

#[test]
fn a_snapshot_makes_the_same_entries_elsewhere() {
    let (place, other) = (Place::with_reports(), Place::new());
    let file = place.export(REPORT);
    let imported = other.run(&["import", &file, "--json"]).succeeds().json();
    assert_eq!(
        (
            &imported["function"],
            &imported["imported"],
            &imported["kept"]
        ),
        (&json!(REPORT), &json!(3), &json!(0))
    );
    let entries =
        |place: &Place| place.run(&["show", REPORT, "--json"]).succeeds().json()["entries"].clone();
    assert_eq!(entries(&other), entries(&place));
}

#[test]
fn a_snapshot_goes_through_a_pipe() {
    let (place, other) = (Place::with_reports(), Place::new());
    let exported = place.run(&["export", REPORT]).succeeds();
    assert!(
        exported.errors.starts_with("Exported 3 entries of "),
        "{}",
        exported.errors
    );
    assert!(exported.output.starts_with(b"\xa5\x67cachier\x68snapshot"));
    let imported = other.fed(&["import", "-"], &exported.output).succeeds();
    assert_eq!(imported.text(), format!("Imported 3 entries of {REPORT}\n"));
}

#[test]
fn an_exported_file_is_its_owners_and_there_whole_or_not_at_all() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::with_reports();
    let file = place.export(REPORT);
    place.export(REPORT);
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let names = fs::read_dir(place.home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert_eq!(
        names
            .filter(|name| name.to_str().unwrap().starts_with("snapshot"))
            .count(),
        1
    );
    place
        .run(&["export", REPORT, "-o", "/nowhere/at/all"])
        .fails(3, "/nowhere/at/all");
}

#[test]
fn import_keeps_the_newer_entry_unless_told_otherwise() {
    let place = Place::with_reports();
    let file = place.export(REPORT);
    place.store(REPORT, &(2024, "Oslo"), 0, &"newer");
    place.store(REPORT, &(2023, "Oslo"), 50 * DAY, &"older");
    let ran = place.run(&["import", &file]).succeeds();
    assert_eq!(
        ran.text(),
        format!("Imported 1 entry of {REPORT}; 2 here were as new or newer\n")
    );
    let value = |key: &str| place.run(&["get", REPORT, key]).succeeds().json();
    assert_eq!(value(r#"[2024,"Oslo"]"#), "newer");
    assert_eq!(value(r#"[2023,"Oslo"]"#), json!({"rain": [1, 2]}));
    place.run(&["import", &file, "--overwrite"]).succeeds();
    assert_eq!(value(r#"[2024,"Oslo"]"#), "none");
}

#[test]
fn import_goes_under_another_id_only_if_told_so() {
    let place = Place::with_reports();
    let file = place.export(REPORT);
    place
        .run(&["import", &file, "parse"])
        .fails(2, "entries of weather::report#4f2a9c01, not of parse");
    place.run(&["import", &file, "report"]).succeeds();
    place.run(&["import", &file, "--as", "parse"]).succeeds();
    assert_eq!((place.entries("parse"), place.entries(REPORT)), (3, 3));
}

#[test]
fn a_damaged_snapshot_is_not_imported() {
    let (place, other) = (Place::with_reports(), Place::new());
    let file = place.export(REPORT);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [
        &whole[..whole.len() - 1],
        &whole[..whole.len() / 2],
        &flipped,
        &[],
        b"a photo",
    ] {
        fs::write(&file, damaged).unwrap();
        other
            .run(&["import", &file])
            .fails(1, "nothing was imported");
        assert!(!other.dir().exists());
    }
    other.run(&["import", "/nowhere"]).fails(3, "/nowhere");
}

#[test]
fn what_is_whole_in_a_damaged_snapshot_can_be_salvaged() {
    let (place, other) = (Place::with_reports(), Place::new());
    let file = place.export(REPORT);
    let mut bytes = fs::read(&file).unwrap();
    let value = bytes
        .windows(6)
        .position(|window| window == b"\x64none\x63")
        .unwrap();
    bytes[value + 1] = b'N';
    fs::write(&file, &bytes).unwrap();
    let ran = other
        .run(&["import", &file, "--salvage", "--json"])
        .exits(1);
    assert_eq!(
        (&ran.json()["imported"], &ran.json()["damaged"]),
        (&json!(2), &json!(1))
    );
    assert!(ran.errors.contains("1 damaged place was passed over"));
    other.run(&["get", REPORT, r#"[2022,"Rome"]"#]).succeeds();
    bytes[20] ^= 1;
    fs::write(&file, &bytes).unwrap();
    other.run(&["import", &file, "--salvage"]).fails(2, "--as");
    other
        .run(&["import", &file, "--salvage", "--as", "saved"])
        .exits(1);
    assert_eq!(other.entries("saved"), 2);
}

#[test]
fn the_cache_directory_is_the_one_given_or_that_of_the_environment() {
    let place = Place::new();
    let ran = place.run(&["dir"]).succeeds();
    assert_eq!(Path::new(ran.text().trim_end()), place.dir());
    assert_eq!(
        place.run(&["dir", "--json"]).succeeds().json(),
        json!({"directory": place.dir(), "exists": false})
    );
    let elsewhere = place.path("elsewhere");
    let ran = place
        .run(&["dir", "--cache-dir", elsewhere.to_str().unwrap()])
        .succeeds();
    assert_eq!(Path::new(ran.text().trim_end()), elsewhere);
}

#[test]
fn completions_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]).succeeds().text();
        for command in [
            "list", "show", "get", "rm", "clear", "prune", "verify", "export", "import", "dir",
        ] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
    place
        .run(&["completions", "cmd"])
        .fails(2, "possible values");
}

#[test]
fn help_tells_the_exit_codes_and_every_command_has_one() {
    let place = Place::new();
    for flag in ["-h", "--help"] {
        let help = place.run(&[flag]).succeeds().text();
        for code in [
            "0  done",
            "1  nothing was found",
            "2  the command line is wrong",
            "3  a cache or file could not",
        ] {
            assert!(help.contains(code), "{code}");
        }
    }
    for command in [
        "list",
        "show",
        "get",
        "rm",
        "clear",
        "prune",
        "verify",
        "export",
        "import",
        "dir",
        "completions",
    ] {
        let help = place.run(&[command, "--help"]).succeeds().text();
        assert!(
            help.contains("--cache-dir") && help.contains("--json"),
            "{command}"
        );
    }
    assert_eq!(
        place.run(&["--version"]).succeeds().text(),
        format!("cachier {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_wrong_command_line_is_refused_with_the_nearest_right_one() {
    let place = Place::new();
    place.run(&[]).fails(2, "Usage: cachier");
    place.run(&["lits"]).fails(2, "list");
    place.run(&["list", "--jsno"]).fails(2, "--json");
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let place = Place::with_reports();
    let coloured = |arguments: &[&str], name: &str, value: &str| {
        let output = place
            .command()
            .args(arguments)
            .env(name, value)
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&["list"], "TERM", "xterm-256color"));
    assert!(coloured(&["list"], "CLICOLOR_FORCE", "1"));
    assert!(coloured(&["list", "--color", "always"], "NO_COLOR", "1"));
    assert!(!coloured(
        &["list", "--color", "never"],
        "CLICOLOR_FORCE",
        "1"
    ));
    assert!(!coloured(
        &["list", "--json", "--color", "always"],
        "TERM",
        "xterm"
    ));
}

#[test]
fn on_a_terminal_it_asks_before_it_removes() {
    let place = Place::with_reports();
    for arguments in [
        &["clear", REPORT][..],
        &["rm", REPORT, "[2022,\"Rome\"]"],
        &["prune", "--stale", "1h"],
    ] {
        for answer in ["n\n", "\n", "what\n"] {
            let ran = place.on_terminal(arguments, 80, answer).exits(1);
            assert!(
                ran.text().contains("? [y/N]") && ran.text().contains("nothing was removed"),
                "{}",
                ran.text()
            );
        }
    }
    assert_eq!(place.entries(REPORT), 3);
    let ran = place
        .on_terminal(&["rm", REPORT, "[2022,\"Rome\"]"], 80, "y\n")
        .succeeds();
    assert!(
        ran.text()
            .contains("Remove [2022,\"Rome\"] of weather::report#4f2a9c01? [y/N]"),
        "{}",
        ran.text()
    );
    let ran = place
        .on_terminal(&["clear", REPORT, "--yes"], 80, "")
        .succeeds();
    assert!(
        ran.text().contains("Removed 2 entries") && !ran.text().contains("[y/N]"),
        "{}",
        ran.text()
    );
    assert_eq!(place.entries(REPORT), 0);
}

#[test]
fn on_a_terminal_tables_have_its_width_and_colours() {
    let place = Place::with_reports();
    place.store(REPORT, &(1, "x".repeat(100)), 0, &"y".repeat(100));
    let id = "image_tools::resize::thumbnail<image::DynamicImage, alloc::string::String>#91bb02ee";
    place.store(id, &(), 0, &1);
    for (arguments, columns) in [
        (["show", REPORT], 60),
        (["show", REPORT], 120),
        (["list", "--sort=name"], 80),
    ] {
        let text = place.on_terminal(&arguments, columns, "").succeeds().text();
        assert!(text.contains("\u{1b}[1m"), "{text:?}");
        let plain = anstream::adapter::strip_str(&text).to_string();
        let table = plain.lines().filter(|line| !line.contains("in /"));
        let widest = table.map(|line| line.chars().count()).max();
        assert!(widest <= Some(columns.into()), "{plain}");
    }
    let listed = place.on_terminal(&["list"], 80, "").succeeds().text();
    assert!(
        listed.contains("…::thumbnail<…>#91bb02ee")
            || listed.contains("thumbnail<DynamicImage, String>"),
        "{listed}"
    );
}

#[test]
fn a_snapshot_is_not_written_to_a_terminal() {
    let place = Place::with_reports();
    let ran = place.on_terminal(&["export", REPORT], 80, "").exits(2);
    assert!(ran.text().contains("--output"), "{}", ran.text());
}

#[test]
fn a_reader_that_has_enough_is_no_trouble() {
    let place = Place::new();
    for number in 0..200 {
        place.store("large", &(number,), 0, &"x".repeat(1_000));
    }
    for arguments in [
        &["show", "large", "--json"][..],
        &["show", "large", "--limit", "0"],
        &["export", "large"],
    ] {
        let mut command = place.command();
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap()).succeeds();
        assert!(!ran.errors.contains("cachier:"), "{}", ran.errors);
    }
}

#[test]
fn no_text_of_an_entry_reaches_the_terminal_as_a_command() {
    let place = Place::new();
    let name = "a\u{1b}[2Jb";
    place.store(name, &("\u{9b}2J",), 0, &"\u{1b}]0;title\u{7}\u{202e}");
    for arguments in [
        &["list"][..],
        &["show", "a"],
        &["verify"],
        &["get", "a", "[1]"],
        &["clear", "a"],
        &["show", "a"],
    ] {
        let ran = place.run(arguments);
        let text = ran.text() + &ran.errors;
        assert!(text.contains("a\u{fffd}[2Jb"), "{text:?}");
        assert!(
            !text.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
            "{text:?}"
        );
    }
}

/// Changes one byte of a value in the newest log of a function.
fn damage(place: &Place, id: &str, value: &[u8]) -> PathBuf {
    let files = fs::read_dir(place.cache(id).dir())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_log = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("log.")
    };
    let log = files.filter(is_log).max().unwrap();
    let mut bytes = fs::read(&log).unwrap();
    let at = bytes
        .windows(value.len())
        .position(|window| window == value)
        .unwrap();
    bytes[at] ^= 1;
    fs::write(&log, bytes).unwrap();
    log
}

#[test]
fn verify_names_what_is_damaged_and_the_rest_can_still_be_read() {
    let place = Place::with_reports();
    let log = damage(&place, REPORT, b"rain\xf9\x38\x00");
    let ran = place.run(&["verify"]).exits(1);
    assert_eq!(words(&ran.lines()[1])[2..], ["2", "1"]);
    assert!(
        ran.lines()[2].starts_with(log.to_str().unwrap()),
        "{}",
        ran.text()
    );
    assert!(
        ran.errors.contains("1 damaged place was found"),
        "{}",
        ran.errors
    );
    let report = place.run(&["verify", "--json"]).exits(1).json();
    assert_eq!(report[0]["damaged"].as_array().unwrap().len(), 1);
    assert!(
        !report[0]["damaged"][0]["reason"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    place.run(&["get", REPORT, r#"[2022,"Rome"]"#]).exits(1);
    assert_eq!(
        place
            .run(&["get", REPORT, r#"[2024,"Oslo"]"#])
            .succeeds()
            .json(),
        "none"
    );
    assert_eq!(
        place.run(&["show", REPORT, "--json"]).succeeds().json()["entries"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn commands_that_write_do_so_to_a_damaged_cache() {
    for arguments in [
        &["rm", REPORT, "[2024,\"Oslo\"]"][..],
        &["prune", "--stale", "1h"],
        &["clear", REPORT],
        &["import", "", "--overwrite"],
    ] {
        let place = Place::with_reports();
        let file = place.export(REPORT);
        damage(&place, REPORT, b"rain\xf9\x38\x00");
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|argument| {
                if argument.is_empty() {
                    &file
                } else {
                    *argument
                }
            })
            .collect();
        place.run(&arguments).succeeds();
        place.run(&["verify"]).succeeds();
    }
}

#[test]
fn a_program_that_uses_the_cache_sees_what_is_removed_at_its_next_call() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let place = Place::new();
    let double = Memoize::builder()
        .name("double")
        .core(FileCore::new("double").cache_dir(place.dir()))
        .function(|number: u32| {
            RUNS.fetch_add(1, Ordering::Relaxed);
            number * 2
        })
        .unwrap();
    let call = |argument| (double.call((argument,)), RUNS.load(Ordering::Relaxed));
    assert_eq!(call(1), (2, 1));
    assert_eq!(call(1), (2, 1));
    assert_eq!(place.run(&["get", "double", "[1]"]).succeeds().json(), 2);
    place.run(&["rm", "double", "[1]"]).succeeds();
    assert_eq!(call(1), (2, 2));
    place.run(&["prune", "--stale", "0ms"]).succeeds();
    assert_eq!(call(1), (2, 3));
    place.run(&["clear", "double"]).succeeds();
    assert_eq!(call(1), (2, 4));
    let file = place.export("double");
    place.run(&["clear", "double"]).succeeds();
    place.run(&["import", &file]).succeeds();
    assert_eq!(call(1), (2, 4));
}

#[test]
fn every_command_works_while_entries_are_stored() {
    let place = Place::with_reports();
    let file = place.export(REPORT);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let cache = place.cache(REPORT);
            for number in 0_u32.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let key = Key::of(&(number % 100,)).unwrap();
                let stored = Stored {
                    digest: Digest::of(&key),
                    arguments: Some(key.as_bytes().to_vec()),
                    stored_at: now(),
                    none: false,
                    size: 0,
                    value: cbor(&"x".repeat(500)),
                };
                cache.insert(stored).unwrap();
            }
        });
        for arguments in [
            &["list"][..],
            &["show", REPORT, "--json"],
            &["verify"],
            &["export", REPORT],
            &["import", &file],
            &["prune", "--max-size", "10kB"],
            &["verify"],
        ] {
            place.run(arguments).succeeds();
        }
        done.store(true, Ordering::Relaxed);
    });
    place.run(&["verify"]).succeeds();
}
