//! Which workloads get a disruption budget of ours.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::config::{BudgetPolicy, Policy};
use crate::inventory::{Coverage, Inventory, WorkloadId};
use crate::placement::{Decision, FloorBudget, WorkloadKind};

/// What is decided about the budget of one workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BudgetChoice {
    /// It gets none: the policy asks for none, there is no floor to guard, or its owner has one.
    #[default]
    None,
    /// It gets this one.
    Written(FloorBudget),
    /// It gets none, because its selector also selects the pods of this workload.
    SharedPods(WorkloadId),
    /// It gets none, because nobody knows whether a budget of the owner's, the one of this index, selects its
    /// pods.
    Uncertain(usize),
    /// It gets none, because a Deployment of the same name and namespace has the name.
    NameInUse,
}

/// What of an input matters to the budgets that `policy` asks for.
#[derive(Debug, Default)]
pub(super) struct Budgets<'d> {
    is_wanted: bool,
    /// The workloads of which a budget of the owner's selects pods.
    budgeted: BTreeSet<WorkloadId>,
    /// Those of which nobody knows, with the index of the budget.
    uncertain: HashMap<WorkloadId, usize>,
    /// The workloads that select the pods of another one.
    shared: HashMap<WorkloadId, WorkloadId>,
    /// The Deployments by namespace and name.
    deployments: HashSet<(&'d str, &'d str)>,
}

impl<'d> Budgets<'d> {
    pub fn of(inventory: &Inventory<'d>, policy: &Policy) -> Self {
        if policy.budget == BudgetPolicy::None {
            return Self::default();
        }
        let workloads = inventory.workloads.iter();
        let deployments = workloads.filter(|it| it.kind == WorkloadKind::Deployment);
        let names = deployments.map(|it| (it.resource.effective_namespace(), it.resource.name));
        Self {
            is_wanted: true,
            budgeted: inventory.related.budgeted(),
            uncertain: uncertain(&inventory.related.budgets),
            shared: inventory.shared_pods(),
            deployments: names.collect(),
        }
    }

    /// The budget of the workload `id`, about which `decision` was made.
    ///
    /// Two budgets on one pod make every eviction of it fail, so there is none of ours where another
    /// may select the pods.
    pub fn choose(
        &self,
        inventory: &Inventory<'_>,
        id: WorkloadId,
        decision: &Decision,
    ) -> BudgetChoice {
        let Decision::Place(placement) = decision else {
            return BudgetChoice::None;
        };
        let Some(budget) = placement.budget().filter(|_| self.is_wanted) else {
            return BudgetChoice::None;
        };
        if self.budgeted.contains(&id) {
            return BudgetChoice::None;
        }
        if let Some(index) = self.uncertain.get(&id) {
            return BudgetChoice::Uncertain(*index);
        }
        let workload = &inventory.workloads[id];
        let name = (
            workload.resource.effective_namespace(),
            workload.resource.name,
        );
        if workload.kind == WorkloadKind::StatefulSet && self.deployments.contains(&name) {
            return BudgetChoice::NameInUse;
        }
        match self.shared.get(&id) {
            Some(other) => BudgetChoice::SharedPods(*other),
            None => BudgetChoice::Written(budget),
        }
    }
}

/// The workloads of which nobody knows whether one of `budgets` selects their pods, with the index of the first.
fn uncertain(budgets: &[Coverage<'_>]) -> HashMap<WorkloadId, usize> {
    let mut uncertain = HashMap::new();
    for (index, coverage) in budgets.iter().enumerate() {
        for id in &coverage.uncertain {
            uncertain.entry(*id).or_insert(index);
        }
    }
    uncertain
}
