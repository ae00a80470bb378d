//! Folders named on the command line: what in them is read, and what is not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::krm::NotManifest;

use super::files::{Files, Text, display, read_file, unreadable};

/// What marks the folder of a Helm chart.
const CHART: &str = "Chart.yaml";

/// What belongs to a chart, as Helm reads it. Source: "The Chart File Structure" in
/// <https://helm.sh/docs/topics/charts/>; `ci` holds values that charts are tested with.
const CHART_FOLDERS: [&str; 5] = ["templates", "charts", "crds", "ci", "files"];

/// Reads the manifests below `folder`, by name; hidden files and folders are left out.
pub fn read_folder(folder: &Path, files: &mut Files) {
    let found = Found::below(folder, files);
    let mut named = BTreeSet::new();
    for path in &found.manifests {
        match found.chart_of(path, folder) {
            Some(chart) => {
                if named.insert(chart) {
                    files.leave_out(NotManifest::Chart, chart);
                }
            }
            None => files.add(read_file(path).map(|text| Text {
                walked: true,
                ..text
            })),
        }
    }
}

/// What a folder holds.
#[derive(Debug, Default)]
struct Found {
    /// Files that may be manifests, by name.
    manifests: Vec<PathBuf>,
    /// Folders of charts.
    charts: BTreeSet<PathBuf>,
}

impl Found {
    fn below(folder: &Path, files: &mut Files) -> Self {
        let mut found = Self::default();
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let walk = walk.into_iter();
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => found.add(entry.path()),
                Ok(_) => {}
                Err(error) => not_walked(folder, &error, files),
            }
        }
        found
    }

    fn add(&mut self, file: &Path) {
        if file.ends_with(CHART) {
            self.charts.extend(file.parent().map(Path::to_owned));
        }
        if is_manifest(file) {
            self.manifests.push(file.to_owned());
        }
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

fn not_walked(folder: &Path, error: &walkdir::Error, files: &mut Files) {
    let path = error.path().unwrap_or(folder);
    let is_dead = path.is_symlink() && !path.exists();
    if is_dead || error.loop_ancestor().is_some() {
        files.leave_out(NotManifest::DeadLink, path);
        return;
    }
    let why = error.to_string();
    files.errors.push(unreadable(&display(folder), &why));
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json"))
}
