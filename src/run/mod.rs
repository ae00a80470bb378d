//! One run over one input: facts, decisions, findings and edits, in this order.

mod assess;
mod describe;
mod draft;
mod patches;
mod survey;
mod warnings;
mod write;

pub use assess::{Assessment, assess, finding as problem};
pub use describe::{LEFT_ALONE, left_alone};
pub use survey::{Estate, survey};
pub use write::{Outcome, enforce};

use crate::config::Policy;
use crate::krm::Input;

/// Runs `policy` over `input`.
pub fn run(input: Input<'_>, policy: &Policy) -> Outcome {
    let failure = |findings| Outcome {
        findings,
        splices: Vec::new(),
    };
    let estate = match survey(input) {
        Ok(estate) => estate,
        Err(findings) => return failure(findings),
    };
    match assess(&estate, policy) {
        Ok(assessments) => enforce(&estate, &assessments, policy),
        Err(findings) => failure(findings),
    }
}
