//! What belongs to which workload: autoscalers, budgets, claims and siblings, matched by name or
//! selector within the namespace, and within the nearest common folder.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::krm::{Input, Location, Resource};
use crate::placement::{Range, WorkloadKind};
use crate::results::Finding;
use yaml_splice::YamlError;

use super::scope::nearest;
use super::siblings::match_siblings;
use super::{Autoscaler, Budget, Siblings, Workload, autoscaler, volume};

/// A workload's kind, namespace and name: several files may hold the same.
pub(super) type Identity<'d> = (WorkloadKind, &'d str, &'d str);

/// A PodDisruptionBudget and what it covers.
#[derive(Debug)]
pub struct Coverage<'d> {
    /// What it limits.
    pub budget: Budget<'d>,
    /// The object.
    pub resource: Resource<'d>,
    /// The positions of the workloads whose pods it selects, in their order.
    pub workloads: Vec<usize>,
}

/// What surrounds the workloads of one input.
#[derive(Debug, Default)]
pub struct Surroundings<'d> {
    /// The range of the autoscaler that targets a workload, by the workload's position.
    pub ranges: HashMap<usize, Range>,
    /// The budgets, each with the positions of the workloads whose pods it selects.
    pub budgets: Vec<Coverage<'d>>,
    /// Claims that one node at a time can mount: namespace and name.
    pub exclusive_claims: BTreeSet<(&'d str, &'d str)>,
    /// The siblings of the workloads.
    pub siblings: Siblings,
}

/// Finds what surrounds `workloads`; `siblings` are the indices of siblings of earlier runs.
///
/// # Errors
/// A finding for each surrounding object that Kubernetes would reject.
pub fn survey<'d>(
    input: &Input<'d>,
    workloads: &[Workload<'d>],
    siblings: &BTreeSet<usize>,
) -> Result<Surroundings<'d>, Vec<Finding>> {
    let mut survey = Survey {
        workloads,
        index: HashMap::new(),
        former: HashMap::new(),
        autoscalers: HashMap::new(),
        errors: Vec::new(),
        found: Surroundings::default(),
    };
    for (position, workload) in workloads.iter().enumerate() {
        if let Err(error) = survey.add_workload(position, workload) {
            let finding = Finding::from(error);
            survey.errors.push(finding.about(&workload.resource));
        }
    }
    for resource in &input.resources {
        if resource.is_local_config().unwrap_or_default() {
            continue;
        }
        if let Err(finding) = survey.add(resource) {
            survey.errors.push(finding.about(resource));
        }
    }
    survey.settle_autoscalers();
    survey.match_budgets();
    survey.found.siblings = match_siblings(input, workloads, &survey.index, siblings);
    if survey.errors.is_empty() {
        Ok(survey.found)
    } else {
        Err(survey.errors)
    }
}

fn identity<'d>(workload: &Workload<'d>) -> Identity<'d> {
    let resource = &workload.resource;
    (workload.kind, resource.effective_namespace(), resource.name)
}

struct Survey<'a, 'd> {
    workloads: &'a [Workload<'d>],
    index: HashMap<Identity<'d>, Vec<usize>>,
    /// By the names that workloads had before.
    former: HashMap<Identity<'d>, Vec<usize>>,
    /// By workload: the place and range of each autoscaler that has it as its nearest target.
    autoscalers: HashMap<usize, Vec<(Location<'d>, Range)>>,
    errors: Vec<Finding>,
    found: Surroundings<'d>,
}

impl<'d> Survey<'_, 'd> {
    fn add_workload(&mut self, position: usize, workload: &Workload<'d>) -> Result<(), YamlError> {
        let (kind, namespace, name) = identity(workload);
        let current = self.index.entry((kind, namespace, name));
        current.or_default().push(position);
        for name in workload.resource.former_names()? {
            let former = self.former.entry((kind, namespace, name));
            former.or_default().push(position);
        }
        Ok(())
    }

    fn add(&mut self, resource: &Resource<'d>) -> Result<(), Finding> {
        match autoscaler::read(resource)? {
            Ok(Some(autoscaler)) => self.add_autoscaler(resource, &autoscaler),
            Ok(None) => {}
            Err(bad) => return Err(Finding::from(&bad)),
        }
        if let Some(budget) = Budget::read(resource)? {
            self.found.budgets.push(Coverage {
                budget,
                resource: resource.clone(),
                workloads: Vec::new(),
            });
        }
        if volume::is_exclusive_claim(resource)? {
            let namespace = resource.effective_namespace();
            let names = resource.former_names()?.into_iter().chain([resource.name]);
            let claims = names.map(|name| (namespace, name));
            self.found.exclusive_claims.extend(claims);
        }
        Ok(())
    }

    fn add_autoscaler(&mut self, resource: &Resource<'d>, autoscaler: &Autoscaler<'d>) {
        let Some(kind): Option<WorkloadKind> = autoscaler.target_kind.parse().ok() else {
            return;
        };
        let target = (kind, resource.effective_namespace(), autoscaler.target_name);
        let targets = self.index.get(&target).or_else(|| self.former.get(&target));
        for position in self.nearest_workloads(resource.location(), targets) {
            let ranges = self.autoscalers.entry(position).or_default();
            ranges.push((resource.location(), autoscaler.range));
        }
    }

    fn nearest_workloads(&self, to: Location<'_>, candidates: Option<&Vec<usize>>) -> Vec<usize> {
        let candidates = candidates.into_iter().flatten().copied();
        nearest(to, candidates, |&position| {
            self.workloads[position].resource.location()
        })
    }

    /// Of the autoscalers that target a workload the nearest count.
    fn settle_autoscalers(&mut self) {
        for (position, ranges) in std::mem::take(&mut self.autoscalers) {
            let workload = self.workloads[position].resource.location();
            let near = nearest(workload, ranges, |(autoscaler, _)| *autoscaler);
            let range = near
                .into_iter()
                .map(|(_, range)| range)
                .reduce(Range::union);
            self.found
                .ranges
                .extend(range.map(|range| (position, range)));
        }
    }

    /// A budget covers, of each workload that stands in several files, the nearest.
    fn match_budgets(&mut self) {
        let mut budgets = std::mem::take(&mut self.found.budgets);
        if !budgets.is_empty() {
            let labelled = self.by_label();
            for coverage in &mut budgets {
                let (budget, resource) = (&coverage.budget, &coverage.resource);
                let namespace = resource.effective_namespace();
                let candidates = match budget.label() {
                    Some((key, value)) => labelled.get(&(namespace, key, value)),
                    None => labelled.get(&(namespace, "", "")),
                };
                let matching = candidates
                    .into_iter()
                    .flatten()
                    .copied()
                    .filter(|&position| budget.selects(&self.workloads[position].pod_labels()));
                let mut same: BTreeMap<Identity<'d>, Vec<usize>> = BTreeMap::new();
                for position in matching {
                    same.entry(identity(&self.workloads[position]))
                        .or_default()
                        .push(position);
                }
                let near = same
                    .values()
                    .flat_map(|all| self.nearest_workloads(resource.location(), Some(all)));
                coverage.workloads = near.collect();
                coverage.workloads.sort_unstable();
            }
        }
        self.found.budgets = budgets;
    }

    /// Workloads by namespace and one label of their pods; by the empty label all of a namespace.
    fn by_label(&self) -> HashMap<(&'d str, &'d str, &'d str), Vec<usize>> {
        let mut labelled: HashMap<_, Vec<usize>> = HashMap::new();
        for (position, workload) in self.workloads.iter().enumerate() {
            let namespace = workload.resource.effective_namespace();
            for (key, value) in workload.pod_label_pairs().into_iter().chain([("", "")]) {
                labelled
                    .entry((namespace, key, value))
                    .or_default()
                    .push(position);
            }
        }
        labelled
    }
}
