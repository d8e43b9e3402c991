//! Functions in impl blocks: their handles, `Self`, methods that opted in, and generic types.

use std::sync::Arc;

use cachier::{Attached, CallOptions, Outcome, cachier};
use serde::Serialize;

use super::Runs;

static RUNS: Runs = Runs::new();

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Shop {
    city: &'static str,
}

impl Shop {
    #[cachier(core = memory)]
    fn open(city: &str) -> Option<Arc<Self>> {
        RUNS.next();
        (city == "Rome").then(|| Arc::new(Self { city: "Rome" }))
    }

    /// The price of an article anywhere.
    #[cachier(core = memory, associated, stale_after = "1h")]
    pub fn price(article: &str, amount: u32) -> u32 {
        article.len() as u32 * amount
    }

    #[cachier(core = memory, allow_non_static_methods)]
    fn sign(&self, text: &str) -> String {
        format!("{text} in {}", self.city)
    }

    #[cachier(core = memory, key = |shop, text| (shop.city, text))]
    fn keyed(&self, text: &str) -> String {
        format!("{text} in {}", self.city)
    }

    #[cachier(core = memory, ignore(self), next_time)]
    fn same_everywhere(&self, n: u32) -> u32 {
        n + 1
    }

    #[cachier(core = memory, handle = aside, allow_non_static_methods, key = |shop, n| (shop.city, *n))]
    async fn slowly(self: Arc<Self>, n: u32) -> u32
    where
        Self: Serialize,
    {
        n
    }
}

#[test]
fn an_associated_function_has_a_handle() {
    assert_eq!(Shop::price("tea", 2), 6);
    let price: Attached<(&str, u32), u32> = Shop::price_cache();
    assert_eq!(price.trace("tea", 2).outcome, Outcome::Hit);
    assert_eq!(price.precache_value("tea", 3, 7).unwrap(), 7);
    assert_eq!(Shop::price("tea", 3), 7);
    let anew = price.with(CallOptions::new().overwrite_cache(true));
    assert_eq!(anew.call("tea", 3), 9);
    price.clear_cache();
    assert!(!price.is_fresh("tea", 3));
    assert!(price.id().contains("Shop::price#"), "{}", price.id());
}

#[test]
fn self_may_be_returned() {
    assert_eq!(Shop::open("Rome").map(|shop| shop.city), Some("Rome"));
    assert!(Shop::open("Rome").is_some());
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn a_method_that_opted_in_tells_its_values_apart() {
    let (rome, bern) = (Shop { city: "Rome" }, Shop { city: "Bern" });
    assert_eq!(
        (rome.sign("a"), bern.sign("a")),
        ("a in Rome".into(), "a in Bern".into())
    );
    assert_eq!(Shop::sign_cache().entries().unwrap().len(), 2);
    assert_eq!(
        (rome.keyed("a"), bern.keyed("a")),
        ("a in Rome".into(), "a in Bern".into())
    );
    assert_eq!(
        Shop::keyed_cache().key_of(&rome, "a").unwrap().diagnostic(),
        r#"["Rome", "a"]"#
    );
    assert_eq!((rome.same_everywhere(1), bern.same_everywhere(1)), (2, 2));
    assert_eq!(Shop::same_everywhere_cache().entries().unwrap().len(), 1);
}

struct Store<T>(T);

impl<T: Clone + Send + Sync + 'static> Store<T>
where
    T: Default,
{
    #[cachier(core = memory, associated)]
    fn size(n: usize) -> usize {
        n * size_of::<T>()
    }
}

#[test]
fn functions_of_a_generic_type_have_one_cache_for_each() {
    assert_eq!((Store::<u8>::size(3), Store::<u32>::size(3)), (3, 12));
    let ids = [
        Store::<u8>::size_cache().id().to_owned(),
        Store::<u32>::size_cache().id().to_owned(),
    ];
    assert!(ids[0].contains("Store<u8>::size"), "{ids:?}");
    assert_ne!(ids[0], ids[1]);
    assert_eq!(Store(1_u8).0, 1);
}

#[test]
fn functions_of_one_name_share_nothing() {
    struct One;
    struct Two;
    impl One {
        #[cachier(core = memory, associated)]
        fn number(_n: u32) -> u32 {
            1
        }
    }
    impl Two {
        #[cachier(core = memory, associated)]
        fn number(_n: u32) -> u32 {
            2
        }
    }
    assert_eq!((One::number(0), Two::number(0)), (1, 2));
    assert_ne!(One::number_cache().id(), Two::number_cache().id());
}

#[test]
fn a_handle_of_another_name_does_the_same() {
    futures_lite::future::block_on(async {
        let shop = Arc::new(Shop { city: "Rome" });
        assert_eq!(shop.clone().slowly(3).await, 3);
        assert!(Shop::aside().is_fresh(shop, 3).await);
    });
}
