//! What the program promises, without any other program: the fast part of the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in helpers of tests as well

mod admission;
mod audit;
mod capacity_forms;
mod cli;
mod configuration_page;
mod corpus;
mod dependencies;
mod failing_inputs;
mod generated;
mod knobs;
mod language;
mod laws;
mod layers;
mod plan;
mod strategy_changes;
