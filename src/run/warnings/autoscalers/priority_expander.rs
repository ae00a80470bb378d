//! The priorities of the Cluster Autoscaler, a text of YAML in a ConfigMap.
//!
//! Source: `cluster-autoscaler/expander/priority/readme.md` of kubernetes/autoscaler.

use std::collections::BTreeSet;

use crate::findings::{Code, Finding};
use crate::krm::Resource;
use yaml_splice::{Kind, Stream};

/// The only name that the autoscaler reads.
const NAME: &str = "cluster-autoscaler-priority-expander";

pub(super) fn of_resource(resource: &Resource<'_>) -> Option<Finding> {
    if resource.kind != "ConfigMap" || resource.name != NAME {
        return None;
    }
    let text = resource.node.at(&["data", "priorities"]).ok()?;
    let wrong = match text {
        None => "data.priorities is missing".to_owned(),
        Some(text) => wrong(text.text())?,
    };
    let message = format!(
        "{wrong}, so the Cluster Autoscaler may grow either kind of node group; expected a list of \
         regular expressions for each priority, such as 20: [.*spot.*]"
    );
    Some(Finding::warning(Code::PriorityExpander, message).at("data.priorities"))
}

/// What is wrong with the priorities.
fn wrong(text: &str) -> Option<String> {
    let Ok(stream) = Stream::parse(text) else {
        return Some("data.priorities is not YAML".to_owned());
    };
    let root = stream.documents.first().map(yaml_splice::Document::root);
    let Some(root) = root.filter(|root| root.kind() == Kind::Mapping) else {
        return Some("data.priorities holds no priorities".to_owned());
    };
    let mut seen = BTreeSet::new();
    for (key, value) in root.entries() {
        let priority = key.text();
        if priority.parse::<i64>().is_err() {
            return Some(format!("the priority \"{priority}\" is no number"));
        }
        if !seen.insert(priority) {
            return Some(format!(
                "the priority {priority} is there twice and only one of its lists is used"
            ));
        }
        if value.kind() != Kind::Sequence {
            return Some(format!("the priority {priority} has no list"));
        }
    }
    None
}
