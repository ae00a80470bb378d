//! Karpenter's own environment.
//!
//! Source: <https://karpenter.sh/docs/reference/settings/>.

use crate::findings::{Code, Finding};
use yaml_splice::YamlError;

use super::super::scene::Scene;
use super::controllers::{Container, containers, environment, image};

/// The image of the provider for AWS, which alone has an interruption queue.
const AWS: &str = "public.ecr.aws/karpenter/controller";

pub(super) fn of_container(
    container: Container<'_, '_>,
    image: &str,
) -> Result<Vec<Finding>, YamlError> {
    let path = container.path();
    let variables = environment(container)?;
    let mut findings = Vec::new();
    for (index, name, value) in &variables {
        let finding = match (*name, *value) {
            ("PREFERENCE_POLICY", "Ignore") => Finding::warning(
                Code::PreferencesIgnored,
                "with PREFERENCE_POLICY=Ignore Karpenter does not look at preferences, so what prefers \
                 spot nodes gets whatever is cheapest or has room; use Respect",
            ),
            ("INTERRUPTION_QUEUE", "") => no_queue("is empty"),
            _ => continue,
        };
        findings.push(finding.at(format!("{path}.env[{index}]")));
    }
    let has_queue = variables
        .iter()
        .any(|(_, name, _)| *name == "INTERRUPTION_QUEUE");
    if image.contains(AWS) && !has_queue {
        findings.push(no_queue("is not set").at(format!("{path}.env")));
    }
    Ok(findings)
}

fn no_queue(state: &str) -> Finding {
    let message = format!(
        "INTERRUPTION_QUEUE {state}, so Karpenter does not drain a spot node in the time of its notice, \
         and every loss comes without one"
    );
    Finding::warning(Code::NoInterruptionQueue, message)
}

/// Whether a Karpenter in the input does not look at preferences.
pub(super) fn ignores_preferences(scene: Scene<'_, '_>) -> bool {
    let containers = scene.resources().iter().flat_map(containers);
    let mut karpenters = containers.filter(|container| image(*container).contains("karpenter"));
    karpenters.any(|container| {
        let variables = environment(container).unwrap_or_default();
        let mut variables = variables.iter();
        variables.any(|(_, name, value)| (*name, *value) == ("PREFERENCE_POLICY", "Ignore"))
    })
}
