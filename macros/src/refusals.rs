//! How refusals are worded and collected: a message at a place, with what to do; not when to refuse.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Error, Result};

/// Refuses with a message at a place.
pub(crate) fn refuse<T>(place: impl ToTokens, message: impl AsRef<str>) -> Result<T> {
    Err(refusal(place, message))
}

/// A message at a place.
pub(crate) fn refusal(place: impl ToTokens, message: impl AsRef<str>) -> Error {
    Error::new_spanned(place, format!("cachier: {}", message.as_ref()))
}

/// Several checks of one thing: all that they refuse is said at once.
pub(crate) fn all(checks: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let errors = checks.into_iter().filter_map(Result::err);
    let combined = errors.reduce(|mut all, error| {
        all.combine(error);
        all
    });
    combined.map_or(Ok(()), Err)
}

/// The errors, followed by the item as it was, so that nothing else in the program misses it.
pub(crate) fn written(error: &Error, item: TokenStream) -> TokenStream {
    let mut written = error.to_compile_error();
    written.extend(item);
    written
}

/// "; did you mean `x`?", or else what there is.
pub(crate) fn advice<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(given, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// Case and `_` are not counted, so that another language's spelling of a name finds it.
fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let distance = |name: &str| strsim::levenshtein(&plain(given), &plain(name));
    let near = |name: &&str| distance(name) * 3 <= name.len().max(given.len());
    known.filter(near).min_by_key(|name| distance(name))
}
