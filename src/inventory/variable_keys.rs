//! Keys by which pods choose their nodes, where a variable stands that is filled in later: nobody knows
//! whether one of them is the capacity key.

use crate::findings::Finding;
use crate::krm::template::{has_variable, may_have_variable};
use yaml_splice::Node;

use super::Workload;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

/// The lists in a pod spec whose items name a key, and where in an item: each step leads through a list.
const KEYS: [(&[&[&str]], &str); 5] = [
    (
        &[
            &["affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"],
            &["matchExpressions"],
        ],
        "key",
    ),
    (
        &[
            &[
                "affinity",
                "nodeAffinity",
                "preferredDuringSchedulingIgnoredDuringExecution",
            ],
            &["preference", "matchExpressions"],
        ],
        "key",
    ),
    (&[&["affinity", "podAffinity", REQUIRED]], "topologyKey"),
    (&[&["affinity", "podAntiAffinity", REQUIRED]], "topologyKey"),
    (&[&["topologySpreadConstraints"]], "topologyKey"),
];

impl Workload<'_> {
    /// Nothing where every key is known by which its pods choose their nodes, or spread over them.
    ///
    /// # Errors
    /// A finding for the first that is not.
    pub fn require_known_keys(&self) -> Result<(), Finding> {
        let Some((field, key)) = variable_key(self.pod.spec) else {
            return Ok(());
        };
        let field = field.path_below(self.resource.node);
        let found = key.written();
        Err(Finding::unresolved_variable(&field, found, key.position()))
    }
}

/// The first key with a variable, after the field that it stands in. What cannot be read is reported by
/// whoever decides by it.
fn variable_key(pod: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    if !may_have_variable(pod.resolved().written()) {
        return None;
    }
    let selector = pod.get_non_null("nodeSelector").ok().flatten();
    let mut labels = selector.into_iter().flat_map(Node::entries);
    let label =
        labels.find_map(|(key, _)| has_variable(key.text()).then_some((key.parent()?, key)));
    label.or_else(|| {
        let mut keys = KEYS.iter().flat_map(|(steps, name)| keys(pod, steps, name));
        let key = keys.find(|key| has_variable(key.text()))?;
        Some((key, key))
    })
}

/// What stands under `name` in the items that `steps` lead to.
fn keys<'d>(pod: Node<'d>, steps: &[&[&str]], name: &str) -> Vec<Node<'d>> {
    let mut items = vec![pod];
    for path in steps {
        let lists = items.into_iter().map(|node| node.items_at(path));
        items = lists.filter_map(Result::ok).flatten().collect();
    }
    let keys = items.into_iter().map(|item| item.get_non_null(name));
    keys.filter_map(Result::ok).flatten().collect()
}
