//! Node classes on AWS: reservations that pinned pods cannot use.
//!
//! Source: <https://karpenter.sh/docs/tasks/odcrs/>.

use crate::findings::{Code, Finding};
use crate::krm::Resource;

use super::super::scene::{Scene, items_at};
use super::node_pools::is_reserved_left_out;

pub(super) fn of_resource(scene: Scene<'_, '_>, resource: &Resource<'_>) -> Option<Finding> {
    let is_class = resource.is("karpenter.k8s.aws", "EC2NodeClass")
        || resource.is("eks.amazonaws.com", "NodeClass");
    let field = "capacityReservationSelectorTerms";
    let selects = is_class && !items_at(resource.node, &["spec", field]).is_empty();
    (selects && is_reserved_left_out(scene)).then(|| {
        let message = "its nodes may be \"reserved\", which is not one of capacity.onDemand, so pods that \
                       are pinned to on-demand nodes cannot use the reservation; set onDemand: \
                       [on-demand, reserved], or provider: karpenter";
        Finding::warning(Code::ReservedUnused, message).at(format!("spec.{field}"))
    })
}
