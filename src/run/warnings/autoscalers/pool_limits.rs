//! Limits of `NodePools` that are less than what has to stay on on-demand nodes.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>, "spec.limits".

use crate::findings::{Code, Finding};
use crate::placement::CapacityType;
use crate::report::text::{cores, gib};
use crate::requests::{Amounts, pod_resources};

use super::super::scene::Scene;
use super::node_pool::NodePool;

/// The pools that make on-demand nodes have to hold at least the floors. Other pods, and what
/// a node keeps for itself, need room besides, so this is the least that is wrong.
///
/// ```text
/// needed = sum of F * request       F = 2 of 500m and F = 3 of 2 cores: 7 cores
/// ```
pub(super) fn of_pools(scene: Scene<'_, '_>, pools: &[NodePool<'_, '_>]) -> Option<Finding> {
    let makers = pools
        .iter()
        .filter(|pool| pool.makes(CapacityType::OnDemand));
    let makers: Vec<_> = makers.collect();
    let first = makers.first()?;
    let needed = needed(scene);
    let limit = |name: &str| {
        let limited = makers.iter().all(|pool| pool.limits.names(name));
        let sum = makers.iter().map(|pool| pool.limits.of(name)).sum::<u64>();
        limited.then_some(sum)
    };
    let (name, limit, need) = match (limit("cpu"), limit("memory")) {
        (Some(cpu), _) if cpu < needed.cpu() => (
            "cpu",
            format!("{} cores", cores(cpu)),
            format!("{} cores", cores(needed.cpu())),
        ),
        (_, Some(memory)) if memory < needed.memory() => (
            "memory",
            format!("{} GiB", gib(memory)),
            format!("{} GiB", gib(needed.memory())),
        ),
        _ => return None,
    };
    let message = format!(
        "the NodePools that offer on-demand nodes may grow to {limit}, and the floors alone request \
         {need}, so some of them stay Pending; raise spec.limits.{name}"
    );
    let finding = Finding::warning(Code::NodePoolLimits, message).at(format!("spec.limits.{name}"));
    Some(finding.about(first.resource))
}

/// What the floors request, as far as it is known.
fn needed(scene: Scene<'_, '_>) -> Amounts {
    let mut needed = Amounts::default();
    for (workload, placement) in scene.placed() {
        if let Ok(pod) = pod_resources(workload.pod.spec) {
            let floor = placement.survivors(placement.replicas);
            needed.add(&pod.request().amounts.times(floor.into()));
        }
    }
    needed
}
