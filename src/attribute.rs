//! The attribute as a user meets it: its documentation, and no more.

/// Memoizes a function: its results are kept, in files that all processes share, and calculated once however many callers ask.
///
/// ```
/// use cachier::cachier;
///
/// #[cachier(stale_after = "3d")]
/// fn report(year: u32, region: &str) -> String {
///     format!("{region} in {year}")
/// }
///
/// assert_eq!(report(2024, "eu"), "eu in 2024"); // calculated
/// assert_eq!(report(2024, "eu"), "eu in 2024"); // from the cache
/// report::clear_cache();
/// # Ok::<(), cachier::Error>(())
/// ```
///
/// The function stays what it was: the same signature, documentation, visibility and attributes. Beside it stands an
/// empty enum of its name, whose associated functions are the methods of [`Attached`](crate::Attached):
///
/// ```
/// use cachier::{CallOptions, cachier};
///
/// #[cachier]
/// fn double(n: u32) -> u32 {
///     n * 2
/// }
///
/// double::precache_value(4, 9)?;
/// assert_eq!(double(4), 9);
/// assert_eq!(double::with(CallOptions::new().skip_cache(true)).call(4), 8);
/// assert_eq!(double::peek(4).map(|entry| entry.value), Some(9));
/// assert_eq!(double::trace(4).outcome.as_str(), "hit");
/// assert!(double::remove(4)?);
/// # Ok::<(), cachier::Error>(())
/// ```
///
/// # Kinds of functions
///
/// **Async functions** run on any executor; concurrent callers share one run. Their futures are `Send`, save on wasm32.
///
/// ```
/// # use cachier::cachier;
/// #[cachier]
/// async fn user(id: u64) -> String {
///     format!("user {id}")
/// }
///
/// # futures_lite::future::block_on(async {
/// assert_eq!(user(7).await, "user 7");
/// user::clear_cache().await;
/// # });
/// ```
///
/// **Functions that call themselves** do so through the cache:
///
/// ```
/// # use cachier::cachier;
/// #[cachier]
/// fn fib(n: u64) -> u64 {
///     if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
/// }
/// assert_eq!(fib(80), 23_416_728_348_467_685);
/// ```
///
/// **Generic functions** have one cache for each instantiation. Where the result mentions a type parameter, say what of
/// it is kept (`cache = ok`, `some` or `all`); such a parameter is `'static`, any other may borrow.
///
/// ```
/// # use cachier::cachier;
/// # use serde::Serialize;
/// #[cachier(core = memory, cache = some)]
/// fn largest<T: Ord + Clone + Serialize + Send + Sync + 'static>(items: &[T]) -> Option<T> {
///     items.iter().max().cloned()
/// }
/// assert_eq!(largest(&[1, 3, 2]), Some(3));
/// largest::clear_cache::<i32>();
/// ```
///
/// **Associated functions** have no enum, for none can stand in an impl block: `Type::f_cache()` returns an
/// [`Attached`](crate::Attached) or [`AsyncAttached`](crate::AsyncAttached) with the same methods. One that nowhere
/// mentions `self` or `Self` is told apart from other functions by `associated`.
///
/// ```
/// # use cachier::cachier;
/// struct Shop;
///
/// impl Shop {
///     #[cachier(associated)]
///     fn price(article: &str) -> usize {
///         article.len()
///     }
/// }
/// assert_eq!(Shop::price("tea"), 3);
/// assert!(Shop::price_cache().is_fresh("tea"));
/// ```
///
/// **Methods** are refused unless it is said what tells `self`s apart, for one cache serves all values of the type:
/// `allow_non_static_methods` (all of `self`, which is `Serialize`), a `key`, or `ignore(self)`.
///
/// ```
/// # use cachier::cachier;
/// struct Shop {
///     city: String,
/// }
///
/// impl Shop {
///     #[cachier(key = |shop, article| (&shop.city, article))]
///     fn sign(&self, article: &str) -> String {
///         format!("{article} in {}", self.city)
///     }
/// }
/// assert_eq!(Shop { city: "Rome".into() }.sign("tea"), "tea in Rome");
/// assert_eq!(Shop { city: "Bern".into() }.sign("tea"), "tea in Bern");
/// ```
///
/// # Arguments
///
/// All of them count, by content: they are `Serialize`. Borrowed ones (`&str`, `&[T]`, `&Path`) are keyed as they are,
/// without being copied. Two ways lead past `Serialize`:
///
/// ```
/// # use cachier::cachier;
/// struct Client;
///
/// #[cachier(ignore(client))]
/// fn page(client: &Client, number: u32) -> String {
///     format!("page {number}")
/// }
///
/// #[cachier(key = |text| text.to_lowercase())]
/// fn length(text: &str) -> usize {
///     text.len()
/// }
/// assert_eq!((page(&Client, 3), length("Tea")), ("page 3".to_owned(), 3));
/// assert!(length::is_fresh("TEA"));
/// ```
///
/// # Results
///
/// A kept value is `Clone + Send + Sync + 'static`; put in an `Arc` what is not `Clone` or large. In files it is
/// `Serialize + DeserializeOwned` as well (an `Arc` is with serde's feature `rc`), and what is not stays in memory with `core = memory`. The type decides what is kept, so aliases are seen through: of a `Result` only `Ok`, and of an `Option` all, but a `None` is served only
/// where `allow_none` holds. `cache = all` keeps a `Result` whole. Of the parameters of an impl block the attribute knows
/// nothing: where a result is one of them, say `cache` as well.
///
/// ```
/// # use cachier::cachier;
/// type Parsed = Result<i64, std::num::ParseIntError>;
///
/// #[cachier]
/// fn parse(text: &str) -> Parsed {
///     text.parse()
/// }
/// assert!(parse("four").is_err());
/// assert!(parse::peek("four").is_none(), "an error is returned, never kept");
/// assert_eq!(parse("4"), Ok(4));
/// ```
///
/// # Options
///
/// | option | value | |
/// |---|---|---|
/// | `stale_after` | `"3d"`, `"1h 30m"`, milliseconds, a `Duration` | age at which a value is stale; never, unless set |
/// | `next_time` | alone, or such a duration | a stale value is served and refreshed in the background |
/// | `stale_if_error` | alone, or a duration | the old value is served when a recalculation fails |
/// | `allow_none` | alone, or `true` | a stored `None` is served |
/// | `wait_for_calc_timeout` | a duration | how long callers wait for another one's run |
/// | `cleanup_stale`, `cleanup_interval` | alone; a duration | stale entries are removed in the background |
/// | `entry_size_limit`, `max_bytes` | `"10MB"`, bytes | limits, by the length of the encoded value, which is `Serialize` |
/// | `max_entries` | a number | how many entries are kept |
/// | `name`, `version` | text | the id entries are kept under, instead of the function's full type name |
/// | `scope` | text, or a function of no arguments | part of the key, asked at each call: the user, tenant or locale |
/// | `key` | <code>\|a, b\| ..</code>, or a function | what of the arguments, each by reference, makes the key |
/// | `ignore(a, b)` | names of arguments | what does not |
/// | `cache` | `ok`, `some`, `all` | what of the result is kept |
/// | `enable_metrics` | alone, or `true` | calls are counted |
/// | `core` | `memory`, `file`, `indexeddb`, `localstorage` | where entries live: in files, unless set. On wasm32, with the features of those names, those of an `async fn` in IndexedDB and those of a `fn` in localStorage; else in memory |
/// | `cache_dir`, `separate_files`, `sync`, `front`, `coherent`, `preload`, `on_error`, `store_args` | as [`Options`](crate::Options) has them | of files |
/// | `clock` | a [`Clock`](crate::Clock) or [`FakeClock`](crate::FakeClock) | where the time is read |
/// | `handle` | a name | the name of the enum, or of the function that returns the handle |
/// | `crate` | a path | where this library is, if it was renamed |
/// | `associated` | alone | the function stands in an impl block |
/// | `allow_non_static_methods` | alone | `self` may be part of the key |
///
/// Text and numbers are checked while they are compiled; any other expression is evaluated at the function's first use,
/// and an impossible value panics there. What is not said is looked up among the
/// [global options](crate::set_global_params). `next_time` alone has to stand in the attribute: neither a global option
/// nor one call's can turn it on, for a refresh calls the function when its caller is gone. Its arguments are then
/// `ToOwned` behind references (`&str`, `&[T]`), and own what they hold otherwise.
///
/// ```
/// # use cachier::cachier;
/// # use std::time::Duration;
/// const LIMIT: Duration = Duration::from_secs(60);
///
/// #[cachier(stale_after = LIMIT, next_time = "1h", scope = || std::env::var("LANG").unwrap_or_default())]
/// fn greet(name: &str) -> String {
///     format!("hello {name}")
/// }
/// assert_eq!(greet("you"), "hello you");
/// ```
///
/// Refreshes run on a few threads of the library's own; those of async functions, with the feature `tokio`, on the
/// runtime of the call that asked for them.
///
/// # Restrictions
///
/// Functions of trait impls, `const`, `unsafe` and `extern` functions, `&mut` arguments, `impl Trait` in the signature and
/// more than twelve arguments are refused, and results that borrow. The compiler says why and what to do. Lifetimes in
/// arguments are written where there are any (`Cow<'_, str>`).
///
/// # Panics
///
/// At its first use, a function whose option was no literal and has an impossible value.
#[doc(inline)]
pub use cachier_wasm_macros::cachier;
