//! Values in files: what the attribute says of them reaches the store.

use std::path::PathBuf;

use cachier::{Outcome, cachier};

fn directory() -> PathBuf {
    std::env::temp_dir().join(format!("cachier-attribute-{}", std::process::id()))
}

#[test]
fn values_are_kept_in_files() {
    #[cachier(core = file, cache_dir = directory(), sync, front = "1MB", on_error = fail, store_args = false)]
    fn report(year: u32, region: &str) -> Result<String, std::io::Error> {
        Ok(format!("{region} in {year}"))
    }
    #[cachier(core = "file", cache_dir = directory(), separate_files, coherent, max_bytes = "1MB")]
    async fn later(n: u32) -> Option<u32> {
        Some(n)
    }
    assert_eq!(report::cache_dpath(), None);
    assert_eq!(report(2024, "eu").unwrap(), "eu in 2024");
    assert_eq!(report::trace(2024, "eu").outcome, Outcome::Hit);
    let kept = report::cache_dpath().unwrap();
    assert!(kept.starts_with(directory()) && kept.is_dir(), "{kept:?}");
    futures_lite::future::block_on(async {
        assert_eq!(later(4).await, Some(4));
        assert_eq!(later::trace(4).await.outcome, Outcome::Hit);
        assert_eq!(later::entries().await.unwrap().len(), 1);
    });
    std::fs::remove_dir_all(directory()).unwrap();
}

#[test]
fn values_are_kept_in_files_unless_told_otherwise() {
    let elsewhere = directory().with_extension("usual");
    fn usual() -> PathBuf {
        directory().with_extension("usual")
    }
    #[cachier(cache_dir = usual())]
    fn double(n: u32) -> u32 {
        n * 2
    }
    #[cachier(cache_dir = usual())]
    async fn triple(n: u32) -> u32 {
        n * 3
    }
    assert_eq!(double(4), 8);
    assert!(double::cache_dpath().unwrap().starts_with(&elsewhere));
    futures_lite::future::block_on(async {
        assert_eq!(triple(4).await, 12);
        assert!(triple::cache_dpath().unwrap().starts_with(&elsewhere));
    });
    std::fs::remove_dir_all(elsewhere).unwrap();
}
