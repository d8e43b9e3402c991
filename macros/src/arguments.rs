//! The arguments of a function: their names, and how each is borrowed, owned and lent; not what is done with them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{FnArg, Pat, PatIdent, PatType, Receiver, ReceiverKind, Type, parse_quote};

use crate::places::{located, place_of};

/// One argument as everything around the function's own body names it.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) is_receiver: bool,
    pub(crate) ignored: bool,
}

impl Argument {
    pub(crate) fn all<'a>(
        inputs: impl IntoIterator<Item = &'a FnArg>,
        ignored: &[Ident],
    ) -> Vec<Self> {
        let arguments = inputs.into_iter().enumerate();
        arguments
            .map(|(index, input)| Self::of(index + 1, input, ignored))
            .collect()
    }

    fn of(number: usize, input: &FnArg, ignored: &[Ident]) -> Self {
        let (name, ty) = match input {
            FnArg::Receiver(receiver) => (
                Ident::new("this", Span::mixed_site()),
                receiver_type(receiver),
            ),
            FnArg::Typed(PatType { pat, ty, .. }) => (name_of(number, pat), (**ty).clone()),
        };
        let is_receiver = matches!(input, FnArg::Receiver(_));
        let ignored = ignored
            .iter()
            .any(|given| *given == name || (is_receiver && given == "self"));
        Self {
            name,
            ty,
            is_receiver,
            ignored,
        }
    }

    /// What it refers to, if it is a reference.
    pub(crate) fn referred(&self) -> Option<&Type> {
        match bare(&self.ty) {
            Type::Reference(reference) => Some(&reference.elem),
            _ => None,
        }
    }

    /// Its type where only a key is made of it.
    pub(crate) fn borrowed(&self) -> TokenStream {
        let ty = &self.ty;
        match self.referred() {
            Some(_) => quote!(#ty),
            None => quote!(&#ty),
        }
    }

    /// Its type once it is kept for a refresh.
    pub(crate) fn owned(&self, library: &TokenStream) -> TokenStream {
        match self.referred() {
            Some(referred) => {
                let library = located(library, place_of(&self.ty));
                quote_spanned!(place_of(&self.ty)=> <#referred as #library::Own>::Owned)
            }
            None => self.ty.to_token_stream(),
        }
    }

    /// Keeps it.
    pub(crate) fn own(&self, library: &TokenStream) -> TokenStream {
        let name = &self.name;
        match self.referred() {
            Some(referred) => {
                let library = located(library, place_of(&self.ty));
                quote_spanned!(place_of(&self.ty)=> #library::own::<#referred>(#name))
            }
            None => quote!(#name),
        }
    }

    /// What was kept as [`borrowed`](Self::borrowed) says, from a reference to it.
    pub(crate) fn lend(&self, library: &TokenStream) -> TokenStream {
        let name = &self.name;
        match self.referred() {
            Some(referred) => {
                let library = located(library, place_of(&self.ty));
                quote_spanned!(place_of(&self.ty)=> #library::lend::<#referred>(#name))
            }
            None => quote!(#name),
        }
    }

    /// What was kept as the function takes it.
    pub(crate) fn give(&self, library: &TokenStream) -> TokenStream {
        let name = &self.name;
        match self.referred() {
            Some(referred) => {
                let library = located(library, place_of(&self.ty));
                quote_spanned!(place_of(&self.ty)=> #library::lend::<#referred>(&#name))
            }
            None => quote!(#name),
        }
    }
}

/// A type without the groups that macros put around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

fn receiver_type(receiver: &Receiver) -> Type {
    let own = Ident::new("Self", receiver.self_token.span);
    match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => {
            parse_quote!(#and #lifetime #mutability #own)
        }
        ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => parse_quote!(#own),
    }
}

fn name_of(number: usize, pattern: &Pat) -> Ident {
    match pattern {
        Pat::Ident(PatIdent {
            by_ref: None,
            subpat: None,
            ident,
            ..
        }) => ident.clone(),
        _ => format_ident!("argument_{number}", span = Span::mixed_site()),
    }
}
