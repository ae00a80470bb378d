//! The whole function, on bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::invariants::function;

fuzz_target!(|data: &[u8]| function::check(data));
