//! Taints of `NodePools`: Karpenter makes no node of a pool whose taints a pod does not tolerate.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>, "spec.template.spec.taints".

use crate::findings::{Code, Finding};
use crate::placement::CapacityType;

use super::super::on_demand::{Obstacle, Role, Volumes, Wanting};
use super::super::scene::{Scene, barrier, several, taint_text, toleration_text};
use super::node_pool::NodePool;

const FIELD: &str = "spec.template.spec.taints";

/// What keeps pods from all pools of a type, whatever they want its nodes for.
pub(super) fn of_pools(
    scene: Scene<'_, '_>,
    pools: &[NodePool<'_, '_>],
    kind: CapacityType,
) -> Vec<Finding> {
    let makers: Vec<_> = pools.iter().filter(|pool| pool.makes(kind)).collect();
    match kind {
        CapacityType::OnDemand => of_on_demand(scene, &makers),
        CapacityType::Spot => of_spot(scene, &makers).into_iter().collect(),
    }
}

fn of_on_demand(scene: Scene<'_, '_>, makers: &[&NodePool<'_, '_>]) -> Vec<Finding> {
    let Some(first) = makers.first() else {
        return Vec::new();
    };
    let is_stopped = |pods: &&Wanting<'_, '_>| {
        let tolerates = |taint| pods.constraints.tolerates(taint);
        makers.iter().all(|pool| !pool.taints.iter().all(tolerates))
    };
    let wanting = scene.wanting(&Volumes::default());
    let stopped: Vec<_> = wanting.iter().filter(is_stopped).collect();
    let roles = [Role::Pinned, Role::Spread, Role::Preference, Role::Refuge];
    let found = roles.into_iter().filter_map(|role| {
        let mut pods = stopped
            .iter()
            .filter(|pods| pods.role == role)
            .filter(|pods| {
                // Where the floor itself does not run, that is what there is to say.
                let same = stopped.iter().filter(|other| other.id == pods.id);
                role != Role::Refuge || same.count() == 1
            });
        let example = pods.next()?;
        let who = several(example.workload, 1 + pods.count());
        let mut taints = first.taints.iter();
        let taint = taints.find(|taint| !example.constraints.tolerates(taint))?;
        let obstacle = Obstacle::Taint(taint.clone(), "NodePools that offer on-demand nodes");
        Some(obstacle.finding(role, &who).at(FIELD).about(first.resource))
    });
    found.collect()
}

fn of_spot(scene: Scene<'_, '_>, makers: &[&NodePool<'_, '_>]) -> Option<Finding> {
    let taints: Vec<_> = makers.iter().map(|pool| pool.taints.as_slice()).collect();
    let found = barrier(&scene.pods(CapacityType::Spot), &taints)?;
    let (taint, who) = (taint_text(found.taint), &found.who);
    let remedy = toleration_text(found.taint);
    let message = format!(
        "no toleration covers the taint {taint} of the NodePools that offer spot nodes, so \
         nothing of {who} runs there; add {remedy} to spotTolerations"
    );
    let finding = Finding::warning(Code::SpotTaint, message).at(FIELD);
    Some(finding.about(makers.first()?.resource))
}
