//! The pages of `docs/measurements/`, written from what tests found, of one run or of several.

mod guarantees;
mod market;
mod matrix;
mod providers;
mod readme;
mod sizes;
mod steps;
mod summary;

use std::path::Path;

use anyhow::Result;

use crate::courses::Course;
use crate::found::Found;
use crate::night::{self, Outcome};
use crate::record::Record;

pub use summary::Summary;

/// Says on every page where it comes from.
pub const WRITTEN: &str =
    "<!-- Written by `conformance/run`. Change the suite, not this file. -->\n";

/// What the tests found, by the page that shows it.
pub struct Results<'a> {
    /// Nodes that are simply there.
    pub fixed: Vec<&'a Found>,
    /// Nodes that Karpenter buys.
    pub bought: Vec<&'a Found>,
    /// Nights.
    pub nights: Vec<&'a Found>,
}

impl<'a> Results<'a> {
    /// Those of the first on the nodes of a provider.
    fn on_provider_nodes(&self) -> Vec<&'a Found> {
        let fixed = self.fixed.iter().copied();
        let on_them = |one: &&Found| one.records.iter().any(providers::is_on_them);
        fixed.filter(on_them).collect()
    }

    /// Each of them once.
    fn all(&self) -> Vec<&'a Found> {
        [&self.fixed[..], &self.bought, &self.nights].concat()
    }

    fn of(found: &'a [Found]) -> Self {
        let mut results = Self {
            fixed: Vec::new(),
            bought: Vec::new(),
            nights: Vec::new(),
        };
        let market = Course::MARKET.map(Course::name);
        for one in found {
            let has = |name: &str| one.test.split(' ').any(|word| word == name);
            if has("night") {
                results.nights.push(one);
            } else if market.into_iter().any(has) {
                results.bought.push(one);
            } else {
                results.fixed.push(one);
            }
        }
        results
    }
}

/// Writes every page for which something was measured, and the list of them.
pub fn write(folder: &Path, found: &[Found]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let results = Results::of(found);
    let mut pages = Vec::new();
    if !results.fixed.is_empty() {
        let (summary, records) = (Summary::of(&results.fixed), records(&results.fixed));
        pages.push(("guarantees.md", guarantees::page(&records, &summary)));
        pages.push(("guarantees-steps.md", steps::page(&records, &summary)));
        let providers = providers::page(&records, &summary);
        pages.extend(providers.map(|text| ("providers.md", text)));
    }
    if !results.bought.is_empty() {
        let (summary, records) = (Summary::of(&results.bought), records(&results.bought));
        pages.push(("karpenter.md", market::page(&records, &summary)));
        pages.push(("karpenter-steps.md", market::steps(&records, &summary)));
    }
    if !results.nights.is_empty() {
        let (summary, nights) = (Summary::of(&results.nights), nights(&results.nights));
        pages.push(("night.md", night::page::page(&nights, &summary.dates())));
        pages.push(("night.svg", night::picture::picture(&nights)));
    }
    let written: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    let others = other_pages(folder, &written)?;
    pages.push(("README.md", readme::page(&results, &others)));
    for (name, text) in pages {
        std::fs::write(folder.join(name), text)?;
        println!("wrote {}", folder.join(name).display());
    }
    Ok(())
}

/// The pages beside these, written by others or by an earlier run: the file's name and its first heading.
fn other_pages(folder: &Path, written: &[&str]) -> Result<Vec<(String, String)>> {
    let mut others = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        let text = match name.strip_suffix(".md") {
            Some(stem) if stem != "README" => std::fs::read_to_string(folder.join(&name))?,
            _ => continue,
        };
        if !written.contains(&name.as_str()) {
            let heading = text.lines().find_map(|line| line.strip_prefix("# "));
            others.push((name.clone(), heading.unwrap_or(&name).to_owned()));
        }
    }
    others.sort();
    Ok(others)
}

fn records(found: &[&Found]) -> Vec<Record> {
    let all = found.iter().flat_map(|one| &one.records);
    all.cloned().collect()
}

fn nights(found: &[&Found]) -> Vec<Outcome> {
    let all = found.iter().flat_map(|one| &one.nights);
    all.cloned().collect()
}

impl Record {
    /// Whether it belongs in a summary: a workload of fixed size. (An autoscaled one has no fixed floor.)
    fn counts(&self) -> bool {
        !self.case.autoscaled
    }
}
