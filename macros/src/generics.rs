//! Type parameters and lifetimes: which a type mentions, which it leaves out; not what a function is for.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericParam, Generics, Ident, Lifetime, LifetimeParam, ParenthesizedGenericArguments, Type,
    TypeFnPtr, TypeImplTrait, TypeParam, TypeReference, WherePredicate, parse_quote,
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
///
/// Said where the parameter's other bounds stand, as whoever wrote them would.
pub(crate) fn with_lifetime(generics: &Generics, lifetime: &Lifetime) -> Generics {
    let mut more = generics.clone();
    let mut elsewhere: Vec<WherePredicate> = Vec::new();
    let has_where = generics.where_clause.is_some();
    for parameter in &mut more.params {
        match parameter {
            GenericParam::Lifetime(LifetimeParam {
                lifetime: name,
                bounds,
                ..
            }) if has_where && bounds.is_empty() => {
                elsewhere.push(parse_quote!(#name: #lifetime));
            }
            GenericParam::Type(TypeParam {
                ident: name,
                bounds,
                ..
            }) if has_where && bounds.is_empty() => {
                elsewhere.push(parse_quote!(#name: #lifetime));
            }
            GenericParam::Lifetime(parameter) => parameter.bounds.push(lifetime.clone()),
            GenericParam::Type(parameter) => parameter.bounds.push(parse_quote!(#lifetime)),
            GenericParam::Const(_) => {}
        }
    }
    more.params.insert(0, parse_quote!(#lifetime));
    if has_where {
        more.make_where_clause().predicates.extend(elsewhere);
    }
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
