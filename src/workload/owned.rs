//! What an earlier run wrote into a workload, found again with the help of its mark.

use k8s_openapi::api::core::v1::Toleration;

use crate::krm::annotations;
use yaml_splice::{Node, Value, YamlError, decode, matches};

use super::mark::SoftSpread;
use super::{Mark, notation};

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
        let Some(pod) = template.get_non_null("spec")? else {
            return Ok(Self {
                computed_for,
                ..Self::default()
            });
        };
        let class = pod.get_non_null("priorityClassName")?;
        Ok(Self {
            required: required(mark, pod)?,
            preferred: preferred(mark, pod)?,
            capacity_spread: capacity_spread(mark, pod)?,
            soft_spreads: soft_spreads(mark, pod)?,
            tolerations: tolerations(mark, pod)?,
            priority_class: class
                .filter(|class| mark.priority_class.as_deref() == Some(class.text())),
            computed_for,
        })
    }

    /// Looks up what [`Owned::find`] will in a run over what this one writes, so that a key that
    /// stands twice there is an error now and not then.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn can_be_found(template: Node<'d>) -> Result<(), YamlError> {
        template.at(&["metadata", "annotations"])?;
        if let Some(pod) = template.get_non_null("spec")? {
            pod.get_non_null("tolerations")?;
            pod.get_non_null("priorityClassName")?;
        }
        Ok(())
    }

    /// Whether `node` is ours.
    pub fn covers(&self, node: Node<'d>) -> bool {
        self.required.contains(&node)
            || self.preferred == Some(node)
            || self.capacity_spread == Some(node)
    }
}

/// `key In [value]`, as it is written.
fn expression(key: &str, value: &str) -> Value {
    Value::mapping([
        ("key", Value::text(key)),
        ("operator", Value::text("In")),
        ("values", Value::Sequence(vec![Value::text(value)])),
    ])
}

fn required<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    if !mark.covers_requirement() {
        return Ok(found);
    }
    let wanted = expression(&mark.capacity.key, &mark.capacity.on_demand);
    let path = [
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ];
    for term in pod.at(&path)?.into_iter().flat_map(Node::items) {
        let expressions = term.get_non_null("matchExpressions")?;
        let mut expressions = expressions.into_iter().flat_map(Node::items);
        found.extend(expressions.find(|node| matches(*node, &wanted)));
    }
    Ok(found)
}

fn preferred<'d>(mark: &Mark, pod: Node<'d>) -> Result<Option<Node<'d>>, YamlError> {
    let Some(value) = mark.preferred_value() else {
        return Ok(None);
    };
    let expressions = Value::Sequence(vec![expression(&mark.capacity.key, value)]);
    let wanted = Value::mapping([
        ("weight", Value::Int(100)),
        (
            "preference",
            Value::mapping([("matchExpressions", expressions)]),
        ),
    ]);
    let path = [
        "affinity",
        "nodeAffinity",
        "preferredDuringSchedulingIgnoredDuringExecution",
    ];
    let mut terms = pod.at(&path)?.into_iter().flat_map(Node::items);
    Ok(terms.find(|term| matches(*term, &wanted)))
}

/// The topology spread constraints over `topology_key`.
fn spread_over<'d>(pod: Node<'d>, topology_key: &str) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    let constraints = pod.at(&["topologySpreadConstraints"])?;
    for constraint in constraints.into_iter().flat_map(Node::items) {
        if text_at(constraint, "topologyKey")? == topology_key {
            found.push(constraint);
        }
    }
    Ok(found)
}

/// Ours is the filter. Beside one of the user's it is the one that honours taints; alone it is
/// ours even where somebody has edited it.
fn capacity_spread<'d>(mark: &Mark, pod: Node<'d>) -> Result<Option<Node<'d>>, YamlError> {
    if !mark.covers_spread() {
        return Ok(None);
    }
    let candidates = spread_over(pod, &mark.capacity.key)?;
    let mut honouring = Vec::new();
    for constraint in &candidates {
        if text_at(*constraint, "nodeTaintsPolicy")? == "Honor" {
            honouring.push(*constraint);
        }
    }
    Ok(honouring.last().or(candidates.last()).copied())
}

/// A soft constraint with another skew, or a hard one, is the user's.
fn soft_spreads<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<(SoftSpread, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for &soft in &mark.soft_spread {
        let mut ours = None;
        for constraint in spread_over(pod, soft.topology_key())? {
            let is_soft = text_at(constraint, "whenUnsatisfiable")? == "ScheduleAnyway";
            let skew = text_at(constraint, "maxSkew")?;
            if is_soft && skew == soft.max_skew().to_string() {
                ours = Some(constraint);
            }
        }
        found.extend(ours.map(|node| (soft, node)));
    }
    Ok(found)
}

fn text_at<'d>(node: Node<'d>, key: &str) -> Result<&'d str, YamlError> {
    Ok(node.get_non_null(key)?.map_or("", Node::text))
}

/// One for each entry of the mark: ours are added at the end, so the last that looks like it.
fn tolerations<'d>(mark: &Mark, pod: Node<'d>) -> Result<Vec<(Toleration, Node<'d>)>, YamlError> {
    let listed = pod
        .at(&["tolerations"])?
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|node| Some((decode::<Toleration>(node).ok()?, node)));
    let listed: Vec<_> = listed.collect();
    let last = |entry: &String| {
        let mut listed = listed.iter().rev();
        listed.find(|(toleration, _)| notation(toleration) == *entry)
    };
    Ok(mark.tolerations.iter().filter_map(last).cloned().collect())
}
