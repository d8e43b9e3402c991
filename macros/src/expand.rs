//! What is written for a function: one static, one call, and the one-line methods of its enum; decides nothing.

mod attached;
mod definition;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::Parser;
use syn::{Attribute, Expr, FnArg, Generics, ItemFn, Pat, PatType, Result, parse_quote};

use crate::arguments::Argument;
use crate::function::Function;
use crate::generics::turbofish;
use crate::options::{Core, Keep, Options};
use crate::places::{located, place_of};
use crate::refusals::{refuse, written};

/// With a value beside them, these are more arguments than clippy lets pass.
const MANY: usize = 7;

/// The attribute: its options, and the item it stands on.
pub(crate) fn attribute(options: TokenStream, item: TokenStream) -> TokenStream {
    expanded(options, item.clone()).unwrap_or_else(|error| written(&error, item))
}

fn expanded(options: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(options)?;
    let function = Function::new(parsed(item)?, options)?;
    let writer = Writer::new(&function);
    Ok(if function.is_associated() {
        writer.beside_it()
    } else {
        writer.with_enum()
    })
}

fn parsed(item: TokenStream) -> Result<ItemFn> {
    match syn::parse2(item.clone()) {
        Ok(function) => Ok(function),
        Err(_) => refuse(item, "only a function with a body can be memoized"),
    }
}

/// The names of what is written beside the function.
struct Names {
    uncached: Ident,
    instance: Ident,
    key: Ident,
    call: Ident,
    later: Ident,
    handle: Ident,
}

impl Names {
    fn in_enum() -> Self {
        let name = |name| Ident::new(name, Span::call_site());
        Self {
            uncached: name("uncached"),
            instance: name("instance"),
            key: name("key"),
            call: name("call"),
            later: name("later"),
            handle: name("handle"),
        }
    }

    fn beside(function: &Ident, handle: Option<&Ident>) -> Self {
        let name = |part| format_ident!("__{function}_{part}", span = Span::call_site());
        let usual = || format_ident!("{function}_cache", span = function.span());
        Self {
            uncached: name("uncached"),
            instance: name("instance"),
            key: name("key"),
            call: name("call"),
            later: name("later"),
            handle: handle.cloned().unwrap_or_else(usual),
        }
    }
}

/// All that is written again and again.
struct Writer<'a> {
    function: &'a Function,
    names: Names,
    /// What the function itself puts before the names: its enum, or `Self`.
    owner: TokenStream,
    /// The library, and the door in it.
    library: TokenStream,
    door: TokenStream,
    /// Named in the same way everywhere.
    values: Vec<&'a Ident>,
    turbofish: TokenStream,
}

impl<'a> Writer<'a> {
    fn new(function: &'a Function) -> Self {
        let library = match &function.options.library {
            Some(path) => quote!(#path),
            None => quote!(::cachier),
        };
        let (name, handle) = (&function.item.sig.ident, function.options.handle.as_ref());
        let (names, owner) = if function.is_associated() {
            (Names::beside(name, handle), quote!(Self))
        } else {
            let owner = handle.unwrap_or(name);
            (Names::in_enum(), quote!(#owner))
        };
        Self {
            function,
            names,
            owner,
            door: quote!(#library::internal),
            library,
            values: function
                .arguments
                .iter()
                .map(|argument| &argument.name)
                .collect(),
            turbofish: turbofish(&function.item.sig.generics),
        }
    }

    /// A free function, and its enum.
    fn with_enum(&self) -> TokenStream {
        let (outer, enumeration) = (self.outer(), self.enumeration());
        let (owner, conditions) = (&self.owner, self.conditions());
        let (parts, handle) = (self.parts(), self.handle(quote!()));
        let many = self.many();
        quote! {
            #outer
            #enumeration
            #(#conditions)*
            #many
            impl #owner {
                #parts
                #handle
            }
        }
    }

    /// An associated function, and what belongs to it in the same impl block.
    fn beside_it(&self) -> TokenStream {
        let visibility = &self.function.item.vis;
        let (outer, parts) = (self.outer(), self.parts());
        let (handle, hint) = (self.handle(quote!(#visibility)), self.hint());
        quote!(#outer #hint #parts #handle)
    }

    /// Nothing but its name, which the compiler tells where only members of a trait may stand.
    fn hint(&self) -> TokenStream {
        let function = &self.function.item.sig.ident;
        let name = format_ident!(
            "__{function}_needs_an_impl_without_trait",
            span = function.span()
        );
        let conditions = self.hidden_conditions();
        quote! {
            #conditions
            #[allow(dead_code, non_upper_case_globals)]
            const #name: () = ();
        }
    }

    /// Whoever allows a function many arguments allows them to what is written for it.
    fn many(&self) -> Option<TokenStream> {
        let are_many = self.values.len() >= MANY;
        are_many.then(|| quote!(#[allow(clippy::too_many_arguments)]))
    }

    fn parts(&self) -> TokenStream {
        let parts = [
            self.uncached(),
            self.instance(),
            self.key(),
            self.call(),
            self.later(),
        ];
        parts.into_iter().collect()
    }

    /// The function as everybody calls it.
    fn outer(&self) -> TokenStream {
        let Self {
            names,
            owner,
            turbofish,
            values,
            ..
        } = self;
        let ItemFn {
            attrs, vis, sig, ..
        } = &self.function.item;
        let attrs = attrs.iter().filter_map(outer_attribute);
        let mut signature = sig.clone();
        signature.inputs = self.inputs();
        let call = &names.call;
        let wait = self.wait();
        let values = values
            .iter()
            .zip(&self.function.arguments)
            .map(|(value, argument)| {
                if argument.is_receiver {
                    quote!(self)
                } else {
                    quote!(#value)
                }
            });
        quote! {
            #(#attrs)*
            #vis #signature {
                #owner::#call #turbofish(::core::option::Option::None, (#(#values,)*)) #wait .value
            }
        }
    }

    /// The function as it was written.
    fn uncached(&self) -> TokenStream {
        let ItemFn {
            attrs, sig, block, ..
        } = &self.function.item;
        let attrs = attrs
            .iter()
            .filter(|attribute| concerns_the_body(attribute));
        let mut signature = sig.clone();
        signature.ident = self.names.uncached.clone();
        quote!(#(#attrs)* #signature #block)
    }

    /// The key of arguments by reference, made in a place for it.
    fn key(&self) -> TokenStream {
        let Self {
            names,
            library,
            door,
            ..
        } = self;
        let place = local("place");
        let (parameters, bounds) = self.generics();
        let inputs = self.function.arguments.iter().map(|argument| {
            let (name, ty) = (&argument.name, argument.borrowed());
            let counts = self.function.options.key.is_some() || !argument.ignored;
            if counts {
                quote!(#name: #ty)
            } else {
                quote!(_: #ty)
            }
        });
        let (name, body) = (&names.key, self.key_body());
        let (conditions, many) = (self.hidden_conditions(), self.many());
        quote! {
            #conditions
            #many
            #[inline]
            fn #name #parameters(#place: &mut #door::Arguments, #(#inputs),*) -> ::core::result::Result<(), #library::Error> #bounds {
                #body
                ::core::result::Result::Ok(())
            }
        }
    }

    fn key_body(&self) -> TokenStream {
        let (place, door, values) = (local("place"), &self.door, &self.values);
        match &self.function.options.key {
            None => {
                let counting = self
                    .function
                    .arguments
                    .iter()
                    .filter(|argument| !argument.ignored);
                let parts: Vec<_> = counting
                    .map(|Argument { name, ty, .. }| {
                        let (place, door) = (place_of(ty), located(door, place_of(ty)));
                        quote_spanned!(place=> #door::part(#name))
                    })
                    .collect();
                let count = parts.len();
                quote! {
                    #place.open(#count);
                    #(#place.give(#parts)?;)*
                }
            }
            Some(Expr::Closure(closure)) => {
                let (patterns, types): (Vec<_>, Vec<_>) = closure.inputs.iter().map(typed).unzip();
                let body = &closure.body;
                quote! {
                    let (#(#patterns,)*): (#(#types,)*) = (#(#values,)*);
                    #place.give_all(#door::part(&(#body)))?;
                }
            }
            Some(function) => quote!(#place.give_all(#door::part(&#function(#(#values),*)))?;),
        }
    }

    /// The one call.
    fn call(&self) -> TokenStream {
        let Self {
            names,
            door,
            turbofish,
            ..
        } = self;
        let (parameters, bounds) = self.generics();
        let types = self.types();
        let (name, instance) = (&names.call, &names.instance);
        let returned = &self.function.returned;
        let asyncness = &self.function.item.sig.asyncness;
        let (kept, core, given, wait) = (self.kept(), self.core(), self.given(), self.wait());
        let library_call = if self.function.is_async() {
            quote!(call_async)
        } else {
            quote!(call)
        };
        let (options, arguments) = (local("options"), local("arguments"));
        let conditions = self.hidden_conditions();
        // It is this call that asks for a result that can be kept.
        let checking = located(door, place_of(returned));
        let (values, path) = (&self.values, self.path(&names.key));
        let (place, result) = (local("place"), local("keyed"));
        let keyed = quote!({ let (#(#values,)*) = &#arguments; #path(&mut #place, #(#values),*) });
        quote! {
            #conditions
            #[inline]
            #asyncness fn #name #parameters(#options: #door::Chosen, #arguments: (#(#types,)*)) -> #door::Settled<#returned> #bounds {
                use #door::kinds::*;
                let mut #place = #door::Arguments::new();
                let #result = #keyed;
                #checking::#library_call(Self::#instance #turbofish(), #kept, #core, #options, &mut #place, #result, #given) #wait
            }
        }
    }

    /// The arguments of a call, and what is done with them.
    fn given(&self) -> TokenStream {
        let (door, values) = (&self.door, &self.values);
        let (key, now) = (self.path(&self.names.key), self.path(&self.names.uncached));
        let (arguments, place) = (local("arguments"), local("place"));
        let run = if self.function.is_async() {
            quote!(#now(#(#values),*))
        } else {
            quote!(#door::at_once(#now(#(#values),*)))
        };
        let given = quote! {
            #door::given(#arguments, |(#(#values,)*)| #door::keyed(|#place| #key(#place, #(#values),*)), |(#(#values,)*)| #run)
        };
        if self.function.options.is_renewable() {
            self.renewable(&given)
        } else {
            given
        }
    }

    fn renewable(&self, given: &TokenStream) -> TokenStream {
        let (door, values, arguments) = (&self.door, &self.values, &self.function.arguments);
        let (key, now) = (self.path(&self.names.key), self.path(&self.names.uncached));
        let place = local("place");
        let own = arguments.iter().map(|argument| argument.own(door));
        let lend = arguments.iter().map(|argument| argument.lend(door));
        let run = if self.function.is_async() {
            self.path(&self.names.later)
        } else {
            let give = arguments.iter().map(|argument| argument.give(door));
            quote!(|(#(#values,)*)| #door::at_once(#now(#(#give),*)))
        };
        let renewable = if self.function.is_async() {
            quote!(renewable_async)
        } else {
            quote!(renewable)
        };
        quote! {
            #door::#renewable(
                #given,
                |(#(#values,)*)| (#(#own,)*),
                |(#(#values,)*)| #door::keyed(|#place| #key(#place, #(#lend),*)),
                #run,
            )
        }
    }

    /// An async refresh: apart from the call, so that a function may await itself.
    fn later(&self) -> TokenStream {
        if !(self.function.is_async() && self.function.options.is_renewable()) {
            return TokenStream::new();
        }
        let Self {
            names,
            door,
            values,
            ..
        } = self;
        let (parameters, bounds) = self.generics();
        let arguments = &self.function.arguments;
        let (owned, give) = (
            arguments.iter().map(|argument| argument.owned(door)),
            arguments.iter().map(|argument| argument.give(door)),
        );
        let (name, now, returned) = (
            &names.later,
            self.path(&names.uncached),
            &self.function.returned,
        );
        let conditions = self.hidden_conditions();
        quote! {
            #conditions
            fn #name #parameters((#(#values,)*): (#(#owned,)*)) -> #door::Unbound<#returned> #bounds {
                #door::Unbound::new(async move { #now(#(#give),*).await })
            }
        }
    }

    /// What of a result is kept.
    fn kept(&self) -> TokenStream {
        let returned = &self.function.returned;
        let door = located(&self.door, place_of(returned));
        let probed = quote!((&&&#door::probe::<#returned>()).kept());
        match self.function.options.cache {
            None => probed,
            Some(Keep::Ok) => quote!(#door::only_ok(#probed)),
            Some(Keep::Some) => quote!(#door::Kept::<#returned, #door::KeepSome>::told()),
            Some(Keep::All) => quote!(#door::Kept::<#returned, #door::KeepAll>::told()),
        }
    }

    /// Where values are kept; it is the result's type that has to fit.
    fn core(&self) -> TokenStream {
        let place = place_of(&self.function.returned);
        let door = located(&self.door, place);
        let core = match (self.function.options.core, self.function.is_async()) {
            (Some(Core::Memory), _) => "InMemory",
            (Some(Core::File), _) => "FileCore",
            (Some(Core::IndexedDb), _) => "IndexedDbCore",
            (Some(Core::LocalStorage), false) => "LocalStorageCore",
            (Some(Core::LocalStorage), true) => "SharedLocalStorageCore",
            (None, false) => "DefaultCore",
            (None, true) => "DefaultAsyncCore",
        };
        let core = Ident::new(core, place);
        quote!(#door::#core)
    }

    fn wait(&self) -> TokenStream {
        if self.function.is_async() {
            quote!(.await)
        } else {
            TokenStream::new()
        }
    }

    fn path(&self, name: &Ident) -> TokenStream {
        let turbofish = &self.turbofish;
        quote!(Self::#name #turbofish)
    }

    fn types(&self) -> impl Iterator<Item = &'a syn::Type> {
        self.function.arguments.iter().map(|argument| &argument.ty)
    }

    fn generics(&self) -> (TokenStream, TokenStream) {
        split(&self.function.item.sig.generics)
    }

    /// The arguments by their names, patterns left to the function's own body.
    fn inputs(&self) -> syn::punctuated::Punctuated<FnArg, syn::Token![,]> {
        let given = self
            .function
            .item
            .sig
            .inputs
            .iter()
            .zip(&self.function.arguments);
        given
            .map(|(input, Argument { name, ty, .. })| match input {
                FnArg::Receiver(receiver) => {
                    let mut receiver = receiver.clone();
                    receiver.mutability = None;
                    FnArg::Receiver(receiver)
                }
                FnArg::Typed(_) => parse_quote!(#name: #ty),
            })
            .collect()
    }

    /// Where the function exists only under some configurations, so does all that is written for it.
    fn conditions(&self) -> Vec<&'a Attribute> {
        let attributes = self.function.item.attrs.iter();
        attributes
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .collect()
    }

    /// The same in an impl block, whose other functions are the user's.
    fn hidden_conditions(&self) -> TokenStream {
        if !self.function.is_associated() {
            return TokenStream::new();
        }
        let conditions = self.conditions();
        quote!(#(#conditions)*)
    }
}

/// A parameter of a closure, and its type if that is said.
fn typed(parameter: &Pat) -> (TokenStream, TokenStream) {
    match parameter {
        Pat::Type(PatType { pat, ty, .. }) => (quote!(#pat), quote!(#ty)),
        pattern => (quote!(#pattern), quote!(_)),
    }
}

/// Parameters and bounds, as they stand on a function.
fn split(generics: &Generics) -> (TokenStream, TokenStream) {
    let Generics {
        params,
        where_clause,
        ..
    } = generics;
    let parameters = if params.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#params>)
    };
    (parameters, quote!(#where_clause))
}

/// A variable that no name of the user's is mistaken for.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn is_lint(attribute: &Attribute) -> bool {
    ["allow", "warn", "deny", "forbid"]
        .iter()
        .any(|lint| attribute.path().is_ident(lint))
}

/// Lints and conditions are about the body as well; what is expected of a lint, about nothing else.
fn concerns_the_body(attribute: &Attribute) -> bool {
    is_lint(attribute) || attribute.path().is_ident("expect") || attribute.path().is_ident("cfg")
}

/// What is expected in the body need not be met outside it.
fn outer_attribute(attribute: &Attribute) -> Option<Attribute> {
    if !attribute.path().is_ident("expect") {
        return Some(attribute.clone());
    }
    let lints = attribute.meta.require_list().ok()?.tokens.clone();
    let allowed = quote!(#[allow(#lints)]);
    Attribute::parse_outer.parse2(allowed).ok()?.pop()
}
