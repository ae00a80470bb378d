//! The fast scanner against the full parser, on any text and on lists of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use testing::invariants::scan;

fuzz_target!(|data: &[u8]| scan::check(data));
