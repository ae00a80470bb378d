//! Buffers that are asked for and not written.

use crate::findings::{Code, Finding};
use crate::krm::Companion;
use crate::run::HeadroomChoice;
use crate::run::draft::Case;

/// That the policy asks for a buffer and the workload gets none.
pub(super) fn left_out(case: Case<'_, '_>) -> Option<Finding> {
    (case.assessment.headroom == HeadroomChoice::NameInUse).then(|| {
        let name = Companion::Buffer.name(case.workload().resource.name);
        let message = format!(
            "no CapacityBuffer is written: the name {name} belongs to the Deployment of the same name; \
             rename one of them"
        );
        Finding::warning(Code::BufferLeftOut, message)
    })
}
