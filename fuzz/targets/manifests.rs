//! The whole function, on manifests made of the fuzzer's choices, one law at a time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::generators::random::Random;
use testing::invariants::manifests;

fuzz_target!(|data: &[u8]| manifests::check_one_law(&mut Random::of(data)));
