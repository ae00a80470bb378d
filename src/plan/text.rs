//! Words and numbers that every form shares.

use crate::findings::{Finding, ObjectRef, visible};

use super::{Figures, Placed, Plan, Sum};

/// A share of 1 as whole percent.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", tidy(share * 100.0))
}

/// Rounded to a whole number; -0 is 0.
fn tidy(number: f64) -> f64 {
    let rounded = number.round();
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A cost at minimum and maximum.
pub fn cost(placed: &Placed, spot_price_ratio: f64) -> String {
    let at = |figures: Figures| format!("{:.0}", tidy(figures.cost(spot_price_ratio) * 100.0));
    let (min, max) = (at(placed.at_minimum), at(placed.at_maximum()));
    if min == max {
        format!("{min} %")
    } else {
        format!("{min}-{max} %")
    }
}

/// The hard figure, and the soft part beside it where there is one: `2 + 1 soft`.
pub fn survivors(placed: &Placed) -> String {
    let hard = placed.range(|figures| figures.survivors);
    let soft = placed.range(Figures::soft);
    if soft.0 == 0 && soft.1 == Some(0) {
        hard.to_string()
    } else {
        format!("{hard} + {soft} soft")
    }
}

/// As [`survivors`], of a sum.
pub fn sum_survivors(sum: Sum) -> String {
    match sum.soft() {
        0 => sum.survivors.to_string(),
        soft => format!("{} + {soft} soft", sum.survivors),
    }
}

/// The namespace, `-` where the manifest names none.
pub fn namespace(subject: &ObjectRef) -> String {
    visible(subject.namespace.as_deref().unwrap_or("-")).into_owned()
}

/// `Kind/name`
pub fn kind_and_name(subject: &ObjectRef) -> String {
    visible(&format!("{}/{}", subject.kind, subject.name)).into_owned()
}

/// A warning without its severity: `code Kind/namespace/name (file): message`.
pub fn about(finding: &Finding) -> String {
    let subject = finding.subject.as_ref().map(|subject| {
        let file = subject.file.as_ref();
        let file = file.map(|file| format!(" ({file})")).unwrap_or_default();
        format!("{subject}{file}")
    });
    visible(&subject.unwrap_or_default()).into_owned()
}

/// What the plan comes to, in one sentence or two.
pub fn headline(plan: &Plan) -> String {
    let sum = plan.at_minimum;
    if sum.workloads == 0 {
        return "No workload is placed.".to_owned();
    }
    let verb = if sum.workloads == 1 { "keeps" } else { "keep" };
    format!(
        "{} of {} {verb} at least one replica when every spot node is lost. {} of the replicas \
         run on spot nodes, which {}.",
        sum.surviving_workloads,
        counted(sum.workloads, "workload"),
        percent(sum.spot_share()),
        saves(sum.saving(plan.spot_price_ratio))
    )
}

fn saves(saving: f64) -> String {
    if saving < 0.0 {
        format!(
            "costs {} more than running everything on on-demand nodes",
            percent(-saving)
        )
    } else {
        format!(
            "saves {} against running everything on on-demand nodes",
            percent(saving)
        )
    }
}

/// What the totals leave open.
pub fn footnote(plan: &Plan) -> String {
    let ratio = percent(plan.spot_price_ratio);
    let text = format!(
        "A spot node counts as {ratio} of the price of an on-demand node, every replica the same."
    );
    if plan.autoscaled == 0 {
        return text;
    }
    let max = plan.at_maximum;
    format!(
        "{text} The {} with an autoscaler count at the minimum; at the maximum {} of the replicas \
         run on spot nodes, which {}.",
        counted(plan.autoscaled, "workload"),
        percent(max.spot_share()),
        saves(max.saving(plan.spot_price_ratio))
    )
}

/// What would change.
pub fn changes(plan: &Plan) -> String {
    match plan.changes() {
        0 => "Nothing would change.".to_owned(),
        1 => "The manifests of 1 workload would change.".to_owned(),
        many => format!("The manifests of {many} workloads would change."),
    }
}

/// `1 workload`, `2 workloads`
pub fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
