//! The function under the attribute, and why some cannot be memoized; writes nothing.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{
    Expr, Ident, Item, ItemFn, Macro, Receiver, ReceiverKind, Result, ReturnType, Type, parse_quote,
};

use crate::arguments::{Argument, bare};
use crate::generics::Mentions;
use crate::options::{Core, Options};
use crate::refusals::{advice, all, refuse};

/// As many as the library's handles can pass on.
const MOST_ARGUMENTS: usize = 12;

pub(crate) struct Function {
    pub(crate) item: ItemFn,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) returned: Type,
    pub(crate) options: Options,
}

impl Function {
    /// The function with its options, if it can be memoized.
    pub(crate) fn new(item: ItemFn, options: Options) -> Result<Self> {
        let arguments = Argument::all(&item.sig.inputs, &options.ignored);
        let returned = match &item.sig.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let function = Self {
            item,
            arguments,
            returned,
            options,
        };
        function.check()?;
        Ok(function)
    }

    /// Whether it stands in an impl block, where no enum can.
    pub(crate) fn is_associated(&self) -> bool {
        self.options.associated || self.receiver().is_some() || mentions_self(&self.item)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.item.sig.asyncness.is_some()
    }

    fn receiver(&self) -> Option<&Receiver> {
        self.item.sig.receiver()
    }

    fn check(&self) -> Result<()> {
        all([
            self.check_kind(),
            self.check_receiver(),
            self.check_arguments(),
            self.check_ignored(),
            self.check_key(),
            self.check_returned(),
            self.check_renewable(),
            self.check_core(),
        ])
    }

    fn check_kind(&self) -> Result<()> {
        let signature = &self.item.sig;
        if let Some(constness) = signature.constness {
            return refuse(
                constness,
                "a `const fn` cannot look into a cache; leave out `const`",
            );
        }
        if !matches!(signature.safety, syn::Safety::Default) {
            return refuse(
                &signature.safety,
                "an `unsafe fn` cannot be memoized, for the cache calls it as well; wrap it in a safe function",
            );
        }
        if let Some(abi) = &signature.abi {
            return refuse(
                abi,
                "a function of another ABI cannot be memoized; wrap it in one of Rust's own",
            );
        }
        match self.arguments.get(MOST_ARGUMENTS) {
            Some(argument) => refuse(
                &argument.ty,
                "at most twelve arguments can be memoized; put some in a struct",
            ),
            None => Ok(()),
        }
    }

    fn check_core(&self) -> Result<()> {
        if self.options.core != Some(Core::IndexedDb) || self.is_async() {
            return Ok(());
        }
        refuse(
            self.item.sig.fn_token,
            "IndexedDB has to be waited for, which a sync function of a page cannot: make it an `async fn`, or use \
             `core = localstorage`",
        )
    }

    fn check_receiver(&self) -> Result<()> {
        let Some(receiver) = self.receiver() else {
            return Ok(());
        };
        if is_mutable(receiver) {
            return refuse(
                receiver,
                "a method that changes `self` cannot be memoized: a call served from the cache would change nothing",
            );
        }
        let settled = self.options.allow_non_static_methods
            || self.options.key.is_some()
            || self
                .arguments
                .iter()
                .any(|argument| argument.is_receiver && argument.ignored);
        if settled {
            return Ok(());
        }
        refuse(
            receiver,
            "a method has one cache for all values of its type, and `self` would have to tell them apart: \
             add `allow_non_static_methods` where it is `Serialize` and all of it counts, give a `key` \
             (`|this, ..| (this.id, ..)`), or `ignore(self)` where it does not matter",
        )
    }

    fn check_arguments(&self) -> Result<()> {
        all(self.arguments.iter().map(|argument| {
            if let Type::Reference(reference) = bare(&argument.ty)
                && reference.mutability.is_some()
                && !argument.is_receiver
            {
                return refuse(
                    &argument.ty,
                    "a call served from the cache would not change what `&mut` refers to; return the change instead",
                );
            }
            match Mentions::of(&argument.ty).hidden {
                Some(hidden) => refuse(
                    hidden,
                    "each type has a cache of its own, so it needs a name: `fn f<T: ..>(argument: T)`",
                ),
                None => Ok(()),
            }
        }))
    }

    fn check_ignored(&self) -> Result<()> {
        let names: Vec<String> = self.arguments.iter().map(argument_name).collect();
        all(self.options.ignored.iter().map(|ignored| {
            let given = ignored.to_string();
            if names.contains(&given) {
                return Ok(());
            }
            let advice = advice(&given, names.iter().map(String::as_str));
            refuse(
                ignored,
                format!("there is no argument `{given}` to leave out; {advice}"),
            )
        }))
    }

    fn check_key(&self) -> Result<()> {
        let Some(Expr::Closure(key)) = &self.options.key else {
            return Ok(());
        };
        let (taken, given) = (key.inputs.len(), self.arguments.len());
        if taken == given {
            return Ok(());
        }
        refuse(
            key,
            format!(
                "`key` takes every argument by reference, `self` first: {given} here, not {taken}"
            ),
        )
    }

    fn check_returned(&self) -> Result<()> {
        let mentions = Mentions::of(&self.returned);
        if let Some(hidden) = mentions.hidden {
            return refuse(
                hidden,
                "what is kept needs a type with a name; name it, or box it",
            );
        }
        if let Some(borrowed) = mentions.borrowed {
            return refuse(
                borrowed,
                "a kept value outlives the call: return an owned one (`String` for `&str`, `Vec<T>` for `&[T]`), \
                 or an `Arc`",
            );
        }
        match mentions.parameter(&self.item.sig.generics) {
            Some(parameter) if self.options.cache.is_none() => refuse(
                &self.returned,
                format!(
                    "whether this is a `Result` or an `Option` depends on `{parameter}`; say what is kept: \
                     `cache = ok`, `cache = some` or `cache = all`"
                ),
            ),
            _ => Ok(()),
        }
    }

    /// What a refresh is called with has to outlive the caller.
    fn check_renewable(&self) -> Result<()> {
        if !self.options.is_renewable() {
            return Ok(());
        }
        all(self.arguments.iter().map(|argument| {
            let kept = argument.referred().unwrap_or(&argument.ty);
            match Mentions::of(kept).borrowed {
                Some(borrowed) => refuse(
                    borrowed,
                    "`next_time` calls the function again when its caller is gone, with arguments it owns: \
                     take this one owned, or all of it behind one `&`",
                ),
                None => Ok(()),
            }
        }))
    }
}

fn argument_name(argument: &Argument) -> String {
    if argument.is_receiver {
        "self".to_owned()
    } else {
        argument.name.to_string()
    }
}

fn is_mutable(receiver: &Receiver) -> bool {
    matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_)))
}

/// Whether `Self` stands anywhere in it, items of its own aside: only in an impl block it means something.
fn mentions_self(function: &ItemFn) -> bool {
    struct Search(bool);
    impl<'a> Visit<'a> for Search {
        fn visit_ident(&mut self, name: &'a Ident) {
            self.0 |= name == "Self";
        }
        fn visit_macro(&mut self, called: &'a Macro) {
            self.0 |= has_self(called.tokens.clone());
        }
        fn visit_item(&mut self, _: &'a Item) {}
    }
    let mut search = Search(false);
    search.visit_item_fn(function);
    search.0
}

fn has_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "Self",
        TokenTree::Group(group) => has_self(group.stream()),
        _ => false,
    })
}
