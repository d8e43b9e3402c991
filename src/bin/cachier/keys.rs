//! Which entry of a function is meant; knows digests and arguments, not what is done with the entry.

use cachier::Error;
use cachier::inspect::{Cache, Digest, Stored};

use crate::entry;
use crate::failure::Failure;
use crate::json::key_of;

/// Fewer digits of a digest are too easily something else.
const FEWEST_DIGITS: usize = 8;

/// The entry of these arguments, in JSON, or of this digest or its beginning.
pub fn find(cache: &Cache, given: &str, scope: Option<&str>) -> Result<Stored, Failure> {
    if let Ok(digest) = given.parse::<Digest>() {
        return read(cache, &digest)?.ok_or_else(|| missing(cache, given));
    }
    let key = key_of(given);
    if let Ok(key) = &key {
        let key = scope.map_or_else(|| key.clone(), |scope| key.clone().scoped(scope));
        if let Some(stored) = read(cache, &Digest::of(&key))? {
            return Ok(stored);
        }
    }
    if is_beginning_of_digest(given)
        && let Some(stored) = find_beginning(cache, given)?
    {
        return Ok(stored);
    }
    match key {
        Ok(_) => Err(missing(cache, given)),
        Err(_) if is_beginning_of_digest(given) => Err(missing(cache, given)),
        Err(reason) => Err(Failure::Usage(format!(
            "'{given}' is neither arguments in JSON nor a digest: {reason}{}",
            advice(given)
        ))),
    }
}

/// The entry of a digest. Damage anywhere in a log is told once, and is no reason to miss what is whole.
pub fn read(cache: &Cache, digest: &Digest) -> Result<Option<Stored>, Error> {
    match cache.get(digest) {
        Err(damage) if damage.is_damaged() => match cache.get(digest)? {
            Some(stored) => Ok(Some(stored)),
            None => Err(damage),
        },
        read => read,
    }
}

fn missing(cache: &Cache, given: &str) -> Failure {
    Failure::Nothing(format!("{} has no entry for {given}", cache.id()))
}

/// The quotes that a shell takes off are what is forgotten most.
fn advice(given: &str) -> String {
    let is_word = !given.is_empty()
        && given
            .chars()
            .all(|character| character.is_alphanumeric() || "_- ".contains(character));
    match is_word {
        true => format!("; for the text, write '\"{given}\"'"),
        false => String::new(),
    }
}

fn is_beginning_of_digest(given: &str) -> bool {
    given.len() >= FEWEST_DIGITS && given.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn find_beginning(cache: &Cache, given: &str) -> Result<Option<Stored>, Failure> {
    let given = given.to_ascii_lowercase();
    let mut found = None;
    entry::each(cache, |stored| {
        if !stored.digest.to_string().starts_with(&given) {
            return Ok(());
        }
        match found.replace(stored) {
            None => Ok(()),
            Some(_) => Err(Failure::Usage(format!(
                "several digests begin with {given}: give more digits"
            ))),
        }
    })?;
    Ok(found)
}
