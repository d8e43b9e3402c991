//! What somebody writes who depends on the crate.

#[cfg(feature = "macros")]
#[cachier::cachier(stale_after = "3d")]
pub fn report(year: u32) -> String {
    format!("the year {year}")
}

pub fn double(number: u32) -> Result<u32, cachier::Error> {
    let double = cachier::Memoize::builder().function(|number: u32| number * 2)?;
    Ok(double.call((number,)))
}

#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
pub async fn treble(number: u32) -> Result<u32, cachier::Error> {
    let builder = cachier::Memoize::builder().name("treble").in_indexed_db();
    let treble = builder.async_function(|number: u32| async move { number * 3 })?;
    Ok(treble.call((number,)).await)
}
