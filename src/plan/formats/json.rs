//! The plan as JSON, `spot-distribution.dev/plan/v1`: documented in `docs/plan.md`. Fields are only
//! added within a version.

use serde::Serialize;

use crate::config::Origin;
use crate::findings::{Finding, ObjectRef};

use crate::plan::{Figures, Maximum, Plan, Row, Sum, Verdict};

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
    spot_price_ratio: f64,
    workloads: Vec<Workload<'p>>,
    strategies: Vec<Total>,
    totals: Totals,
    warnings: Vec<Warning<'p>>,
    skipped_files: &'p [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    diffs: Option<Vec<Diff<'p>>>,
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
    figures: Option<Amounts>,
    figures_at_maximum: Option<Amounts>,
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Amounts {
    replicas: u64,
    on_demand: u64,
    spot: u64,
    survivors: u64,
    soft_survivors: u64,
    spot_share: f64,
    cost: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    strategy: &'static str,
    workloads: u64,
    surviving_workloads: u64,
    figures: Amounts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    workloads: u64,
    surviving_workloads: u64,
    autoscaled: u64,
    changes: usize,
    saving: f64,
    saving_at_maximum: f64,
    figures: Amounts,
    figures_at_maximum: Amounts,
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
    let ratio = plan.spot_price_ratio;
    let strategies = plan.strategies.iter().map(|(strategy, sum)| Total {
        strategy: strategy.name(),
        workloads: sum.workloads,
        surviving_workloads: sum.surviving_workloads,
        figures: amounts(*sum, ratio),
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
        spot_price_ratio: ratio,
        workloads: plan.rows.iter().map(|row| workload(row, ratio)).collect(),
        strategies: strategies.collect(),
        totals: totals(plan),
        warnings: plan.warnings.iter().map(warning).collect(),
        skipped_files: &plan.skipped,
        diffs,
    }
}

fn workload(row: &Row, ratio: f64) -> Workload<'_> {
    let placed = row.placed();
    let one = |figures: Figures| amounts(Sum::default().plus(figures), ratio);
    let left_alone = match &row.verdict {
        Verdict::LeftAlone(code, reason) => Some(LeftAlone {
            code: code.name(),
            reason,
        }),
        Verdict::Placed(_) => None,
    };
    Workload {
        namespace: row.subject.namespace.as_deref(),
        kind: &row.subject.kind,
        name: &row.subject.name,
        file: row.subject.file.as_deref(),
        changes: row.changes,
        strategy: placed.map(|placed| placed.strategy.name()),
        origin: placed.map(|placed| chooser(placed.origin)),
        autoscaled: placed.is_some_and(|placed| placed.maximum.is_some()),
        figures: placed.map(|placed| one(placed.at_minimum)),
        figures_at_maximum: placed.and_then(|placed| match placed.maximum? {
            Maximum::At(figures) => Some(one(figures)),
            Maximum::Unknown => None,
        }),
        left_alone,
        warnings: &row.warnings,
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

fn amounts(sum: Sum, ratio: f64) -> Amounts {
    Amounts {
        replicas: sum.replicas,
        on_demand: sum.on_demand,
        spot: sum.spot,
        survivors: sum.survivors,
        soft_survivors: sum.soft(),
        spot_share: rounded(sum.spot_share()),
        cost: rounded(sum.cost(ratio)),
    }
}

fn totals(plan: &Plan) -> Totals {
    let ratio = plan.spot_price_ratio;
    Totals {
        workloads: plan.at_minimum.workloads,
        surviving_workloads: plan.at_minimum.surviving_workloads,
        autoscaled: plan.autoscaled,
        changes: plan.changes(),
        saving: rounded(plan.at_minimum.saving(ratio)),
        saving_at_maximum: rounded(plan.at_maximum.saving(ratio)),
        figures: amounts(plan.at_minimum, ratio),
        figures_at_maximum: amounts(plan.at_maximum, ratio),
    }
}

fn warning(finding: &Finding) -> Warning<'_> {
    Warning {
        code: finding.code.name(),
        message: &finding.message,
        object: finding.subject.as_ref().map(object),
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
