//! The document engine, on bytes: the first sixteen choose the edits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::invariants::edits;

fuzz_target!(|data: &[u8]| edits::check_text(data));
