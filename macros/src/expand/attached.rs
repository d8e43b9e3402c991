//! The enum of a function and its one-line methods, or the handle of an associated one.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Lifetime, Type};

use super::{Writer, local, split};
use crate::arguments::Argument;
use crate::generics::{with_lifetime, with_lifetimes_named};

impl Writer<'_> {
    /// The function's key, call and instance in one value, which has all the methods.
    pub(super) fn handle(&self, visibility: TokenStream) -> TokenStream {
        let Self {
            names,
            door,
            values,
            ..
        } = self;
        let (parameters, bounds, attached) = self.attached();
        let (key, call, instance) = (
            self.path(&names.key),
            self.path(&names.call),
            self.path(&names.instance),
        );
        let (options, arguments) = (local("options"), local("arguments"));
        let place = local("place");
        let (make, call) = if self.function.is_async() {
            let call =
                quote!(|#options, #arguments| ::std::boxed::Box::pin(#call(#options, #arguments)));
            (quote!(attached_async), call)
        } else {
            (quote!(attached), call)
        };
        let (name, conditions) = (&names.handle, self.hidden_conditions());
        let doc = self.function.is_associated().then(|| {
            let text = format!(
                " The cache of [`{0}`](Self::{0}).",
                self.function.item.sig.ident
            );
            quote!(#[doc = #text])
        });
        quote! {
            #conditions
            #doc
            #visibility fn #name #parameters() -> #attached #bounds {
                #door::#make(#instance(), |(#(#values,)*), #place| #key(#place, #(#values),*), #call)
            }
        }
    }

    /// The type of the handle, with the generics it needs.
    fn attached(&self) -> (TokenStream, TokenStream, TokenStream) {
        let (library, generics) = (&self.library, &self.function.item.sig.generics);
        let arguments = || self.function.arguments.iter();
        let named = |lifetime: &Lifetime| -> Vec<Type> {
            arguments()
                .map(|argument| with_lifetimes_named(&argument.ty, lifetime))
                .collect()
        };
        let borrowed = Lifetime::new("'cachier", Span::call_site());
        // Where nothing is borrowed, nothing need be said of it.
        let is_plain = generics.params.is_empty() && named(&borrowed).iter().eq(self.types());
        let (lifetime, generics) = if is_plain {
            (
                Lifetime::new("'static", Span::call_site()),
                generics.clone(),
            )
        } else {
            let more = with_lifetime(generics, &borrowed);
            (borrowed, more)
        };
        let (types, returned) = (named(&lifetime), &self.function.returned);
        let attached = if self.function.is_async() {
            quote!(#library::AsyncAttached<#lifetime, (#(#types,)*), #returned>)
        } else {
            quote!(#library::Attached<(#(#types,)*), #returned>)
        };
        let (parameters, bounds) = split(&generics);
        (parameters, bounds, attached)
    }

    pub(super) fn enumeration(&self) -> TokenStream {
        let (visibility, owner, conditions) =
            (&self.function.item.vis, &self.owner, self.conditions());
        let doc = format!(" The cache of [`{}()`].", self.function.item.sig.ident);
        let (methods, many) = (self.methods(), self.many());
        quote! {
            #(#conditions)*
                #[doc = #doc]
                #[allow(non_camel_case_types)]
                #visibility enum #owner {}
            #(#conditions)*
            #[allow(dead_code, missing_docs, unreachable_pub)]
            #many
            impl #owner {
                #methods
            }
        }
    }

    fn methods(&self) -> TokenStream {
        let (library, returned) = (&self.library, &self.function.returned);
        let fallible = |ok| quote!(-> ::core::result::Result<#ok, #library::Error>);
        let maybe = |some| quote!(-> ::core::option::Option<#some>);
        let (arguments, nothing) = (self.arguments(), Passed::default());
        let with_value = self.arguments().and(local("value"), quote!(#returned));
        let now = Waiting::default();
        let waiting = Waiting {
            before: self.function.item.sig.asyncness.to_token_stream(),
            after: self.wait(),
        };
        let methods = [
            waiting.line("try_call", &arguments, fallible(quote!(#returned))),
            waiting.line("trace", &arguments, quote!(-> #library::Traced<#returned>)),
            waiting.line(
                "peek",
                &arguments,
                maybe(quote!(#library::Entry<#returned>)),
            ),
            waiting.line("is_fresh", &arguments, quote!(-> bool)),
            waiting.line("remove", &arguments, fallible(quote!(bool))),
            now.line("key_of", &arguments, fallible(quote!(#library::Key))),
            waiting.line("precache_value", &with_value, fallible(quote!(#returned))),
            waiting.line("clear_cache", &nothing, quote!()),
            waiting.line("clear_being_calculated", &nothing, quote!()),
            now.line("cache_dpath", &nothing, maybe(quote!(::std::path::PathBuf))),
            waiting.line(
                "entries",
                &nothing,
                fallible(quote!(::std::vec::Vec<#library::Listed>)),
            ),
            waiting.line("metrics", &nothing, maybe(quote!(#library::Metrics))),
            waiting.line("drain", &nothing, quote!()),
        ];
        let methods = methods.into_iter().map(|method| self.finished(method));
        let with = self.with();
        quote!(#with #(#methods)*)
    }

    /// The handle under the options of one call.
    fn with(&self) -> TokenStream {
        let (library, turbofish, options) = (&self.library, &self.turbofish, local("options"));
        let (parameters, bounds, attached) = self.attached();
        quote! {
            pub fn with #parameters(#options: #library::CallOptions) -> #attached #bounds {
                Self::handle #turbofish().with(#options)
            }
        }
    }

    fn finished(&self, method: Line) -> TokenStream {
        let turbofish = &self.turbofish;
        let (parameters, bounds) = self.generics();
        let Line { head, tail, call } = method;
        quote!(pub #head #parameters #tail #bounds { Self::handle #turbofish() #call })
    }

    fn arguments(&self) -> Passed {
        let pass = |passed: Passed, Argument { name, ty, .. }: &Argument| {
            passed.and(name.clone(), quote!(#ty))
        };
        self.function.arguments.iter().fold(Passed::default(), pass)
    }
}

/// What a method takes, and passes on.
#[derive(Default)]
struct Passed {
    names: Vec<Ident>,
    types: Vec<TokenStream>,
}

impl Passed {
    fn and(mut self, name: Ident, ty: TokenStream) -> Self {
        self.names.push(name);
        self.types.push(ty);
        self
    }
}

/// What stands before a method that waits, and behind its call.
#[derive(Default)]
struct Waiting {
    before: TokenStream,
    after: TokenStream,
}

/// A method without its generics.
struct Line {
    head: TokenStream,
    tail: TokenStream,
    call: TokenStream,
}

impl Waiting {
    fn line(&self, name: &str, passed: &Passed, returned: TokenStream) -> Line {
        let Self { before, after } = self;
        let Passed { names, types } = passed;
        let name = Ident::new(name, Span::call_site());
        Line {
            head: quote!(#before fn #name),
            tail: quote!((#(#names: #types),*) #returned),
            call: quote!(.#name(#(#names),*) #after),
        }
    }
}
