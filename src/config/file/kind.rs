//! Which form a configuration has, by `apiVersion` and `kind`.

use serde::Deserialize;

use super::problem::unknown_word;
use super::report::Report;
use yaml_splice::{Located, decode_lossy};

/// The forms of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfigKind {
    /// The own kind.
    SpotDistribution,
    /// A `ConfigMap` with flat keys.
    ConfigMap,
}

impl ConfigKind {
    const ALL: [Self; 2] = [Self::SpotDistribution, Self::ConfigMap];

    /// Its `apiVersion`.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::SpotDistribution => "spot-distribution.dev/v1alpha1",
            Self::ConfigMap => "v1",
        }
    }

    /// Its `kind`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::SpotDistribution => "SpotDistribution",
            Self::ConfigMap => "ConfigMap",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: Option<Located<String>>,
    kind: Option<Located<String>>,
}

/// The form that the configuration has or, if only one of its two names is known, seems to have.
pub(super) fn config_kind(report: &mut Report<'_>) -> Option<ConfigKind> {
    let (head, errors) = decode_lossy::<Head>(report.config());
    report.decoded(&errors);
    let Head { api_version, kind } = head?;
    let name = |found: &Option<Located<String>>, form: &str| {
        found.as_ref().is_some_and(|found| found.value == form)
    };
    let by_kind = ConfigKind::ALL
        .into_iter()
        .find(|form| name(&kind, form.kind()));
    let by_version = ConfigKind::ALL
        .into_iter()
        .find(|form| name(&api_version, form.api_version()));
    let form = by_kind.or(by_version);
    let wanted = form.map_or(ConfigKind::ALL.to_vec(), |form| vec![form]);
    let unreadable = |field| errors.iter().any(|error| error.path.ends_with(field));
    if by_version.is_none() || by_version != form {
        let accepted: Vec<_> = wanted.iter().map(|form| form.api_version()).collect();
        if !unreadable("apiVersion") {
            report_name(report, "apiVersion", api_version.as_ref(), &accepted);
        }
    }
    if by_kind.is_none() && !unreadable("kind") {
        let accepted: Vec<_> = wanted.iter().map(|form| form.kind()).collect();
        report_name(report, "kind", kind.as_ref(), &accepted);
    }
    form
}

fn report_name(
    report: &mut Report<'_>,
    field: &str,
    found: Option<&Located<String>>,
    accepted: &[&str],
) {
    if let Some(found) = found {
        report.add(found, unknown_word(&found.value, accepted));
        return;
    }
    let accepted = accepted.join(" or ");
    let message = format!("missing field \"{field}\", expected {accepted}");
    report.add_at(report.config(), message);
}
