//! What the function promised for a workload: the one place where its report becomes a number to check.
//!
//! The report is the mark on the rendered workload, for example `strategy=spread replicas=10 floor=2`.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::workload::Kind;

/// The annotation that carries the mark.
pub const MARK: &str = "spot-distribution.dev/applied";

/// When a number of replicas on on-demand nodes was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// Pods arrive where there were none; what counts is where they have settled.
    Arrival,
    /// Nothing but nodes changes.
    Nodes,
    /// Pods are being replaced by those of a new revision.
    Rollout,
    /// The function comes to a workload that runs, or raises its floor.
    Adoption,
    /// The owner leaves the policy.
    Leaving,
    /// On-demand nodes are drained, expire or are consolidated under the floor.
    OnDemandNodes,
    /// The same beside budgets that let one pod go at a time.
    SlowedOnDemandNodes,
    /// Every spot node is lost while pods are being replaced.
    InterruptedRollout,
    /// Every spot node is lost while the function comes to a workload whose sibling, if it gets one, is there.
    InterruptedAdoption,
    /// Git holds another number of replicas.
    Rescaled,
    /// Somebody, such as an autoscaler, changed the replicas to no fewer than Git holds.
    ScaledOut,
    /// Somebody, such as an autoscaler, changed the replicas to this number without Git knowing.
    ScaledTo(u32),
}

/// The decision that the function reported for one workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    kind: Kind,
    strategy: String,
    replicas: u32,
    floor: u32,
    /// Whether the cluster's admission policy lifts the pin of the members from F on.
    lifted: bool,
}

impl Guarantee {
    /// Reads the mark of a rendered workload.
    pub fn of(workload: &Value) -> Result<Self> {
        let name = &workload["metadata"]["name"];
        let mark = workload["metadata"]["annotations"][MARK].as_str();
        let mark =
            mark.with_context(|| format!("the rendered {name} carries no {MARK} annotation"))?;
        let kind = match workload["kind"].as_str() {
            Some("Deployment") => Kind::Deployment,
            Some("StatefulSet") => Kind::StatefulSet,
            other => bail!("{name} is of kind {other:?}"),
        };
        Self::parse(kind, mark)
            .with_context(|| format!("failed to read the mark {mark:?} of {name}"))
    }

    fn parse(kind: Kind, mark: &str) -> Result<Self> {
        let value = |key: &str| {
            let mut pairs = mark
                .split_whitespace()
                .filter_map(|word| word.split_once('='));
            pairs
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value)
                .with_context(|| format!("no {key}"))
        };
        Ok(Self {
            kind,
            strategy: value("strategy")?.to_owned(),
            replicas: value("replicas")?.parse()?,
            floor: value("floor")?.parse()?,
            lifted: false,
        })
    }

    /// The same decision on a cluster with the function's admission policy, or without it.
    #[must_use]
    pub fn with_policy(self, lifted: bool) -> Self {
        Self { lifted, ..self }
    }

    /// F, as the mark says it.
    pub fn floor(&self) -> u32 {
        self.floor
    }

    /// The strategy that was decided.
    pub fn strategy(&self) -> &str {
        &self.strategy
    }

    /// How many replicas the function puts on on-demand nodes while spot nodes have room.
    pub fn on_demand(&self) -> u32 {
        match self.strategy.as_str() {
            "on-demand" | "prefer-on-demand" => self.replicas,
            "ordinals" if !self.lifted => self.replicas,
            _ => self.floor,
        }
    }

    /// The number that a filter of the scheduler enforces, whatever its preferences do.
    pub fn hard(&self) -> u32 {
        match self.strategy.as_str() {
            "on-demand" => self.replicas,
            "floor" | "ordinals" => self.floor,
            "spread" => self.floor.min(self.replicas - self.floor),
            _ => 0,
        }
    }

    /// The ready replicas on on-demand nodes that must never be undercut at that moment.
    pub fn at(&self, moment: Moment) -> u32 {
        let prefers_on_demand = 2 * self.floor > self.replicas;
        match (self.strategy.as_str(), moment) {
            // What a floor is worth then depends on budgets and on the number of nodes it rests on.
            (_, Moment::Leaving | Moment::OnDemandNodes) => 0,
            // The pod that the budget lets go is one of them.
            ("floor" | "ordinals", Moment::SlowedOnDemandNodes) => self.floor.saturating_sub(1),
            ("on-demand", Moment::SlowedOnDemandNodes) => self.replicas.saturating_sub(1),
            // Two objects: neither a rollout nor an autoscaler reaches below the base.
            ("floor", _) => self.floor,
            (_, Moment::Arrival | Moment::Adoption | Moment::Nodes) => match self.strategy.as_str()
            {
                "on-demand" => self.replicas,
                "spread" | "ordinals" => self.floor,
                _ => 0,
            },
            (strategy, Moment::InterruptedRollout | Moment::Rescaled) if strategy != "spread" => {
                self.at(Moment::Rollout)
            }
            ("on-demand" | "ordinals", Moment::ScaledOut) => self.at(Moment::Nodes),
            ("on-demand", Moment::Rollout) => self.replicas - self.down_during_rollout(),
            ("on-demand", Moment::ScaledTo(replicas)) => replicas.min(self.replicas),
            // The member that is being replaced may be one of the F.
            ("ordinals", Moment::Rollout) => self.floor - 1,
            // The highest ordinals go first.
            ("ordinals", Moment::ScaledTo(replicas)) => replicas.min(self.floor),
            // The filter gives replicas - floor; the rest is a preference that was measured to hold.
            ("spread", Moment::Rollout) if prefers_on_demand => {
                self.floor - self.down_during_rollout()
            }
            // A minority by `spread` holds "once settled, not during a rollout, nor after a scale-in behind Git's
            // back"; the other strategies promise nothing.
            _ => 0,
        }
    }

    /// The same where no preference can be relied on: what the filter enforces once settled.
    pub fn outvoted_at(&self, moment: Moment) -> u32 {
        match moment {
            Moment::Arrival | Moment::Adoption | Moment::Nodes => self.hard().min(self.at(moment)),
            _ => 0,
        }
    }

    /// What the workload's own update strategy takes down at a time: a StatefulSet one pod, a Deployment 25 %.
    fn down_during_rollout(&self) -> u32 {
        match self.kind {
            Kind::StatefulSet => 1,
            Kind::Deployment => self.replicas / 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_minority_holds_only_when_settled() {
        let guarantee =
            Guarantee::parse(Kind::Deployment, "strategy=spread replicas=10 floor=2").unwrap();
        assert_eq!(guarantee.at(Moment::Nodes), 2);
        assert_eq!(guarantee.at(Moment::Rollout), 0);
        assert_eq!(guarantee.hard(), 2);
    }

    #[test]
    fn a_spread_majority_survives_its_rollout_but_for_the_pod_being_replaced() {
        let guarantee =
            Guarantee::parse(Kind::StatefulSet, "strategy=spread replicas=5 floor=3").unwrap();
        assert_eq!(guarantee.at(Moment::Nodes), 3);
        assert_eq!(guarantee.at(Moment::Rollout), 2);
        assert_eq!(guarantee.hard(), 2);
    }

    #[test]
    fn members_below_f_hold_at_any_scale() {
        let guarantee =
            Guarantee::parse(Kind::StatefulSet, "strategy=ordinals replicas=5 floor=3").unwrap();
        assert_eq!(guarantee.at(Moment::Nodes), 3);
        assert_eq!(guarantee.at(Moment::Rollout), 2);
        assert_eq!(guarantee.at(Moment::ScaledTo(9)), 3);
        assert_eq!(guarantee.at(Moment::ScaledTo(2)), 2);
        assert_eq!(guarantee.on_demand(), 5);
        assert_eq!(guarantee.with_policy(true).on_demand(), 3);
    }

    #[test]
    fn a_base_of_its_own_always_holds() {
        let guarantee =
            Guarantee::parse(Kind::Deployment, "strategy=floor replicas=20 floor=4").unwrap();
        for moment in [Moment::Nodes, Moment::Rollout, Moment::ScaledTo(4)] {
            assert_eq!(guarantee.at(moment), 4);
        }
    }
}
