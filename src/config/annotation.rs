//! The annotations that a workload's author may set.

use super::suggest::closest;
use super::{ConfigProblem, words};
use crate::placement::{Base, Strategy};

/// What every annotation of this function begins with.
const PREFIX: &str = "spot-distribution.dev/";

/// The annotation with the workload's strategy.
pub const STRATEGY: &str = "spot-distribution.dev/strategy";

/// The annotation with the count of on-demand replicas that comes first, `majority` or `majority+1`.
pub const ON_DEMAND_BASE: &str = "spot-distribution.dev/on-demand-base";

/// The annotation with the percentage of the replicas above the base, 0 to 100.
pub const ON_DEMAND_PERCENT_ABOVE_BASE: &str = "spot-distribution.dev/on-demand-percent-above-base";

/// The annotations, without the prefix, that users set.
const SETTINGS: [&str; 3] = ["strategy", "on-demand-base", "on-demand-percent-above-base"];

/// The annotations, without the prefix, that the function writes.
const WRITTEN: [&str; 5] = [
    "applied",
    "replicas",
    "sibling-of",
    "computed-for-replicas",
    "spot-from-ordinal",
];

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

/// The problems of those of a workload's annotation keys that look like a misspelt setting.
///
/// Keys without this function's prefix and those that it writes itself are left alone.
pub fn misspelt_annotations<'a>(keys: impl IntoIterator<Item = &'a str>) -> Vec<ConfigProblem> {
    keys.into_iter().filter_map(misspelt).collect()
}

fn misspelt(key: &str) -> Option<ConfigProblem> {
    let name = key.strip_prefix(PREFIX)?;
    let known = [SETTINGS.as_slice(), WRITTEN.as_slice()].concat();
    if known.contains(&name) {
        return None;
    }
    let meant = closest(name, &known).filter(|meant| SETTINGS.contains(meant))?;
    let accepted = SETTINGS.map(|name| format!("{PREFIX}{name}")).join(", ");
    let message = format!(
        "unknown annotation \"{key}\", expected one of {accepted}; \
         did you mean \"{PREFIX}{meant}\"?"
    );
    Some(invalid(key, message))
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
