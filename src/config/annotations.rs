//! The annotations that a workload's author may set.

use super::ConfigProblem;
use super::file::{suggest::closest, words};
use crate::krm::annotations::{
    APPLIED, COMPUTED_FOR_REPLICAS, ON_DEMAND_BASE, ON_DEMAND_PERCENT_ABOVE_BASE, PREFIX, REPLICAS,
    SIBLING_OF, SPOT_FROM_ORDINAL, STRATEGY,
};
use crate::placement::{Base, Strategy};

/// The annotations that users set on a workload.
const SETTINGS: [&str; 3] = [STRATEGY, ON_DEMAND_BASE, ON_DEMAND_PERCENT_ABOVE_BASE];

/// The annotations that the function writes on a workload.
const WRITTEN: [&str; 3] = [APPLIED, REPLICAS, SIBLING_OF];

/// The annotations that the function writes on a pod template.
const WRITTEN_IN_TEMPLATE: [&str; 2] = [COMPUTED_FOR_REPLICAS, SPOT_FROM_ORDINAL];

/// The values of a workload's annotations, where they are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Annotations<'a> {
    /// The value of [`STRATEGY`].
    pub strategy: Option<&'a str>,
    /// The value of [`ON_DEMAND_BASE`].
    pub on_demand_base: Option<&'a str>,
    /// The value of [`ON_DEMAND_PERCENT_ABOVE_BASE`].
    pub on_demand_percent_above_base: Option<&'a str>,
}

/// What the annotations say; what is wrong with one stands in the problems.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Settings {
    pub strategy: Option<Strategy>,
    pub base: Option<Base>,
    pub percent_above_base: Option<u8>,
}

impl Annotations<'_> {
    pub(super) fn read(&self, problems: &mut Vec<ConfigProblem>) -> Settings {
        let percent = self.on_demand_percent_above_base;
        Settings {
            strategy: read_one(STRATEGY, self.strategy, words::strategy, problems),
            base: read_one(ON_DEMAND_BASE, self.on_demand_base, words::base, problems),
            percent_above_base: read_one(
                ON_DEMAND_PERCENT_ABOVE_BASE,
                percent,
                words::percent,
                problems,
            ),
        }
    }
}

fn read_one<T>(
    key: &str,
    value: Option<&str>,
    parse: impl Fn(&str) -> Result<T, String>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<T> {
    parse(value?)
        .map_err(|message| problems.push(invalid(key, message)))
        .ok()
}

/// A place where people write names with this function's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The annotations of a workload.
    Annotations,
    /// The labels of a workload.
    Labels,
    /// The annotations of its pod template.
    TemplateAnnotations,
    /// The labels of its pod template.
    TemplateLabels,
    /// The annotations of a Namespace.
    NamespaceAnnotations,
    /// The labels of a Namespace.
    NamespaceLabels,
}

impl Place {
    /// Every place on a Namespace.
    pub const OF_NAMESPACES: [Self; 2] = [Self::NamespaceAnnotations, Self::NamespaceLabels];

    /// Every place on a workload itself.
    pub const OF_WORKLOADS: [Self; 2] = [Self::Annotations, Self::Labels];

    /// Every place on a pod template.
    pub const OF_TEMPLATES: [Self; 2] = [Self::TemplateAnnotations, Self::TemplateLabels];

    /// The field below the object.
    pub fn path(self) -> &'static [&'static str] {
        match self {
            Self::Annotations | Self::NamespaceAnnotations => &["metadata", "annotations"],
            Self::Labels | Self::NamespaceLabels => &["metadata", "labels"],
            Self::TemplateAnnotations => &["spec", "template", "metadata", "annotations"],
            Self::TemplateLabels => &["spec", "template", "metadata", "labels"],
        }
    }

    /// Whether `name` means something there.
    fn knows(self, name: &str) -> bool {
        match self {
            Self::Annotations => SETTINGS.contains(&name) || WRITTEN.contains(&name),
            Self::TemplateAnnotations => WRITTEN_IN_TEMPLATE.contains(&name),
            Self::Labels
            | Self::TemplateLabels
            | Self::NamespaceAnnotations
            | Self::NamespaceLabels => false,
        }
    }

    /// The problems of those of `keys`, which stand here, that have this function's prefix and mean
    /// nothing here.
    pub fn unknown<'a>(self, keys: impl IntoIterator<Item = &'a str>) -> Vec<ConfigProblem> {
        let unknown = |key: &&str| key.starts_with(PREFIX) && !self.knows(key);
        let keys = keys.into_iter().filter(unknown);
        keys.map(|key| self.problem(key)).collect()
    }

    fn problem(self, key: &str) -> ConfigProblem {
        let message = if SETTINGS.contains(&key) {
            format!("\"{key}\" is not read here, set it as an annotation of the workload itself")
        } else {
            let hint = meant(key).map(|key| format!("; did you mean \"{key}\"?"));
            let accepted = SETTINGS.join(", ");
            format!(
                "unknown annotation \"{key}\", expected one of {accepted} on the workload{}",
                hint.unwrap_or_default()
            )
        };
        ConfigProblem {
            code: ConfigProblem::INVALID_ANNOTATION,
            path: format!("{}[\"{key}\"]", self.path().join(".")),
            at: None,
            message,
        }
    }
}

/// The setting that `key` looks like.
fn meant(key: &str) -> Option<&'static str> {
    let name = |key: &'static str| key.strip_prefix(PREFIX).unwrap_or(key);
    let known = [SETTINGS.as_slice(), WRITTEN.as_slice()].concat();
    let known: Vec<_> = known.into_iter().map(name).collect();
    let meant = closest(key.strip_prefix(PREFIX)?, &known)?;
    SETTINGS.into_iter().find(|setting| name(setting) == meant)
}

fn invalid(key: &str, message: String) -> ConfigProblem {
    ConfigProblem {
        code: ConfigProblem::INVALID_ANNOTATION,
        path: annotation_path(key),
        at: None,
        message,
    }
}

/// The field path of an annotation.
pub(super) fn annotation_path(key: &str) -> String {
    format!("metadata.annotations[\"{key}\"]")
}
