//! The controllers' own arguments and environment, where they are deployed from the same files.
//!
//! Source: `cluster-autoscaler/FAQ.md` ("What are Expanders?") of kubernetes/autoscaler, and
//! <https://karpenter.sh/docs/reference/settings/>.

use crate::findings::{Code, Finding};
use crate::krm::Resource;
use yaml_splice::{Node, YamlError};

pub(super) fn of_resource(resource: &Resource<'_>) -> Vec<Finding> {
    if resource.kind != "Deployment" || resource.group() != "apps" {
        return Vec::new();
    }
    of_deployment(resource.node).unwrap_or_default()
}

fn of_deployment(node: Node<'_>) -> Result<Vec<Finding>, YamlError> {
    let list = node.at(&["spec", "template", "spec", "containers"])?;
    let mut findings = Vec::new();
    for (index, container) in list.into_iter().flat_map(Node::items).enumerate() {
        let image = container.get_non_null("image")?.map_or("", Node::text);
        let place = format!("spec.template.spec.containers[{index}]");
        if image.contains("cluster-autoscaler") {
            findings.extend(expander(container)?.map(|finding| finding.at(place)));
        } else if image.contains("karpenter") {
            findings.extend(environment(container, &place)?);
        }
    }
    Ok(findings)
}

/// Without priorities the Cluster Autoscaler grows the group that wastes least, or any.
fn expander(container: Node<'_>) -> Result<Option<Finding>, YamlError> {
    let mut words = Vec::new();
    for field in ["command", "args"] {
        let list = container.get_non_null(field)?;
        words.extend(list.into_iter().flat_map(Node::items).map(Node::text));
    }
    let mut expanders = words.iter().filter(|word| word.contains("-expander="));
    let has_priority = expanders.any(|word| word.contains("priority"));
    let message = "the Cluster Autoscaler does not look at preferences, and without --expander=priority \
                   it grows either kind of node group; give spot groups the highest priority";
    Ok((!has_priority).then(|| Finding::warning(Code::PreferencesIgnored, message)))
}

fn environment(container: Node<'_>, place: &str) -> Result<Vec<Finding>, YamlError> {
    let mut findings = Vec::new();
    let list = container.get_non_null("env")?;
    for (index, variable) in list.into_iter().flat_map(Node::items).enumerate() {
        let text = |field| variable.text_at(&[field]);
        let finding = match (text("name")?, text("value")?) {
            ("PREFERENCE_POLICY", "Ignore") => Finding::warning(
                Code::PreferencesIgnored,
                "with PREFERENCE_POLICY=Ignore Karpenter does not look at preferences, so what prefers \
                 spot nodes gets whatever is cheapest or has room; use Respect",
            ),
            ("INTERRUPTION_QUEUE", "") => Finding::warning(
                Code::NoInterruptionQueue,
                "INTERRUPTION_QUEUE is empty, so Karpenter does not drain a spot node in the time of \
                 its notice, and every loss comes without one",
            ),
            _ => continue,
        };
        findings.push(finding.at(format!("{place}.env[{index}]")));
    }
    Ok(findings)
}
