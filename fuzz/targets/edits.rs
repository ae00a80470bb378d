//! The document engine, on manifests and edits made of the fuzzer's choices.
#![no_main]

#[path = "../../tests/checks/mod.rs"]
mod checks;
#[path = "../../tests/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use support::random::Random;

fuzz_target!(|data: &[u8]| checks::edits::check(&mut Random::of(data)));
