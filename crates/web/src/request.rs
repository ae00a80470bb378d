//! What the page asks about.

use serde::Deserialize;
use spot_distribution::krm::{LeftOutFile, NotManifest};
use spot_distribution::load::{Loaded, Text};

/// The name of the configuration in messages.
pub const POLICY: &str = "policy.yaml";

/// Manifests and a configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Request {
    /// The manifests.
    pub files: Vec<File>,
    /// The folders of charts, which are named and not read.
    #[serde(default)]
    pub charts: Vec<String>,
    /// The configuration in YAML; the defaults where it is blank.
    #[serde(default)]
    pub config: String,
}

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name, or its path in the folder.
    pub name: String,
    /// Its content.
    pub text: String,
    /// Whether it was found in a folder: what is no manifest is then left out.
    #[serde(default)]
    pub walked: bool,
}

impl Request {
    /// The texts, as the command line loads them from files.
    pub fn loaded(&self) -> Loaded {
        let texts = self.files.iter().map(|file| Text {
            name: Some(file.name.clone()),
            bytes: file.text.clone().into_bytes(),
            walked: file.walked,
        });
        let charts = self.charts.iter().map(|chart| {
            let name = chart.clone();
            (NotManifest::Chart, LeftOutFile { name, why: None })
        });
        Loaded {
            texts: texts.collect(),
            left_out: charts.collect(),
            config: (!self.config.trim().is_empty()).then(|| Text {
                name: Some(POLICY.to_owned()),
                bytes: self.config.clone().into_bytes(),
                walked: false,
            }),
        }
    }
}
