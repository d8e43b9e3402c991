//! Where the compiler points when something written will not do; knows not what is written.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

/// The place of something of the user's, for what is written about it.
pub(crate) fn place_of(given: &impl Spanned) -> Span {
    Span::mixed_site().located_at(given.span())
}

/// The same tokens at another place.
pub(crate) fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let tokens = tokens.clone().into_iter();
    let located = tokens.map(|mut token| {
        token.set_span(place);
        token
    });
    located.collect()
}
