//! Taints of `NodePools`: Karpenter makes no node of a pool whose taints a pod does not tolerate.
//!
//! Source: <https://karpenter.sh/docs/concepts/nodepools/>, "spec.template.spec.taints".

use crate::findings::{Code, Finding};
use crate::placement::CapacityType;

use super::super::scene::{Scene, barrier, taint_text, toleration_text};
use super::node_pool::NodePool;

pub(super) fn of_pools(
    scene: Scene<'_, '_>,
    pools: &[NodePool<'_, '_>],
    kind: CapacityType,
) -> Option<Finding> {
    let makers: Vec<_> = pools.iter().filter(|pool| pool.makes(kind)).collect();
    let taints: Vec<_> = makers.iter().map(|pool| pool.taints.as_slice()).collect();
    let found = barrier(&scene.pods(kind), &taints)?;
    let (taint, who) = (taint_text(found.taint), &found.who);
    let remedy = toleration_text(found.taint);
    let finding = match kind {
        CapacityType::OnDemand => Finding::warning(
            Code::OnDemandTaint,
            format!(
                "no toleration covers the taint {taint} of the NodePools that offer on-demand nodes, so \
                 the floor of {who} stays Pending; add {remedy} to onDemandTolerations"
            ),
        ),
        CapacityType::Spot => Finding::warning(
            Code::SpotTaint,
            format!(
                "no toleration covers the taint {taint} of the NodePools that offer spot nodes, so \
                 nothing of {who} runs there; add {remedy} to spotTolerations"
            ),
        ),
    };
    let finding = finding.at("spec.template.spec.taints");
    Some(finding.about(makers.first()?.resource))
}
