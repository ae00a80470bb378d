//! Topology spread: over the capacity key, and softly over zones and nodes.

use crate::placement::Constraint;
use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

use super::affinity_terms::PREFERRED;
use super::constraints::{
    CONSTRAINTS, Constraints, HARD, HONOR, MAX_SKEW, NODE_TAINTS_POLICY, SOFT, Sharpness,
    SoftSpread, TOPOLOGY_KEY, WHEN_UNSATISFIABLE, skew,
};
use super::{Mark, Owned, Pod};

/// The constraints that a workload gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spreads<'p> {
    /// `maxSkew` of the one over the capacity key.
    pub capacity: Option<u32>,
    /// The soft ones, for the topologies that the user's own constraints do not spread over.
    pub soft: [bool; SoftSpread::ALL.len()],
    /// How sharp the soft ones are.
    pub sharpness: Sharpness,
    /// What selects the pods.
    pub selector: &'p Value,
    /// The constraints as values.
    pub constraints: &'p Constraints<'p>,
}

impl Spreads<'_> {
    /// Which are soft.
    pub fn soft(&self) -> impl Iterator<Item = SoftSpread> {
        let all = SoftSpread::ALL.into_iter().zip(self.soft);
        all.filter(|(_, is_wanted)| *is_wanted)
            .map(|(soft, _)| soft)
    }
}

/// For which of the soft constraints the user's own leave room: those over other topologies.
///
/// # Errors
/// As [`Node::get`].
pub(super) fn missing(
    spec: Node<'_>,
    owned: &Owned<'_>,
) -> Result<[bool; SoftSpread::ALL.len()], YamlError> {
    let own = own_topologies(spec, owned)?;
    Ok(SoftSpread::ALL.map(|soft| !own.contains(&soft.topology_key())))
}

/// What the user's own constraints spread over.
fn own_topologies<'d>(spec: Node<'d>, owned: &Owned<'d>) -> Result<Vec<&'d str>, YamlError> {
    let mut own = Vec::new();
    for constraint in constraints(spec)? {
        let mut ours = owned.soft_spreads.iter();
        if !ours.any(|(_, node)| *node == constraint) {
            own.push(text_at(constraint, TOPOLOGY_KEY)?);
        }
    }
    Ok(own)
}

fn constraints(spec: Node<'_>) -> Result<impl Iterator<Item = Node<'_>>, YamlError> {
    spec.items_at(&[CONSTRAINTS])
}

/// The constraints over `topology_key`.
fn constraints_over<'d>(spec: Node<'d>, topology_key: &str) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    for constraint in constraints(spec)? {
        if text_at(constraint, TOPOLOGY_KEY)? == topology_key {
            found.push(constraint);
        }
    }
    Ok(found)
}

fn text_at<'d>(node: Node<'d>, key: &str) -> Result<&'d str, YamlError> {
    node.text_at(&[key])
}

/// Our constraint over the capacity key. Ours is the filter. Beside one of the user's it is the one
/// that honours taints; alone it is ours even where somebody has edited it.
pub(super) fn find_over_capacity<'d>(
    mark: &Mark,
    spec: Node<'d>,
) -> Result<Option<Node<'d>>, YamlError> {
    if !mark.covers_spread() {
        return Ok(None);
    }
    let candidates = constraints_over(spec, &mark.capacity.key)?;
    let mut honouring = Vec::new();
    for constraint in &candidates {
        if text_at(*constraint, NODE_TAINTS_POLICY)? == HONOR {
            honouring.push(*constraint);
        }
    }
    Ok(honouring.last().or(candidates.last()).copied())
}

/// The soft constraints that were added. One with another skew, or a hard one, is the user's.
pub(super) fn find_soft<'d>(
    mark: &Mark,
    spec: Node<'d>,
) -> Result<Vec<(SoftSpread, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for &soft in &mark.soft_spread {
        let mut ours = None;
        for constraint in constraints_over(spec, soft.topology_key())? {
            let is_soft = text_at(constraint, WHEN_UNSATISFIABLE)? == SOFT;
            let skew = text_at(constraint, MAX_SKEW)?;
            if is_soft && skew == mark.sharpness().max_skew(soft).to_string() {
                ours = Some(constraint);
            }
        }
        found.extend(ours.map(|node| (soft, node)));
    }
    Ok(found)
}

/// Whether a constraint of the user's own over `key` is a filter.
pub(super) fn filters_by(spec: Node<'_>, owned: &Owned<'_>, key: &str) -> Result<bool, YamlError> {
    for constraint in constraints_over(spec, key)? {
        let is_ours = owned.capacity_spread == Some(constraint);
        if !is_ours && text_at(constraint, WHEN_UNSATISFIABLE)? == HARD {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The user's own constraint over the capacity key.
pub(super) fn foreign(
    spec: Node<'_>,
    owned: &Owned<'_>,
    key: &str,
) -> Result<Option<Constraint>, YamlError> {
    let over_key = constraints_over(spec, key)?;
    let is_foreign = |constraint: &Node<'_>| owned.capacity_spread != Some(*constraint);
    let foreign = over_key.iter().any(is_foreign);
    Ok(foreign.then_some(Constraint::TopologySpread))
}

/// The field of a soft rule of the user's own that keeps pods on different nodes: a preferred pod
/// anti-affinity or a soft topology spread constraint.
///
/// # Errors
/// As [`Node::get`].
pub fn softly_keeps_nodes_apart(
    spec: Node<'_>,
    owned: &Owned<'_>,
) -> Result<Option<&'static str>, YamlError> {
    let nodes = SoftSpread::Hostname.topology_key();
    for constraint in constraints_over(spec, nodes)? {
        let is_ours = owned
            .soft_spreads
            .iter()
            .any(|(_, ours)| *ours == constraint);
        if !is_ours && text_at(constraint, WHEN_UNSATISFIABLE)? == SOFT {
            return Ok(Some("spec.template.spec.topologySpreadConstraints"));
        }
    }
    let preferred = ["affinity", "podAntiAffinity", PREFERRED];
    for term in spec.items_at(&preferred)? {
        let key = term.at(&["podAffinityTerm", TOPOLOGY_KEY])?;
        if key.is_some_and(|key| key.text() == nodes) {
            return Ok(Some("spec.template.spec.affinity.podAntiAffinity"));
        }
    }
    Ok(None)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: Option<&Spreads<'_>>,
) -> Result<(), YamlError> {
    if let Some(wanted) = wanted
        && let Some(max_skew) = wanted.capacity
        && pod.spec.get(CONSTRAINTS)?.is_none()
    {
        // Whoever has no constraints of their own gets all of them.
        let fills = vec![wanted.selector.clone(), skew(max_skew)];
        return edits.put_prepared(pod.spec, wanted.constraints.whole(pod.kind), fills);
    }
    let over_capacity = wanted.and_then(|wanted| {
        let constraints = wanted.constraints;
        let make = |skew| constraints.over_capacity(pod.kind, wanted.selector, skew);
        wanted.capacity.map(make)
    });
    let mut is_added = one(edits, pod.spec, owned.capacity_spread, over_capacity, false)?;
    for soft in SoftSpread::ALL {
        let ours = owned.soft_spreads.iter().find(|(found, _)| *found == soft);
        let ours = ours.map(|(_, node)| *node);
        let wanted = wanted.filter(|wanted| wanted.soft().any(|wanted| wanted == soft));
        let wanted = wanted.map(|wanted| {
            let constraints = wanted.constraints;
            constraints.soft_over(soft, wanted.selector, wanted.sharpness)
        });
        is_added |= one(edits, pod.spec, ours, wanted, is_added)?;
    }
    Ok(())
}

/// Brings one of ours to what is wanted, and says whether it was added at the end of the list. Behind one
/// that was, it is removed and added again: the order is the same, whatever stood there before.
fn one<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: Option<Node<'d>>,
    wanted: Option<Value>,
    is_behind_added: bool,
) -> Result<bool, YamlError> {
    let Some(wanted) = wanted else {
        ours.map_or(Ok(()), |ours| edits.remove(ours))?;
        return Ok(false);
    };
    if let Some(ours) = ours {
        if !is_behind_added {
            reconcile(edits, ours, &wanted)?;
            return Ok(false);
        }
        edits.remove(ours)?;
    }
    edits.append(spec, &[CONSTRAINTS], wanted)?;
    Ok(true)
}

/// Spreads the pods of a new object, which `selector` selects, softly over the topologies that its
/// pod spec does not spread over itself.
pub(super) fn soften_in(spec: &mut Value, selector: &Value, constraints: &Constraints<'_>) {
    let list = spec.entry(CONSTRAINTS);
    for soft in SoftSpread::ALL {
        let key = Some(soft.topology_key());
        let over_it = |own: &Value| own.get(TOPOLOGY_KEY).and_then(Value::as_text) == key;
        let is_there = matches!(list, Value::Sequence(own) if own.iter().any(over_it));
        if !is_there {
            list.push(constraints.soft_over(soft, selector, Sharpness::Even));
        }
    }
}

/// The same in a copy of `spec`.
pub(super) fn soften<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    owned: &Owned<'d>,
    selector: &Value,
    constraints: &Constraints<'_>,
) -> Result<(), YamlError> {
    if spec.get(CONSTRAINTS)?.is_none() {
        return edits.put_prepared(spec, constraints.even(), vec![selector.clone()]);
    }
    for (soft, is_missing) in SoftSpread::ALL.into_iter().zip(missing(spec, owned)?) {
        if is_missing {
            let constraint = constraints.soft_over(soft, selector, Sharpness::Even);
            edits.append(spec, &[CONSTRAINTS], constraint)?;
        }
    }
    Ok(())
}
