//! Writes the pages of `docs/measurements/` from what tests found, of one run or of several.
//!
//!     report RECORDS PAGES

use std::path::PathBuf;

use anyhow::{Context, Result};
use conformance::found::Found;
use conformance::report;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut folder = || arguments.next().context("usage: report RECORDS PAGES");
    let (records, pages) = (folder()?, folder()?);
    report::write(&pages, &Found::read_all(&records)?)
}
