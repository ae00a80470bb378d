//! What an earlier run wrote into a workload, found again with the help of its mark.

use k8s_openapi::api::core::v1::Toleration;

use crate::krm::annotations;
use crate::yaml::{Node, Value, YamlError, decode, matches};

use super::Mark;
use super::mark::SoftSpread;

/// The nodes of a workload that are ours: updated in place, and taken back when they are not
/// wanted any more. Empty for a workload without a mark.
#[derive(Debug, Clone, Default)]
pub struct Owned<'d> {
    /// `key In [on-demand]` in the required node affinity, one in each term.
    pub required: Vec<Node<'d>>,
    /// The preferred term of weight 100.
    pub preferred: Option<Node<'d>>,
    /// The topology spread constraint over the capacity key.
    pub capacity_spread: Option<Node<'d>>,
    /// The default soft spreading that was put back.
    pub soft_spreads: Vec<(SoftSpread, Node<'d>)>,
    /// Tolerations, with their notation.
    pub tolerations: Vec<(Toleration, Node<'d>)>,
    /// `priorityClassName`.
    pub priority_class: Option<Node<'d>>,
    /// The annotation on the pod template.
    pub computed_for: Option<Node<'d>>,
}

impl<'d> Owned<'d> {
    /// Finds what `mark` covers in the pod template `template`.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn find(mark: &Mark, template: Node<'d>) -> Result<Self, YamlError> {
        let path = [
            "metadata",
            "annotations",
            annotations::COMPUTED_FOR_REPLICAS,
        ];
        let computed_for = template.at(&path)?;
        let Some(pod) = template.present("spec")? else {
            return Ok(Self {
                computed_for,
                ..Self::default()
            });
        };
        let class = pod.present("priorityClassName")?;
        Ok(Self {
            required: required(mark, pod)?,
            preferred: preferred(mark, pod)?,
            capacity_spread: spread_over(pod, &mark.capacity.key)?,
            soft_spreads: soft_spreads(mark, pod)?,
            tolerations: tolerations(mark, pod)?,
            priority_class: class
                .filter(|class| mark.priority_class.as_deref() == Some(class.text())),
            computed_for,
        })
    }

    /// Whether `node` is ours.
    pub fn covers(&self, node: Node<'d>) -> bool {
        self.required.contains(&node)
            || self.preferred == Some(node)
            || self.capacity_spread == Some(node)
    }
}

/// A mapping with these fields of text.
fn expression(key: &str, value: &str) -> Value {
    Value::mapping([
        ("key", Value::text(key)),
        ("operator", Value::text("In")),
        ("values", Value::Sequence(vec![Value::text(value)])),
    ])
}

fn required<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let wanted = expression(&mark.capacity.key, &mark.capacity.on_demand);
    let mut found = Vec::new();
    let path = [
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ];
    for term in pod.at(&path)?.into_iter().flat_map(Node::items) {
        let expressions = term.present("matchExpressions")?;
        let ours = expressions
            .into_iter()
            .flat_map(Node::items)
            .find(|node| matches(*node, &wanted));
        found.extend(ours);
    }
    Ok(found)
}

fn preferred<'d>(mark: &Mark, pod: Node<'d>) -> Result<Option<Node<'d>>, YamlError> {
    let path = [
        "affinity",
        "nodeAffinity",
        "preferredDuringSchedulingIgnoredDuringExecution",
    ];
    let terms = pod.at(&path)?;
    let candidates = [&mark.capacity.spot, &mark.capacity.on_demand].map(|value| {
        let expressions = Value::Sequence(vec![expression(&mark.capacity.key, value)]);
        Value::mapping([
            ("weight", Value::Int(100)),
            (
                "preference",
                Value::mapping([("matchExpressions", expressions)]),
            ),
        ])
    });
    let is_ours = |node: &Node<'_>| candidates.iter().any(|candidate| matches(*node, candidate));
    Ok(terms.into_iter().flat_map(Node::items).find(is_ours))
}

/// The first topology spread constraint over `topology_key`.
fn spread_over<'d>(pod: Node<'d>, topology_key: &str) -> Result<Option<Node<'d>>, YamlError> {
    for constraint in pod
        .at(&["topologySpreadConstraints"])?
        .into_iter()
        .flat_map(Node::items)
    {
        let key = constraint.present("topologyKey")?;
        if key.is_some_and(|key| key.text() == topology_key) {
            return Ok(Some(constraint));
        }
    }
    Ok(None)
}

fn soft_spreads<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<(SoftSpread, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for &soft in &mark.soft_spread {
        found.extend(spread_over(pod, soft.topology_key())?.map(|node| (soft, node)));
    }
    Ok(found)
}

fn tolerations<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<(Toleration, Node<'d>)>, YamlError> {
    let listed = pod.at(&["tolerations"])?.into_iter().flat_map(Node::items);
    let decoded = listed.filter_map(|node| Some((decode::<Toleration>(node).ok()?, node)));
    Ok(decoded
        .filter(|(toleration, _)| mark.covers(toleration))
        .collect())
}
