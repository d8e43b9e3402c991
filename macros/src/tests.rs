//! What is written for a small function fits on a page, and says what it should.

use quote::quote;

use crate::expand::attribute;

/// A page of a printed listing, at the hundred columns of rustfmt.
const PAGE: usize = 120;

fn written(options: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> String {
    let file = syn::parse2(attribute(options, function)).expect("what is written is Rust");
    prettyplease::unparse(&file)
}

fn small() -> String {
    written(
        quote!(stale_after = "3d"),
        quote! {
            /// Twice as much.
            pub fn double(n: u32) -> u32 {
                n * 2
            }
        },
    )
}

#[test]
fn what_is_written_for_a_small_function_fits_on_a_page() {
    let text = small();
    let lines = text.lines().count();
    assert!(lines <= PAGE, "{lines} lines:\n{text}");
}

#[test]
fn it_is_one_static_and_one_call() {
    let text = small();
    assert_eq!(text.matches("static __CACHE").count(), 1, "{text}");
    assert_eq!(
        text.matches("::cachier::internal::call(").count(),
        1,
        "{text}"
    );
    assert_eq!(text.matches("n * 2").count(), 1, "{text}");
    assert!(
        text.contains("/// Twice as much.\npub fn double(n: u32) -> u32 {"),
        "{text}"
    );
}

#[test]
fn a_setter_is_called_only_where_its_option_is_given() {
    let text = small();
    assert!(text.contains("stale_after(\"3d\")?"), "{text}");
    assert!(!text.contains("cache_dir"), "{text}");
    let options = quote!(
        core = file,
        cache_dir = "/tmp",
        separate_files,
        sync,
        front = "1MB",
        coherent,
        on_error = fail,
        store_args = false
    );
    let text = written(
        options,
        quote!(
            fn f(n: u32) -> u32 {
                n
            }
        ),
    );
    let calls = r#".cache_dir("/tmp").separate_files(true).sync(true).front("1MB")?.coherent(true).on_error(::cachier::OnError::Fail).store_args(false)"#;
    let packed: String = text.split_whitespace().collect();
    assert!(packed.contains(calls), "{text}");
    assert!(packed.contains("::cachier::internal::FileCore"), "{text}");
}

#[test]
fn functions_of_other_signatures_have_other_fingerprints() {
    let fingerprint = |function| {
        let text = written(quote!(), function);
        let start = text
            .find("&f, \"")
            .or_else(|| text.find("&f,\n"))
            .expect("the function is named");
        text[start..].split('"').nth(1).map(str::to_owned)
    };
    let first = fingerprint(quote!(
        fn f(n: u32) -> u32 {
            n
        }
    ));
    assert_eq!(first.as_ref().map(String::len), Some(8));
    assert_eq!(
        first,
        fingerprint(quote!(
            fn f(n: u32) -> u32 {
                n + 1
            }
        ))
    );
    assert_ne!(
        first,
        fingerprint(quote!(
            fn f(n: u64) -> u64 {
                n
            }
        ))
    );
}

#[test]
fn what_is_refused_is_said_beside_the_item_as_it_was() {
    let text = attribute(
        quote!(stale_aftr = "3d"),
        quote!(
            fn f() {}
        ),
    )
    .to_string();
    assert!(text.contains("did you mean `stale_after`?"), "{text}");
    assert!(text.ends_with("fn f () { }"), "{text}");
}
