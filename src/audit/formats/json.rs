//! The audit as JSON, `spot-distribution.dev/audit/v1`: documented in `docs/audit.md`. Fields are
//! only added within a version.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::audit::{Audit, Row};
use crate::report::text::cores_of;
use crate::requests::Amounts;

/// The version of the shape.
const API_VERSION: &str = "spot-distribution.dev/audit/v1";

/// The audit as an indented JSON document.
///
/// # Errors
/// Never in practice: all keys are text.
pub fn json(audit: &Audit) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&document(audit))? + "\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    api_version: &'static str,
    kind: &'static str,
    floors: Floors,
    workloads: Vec<Workload<'a>>,
    nodes: Nodes<'a>,
    loss: Loss<'a>,
    not_placed: &'a BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct Floors {
    promised: usize,
    hold: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Workload<'a> {
    namespace: Option<&'a str>,
    kind: &'a str,
    name: &'a str,
    strategy: Option<&'static str>,
    floor: Option<u32>,
    holds: Option<bool>,
    on_demand: u32,
    spot: u32,
    elsewhere: u32,
    not_ready: u32,
    on_demand_nodes: u32,
    on_demand_zones: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Nodes<'a> {
    on_demand: u64,
    on_demand_zones: u64,
    spot: u64,
    unknown: &'a [String],
    free: Resources,
}

#[derive(Serialize)]
struct Loss<'a> {
    pods: u64,
    requests: Resources,
    fits: u64,
    stranded: Vec<Stranded<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stranded<'a> {
    workload: &'a str,
    pods: u64,
    of: u64,
    no_node_admits: bool,
}

/// Cores, bytes, and other resources in whole units.
#[derive(Serialize)]
struct Resources {
    cpu: f64,
    memory: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    others: BTreeMap<String, u64>,
}

fn document(audit: &Audit) -> Document<'_> {
    let (hold, promised) = audit.floors();
    let nodes = &audit.nodes;
    let loss = &audit.loss;
    let stranded = loss.stranded.iter().map(|stranded| Stranded {
        workload: &stranded.workload,
        pods: stranded.pods,
        of: stranded.of,
        no_node_admits: stranded.is_kept_away,
    });
    Document {
        api_version: API_VERSION,
        kind: "Audit",
        floors: Floors { promised, hold },
        workloads: audit.rows.iter().map(workload).collect(),
        nodes: Nodes {
            on_demand: nodes.on_demand,
            on_demand_zones: nodes.on_demand_zones,
            spot: nodes.spot,
            unknown: &nodes.unknown,
            free: resources(&loss.free),
        },
        loss: Loss {
            pods: loss.pods,
            requests: resources(&loss.requests),
            fits: loss.fits,
            stranded: stranded.collect(),
        },
        not_placed: &audit.others,
    }
}

fn workload(row: &Row) -> Workload<'_> {
    let replicas = &row.replicas;
    Workload {
        namespace: row.subject.namespace.as_deref(),
        kind: &row.subject.kind,
        name: &row.subject.name,
        strategy: row.promise.map(|promise| promise.strategy.name()),
        floor: row.promise.map(|promise| promise.floor),
        holds: row.holds(),
        on_demand: replicas.on_demand,
        spot: replicas.spot,
        elsewhere: replicas.elsewhere,
        not_ready: replicas.not_ready,
        on_demand_nodes: replicas.on_demand_nodes,
        on_demand_zones: replicas.on_demand_zones,
    }
}

fn resources(amounts: &Amounts) -> Resources {
    let others = amounts.others();
    Resources {
        cpu: cores_of(amounts.cpu()),
        memory: amounts.memory(),
        others: others
            .map(|(name, amount)| (name.to_owned(), amount))
            .collect(),
    }
}
