#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| secapi_tests::fuzz::proxies(bytes));
