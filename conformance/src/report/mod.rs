//! The pages of `docs/measurements/`, written from what a run measured.

mod guarantees;
mod market;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::courses::Course;
use crate::night::{self, Outcome};
use crate::record::Record;

/// Says on every page where it comes from.
pub const WRITTEN: &str =
    "<!-- Written by `conformance/run`. Change the suite, not this file. -->\n";

/// Writes every page for which something was measured. `date` is the day of the run.
pub fn write(folder: &Path, records: &[Record], nights: &[Outcome], date: &str) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let is_market = |record: &&Record| {
        let market = Course::MARKET.iter();
        market
            .map(|course| course.name())
            .any(|name| name == record.course)
    };
    let (bought, fixed): (Vec<Record>, Vec<Record>) = records
        .iter()
        .cloned()
        .partition(|record| is_market(&record));
    let mut pages = Vec::new();
    if !fixed.is_empty() {
        pages.push(("guarantees.md", guarantees::page(&fixed, date)));
    }
    if !bought.is_empty() {
        pages.push(("karpenter.md", market::page(&bought, date)));
    }
    if !nights.is_empty() {
        pages.push(("night.md", night::page::page(nights, date)));
        pages.push(("night.svg", night::picture::picture(nights)));
    }
    for (name, text) in pages {
        std::fs::write(folder.join(name), text)?;
        println!("wrote {}", folder.join(name).display());
    }
    Ok(())
}

/// How many promises were checked, and how many of them were broken.
fn checked(records: &[Record]) -> (usize, usize) {
    let promised = records.iter().filter(|record| record.promise().is_some());
    let broken = records.iter().filter(|record| !record.broken().is_empty());
    (promised.count(), broken.count())
}

/// The versions of Kubernetes, newest first.
fn versions(records: &[Record]) -> Vec<String> {
    let versions: BTreeSet<&str> = records
        .iter()
        .map(|record| record.version.as_str())
        .collect();
    let mut versions: Vec<String> = versions.into_iter().map(str::to_owned).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    versions
}

/// `v1.36.3` as numbers that can be compared.
fn number(version: &str) -> Vec<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

impl Record {
    /// Whether it belongs in a summary: a workload of fixed size. (An autoscaled one has no fixed floor.)
    fn counts(&self) -> bool {
        !self.case.autoscaled
    }
}
