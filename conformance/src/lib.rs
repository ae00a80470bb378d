//! Proves what `spot-distribution` promises against the real Kubernetes control plane.
//!
//! A [`cluster::Cluster`] is made of the real binaries; a [`run::Run`] puts workloads, placed by one
//! [`approach::Approach`], through one of the [`courses::Course`]s of events and writes down what happened.

#![expect(
    clippy::missing_errors_doc,
    reason = "every error is the failure of a test, with its own words"
)]
#![expect(
    clippy::doc_markdown,
    reason = "the kinds of Kubernetes are words here"
)]

pub mod actions;
pub mod approach;
pub mod audit;
pub mod binaries;
pub mod census;
pub mod cluster;
pub mod components;
pub mod courses;
pub mod credentials;
pub mod crowd;
pub mod departures;
pub mod examples;
pub mod extender;
pub mod found;
pub mod guarantee;
pub mod karpenter;
pub mod night;
pub mod nodes;
pub mod policy;
pub mod process;
pub mod record;
pub mod render;
pub mod report;
pub mod run;
pub mod settle;
pub mod suite;
pub mod volumes;
pub mod workload;
