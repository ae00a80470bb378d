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
    scene: Scene<'_, '_>,
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
    findings
        .extend(buffers_off(scene, &variables).map(|finding| finding.at(format!("{path}.env"))));
    Ok(findings)
}

/// The gate is off by default. Source: `pkg/operator/options/options.go` of Karpenter 1.14.0.
fn buffers_off(scene: Scene<'_, '_>, variables: &[(usize, &str, &str)]) -> Option<Finding> {
    let mut variables = variables.iter();
    let is_on = variables.any(|(_, name, value)| {
        *name == "FEATURE_GATES" && value.split(',').any(|gate| gate == "CapacityBuffer=true")
    });
    (!is_on && scene.has_buffers()).then(|| {
        let message = "headroom: capacity-buffer writes CapacityBuffers, and Karpenter does not read them; \
                       set FEATURE_GATES: CapacityBuffer=true (settings.featureGates of its chart)";
        Finding::warning(Code::BuffersOff, message)
    })
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
