//! From a node to a policy.

use super::ConfigProblem;
use super::flat::RawConfigMap;
use super::kind::{ConfigKind, config_kind};
use super::raw::{RawConfig, RawSpec};
use super::report::Report;
use crate::config::Policy;
use yaml_splice::{Kind, Node, decode_lossy};

impl Policy {
    /// Reads a functionConfig: a `SpotDistribution`, or a `ConfigMap` with flat keys.
    ///
    /// No functionConfig, `null`, an empty mapping and a `ConfigMap` without data are the defaults.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file.
    pub fn read(config: Option<Node<'_>>) -> Result<Self, Vec<ConfigProblem>> {
        let Some(config) = config.filter(|config| !sets_nothing(*config)) else {
            return Ok(Self::default());
        };
        let mut report = Report::new(config);
        let spec = match config_kind(&mut report) {
            Some(ConfigKind::SpotDistribution) => read_own(&mut report),
            Some(ConfigKind::ConfigMap) => read_flat(&mut report),
            None => None,
        };
        let policy = spec.map(|spec| spec.validate(&mut report));
        match policy {
            Some(policy) if report.is_empty() => Ok(policy),
            _ => Err(report.finish()),
        }
    }
}

fn sets_nothing(config: Node<'_>) -> bool {
    let empty = config.kind() == Kind::Mapping && config.entries().next().is_none();
    config.is_null() || empty
}

fn read_own(report: &mut Report<'_>) -> Option<RawSpec> {
    let (config, errors) = decode_lossy::<RawConfig>(report.config());
    report.decoded(&errors);
    Some(config?.spec.unwrap_or_default())
}

fn read_flat(report: &mut Report<'_>) -> Option<RawSpec> {
    let (config, errors) = decode_lossy::<RawConfigMap>(report.config());
    report.decoded(&errors);
    Some(config?.data.unwrap_or_default().into_spec(report))
}
