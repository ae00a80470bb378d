//! The configuration, on bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::invariants::configuration;

fuzz_target!(|data: &[u8]| configuration::check(data));
