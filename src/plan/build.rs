//! Assessments and findings of a run as rows and totals.

use std::collections::BTreeMap;

use yaml_splice::YamlError;

use crate::config::{Origin, Policy, Provider, Setting};
use crate::findings::{Code, Finding, ObjectRef};
use crate::inventory::Workload;
use crate::krm::{LeftOut, Resource};
use crate::load::Decided;
use crate::placement::{Base, Decision, Exclusion, Facts, Placement, Share, Strategy, decide};
use crate::room::{Capacities, constraints};
use crate::run::{Assessment, Limits, exclusion_code, why};

use super::others::Others;
use super::row::{Running, place};
use super::text::known_by;
use super::undecided::{self, requests};
use super::{
    Cost, Fate, Figures, FileDiff, Maximum, Need, NodeRoom, Room, Row, Sum, Verdict, Weights,
    WithoutPolicy,
};

/// What the function would decide, and what that comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every Deployment and StatefulSet, by namespace, name and kind.
    pub rows: Vec<Row>,
    /// The placed workloads by the strategy that was chosen, each at its minimum.
    pub strategies: BTreeMap<Strategy, Totals>,
    /// All workloads, each at its replicas or its autoscaler's minimum.
    pub at_minimum: Totals,
    /// The same with every autoscaler at its maximum, where that is known.
    pub at_maximum: Totals,
    /// All workloads on a cluster without the admission policy.
    pub without_policy: WithoutPolicy,
    /// How many workloads are autoscaled.
    pub autoscaled: u64,
    /// How many workloads have which fate.
    pub fates: BTreeMap<Fate, u64>,
    /// What runs pods and is not placed.
    pub others: Others,
    /// Whether it fits on nodes, where they are known.
    pub nodes: Option<NodeRoom>,
    /// The warnings, by the objects that they are about, in the order of the workloads; last those about
    /// nodes, and those about nothing in particular.
    pub warnings: Vec<Finding>,
    /// What requests weigh.
    pub weights: Weights,
    /// How on-demand and spot nodes are known, in words.
    pub known_by: String,
    /// The preset that the configuration names.
    pub preset: Option<Provider>,
    /// The settings that a preset has, as they are in force.
    pub node_settings: Vec<Setting>,
    /// Files below a folder that were left out because they are not manifests.
    pub skipped: Vec<LeftOut>,
    /// What would change in each file, where that was asked for.
    pub diffs: Option<Vec<FileDiff>>,
}

/// What several workloads come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Their replicas.
    pub sum: Sum,
    /// What those cost whose requests are known.
    pub cost: Cost,
    /// The room that has to exist on on-demand nodes.
    pub room: Room,
    /// The room that buffers keep there, and what it costs in the unit of [`Weights`].
    pub reserved: Reserved,
}

/// Room that is kept for what loses its spot nodes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reserved {
    /// Pods and what they request.
    pub need: Need,
    /// At the price of on-demand nodes.
    pub cost: f64,
}

impl Reserved {
    fn add(&mut self, weights: &Weights, row: &Row) {
        let (request, pods) = (&row.requests.amounts, row.reserved.into());
        self.need.add(request, pods);
        if pods > 0 {
            self.cost += weights.of(&request.times(pods));
        }
    }
}

impl Totals {
    fn add(&mut self, weights: &Weights, row: &Row, figures: Figures, now: Figures) {
        self.sum = self.sum.plus(figures);
        row.add_room(figures, &mut self.room);
        self.reserved.add(weights, row);
        if row.requests.is_known() {
            self.cost.add(weights, row, figures, now);
        }
    }
}

impl Plan {
    /// The plan of what was `decided`, which must not be a failure, still without its warnings.
    ///
    /// # Errors
    /// Where YAML makes a field ambiguous.
    pub(super) fn of(
        decided: &Decided<'_>,
        policy: &Policy,
        limits: &Limits,
    ) -> Result<Self, YamlError> {
        let inventory = &decided.inventory;
        let mut plan = Self {
            rows: rows(decided, policy, limits)?,
            strategies: BTreeMap::new(),
            at_minimum: Totals::default(),
            at_maximum: Totals::default(),
            without_policy: WithoutPolicy::default(),
            autoscaled: 0,
            fates: BTreeMap::new(),
            others: Others::of(&inventory.input)?,
            nodes: None,
            warnings: Vec::new(),
            weights: Weights::new(policy.prices, policy.spot_price_ratio),
            known_by: known_by(policy),
            preset: policy.provider,
            node_settings: policy.node_settings(),
            skipped: Vec::new(),
            diffs: None,
        };
        plan.add_up();
        Ok(plan)
    }

    fn add_up(&mut self) {
        for row in &self.rows {
            let weights = &self.weights;
            self.at_minimum.add(weights, row, row.at_minimum, row.now);
            let (most, most_now) = (row.at_maximum(), row.now_at_maximum);
            self.at_maximum.add(weights, row, most, most_now);
            let without = &mut self.without_policy;
            without
                .totals
                .add(weights, row, row.without_policy, row.now);
            without.workloads += u64::from(row.needs_policy());
            self.autoscaled += u64::from(row.is_autoscaled());
            *self.fates.entry(row.fate()).or_default() += 1;
            if let Some(strategy) = row.strategy() {
                let totals = self.strategies.entry(strategy).or_default();
                totals.add(weights, row, row.at_minimum, row.now);
            }
        }
    }

    /// The workloads that are placed.
    pub fn placed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.strategy().is_some())
    }

    /// The workloads that are not placed: the code of the reason, and the reason.
    pub fn left_alone(&self) -> impl Iterator<Item = (&Row, Code, &str)> {
        self.rows.iter().filter_map(|row| match &row.verdict {
            Verdict::LeftAlone { code, why } | Verdict::Unknown { code, why } => {
                Some((row, *code, why.as_str()))
            }
            Verdict::Placed { .. } => None,
        })
    }

    /// The workloads of which some requests are not known, although they run pods.
    pub fn unknown(&self) -> impl Iterator<Item = &Row> {
        let is_unknown = |row: &&Row| !row.requests.is_known() && row.fate() != Fate::Idle;
        self.rows.iter().filter(is_unknown)
    }

    /// The number of workloads with that fate.
    pub fn count(&self, fate: Fate) -> u64 {
        self.fates.get(&fate).copied().unwrap_or(0)
    }

    /// The number of workloads that the function would change.
    pub fn changes(&self) -> usize {
        self.rows.iter().filter(|row| row.changes).count()
    }
}

fn rows(decided: &Decided<'_>, policy: &Policy, limits: &Limits) -> Result<Vec<Row>, YamlError> {
    let Decided {
        inventory,
        assessments,
        outcome,
        set_aside,
    } = decided;
    let capacities = Capacities::of(&policy.capacity);
    let placed = assessments.map(|id, assessment| {
        let workload = &inventory.workloads[id];
        if let Some(exclusion) = of_unknown_size(workload, assessment) {
            return Ok(undecided::left_alone(
                &workload.resource,
                exclusion,
                &capacities,
            ));
        }
        let mut row = row(workload, assessment, &capacities)?;
        row.changes = outcome.changed.contains(&id);
        if let Some(limit) = limits.by_workload.get(&id) {
            row.limit(limit);
        }
        if let Some(volumes) = limits.volumes.get(&id) {
            row.constraints.volumes.clone_from(volumes);
        }
        row.constraints.apart = limits.apart.get(&id).cloned();
        Ok::<_, YamlError>(row)
    });
    let mut rows = placed.into_iter().collect::<Result<Vec<_>, _>>()?;
    let left_alone = inventory.left_alone.iter();
    rows.extend(left_alone.map(|(id, exclusion)| {
        undecided::left_alone(&inventory.input[*id], *exclusion, &capacities)
    }));
    rows.extend(undecided::set_aside(set_aside));
    rows.sort_by(|a, b| place(&a.subject).cmp(&place(&b.subject)));
    mark_namesakes(&mut rows);
    Ok(rows)
}

/// Why a workload is left alone of which nobody can read how many replicas it has.
fn of_unknown_size(workload: &Workload<'_>, assessment: &Assessment) -> Option<Exclusion> {
    let is_readable = workload.replicas.declared.is_ok() || assessment.facts.autoscaled.is_some();
    match assessment.decision {
        Decision::LeaveAlone(exclusion) if !is_readable => Some(exclusion),
        _ => None,
    }
}

/// Several folders may hold the same workload, such as the overlays of two clusters.
fn mark_namesakes(rows: &mut [Row]) {
    let is_same = |a: &ObjectRef, b: &ObjectRef| {
        (&a.namespace, &a.name, &a.kind) == (&b.namespace, &b.name, &b.kind)
    };
    for at in 1..rows.len() {
        if is_same(&rows[at - 1].subject, &rows[at].subject) {
            rows[at - 1].is_namesake = true;
            rows[at].is_namesake = true;
        }
    }
}

fn row(
    workload: &Workload<'_>,
    assessment: &Assessment,
    capacities: &Capacities,
) -> Result<Row, YamlError> {
    let constraints = constraints(workload.pod.spec)?;
    let reach = capacities.reach(&constraints);
    let facts = &assessment.facts;
    let carried = carried(workload, facts);
    let (verdict, running) = match &assessment.decision {
        Decision::Place(placement) => {
            let origin = assessment
                .choice
                .as_ref()
                .map_or(Origin::Default, |choice| choice.origin);
            let strategy = placement.strategy;
            (
                Verdict::Placed { strategy, origin },
                Running::Placed(placement),
            )
        }
        Decision::LeaveAlone(exclusion) => {
            let verdict = left_alone(*exclusion, &workload.resource);
            let kept = carried.as_ref().filter(|_| exclusion.keeps_placement());
            let running = kept.map_or(Running::LeftAlone(reach), Running::Placed);
            (verdict, running)
        }
    };
    let now = carried
        .as_ref()
        .map_or(Running::LeftAlone(reach), Running::Placed);
    let is_placed = matches!(running, Running::Placed(_));
    let replicas_now = carried.map_or(facts.replicas, |placement| placement.replicas);
    let most = facts.autoscaled.and_then(|range| range.max);
    Ok(Row {
        subject: ObjectRef::of(&workload.resource),
        verdict,
        at_minimum: running.at(facts.replicas),
        maximum: facts
            .autoscaled
            .map(|range| Maximum::of(range, |replicas| running.at(replicas))),
        without_policy: running.without_policy(facts.replicas),
        now: now.at(replicas_now),
        now_at_maximum: now.at(most.map_or(replicas_now, |max| max.max(facts.replicas))),
        requests: requests(workload.pod.spec),
        constraints,
        may_move: is_placed || reach.on_demand || !reach.spot,
        reserved: assessment.headroom.pods(),
        is_namesake: false,
        changes: false,
        warnings: Vec::new(),
    })
}

/// The placement that the manifest carries now, as its mark tells.
fn carried(workload: &Workload<'_>, facts: &Facts) -> Option<Placement> {
    let mark = workload.mark()?;
    let facts = Facts {
        replicas: mark.replicas,
        constraint: None,
        excluded: None,
        ..*facts
    };
    let share = Share {
        base: Base::Count(mark.floor),
        percent_above_base: 0,
    };
    match decide(&facts, mark.strategy, share) {
        Decision::Place(placement) => Some(placement),
        Decision::LeaveAlone(_) => None,
    }
}

fn left_alone(exclusion: Exclusion, resource: &Resource<'_>) -> Verdict {
    Verdict::LeftAlone {
        code: exclusion_code(exclusion),
        why: why(exclusion, resource.api_version, resource.kind),
    }
}
