//! Node affinity: required on-demand nodes, preferred nodes of either type.

use std::sync::Arc;

use crate::config::{Capacity, NodeRequirement};
use crate::placement::{CapacityType, Constraint};
use yaml_splice::{Edits, Node, Prepared, Value, YamlError, matches, reconcile};

use super::{Desired, Mark, Owned, Pod};

/// The affinity below a pod spec.
pub(super) const FIELD: &str = "affinity";
/// The node affinity below a pod spec.
const AFFINITY: [&str; 2] = [FIELD, "nodeAffinity"];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
pub(super) const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// The required terms below a pod spec.
const REQUIRED_TERMS: [&str; 4] = [AFFINITY[0], AFFINITY[1], REQUIRED, "nodeSelectorTerms"];
/// The preferred terms below a pod spec.
const PREFERRED_TERMS: [&str; 3] = [AFFINITY[0], AFFINITY[1], PREFERRED];

/// What writing may fill, the inner ones first.
pub(super) const FILLED: [&[&str]; 4] = [
    &PREFERRED_TERMS,
    &[AFFINITY[0], AFFINITY[1], REQUIRED],
    &AFFINITY,
    &[AFFINITY[0]],
];

/// The weight of our preferred terms. With a single term the number does not matter, the scheduler
/// normalises it; beside the user's own terms the greatest weight keeps ours from being outvoted.
const WEIGHT: i64 = 100;

/// The affinity to the nodes of either type, as values.
#[derive(Debug)]
pub(super) struct Affinity {
    /// The expressions that together require on-demand nodes.
    requirements: Vec<Value>,
    /// The preferred terms for on-demand nodes.
    on_demand: Vec<Value>,
    /// The preferred terms for spot nodes.
    spot: Vec<Value>,
    /// The whole field of pods that have no affinity of their own.
    whole: Vec<(Wish, Arc<Prepared>)>,
}

/// Which nodes a pod is to run on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// Whether it must run on on-demand nodes.
    pub requires_on_demand: bool,
    /// The type of nodes that it prefers with weight 100.
    pub prefers: Option<CapacityType>,
}

impl Wish {
    /// Every one that is a wish.
    const ALL: [Self; 5] = [
        Self::new(true, None),
        Self::new(true, Some(CapacityType::OnDemand)),
        Self::new(true, Some(CapacityType::Spot)),
        Self::new(false, Some(CapacityType::OnDemand)),
        Self::new(false, Some(CapacityType::Spot)),
    ];

    const fn new(requires_on_demand: bool, prefers: Option<CapacityType>) -> Self {
        Self {
            requires_on_demand,
            prefers,
        }
    }
}

impl Affinity {
    /// The affinity by the node labels of `capacity`.
    pub fn to(capacity: &Capacity) -> Self {
        let decided = |values: Vec<Value>| {
            let values = values.into_iter();
            values.map(Value::with_quoting_decided).collect()
        };
        let mut affinity = Self {
            requirements: decided(requirements(capacity)),
            on_demand: decided(preferred_terms(capacity, CapacityType::OnDemand)),
            spot: decided(preferred_terms(capacity, CapacityType::Spot)),
            whole: Vec::new(),
        };
        let all = Wish::ALL.into_iter();
        affinity.whole = all.map(|wish| (wish, affinity.field(wish))).collect();
        affinity
    }

    /// The preferred terms for nodes of the type `wanted`.
    fn preferred(&self, wanted: Option<CapacityType>) -> &[Value] {
        match wanted {
            Some(CapacityType::OnDemand) => &self.on_demand,
            Some(CapacityType::Spot) => &self.spot,
            None => &[],
        }
    }

    /// The whole field by `wish`; `None` where nothing is wished for.
    fn whole(&self, wish: Wish) -> Option<&Arc<Prepared>> {
        let mut all = self.whole.iter();
        all.find(|(of, _)| *of == wish).map(|(_, whole)| whole)
    }

    fn field(&self, wish: Wish) -> Arc<Prepared> {
        let mut spec = Value::Null;
        if wish.requires_on_demand {
            require_among(&mut spec, self);
        }
        for term in self.preferred(wish.prefers) {
            let terms = PREFERRED_TERMS.iter();
            let terms = terms.fold(&mut spec, |value, key| value.entry(key));
            terms.push(term.clone());
        }
        let field = spec.take(FIELD).unwrap_or(Value::Null);
        Arc::new(Prepared::new(FIELD, field))
    }
}

/// The expressions that together require on-demand nodes.
fn requirements(capacity: &Capacity) -> Vec<Value> {
    let required = capacity.required_on_demand();
    required.iter().map(expression).collect()
}

/// On-demand nodes are those that meet every requirement, spot nodes those that meet any.
fn preferred_terms(capacity: &Capacity, wanted: CapacityType) -> Vec<Value> {
    let weighted = |expressions| {
        let preference = ("preference", term(expressions));
        Value::mapping([preference, ("weight", Value::Int(WEIGHT))])
    };
    match wanted {
        CapacityType::OnDemand => vec![weighted(requirements(capacity))],
        CapacityType::Spot => {
            let alternatives = capacity.preferred_spot();
            let terms = alternatives.iter().map(|spot| vec![expression(spot)]);
            terms.map(weighted).collect()
        }
    }
}

fn term(expressions: Vec<Value>) -> Value {
    Value::mapping([("matchExpressions", Value::Sequence(expressions))])
}

/// A `NodeSelectorRequirement` of core/v1.
fn expression(requirement: &NodeRequirement) -> Value {
    let values = requirement.values.iter().map(Value::text).collect();
    Value::mapping([
        ("key", Value::text(&requirement.key)),
        ("operator", Value::text(requirement.operator.name())),
        ("values", Value::Sequence(values)),
    ])
}

/// Our expressions in the required terms.
pub(super) fn find_required<'d>(mark: &Mark, spec: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    if !mark.covers_requirement() {
        return Ok(found);
    }
    let wanted = requirements(&mark.capacity);
    for expressions in expressions(spec)? {
        for wanted in &wanted {
            let mut expressions = expressions.iter();
            found.extend(expressions.find(|node| matches(**node, wanted)));
        }
    }
    Ok(found)
}

/// Our preferred terms.
pub(super) fn find_preferred<'d>(mark: &Mark, spec: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let terms = items(spec, &PREFERRED_TERMS)?;
    let find = |wanted: &CapacityType| {
        let wanted = preferred_terms(&mark.capacity, *wanted);
        let ours = wanted.iter().filter_map(|wanted| {
            let mut terms = terms.iter();
            terms.find(|term| matches(**term, wanted)).copied()
        });
        Some(ours.collect::<Vec<_>>()).filter(|ours| !ours.is_empty())
    };
    let found = mark.preferred().iter().find_map(find);
    Ok(found.unwrap_or_default())
}

/// The user's own affinity to the capacity key.
pub(super) fn foreign(
    spec: Node<'_>,
    owned: &Owned<'_>,
    key: &str,
) -> Result<Option<Constraint>, YamlError> {
    if requires(spec, owned, key)? {
        return Ok(Some(Constraint::RequiredAffinity));
    }
    for term in items(spec, &PREFERRED_TERMS)? {
        let expressions = items(term, &["preference", "matchExpressions"])?;
        if !owned.preferred.contains(&term) && names_key(&expressions, &[], key)? {
            return Ok(Some(Constraint::PreferredAffinity));
        }
    }
    Ok(None)
}

/// Whether a required term of the user's own names `key`.
pub(super) fn requires(spec: Node<'_>, owned: &Owned<'_>, key: &str) -> Result<bool, YamlError> {
    for expressions in expressions(spec)? {
        if names_key(&expressions, &owned.required, key)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn names_key(expressions: &[Node<'_>], ours: &[Node<'_>], key: &str) -> Result<bool, YamlError> {
    for expression in expressions {
        let name = expression.get_non_null("key")?.map(Node::text);
        if name == Some(key) && !ours.contains(expression) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The expressions of each required term.
fn expressions(spec: Node<'_>) -> Result<Vec<Vec<Node<'_>>>, YamlError> {
    let terms = items(spec, &REQUIRED_TERMS)?.into_iter();
    terms
        .map(|term| items(term, &["matchExpressions"]))
        .collect()
}

/// The items of the list at `path`; none where there is none.
fn items<'d>(node: Node<'d>, path: &[&str]) -> Result<Vec<Node<'d>>, YamlError> {
    Ok(node.items_at(path)?.collect())
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    desired: &Desired<'_>,
) -> Result<(), YamlError> {
    let wish = desired.nodes;
    let Some(affinity) = desired.affinity else {
        let mut ours = owned.required.iter().chain(&owned.preferred);
        return ours.try_for_each(|ours| edits.remove(*ours));
    };
    if pod.spec.get(FIELD)?.is_none() {
        let whole = affinity.whole(wish);
        return whole.map_or(Ok(()), |whole| {
            edits.put_prepared(pod.spec, whole, Vec::new())
        });
    }
    if wish.requires_on_demand {
        let moved = if desired.is_by_ordinal() {
            move_to_the_end(edits, owned)?
        } else {
            Vec::new()
        };
        let is_in_place = |ours: &&Node<'d>| !moved.contains(ours);
        let ours: Vec<_> = owned.required.iter().filter(is_in_place).copied().collect();
        require(edits, pod.spec, &ours, affinity)?;
    } else {
        for ours in &owned.required {
            edits.remove(*ours)?;
        }
    }
    let preferred = affinity.preferred(wish.prefers);
    prefer(edits, pod.spec, &owned.preferred, preferred)
}

/// Terms are alternatives, so the requirement goes into every one of them. A term without
/// requirements matches no node and stays as it is.
fn require<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: &[Node<'d>],
    affinity: &Affinity,
) -> Result<(), YamlError> {
    let terms = items(spec, &REQUIRED_TERMS)?;
    if terms.is_empty() {
        let term = term(affinity.requirements.clone());
        return edits.append(spec, &REQUIRED_TERMS, term);
    }
    for term in terms {
        if !has_requirements(term)? {
            continue;
        }
        let list = term.get_non_null("matchExpressions")?;
        let is_here = |ours: &&Node<'d>| list.is_some() && ours.parent() == list;
        let ours: Vec<_> = ours.iter().filter(is_here).copied().collect();
        let wanted = &affinity.requirements;
        bring(edits, &ours, wanted, |edits, missing| {
            edits.append(term, &["matchExpressions"], missing)
        })?;
    }
    Ok(())
}

fn has_requirements(term: Node<'_>) -> Result<bool, YamlError> {
    let expressions = items(term, &["matchExpressions"])?;
    Ok(!expressions.is_empty() || !items(term, &["matchFields"])?.is_empty())
}

/// The admission policy looks for ours at the end of a term. Where the owner has added something
/// after it, ours is removed, to be added again; returns what was removed.
fn move_to_the_end<'d>(
    edits: &mut Edits<'d>,
    owned: &Owned<'d>,
) -> Result<Vec<Node<'d>>, YamlError> {
    let mut moved = Vec::new();
    for ours in &owned.required {
        let list = ours.parent();
        let is_last = |list: Node<'d>| {
            let behind = list.items().skip_while(|item| item != ours);
            behind
                .into_iter()
                .all(|item| owned.required.contains(&item))
        };
        if !list.is_some_and(is_last) {
            edits.remove(*ours)?;
            moved.push(*ours);
        }
    }
    Ok(moved)
}

fn prefer<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: &[Node<'d>],
    wanted: &[Value],
) -> Result<(), YamlError> {
    bring(edits, ours, wanted, |edits, missing| {
        edits.append(spec, &PREFERRED_TERMS, missing)
    })
}

/// Brings what is ours in a list to what is wanted: changes items in place, removes what is too
/// much, and adds what is missing.
fn bring<'d>(
    edits: &mut Edits<'d>,
    ours: &[Node<'d>],
    wanted: &[Value],
    mut add: impl FnMut(&mut Edits<'d>, Value) -> Result<(), YamlError>,
) -> Result<(), YamlError> {
    for (ours, wanted) in ours.iter().zip(wanted) {
        reconcile(edits, *ours, wanted)?;
    }
    for ours in ours.iter().skip(wanted.len()) {
        edits.remove(*ours)?;
    }
    for wanted in wanted.iter().skip(ours.len()) {
        add(edits, wanted.clone())?;
    }
    Ok(())
}

/// Adds the requirement for on-demand nodes to the pod spec of a new object; `whole` makes the value of
/// the whole field.
pub(super) fn require_in(
    spec: &mut Value,
    affinity: &Affinity,
    whole: &impl Fn(&Prepared, &[Value]) -> Value,
) {
    match affinity.whole(Wish::new(true, None)) {
        Some(entry) if spec.get(FIELD).is_none() => {
            *spec.entry(FIELD) = whole(entry, &[]);
        }
        _ => require_among(spec, affinity),
    }
}

/// Adds the requirement to what there is.
fn require_among(spec: &mut Value, affinity: &Affinity) {
    let terms = REQUIRED_TERMS
        .iter()
        .fold(spec, |value, key| value.entry(key));
    match terms {
        Value::Sequence(terms) if !terms.is_empty() => {
            let has_requirements = |term: &&mut Value| {
                let lists = ["matchExpressions", "matchFields"].map(|list| term.get(list));
                lists.into_iter().flatten().any(|list| !list.is_empty())
            };
            for term in terms.iter_mut().filter(has_requirements) {
                let expressions = term.entry("matchExpressions");
                for requirement in &affinity.requirements {
                    expressions.push(requirement.clone());
                }
            }
        }
        _ => *terms = Value::Sequence(vec![term(affinity.requirements.clone())]),
    }
}
