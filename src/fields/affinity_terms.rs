//! What node affinity looks like: required on-demand nodes, preferred nodes of either type.

use std::sync::{Arc, OnceLock};

use crate::config::{Capacity, NodeRequirement};
use crate::placement::CapacityType;
use yaml_splice::{Prepared, Value};

/// The affinity below a pod spec.
pub(super) const FIELD: &str = "affinity";
/// The node affinity below a pod spec.
const AFFINITY: [&str; 2] = [FIELD, "nodeAffinity"];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
pub(super) const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// The required terms below a pod spec.
pub(super) const REQUIRED_TERMS: [&str; 4] =
    [AFFINITY[0], AFFINITY[1], REQUIRED, "nodeSelectorTerms"];
/// The preferred terms below a pod spec.
pub(super) const PREFERRED_TERMS: [&str; 3] = [AFFINITY[0], AFFINITY[1], PREFERRED];

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
    pub requirements: Vec<Value>,
    /// The preferred terms for on-demand nodes.
    on_demand: Vec<Value>,
    /// The preferred terms for spot nodes.
    spot: Vec<Value>,
    /// The whole field of pods that have no affinity of their own, made when it is first needed.
    whole: [(Wish, OnceLock<Arc<Prepared>>); Wish::ALL.len()],
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

    /// A wish.
    pub const fn new(requires_on_demand: bool, prefers: Option<CapacityType>) -> Self {
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
        Self {
            requirements: decided(requirements(capacity)),
            on_demand: decided(preferred_terms(capacity, CapacityType::OnDemand)),
            spot: decided(preferred_terms(capacity, CapacityType::Spot)),
            whole: Wish::ALL.map(|wish| (wish, OnceLock::new())),
        }
    }

    /// The preferred terms for nodes of the type `wanted`.
    pub fn preferred(&self, wanted: Option<CapacityType>) -> &[Value] {
        match wanted {
            Some(CapacityType::OnDemand) => &self.on_demand,
            Some(CapacityType::Spot) => &self.spot,
            None => &[],
        }
    }

    /// The whole field by `wish`; `None` where nothing is wished for.
    pub fn whole(&self, wish: Wish) -> Option<&Arc<Prepared>> {
        let mut all = self.whole.iter();
        let (_, whole) = all.find(|(of, _)| *of == wish)?;
        Some(whole.get_or_init(|| self.field(wish)))
    }

    fn field(&self, wish: Wish) -> Arc<Prepared> {
        let mut spec = Value::Null;
        if wish.requires_on_demand {
            require_in(&mut spec, self);
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
pub(super) fn requirements(capacity: &Capacity) -> Vec<Value> {
    let required = capacity.required_on_demand();
    required.iter().map(expression).collect()
}

/// On-demand nodes are those that meet every requirement, spot nodes those that meet any.
pub(super) fn preferred_terms(capacity: &Capacity, wanted: CapacityType) -> Vec<Value> {
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

pub(super) fn term(expressions: Vec<Value>) -> Value {
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

/// Adds the requirement for on-demand nodes to the pod spec of a new object.
pub(super) fn require_in(spec: &mut Value, affinity: &Affinity) {
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
