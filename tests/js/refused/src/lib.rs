//! What a page cannot do: wait, in a function that is not async. Each feature is a way to ask for it, or how to go about it.

#[cfg(feature = "attribute")]
#[cachier::cachier(core = indexeddb)]
pub fn double(number: u32) -> u32 {
    number * 2
}

#[cfg(feature = "builder")]
pub fn double(number: u32) -> Result<u32, cachier::Error> {
    let builder = cachier::Memoize::builder().name("double").in_indexed_db();
    Ok(builder.function(|number: u32| number * 2)?.call((number,)))
}

#[cfg(feature = "allowed")]
#[cachier::cachier(core = localstorage)]
pub fn double(number: u32) -> u32 {
    number * 2
}

/// Makes the compiler finish what it has only checked.
#[unsafe(no_mangle)]
pub extern "C" fn used(number: u32) -> u32 {
    u32::from(format!("{:?}", double(number)).len() > 1)
}
