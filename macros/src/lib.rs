//! The attribute `#[cachier(..)]` of the crate `cachier-wasm`, which re-exports and documents it: use that crate.

mod arguments;
mod expand;
mod function;
mod generics;
mod options;
mod places;
mod refusals;
mod settings;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Memoizes a function; see `cachier::cachier`, as which the crate `cachier-wasm` re-exports this.
#[proc_macro_attribute]
pub fn cachier(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(options.into(), item.into()).into()
}
