//! The command `spot-distribution`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    spot_distribution::cli::main()
}
