#![no_main]

#[path = "../files.rs"]
#[allow(dead_code)]
mod files;

libfuzzer_sys::fuzz_target!(|data: &[u8]| files::log(data));
