//! The plan as JSON, `spot-distribution.dev/plan/v1`: documented in `docs/plan.md`. Fields are only
//! added within a version.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{Origin, Provider};
use crate::findings::{Finding, ObjectRef};
use crate::krm::LeftOut;
use crate::plan::others::Kinds;
use crate::plan::text::{full_name, gaps};
use crate::plan::{
    Cost, Fate, Figures, Fit, Fits, HOURS, Maximum, Need, NodeRoom, Plan, Reserved, Room, Row, Sum,
    Totals, Verdict, Weights,
};
use crate::report::text::cores_of;
use crate::requests::Amounts;

/// The version of the shape.
const API_VERSION: &str = "spot-distribution.dev/plan/v1";

/// The plan as an indented JSON document.
///
/// # Errors
/// Never in practice: all keys are text.
pub fn json(plan: &Plan) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&document(plan))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'p> {
    api_version: &'static str,
    kind: &'static str,
    capacity: CapacityOf<'p>,
    weights: Weighing,
    workloads: Vec<Workload<'p>>,
    strategies: Vec<Strategy>,
    totals: AllTotals,
    not_placed: &'p Kinds,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    hooks: &'p Kinds,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    local_config: &'p Kinds,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Nodes<'p>>,
    warnings: Vec<Warning<'p>>,
    skipped_files: Vec<&'p str>,
    left_out: Vec<LeftOutFiles<'p>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diffs: Option<Vec<Diff<'p>>>,
}

/// The preset, and what a preset has, as it is in force, by name.
#[derive(Serialize)]
struct CapacityOf<'p> {
    preset: Option<&'static str>,
    settings: BTreeMap<&'static str, SettingOf<'p>>,
}

#[derive(Serialize)]
struct SettingOf<'p> {
    value: &'p serde_json::Value,
    from: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Weighing {
    core: f64,
    gib: f64,
    is_money: bool,
    spot_price_ratio: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Workload<'p> {
    namespace: Option<&'p str>,
    kind: &'p str,
    name: &'p str,
    file: Option<&'p str>,
    changes: bool,
    strategy: Option<&'static str>,
    origin: Option<Chooser>,
    autoscaled: bool,
    fate: &'static str,
    figures: Amount,
    figures_at_maximum: Option<Amount>,
    /// On a cluster without the admission policy, where that makes a difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures_without_policy: Option<Amount>,
    figures_now: Amount,
    /// The pods for which a buffer keeps room on on-demand nodes.
    #[serde(skip_serializing_if = "is_zero")]
    reserved: u32,
    /// Of one pod.
    requests: Requests,
    left_alone: Option<LeftAlone<'p>>,
    /// Indices of `warnings`.
    warnings: &'p [usize],
}

#[derive(Serialize)]
struct Chooser {
    from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
}

#[derive(Serialize)]
struct LeftAlone<'p> {
    code: &'static str,
    reason: &'p str,
}

/// Figures of a workload, its room and its cost.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Amount {
    #[serde(flatten)]
    counts: Counts,
    cost: f64,
    room: Rooms,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    replicas: u64,
    on_demand: u64,
    spot: u64,
    anywhere: u64,
    survivors: u64,
    soft_survivors: u64,
    /// Those that find no on-demand node.
    #[serde(skip_serializing_if = "is_zero")]
    pending: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Requests {
    #[serde(flatten)]
    amounts: Resources,
    /// What could not be counted; nothing where everything is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
}

/// Cores, bytes, and other resources in whole units.
#[derive(Serialize)]
struct Resources {
    cpu: f64,
    memory: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    others: BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct Rooms {
    ordinary: Needs,
    worst: Needs,
}

#[derive(Serialize)]
struct Needs {
    pods: u64,
    #[serde(flatten)]
    amounts: Resources,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    workloads: u64,
    figures: Counts,
    room: Rooms,
    cost: Costs,
    /// What buffers keep, where there are any; not part of `cost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<ReservedOf>,
}

/// Room that is kept for what loses its spot nodes, at the price of on-demand nodes.
#[derive(Serialize)]
struct ReservedOf {
    #[serde(flatten)]
    needs: Needs,
    /// Relative to all on on-demand nodes.
    cost: Option<f64>,
    /// In money, where prices are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<f64>,
}

/// Relative to all on on-demand nodes; nothing where no requests are known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Costs {
    cost: Option<f64>,
    saving: Option<f64>,
    spot_share: Option<f64>,
    change: Option<f64>,
    /// In money, where prices are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Month {
    planned: f64,
    now: f64,
    all_on_demand: f64,
}

#[derive(Serialize)]
struct Strategy {
    strategy: &'static str,
    #[serde(flatten)]
    total: Total,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AllTotals {
    autoscaled: u64,
    changes: usize,
    fates: BTreeMap<&'static str, u64>,
    /// The workloads whose room is not known.
    unknown: Vec<String>,
    #[serde(flatten)]
    at_minimum: Total,
    at_maximum: Total,
    #[serde(skip_serializing_if = "Option::is_none")]
    without_policy: Option<Total>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Nodes<'p> {
    on_demand: u64,
    closed: u64,
    zones: u64,
    spot: u64,
    unknown: &'p [String],
    free: Resources,
    fits: FitsOf,
    fits_at_maximum: Option<FitsOf>,
    floors: Vec<Floor>,
}

#[derive(Serialize)]
struct FitsOf {
    ordinary: FitOf,
    worst: FitOf,
}

#[derive(Serialize)]
struct FitOf {
    pods: u64,
    placed: u64,
    missing: Vec<MissingOf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MissingOf {
    workload: String,
    pods: u64,
    of: u64,
    no_node_admits: bool,
}

#[derive(Serialize)]
struct Floor {
    workload: String,
    pods: u64,
    nodes: usize,
    zones: usize,
}

/// Files that were left out, of one kind.
#[derive(Serialize)]
struct LeftOutFiles<'p> {
    what: &'static str,
    files: Vec<&'p str>,
}

fn names(group: &LeftOut) -> impl Iterator<Item = &str> {
    group.files.iter().map(|file| file.name.as_str())
}

fn left_out(group: &LeftOut) -> LeftOutFiles<'_> {
    LeftOutFiles {
        what: group.kind.name(),
        files: names(group).collect(),
    }
}

#[derive(Serialize)]
struct Warning<'p> {
    code: &'static str,
    message: &'p str,
    object: Option<Object<'p>>,
    field: Option<&'p str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'p> {
    api_version: &'p str,
    kind: &'p str,
    namespace: Option<&'p str>,
    name: &'p str,
    file: Option<&'p str>,
}

#[derive(Serialize)]
struct Diff<'p> {
    file: Option<&'p str>,
    text: &'p str,
}

fn document(plan: &Plan) -> Document<'_> {
    let weights = &plan.weights;
    let strategies = plan.strategies.iter().map(|(strategy, totals)| Strategy {
        strategy: strategy.name(),
        total: total(totals, weights),
    });
    let diffs = plan.diffs.as_ref().map(|diffs| {
        let diffs = diffs.iter().map(|diff| Diff {
            file: diff.file.as_deref(),
            text: &diff.text,
        });
        diffs.collect()
    });
    Document {
        api_version: API_VERSION,
        kind: "Plan",
        capacity: capacity(plan),
        weights: Weighing {
            core: weights.core,
            gib: rounded(weights.gib),
            is_money: weights.is_money,
            spot_price_ratio: weights.spot_price_ratio,
        },
        workloads: plan.rows.iter().map(|row| workload(row, weights)).collect(),
        strategies: strategies.collect(),
        totals: totals(plan),
        not_placed: &plan.others.kinds,
        hooks: &plan.others.hooks,
        local_config: &plan.others.local_config,
        nodes: plan.nodes.as_ref().map(|nodes| self::nodes(plan, nodes)),
        warnings: plan.warnings.iter().map(warning).collect(),
        skipped_files: plan.skipped.iter().flat_map(names).collect(),
        left_out: plan.skipped.iter().map(left_out).collect(),
        diffs,
    }
}

fn capacity(plan: &Plan) -> CapacityOf<'_> {
    let settings = plan.node_settings.iter().map(|setting| {
        let found = SettingOf {
            value: &setting.value,
            from: setting.giver.name(),
        };
        (setting.name, found)
    });
    CapacityOf {
        preset: plan.preset.map(Provider::name),
        settings: settings.collect(),
    }
}

fn workload<'p>(row: &'p Row, weights: &Weights) -> Workload<'p> {
    let amount = |figures: Figures| Amount {
        counts: counts(Sum::default().plus(figures)),
        cost: rounded(figures.cost(weights.spot_price_ratio)),
        room: rooms(&row.room(figures)),
    };
    let (strategy, origin, left_alone) = match &row.verdict {
        Verdict::Placed { strategy, origin } => {
            (Some(strategy.name()), Some(chooser(*origin)), None)
        }
        Verdict::LeftAlone { code, why } | Verdict::Unknown { code, why } => (
            None,
            None,
            Some(LeftAlone {
                code: code.name(),
                reason: why,
            }),
        ),
    };
    Workload {
        namespace: row.subject.namespace.as_deref(),
        kind: &row.subject.kind,
        name: &row.subject.name,
        file: row.subject.file.as_deref(),
        changes: row.changes,
        strategy,
        origin,
        autoscaled: row.is_autoscaled(),
        fate: fate(row.fate()),
        figures: amount(row.at_minimum),
        figures_at_maximum: match row.maximum {
            Some(Maximum::At(figures)) => Some(amount(figures)),
            Some(Maximum::Unknown(_)) | None => None,
        },
        figures_without_policy: row.needs_policy().then(|| amount(row.without_policy)),
        figures_now: amount(row.now),
        reserved: row.reserved,
        requests: Requests {
            amounts: resources(&row.requests.amounts),
            unknown: (!row.requests.is_known()).then(|| gaps(row)),
        },
        left_alone,
        warnings: &row.warnings,
    }
}

/// Whether a number is 0.
fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "kept",
        Fate::Soft => "soft",
        Fate::Pending => "pending",
        Fate::Open => "open",
        Fate::Lost => "lost",
        Fate::Idle => "idle",
        Fate::Unknown => "unknown",
    }
}

fn chooser(origin: Origin) -> Chooser {
    let (from, rule) = match origin {
        Origin::Annotation => ("annotation", None),
        Origin::Rule(index) => ("rule", Some(index)),
        Origin::Default => ("default", None),
    };
    Chooser { from, rule }
}

fn counts(sum: Sum) -> Counts {
    Counts {
        replicas: sum.replicas,
        on_demand: sum.on_demand,
        spot: sum.spot,
        anywhere: sum.anywhere,
        survivors: sum.survivors,
        soft_survivors: sum.soft(),
        pending: sum.pending,
    }
}

fn resources(amounts: &Amounts) -> Resources {
    let others = amounts.others().filter(|(name, _)| *name != "pods");
    Resources {
        cpu: cores_of(amounts.cpu()),
        memory: amounts.memory(),
        others: others
            .map(|(name, amount)| (name.to_owned(), amount))
            .collect(),
    }
}

fn needs(need: &Need) -> Needs {
    Needs {
        pods: need.pods,
        amounts: resources(&need.amounts),
    }
}

fn rooms(room: &Room) -> Rooms {
    Rooms {
        ordinary: needs(&room.ordinary),
        worst: needs(&room.worst),
    }
}

fn total(totals: &Totals, weights: &Weights) -> Total {
    Total {
        workloads: totals.sum.workloads,
        figures: counts(totals.sum),
        room: rooms(&totals.room),
        cost: costs(&totals.cost, weights),
        reserved: (totals.reserved.need.pods > 0).then(|| reserved(totals, weights)),
    }
}

fn reserved(totals: &Totals, weights: &Weights) -> ReservedOf {
    let Reserved { need, cost } = &totals.reserved;
    let all = totals.cost.all_on_demand;
    ReservedOf {
        needs: needs(need),
        cost: (all > 0.0).then(|| rounded(cost / all)),
        month: weights.is_money.then(|| month(*cost)),
    }
}

/// The price of a month, by that of an hour.
fn month(hour: f64) -> f64 {
    (hour * HOURS * 100.0).round() / 100.0
}

fn costs(cost: &Cost, weights: &Weights) -> Costs {
    Costs {
        cost: cost.relative().map(rounded),
        saving: cost.saving().map(rounded),
        spot_share: cost.spot_share().map(rounded),
        change: cost.change().map(rounded),
        month: weights.is_money.then(|| Month {
            planned: month(cost.planned),
            now: month(cost.now),
            all_on_demand: month(cost.all_on_demand),
        }),
    }
}

fn totals(plan: &Plan) -> AllTotals {
    let fates = plan
        .fates
        .iter()
        .map(|(which, count)| (fate(*which), *count));
    AllTotals {
        autoscaled: plan.autoscaled,
        changes: plan.changes(),
        fates: fates.collect(),
        unknown: plan.unknown().map(full_name).collect(),
        at_minimum: total(&plan.at_minimum, &plan.weights),
        at_maximum: total(&plan.at_maximum, &plan.weights),
        without_policy: (plan.without_policy.workloads > 0)
            .then(|| total(&plan.without_policy.totals, &plan.weights)),
    }
}

fn nodes<'p>(plan: &'p Plan, nodes: &'p NodeRoom) -> Nodes<'p> {
    let name = |row: usize| full_name(&plan.rows[row]);
    let fit = |fit: &Fit| FitOf {
        pods: fit.pods,
        placed: fit.placed,
        missing: fit
            .missing
            .iter()
            .map(|missing| MissingOf {
                workload: name(missing.row),
                pods: missing.pods,
                of: missing.of,
                no_node_admits: missing.is_kept_away,
            })
            .collect(),
    };
    let fits = |fits: &Fits| FitsOf {
        ordinary: fit(&fits.ordinary),
        worst: fit(&fits.worst),
    };
    Nodes {
        on_demand: nodes.on_demand,
        closed: nodes.closed,
        zones: nodes.zones,
        spot: nodes.spot,
        unknown: &nodes.unknown,
        free: resources(&nodes.free),
        fits: fits(&nodes.at_minimum),
        fits_at_maximum: nodes.at_maximum.as_ref().map(fits),
        floors: nodes
            .floors
            .iter()
            .map(|(row, fitted)| Floor {
                workload: name(*row),
                pods: fitted.placed,
                nodes: fitted.nodes,
                zones: fitted.zones,
            })
            .collect(),
    }
}

fn warning(finding: &Finding) -> Warning<'_> {
    Warning {
        code: finding.code.name(),
        message: &finding.message,
        object: finding.subject.as_deref().map(object),
        field: finding.field.as_deref(),
    }
}

fn object(subject: &ObjectRef) -> Object<'_> {
    Object {
        api_version: &subject.api_version,
        kind: &subject.kind,
        namespace: subject.namespace.as_deref(),
        name: &subject.name,
        file: subject.file.as_deref(),
    }
}

/// To four places: what lies behind them is noise of the arithmetic. -0 is 0.
fn rounded(number: f64) -> f64 {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}
