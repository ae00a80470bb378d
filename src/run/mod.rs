//! One run over one input: facts, decisions, findings and edits, in this order.

mod assess;
mod budgets;
mod draft;
mod enforce;
mod headroom;
mod names;
mod patches;
mod warnings;
mod wording;

pub use assess::{Assessment, Assessments, assess, finding as problem};
pub use budgets::BudgetChoice;
pub use enforce::{Outcome, enforce};
pub use headroom::HeadroomChoice;
pub use warnings::{Limit, Limits, limits, of_capacity, of_nodes};
pub use wording::{exclusion_code, why};

use crate::config::Policy;
use crate::inventory::Inventory;
use crate::krm::Input;

/// Runs `policy` over `input`.
pub fn run(input: Input<'_>, policy: &Policy) -> Outcome {
    let decided = Inventory::read(input).and_then(|inventory| {
        let assessments = assess(&inventory, policy)?;
        Ok(enforce(&inventory, &assessments, policy))
    });
    decided.unwrap_or_else(|findings| Outcome {
        findings,
        ..Outcome::default()
    })
}
