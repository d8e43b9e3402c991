//! What stands in the attribute's parentheses, read and checked; not what is written for it.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitBool, Path, Result, Token, UnOp, parenthesized};

use crate::refusals::{advice, all, refuse};
use crate::settings::{OF_ONE_CALL, OWN, SETTINGS, Setting, Takes};

/// The options of one attribute.
#[derive(Default)]
pub(crate) struct Options {
    /// What the builder is told, in the order given.
    pub(crate) settings: Vec<(Setting, Expr)>,
    pub(crate) scope: Option<Expr>,
    pub(crate) key: Option<Expr>,
    pub(crate) ignored: Vec<Ident>,
    pub(crate) core: Option<Core>,
    pub(crate) cache: Option<Keep>,
    pub(crate) handle: Option<Ident>,
    pub(crate) library: Option<Path>,
    pub(crate) associated: bool,
    pub(crate) allow_non_static_methods: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Core {
    Memory,
    File,
    IndexedDb,
    LocalStorage,
}

/// Their names, as the attribute takes them.
const CORES: [(&str, Core); 4] = [
    ("memory", Core::Memory),
    ("file", Core::File),
    ("indexeddb", Core::IndexedDb),
    ("localstorage", Core::LocalStorage),
];

/// What of a result is kept, where it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Ok,
    Some,
    All,
}

/// One option as it stands there.
struct Given {
    name: Ident,
    value: Value,
}

enum Value {
    None,
    Expr(Box<Expr>),
    List(Punctuated<Ident, Token![,]>),
    Path(Path),
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let value = if input.peek(syn::token::Paren) {
            let list;
            parenthesized!(list in input);
            Value::List(list.parse_terminated(Ident::parse_any, Token![,])?)
        } else if !input.peek(Token![=]) {
            Value::None
        } else {
            input.parse::<Token![=]>()?;
            Self::parse_value(&name, input)?
        };
        Ok(Self { name, value })
    }
}

impl Given {
    fn parse_value(name: &Ident, input: ParseStream<'_>) -> Result<Value> {
        if name == "crate" {
            return Ok(Value::Path(input.call(Path::parse_mod_style)?));
        }
        Ok(Value::Expr(Box::new(input.parse()?)))
    }

    fn expr(self, example: &str) -> Result<Expr> {
        match self.value {
            Value::Expr(expr) => Ok(*expr),
            _ => self.wants(example),
        }
    }

    fn list(self, example: &str) -> Result<Vec<Ident>> {
        match self.value {
            Value::List(list) => Ok(list.into_iter().collect()),
            _ => self.wants(example),
        }
    }

    fn path(self, example: &str) -> Result<Path> {
        match self.value {
            Value::Path(path) => Ok(path),
            _ => self.wants(example),
        }
    }

    /// A name, or the same as text.
    fn word(self, example: &str) -> Result<Ident> {
        let name = self.name.clone();
        match self.expr(example)? {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                Ok(path.path.require_ident()?.clone())
            }
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => text.parse(),
            other => refuse(other, format!("`{name}` takes a word: {example}")),
        }
    }

    fn flag(self) -> Result<bool> {
        match self.value {
            Value::None => Ok(true),
            Value::Expr(expr) => match *expr {
                Expr::Lit(ExprLit {
                    lit: Lit::Bool(LitBool { value, .. }),
                    ..
                }) => Ok(value),
                other => refuse(
                    other,
                    format!("`{}` is on or off: give `true` or `false`", self.name),
                ),
            },
            _ => self.wants("true"),
        }
    }

    fn wants<T>(&self, example: &str) -> Result<T> {
        let name = &self.name;
        let form = if example.starts_with('(') {
            format!("{name}{example}")
        } else {
            format!("{name} = {example}")
        };
        refuse(name, format!("`{name}` is given as `{form}`"))
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let given = Punctuated::<Given, Token![,]>::parse_terminated(input)?;
        let names: Vec<Ident> = given.iter().map(|given| given.name.clone()).collect();
        let mut options = Self::default();
        let taken: Vec<_> = given.into_iter().map(|given| options.take(given)).collect();
        all(taken)?;
        all([refuse_repetition(&names), options.check()])?;
        Ok(options)
    }
}

impl Options {
    fn take(&mut self, given: Given) -> Result<()> {
        let name = given.name.to_string();
        if let Some(setting) = Setting::named(&name) {
            return self.take_setting(setting, given);
        }
        match name.as_str() {
            "scope" => self.scope = Some(given.expr("|| current_user()")?),
            "key" => self.key = Some(given.expr("|a, b| (a.id, b)")?),
            "ignore" => self.ignored.extend(given.list("(client)")?),
            "core" => self.core = Some(core(given)?),
            "cache" => self.cache = Some(keep(given)?),
            "handle" => self.handle = Some(given.word("Name")?),
            "crate" => self.library = Some(given.path("my::cachier")?),
            "associated" => self.associated = given.flag()?,
            "allow_non_static_methods" => self.allow_non_static_methods = given.flag()?,
            _ => return unknown(&given.name),
        }
        Ok(())
    }

    fn take_setting(&mut self, setting: Setting, given: Given) -> Result<()> {
        let bare = matches!(given.value, Value::None);
        let may_be_bare = matches!(setting.takes, Takes::Switch | Takes::Window | Takes::Front);
        let value = if bare && may_be_bare {
            let on = LitBool::new(true, given.name.span());
            syn::parse_quote!(#on)
        } else {
            given.expr(setting.example())?
        };
        self.settings.push((setting, value));
        Ok(())
    }

    /// What of these options does not go together.
    fn check(&self) -> Result<()> {
        let in_memory = self.core == Some(Core::Memory);
        let misplaced = self
            .settings
            .iter()
            .filter(|(setting, _)| in_memory && setting.of_stores);
        let misplaced = misplaced.map(|(setting, value)| {
            let message = format!(
                "`{}` has no meaning in memory; use another `core`, or leave it out",
                setting.name
            );
            refuse(value, message)
        });
        let both = match (&self.key, self.ignored.first()) {
            (Some(_), Some(ignored)) => refuse(
                ignored,
                "`key` already says what counts; leave the argument out there",
            ),
            _ => Ok(()),
        };
        all(misplaced.chain([both]))
    }

    /// What an option was given, if it is one of the builder's.
    pub(crate) fn setting(&self, name: &str) -> Option<&Expr> {
        let found = self
            .settings
            .iter()
            .find(|(setting, _)| setting.name == name);
        found.map(|(_, value)| value)
    }

    /// Whether values may be refreshed when their caller is gone.
    pub(crate) fn is_renewable(&self) -> bool {
        self.setting("next_time").is_some_and(
            |value| !matches!(value, Expr::Lit(ExprLit { lit: Lit::Bool(on), .. }) if !on.value),
        )
    }

    /// Whether sizes of values are asked for.
    pub(crate) fn is_in_bytes(&self) -> bool {
        self.setting("max_bytes").is_some() || self.setting("entry_size_limit").is_some()
    }
}

fn core(given: Given) -> Result<Core> {
    let word = given.word("memory")?;
    let name = word.to_string();
    if let Some((_, core)) = CORES.iter().find(|(known, _)| *known == name) {
        return Ok(*core);
    }
    let known = CORES.iter().map(|(known, _)| *known);
    refuse(
        &word,
        format!("`{name}` is no core; {}", advice(&name, known)),
    )
}

fn keep(given: Given) -> Result<Keep> {
    let word = given.word("ok")?;
    match word.to_string().as_str() {
        "ok" => Ok(Keep::Ok),
        "some" => Ok(Keep::Some),
        "all" => Ok(Keep::All),
        _ => refuse(
            &word,
            "`cache` is `ok` (only `Ok` is kept), `some` (`None` follows `allow_none`) or `all`",
        ),
    }
}

fn unknown<T>(name: &Ident) -> Result<T> {
    let given = name.to_string();
    if OF_ONE_CALL.contains(&given.as_str()) {
        let message = format!(
            "`{given}` belongs to one call: `f::with(CallOptions::new().{given}(..)).call(..)`"
        );
        return refuse(name, message);
    }
    let known = SETTINGS.iter().map(|setting| setting.name).chain(OWN);
    refuse(
        name,
        format!("unknown option `{given}`; {}", advice(&given, known)),
    )
}

fn refuse_repetition(names: &[Ident]) -> Result<()> {
    all(names.iter().enumerate().map(|(index, name)| {
        if names[..index].contains(name) {
            return refuse(name, format!("`{name}` is given twice"));
        }
        Ok(())
    }))
}

/// A number or text that can be read without running anything, with its sign.
pub(crate) fn literal(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => literal(expr),
        _ => None,
    }
}
