//! Which files of a dropped folder are read.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use spot_distribution::load::{Found, Listing};

/// The paths of all files in folders that were dropped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The paths, with `/` between their parts.
    pub paths: Vec<PathBuf>,
}

/// What the names tell.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Files that may be manifests, in order.
    pub manifests: Vec<PathBuf>,
    /// Folders of charts, whose files are not read.
    pub charts: Vec<PathBuf>,
}

/// Which of `names` are read, and which belong to charts.
pub fn listed(names: &Names) -> Listed {
    let mut paths: Vec<_> = names.paths.iter().collect();
    paths.sort();
    let mut listing = Listing::default();
    for path in paths {
        listing.add(path);
    }
    let mut listed = Listed::default();
    for found in listing.found(Path::new("")) {
        match found {
            Found::Manifest(path) => listed.manifests.push(path.to_owned()),
            Found::Chart(path) => listed.charts.push(path.to_owned()),
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_named_and_not_read() {
        let paths = [
            "shop/web.yaml",
            "shop/notes.md",
            "shop/chart/Chart.yaml",
            "shop/chart/values.yaml",
            "shop/chart/templates/web.yaml",
            "shop/api.json",
        ];
        let names = Names {
            paths: paths.map(PathBuf::from).to_vec(),
        };
        let expected = Listed {
            manifests: ["shop/api.json", "shop/web.yaml"]
                .map(PathBuf::from)
                .to_vec(),
            charts: vec![PathBuf::from("shop/chart")],
        };
        assert_eq!(listed(&names), expected);
    }
}
