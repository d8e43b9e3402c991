//! The static of a function and how it is defined: the options as calls of the builder's methods.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use sha2::{Digest, Sha256};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Signature};

use super::{Writer, local};
use crate::options::literal;
use crate::places::{located, place_of};
use crate::settings::{Setting, Takes};

impl Writer<'_> {
    /// The static, and what stands in it.
    pub(super) fn instance(&self) -> TokenStream {
        let Self { names, door, .. } = self;
        let (parameters, bounds) = self.generics();
        let (name, function) = (&names.instance, self.function_itself());
        let (kept, core, define) = (self.kept(), self.core(), self.define());
        let checks = self
            .function
            .options
            .settings
            .iter()
            .filter_map(|(setting, value)| self.check(*setting, value));
        let fingerprint = fingerprint(&self.function.item.sig);
        let conditions = self.hidden_conditions();
        let attributes = &self.function.item.attrs;
        let is_deprecated = attributes
            .iter()
            .any(|attribute| attribute.path().is_ident("deprecated"));
        let still = is_deprecated.then(|| quote!(#[allow(deprecated)]));
        let method = Ident::new("instance", place_of(&self.function.returned));
        quote! {
            #conditions
            #still
            fn #name #parameters() -> &'static #door::Instance #bounds {
                use #door::kinds::*;
                static __CACHE: #door::Slot = #door::Slot::new();
                #(#checks)*
                __CACHE.#method(&#function, #fingerprint, #kept, #core, #define)
            }
        }
    }

    /// The function as a value: it tells instances apart and gives them their names.
    fn function_itself(&self) -> TokenStream {
        let (name, turbofish) = (&self.function.item.sig.ident, &self.turbofish);
        if self.function.is_associated() {
            quote!(Self::#name #turbofish)
        } else {
            quote!(#name #turbofish)
        }
    }

    fn define(&self) -> TokenStream {
        let options = &self.function.options;
        let settings = options
            .settings
            .iter()
            .map(|(setting, value)| self.set(*setting, value));
        let scope = options.scope.as_ref().map(|scope| {
            let door = &self.door;
            quote_spanned!(place_of(scope)=> .scope(|| #door::scope(#scope)))
        });
        let weigh = options.is_in_bytes().then(|| quote!(.weigh_encoded()));
        let calls: TokenStream = settings.chain(scope).chain(weigh).collect();
        if calls.is_empty() {
            return quote!(::core::result::Result::Ok);
        }
        let builder = local("builder");
        quote!(|#builder| ::core::result::Result::Ok(#builder #calls))
    }

    fn set(&self, setting: Setting, value: &Expr) -> TokenStream {
        let method = Ident::new(setting.name, Span::call_site());
        let value = match setting.takes {
            Takes::OnError => self.on_error(value),
            _ if setting.name == "name" => self.name(value),
            _ => value.to_token_stream(),
        };
        let may_fail = setting.is_fallible().then(|| quote!(?));
        quote!(.#method(#value) #may_fail)
    }

    /// The word for it, or whatever else the user gives.
    fn on_error(&self, value: &Expr) -> TokenStream {
        let library = &self.library;
        let word = match value {
            Expr::Path(path) => path.path.get_ident().map(Ident::to_string),
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        };
        match word.as_deref() {
            Some("serve") => quote_spanned!(place_of(value)=> #library::OnError::Serve),
            Some("fail") => quote_spanned!(place_of(value)=> #library::OnError::Fail),
            _ => value.to_token_stream(),
        }
    }

    /// Functions of other type parameters share no entries, whatever their name.
    fn name(&self, value: &Expr) -> TokenStream {
        let generics = &self.function.item.sig.generics;
        let parameters: Vec<_> = generics
            .type_params()
            .map(|parameter| &parameter.ident)
            .collect();
        if parameters.is_empty() {
            return value.to_token_stream();
        }
        let door = &self.door;
        quote!(#door::named(#value, ::core::any::type_name::<(#(#parameters,)*)>()))
    }

    /// What is written as text or number is checked while it is compiled.
    fn check(&self, setting: Setting, value: &Expr) -> Option<TokenStream> {
        let door = &self.door;
        let (check, least) = match (literal(value)?, setting.takes) {
            (Lit::Str(_), Takes::Duration(least)) => ("check_duration", least),
            (Lit::Str(_), Takes::Window) => ("check_window", 0),
            (Lit::Str(_), Takes::Size(least)) => ("check_size", least),
            (Lit::Str(_), Takes::Front) => ("check_size", 0),
            (Lit::Int(_), Takes::Duration(least) | Takes::Size(least) | Takes::Count(least)) => {
                ("check_number", least)
            }
            (Lit::Int(_), Takes::Window | Takes::Front) => ("check_number", 0),
            _ => return None,
        };
        let check = Ident::new(check, value.span());
        // At the user's own place: this error would else be reported for the whole attribute.
        let door = located(door, value.span());
        Some(quote_spanned!(value.span()=> const _: () = #door::#check(#value, #least);))
    }
}

/// Eight digits that differ where functions of one name do: in another package, or with another signature.
fn fingerprint(signature: &Signature) -> String {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(package);
    hash.update([0]);
    hash.update(signature.to_token_stream().to_string());
    hash.finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
