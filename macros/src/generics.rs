//! Type parameters and lifetimes: which a type mentions, which it leaves out; not what a function is for.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericParam, Generics, Ident, Lifetime, ParenthesizedGenericArguments, Type, TypeFnPtr,
    TypeImplTrait, TypeReference, parse_quote,
};

/// `::<A, B>` of the type and const parameters, which is how one function calls another with the same.
pub(crate) fn turbofish(generics: &Generics) -> TokenStream {
    let names: Vec<&Ident> = generics.params.iter().filter_map(name).collect();
    if names.is_empty() {
        return TokenStream::new();
    }
    quote!(::<#(#names),*>)
}

fn name(parameter: &GenericParam) -> Option<&Ident> {
    match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    }
}

/// The same generics with one more lifetime, which nothing in them outlives.
pub(crate) fn with_lifetime(generics: &Generics, lifetime: &Lifetime) -> Generics {
    let mut more = generics.clone();
    let outlived = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => Some(parameter.lifetime.to_token_stream()),
            GenericParam::Type(parameter) => Some(parameter.ident.to_token_stream()),
            GenericParam::Const(_) => None,
        });
    let bounds: Vec<_> = outlived
        .map(|outlived| parse_quote!(#outlived: #lifetime))
        .collect();
    if !bounds.is_empty() {
        more.make_where_clause()
            .predicates
            .extend::<Vec<syn::WherePredicate>>(bounds);
    }
    more.params.insert(0, parse_quote!(#lifetime));
    more
}

/// The type with every lifetime that it leaves out named.
pub(crate) fn with_lifetimes_named(ty: &Type, lifetime: &Lifetime) -> Type {
    struct Naming<'a>(&'a Lifetime);
    impl VisitMut for Naming<'_> {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            reference.lifetime.get_or_insert_with(|| self.0.clone());
            visit_mut::visit_type_reference_mut(self, reference);
        }
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = self.0.clone();
            }
        }
        // What is left out in the type of a function is that function's own.
        fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments_mut(
            &mut self,
            _: &mut ParenthesizedGenericArguments,
        ) {
        }
    }
    let mut named = ty.clone();
    Naming(lifetime).visit_type_mut(&mut named);
    named
}

/// What of a type matters to whether it can be kept.
#[derive(Default)]
pub(crate) struct Mentions<'a> {
    /// The first lifetime, or reference without one, that is not `'static`.
    pub(crate) borrowed: Option<&'a dyn ToTokens>,
    pub(crate) hidden: Option<&'a TypeImplTrait>,
    names: Vec<&'a Ident>,
}

impl<'a> Mentions<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        let mut mentions = Self::default();
        mentions.visit_type(ty);
        mentions
    }

    /// The first of the generic type parameters that is mentioned.
    pub(crate) fn parameter(&self, generics: &Generics) -> Option<&'a Ident> {
        let is_parameter = |name: &&&Ident| {
            generics
                .type_params()
                .any(|parameter| parameter.ident == ***name)
        };
        self.names.iter().find(is_parameter).copied()
    }
}

impl<'a> Visit<'a> for Mentions<'a> {
    fn visit_type_reference(&mut self, reference: &'a TypeReference) {
        if reference.lifetime.is_none() {
            self.borrowed.get_or_insert(reference);
        }
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'a Lifetime) {
        if lifetime.ident != "static" {
            self.borrowed.get_or_insert(lifetime);
        }
    }

    fn visit_type_impl_trait(&mut self, hidden: &'a TypeImplTrait) {
        self.hidden.get_or_insert(hidden);
        visit::visit_type_impl_trait(self, hidden);
    }

    fn visit_ident(&mut self, name: &'a Ident) {
        self.names.push(name);
    }

    fn visit_type_fn_ptr(&mut self, _: &'a TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'a ParenthesizedGenericArguments) {}
}
