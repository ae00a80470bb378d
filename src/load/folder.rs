//! What the names of the files in a folder tell: which may be manifests, and which belong to a chart.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::kustomization::KUSTOMIZATION;

/// What marks the folder of a Helm chart.
const CHART: &str = "Chart.yaml";

/// What belongs to a chart, as Helm reads it. Source: "The Chart File Structure" in
/// <https://helm.sh/docs/topics/charts/>; `ci` holds values that charts are tested with.
const CHART_FOLDERS: [&str; 5] = ["templates", "charts", "crds", "ci", "files"];

/// The files of a folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files that may be manifests, by name.
    manifests: Vec<PathBuf>,
    /// Folders of charts.
    charts: BTreeSet<PathBuf>,
}

/// What is found in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'p> {
    /// A file that may be a manifest.
    Manifest(&'p Path),
    /// The folder of a chart, whose files are not read.
    Chart(&'p Path),
}

impl Listing {
    /// Adds a file of the folder.
    pub fn add(&mut self, file: &Path) {
        if file.ends_with(CHART) {
            self.charts.extend(file.parent().map(Path::to_owned));
        }
        if is_manifest(file) {
            self.manifests.push(file.to_owned());
        }
    }

    /// What the folder `root` holds, in the order in which it was added; each chart once.
    pub fn found<'p>(&'p self, root: &Path) -> Vec<Found<'p>> {
        let mut named = BTreeSet::new();
        let found = self.manifests.iter().filter_map(|path| {
            let Some(chart) = self.chart_of(path, root) else {
                return Some(Found::Manifest(path));
            };
            named.insert(chart).then_some(Found::Chart(chart))
        });
        found.collect()
    }

    /// The folder of the outermost chart that `file` is a part of.
    fn chart_of<'p>(&self, file: &'p Path, root: &Path) -> Option<&'p Path> {
        let mut chart = None;
        for folder in file.ancestors().skip(1) {
            if self.charts.contains(folder) && is_part(file, folder) {
                chart = Some(folder);
            }
            if folder == root {
                break;
            }
        }
        chart
    }
}

/// Whether the file is one that Helm reads as a part of the chart in `chart`.
fn is_part(file: &Path, chart: &Path) -> bool {
    let Ok(below) = file.strip_prefix(chart) else {
        return false;
    };
    let first = below.iter().next().and_then(|first| first.to_str());
    let first = first.unwrap_or_default();
    if below.iter().count() > 1 {
        return CHART_FOLDERS.contains(&first);
    }
    first == CHART || first.starts_with("values") || first == "requirements.yaml"
}

/// Whether files and folders of that name are left out.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a file of that name is read.
pub fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json")) || path.ends_with(KUSTOMIZATION)
}
