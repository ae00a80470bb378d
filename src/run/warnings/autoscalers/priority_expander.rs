//! The priorities of the Cluster Autoscaler, a text of YAML in a ConfigMap. The highest number wins.
//!
//! Source: `cluster-autoscaler/expander/priority/readme.md` of kubernetes/autoscaler.

use std::collections::BTreeSet;

use crate::findings::{Code, Finding};
use crate::krm::Resource;
use yaml_splice::{Kind, Node, Stream};

/// The only name that the autoscaler reads.
pub(super) const NAME: &str = "cluster-autoscaler-priority-expander";

/// What an owner may have meant for it.
const LIKE_IT: &str = "priority-expander";

/// Whether the autoscaler reads `resource`.
pub(super) fn is_one(resource: &Resource<'_>) -> bool {
    resource.kind == "ConfigMap" && resource.name == NAME
}

pub(super) fn of_resource(resource: &Resource<'_>) -> Option<Finding> {
    if !is_one(resource) {
        return misnamed(resource);
    }
    let text = resource.node.at(&["data", "priorities"]).ok()?;
    let message = match text {
        None => unusable("data.priorities is missing"),
        Some(text) => problem(text.text())?,
    };
    Some(Finding::warning(Code::PriorityExpander, message).at("data.priorities"))
}

fn misnamed(resource: &Resource<'_>) -> Option<Finding> {
    if resource.kind != "ConfigMap" || !resource.name.contains(LIKE_IT) {
        return None;
    }
    resource.node.at(&["data", "priorities"]).ok()??;
    let message = format!(
        "the Cluster Autoscaler reads its priorities from a ConfigMap of the name {NAME} only; rename \
         this one"
    );
    Some(Finding::warning(Code::PriorityExpander, message).at("metadata.name"))
}

fn unusable(wrong: &str) -> String {
    format!(
        "{wrong}, so the Cluster Autoscaler may grow either kind of node group; expected a list of \
         regular expressions for each priority, such as 20: [.*spot.*]"
    )
}

/// What is wrong with the priorities.
fn problem(text: &str) -> Option<String> {
    let Ok(stream) = Stream::parse(text) else {
        return Some(unusable("data.priorities is not YAML"));
    };
    let root = stream.documents.first().map(yaml_splice::Document::root);
    let Some(root) = root.filter(|root| root.kind() == Kind::Mapping) else {
        return Some(unusable("data.priorities holds no priorities"));
    };
    let mut seen = BTreeSet::new();
    for (key, value) in root.entries() {
        let priority = key.text();
        if priority.parse::<i64>().is_err() {
            return Some(unusable(&format!(
                "the priority \"{priority}\" is no number"
            )));
        }
        if !seen.insert(priority) {
            return Some(unusable(&format!(
                "the priority {priority} is there twice and only one of its lists is used"
            )));
        }
        if value.kind() != Kind::Sequence {
            return Some(unusable(&format!("the priority {priority} has no list")));
        }
    }
    on_demand_first(root)
}

/// Groups whose pattern says `on-demand` before those whose pattern says `spot`.
fn on_demand_first(root: Node<'_>) -> Option<String> {
    let highest = |is_named: fn(&str) -> bool| {
        let entries = root.entries();
        let named =
            entries.filter(|(_, list)| list.items().any(|pattern| is_named(pattern.text())));
        named
            .filter_map(|(key, _)| key.text().parse::<i64>().ok())
            .max()
    };
    let spot = highest(|pattern| pattern.to_ascii_lowercase().contains("spot"))?;
    let on_demand = highest(|pattern| {
        let letters = pattern.chars().filter(char::is_ascii_alphabetic);
        let letters: String = letters.collect();
        letters.to_ascii_lowercase().contains("ondemand")
    })?;
    (on_demand > spot).then(|| {
        format!(
            "on-demand groups have the priority {on_demand} and spot groups {spot}, so the Cluster \
             Autoscaler grows on-demand groups first; give spot groups the higher one"
        )
    })
}
