//! The document engine, on manifests and edits made of the fuzzer's choices.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::generators::random::Random;
use testing::invariants::edits;

fuzz_target!(|data: &[u8]| edits::check(&mut Random::of(data)));
