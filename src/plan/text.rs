//! Sentences and words that every form of the plan shares.

use crate::config::{Origin, Policy};
use crate::findings::{Finding, ObjectRef};
use crate::report::text::{
    amounts, counted, listed, money, percent, plural, shortened, verb, visible, whole,
};
use crate::requests::Unknown;

use super::{Cost, Fate, Figures, GIB_PER_CORE, HOURS, Need, Plan, Row, Sum, Totals, Verdict};

/// A cost at minimum and maximum, the lower one first.
pub fn cost(row: &Row, spot_price_ratio: f64) -> String {
    if row.fate() == Fate::Idle {
        return "-".to_owned();
    }
    let at = |figures: Figures| whole(figures.cost(spot_price_ratio) * 100.0);
    let (one, other) = (at(row.at_minimum), at(row.at_maximum()));
    let (low, high) = (one.min(other), one.max(other));
    if low == high {
        format!("{low} %")
    } else {
        format!("{low}-{high} %")
    }
}

/// The hard figure, and the soft part beside it where there is one: `2 + 1 soft`. Of an autoscaled
/// workload with the replicas that run in all, at its minimum and its maximum: `1 of 5-21`.
pub fn survivors(row: &Row) -> String {
    let hard = row.range(|figures| figures.survivors);
    let soft = row.range(Figures::soft);
    let hard = if row.is_autoscaled() {
        let all = |figures: Figures| figures.on_demand + figures.spot + figures.anywhere;
        format!("{hard} of {}", row.range(all))
    } else {
        hard.to_string()
    };
    if soft.0 == 0 && soft.1 == Some(0) {
        hard
    } else {
        format!("{hard} + {soft} soft")
    }
}

/// The survivors of an autoscaled workload as a share of what runs, at the minimum and the maximum:
/// `20 % to 5 %`. A floor of 1 is a fifth of 5 pods, and a twentieth of 21.
pub fn shares(row: &Row) -> Option<String> {
    row.maximum?;
    let (min, max) = (
        row.at_minimum.surviving_share(),
        row.at_maximum().surviving_share(),
    );
    Some(format!("{} to {}", percent(min), percent(max)))
}

/// As [`survivors`], of a sum.
pub fn sum_survivors(sum: Sum) -> String {
    match sum.soft() {
        0 => sum.survivors.to_string(),
        soft => format!("{} + {soft} soft", sum.survivors),
    }
}

/// The replicas of a workload, `?` where nobody knows them.
pub fn replicas(row: &Row) -> String {
    match row.fate() {
        Fate::Unknown => "?".to_owned(),
        _ => row.range(|figures| figures.replicas).to_string(),
    }
}

/// The strategy and who chose it, or that the workload is left alone.
pub fn strategy(row: &Row) -> (&'static str, String) {
    match &row.verdict {
        Verdict::Placed { strategy, origin } => (strategy.name(), origin_name(*origin)),
        Verdict::LeftAlone { .. } | Verdict::Unknown { .. } => ("left alone", String::new()),
    }
}

fn origin_name(origin: Origin) -> String {
    origin.to_string()
}

/// How on-demand and spot nodes are known.
pub fn known_by(policy: &Policy) -> String {
    let spot = policy.capacity.preferred_spot().into_iter();
    let spot: Vec<_> = spot.map(|wanted| wanted.to_string()).collect();
    format!(
        "On-demand nodes are those with {}, spot nodes those with {}.",
        policy.capacity.on_demand_in_words(),
        spot.join(" or ")
    )
}

/// The preset, spelled out, so that nothing of it stays hidden: each setting, its value and who
/// gives it that value. Nothing where the configuration names no preset.
pub fn preset(plan: &Plan) -> Option<(String, Vec<[String; 3]>)> {
    let provider = plan.preset?;
    let settings = plan.node_settings.iter().map(|setting| {
        let name = setting.name.to_owned();
        [
            name,
            visible(&setting.text()),
            setting.giver.name().to_owned(),
        ]
    });
    Some((format!("preset {}", provider.name()), settings.collect()))
}

/// The namespace, `-` where the manifest names none.
pub fn namespace(subject: &ObjectRef) -> String {
    visible(subject.namespace.as_deref().unwrap_or("-"))
}

/// `Kind/name`, with the file where several files hold the same.
pub fn kind_and_name(row: &Row) -> String {
    let ObjectRef { kind, name, .. } = &row.subject;
    visible(&format!("{kind}/{name}{}", file(row)))
}

/// `Kind/namespace/name`, with the file where several files hold the same.
pub fn full_name(row: &Row) -> String {
    visible(&format!("{}{}", row.subject, file(row)))
}

fn file(row: &Row) -> String {
    let file = row.subject.file.as_ref().filter(|_| row.is_namesake);
    file.map(|file| format!(" ({file})")).unwrap_or_default()
}

/// A warning without its severity: `code Kind/namespace/name (file): message`.
pub fn about(finding: &Finding) -> String {
    let subject = finding.subject.as_ref().map(|subject| {
        let file = subject.file.as_ref();
        let file = file.map(|file| format!(" ({file})")).unwrap_or_default();
        format!("{subject}{file}")
    });
    visible(&subject.unwrap_or_default())
}

/// What survives, in one sentence or two. Every workload counts.
pub fn headline(plan: &Plan) -> String {
    let all = plan.rows.len() as u64;
    if all == 0 {
        let to_place = if plan.others.has_workloads() {
            " to place"
        } else {
            ""
        };
        return format!("There is no Deployment and no StatefulSet{to_place}.");
    }
    let kept = plan.count(Fate::Kept);
    let of = counted(all, "workload");
    let keep = if all == 1 {
        "keeps"
    } else {
        verb(kept, "keeps", "keep")
    };
    let first = format!(
        "{kept} of {of} {keep} at least one replica for certain when every spot node is lost."
    );
    let others = others(plan);
    if others.is_empty() {
        return first;
    }
    format!("{first} {}.", others.join("; "))
}

/// The workloads that keep none for certain, by what becomes of them.
fn others(plan: &Plan) -> Vec<String> {
    let fates = [
        (
            Fate::Soft,
            ["keeps one", "keep one"],
            " where a preference held",
        ),
        (
            Fate::Pending,
            ["has", "have"],
            " no on-demand node for what is pinned there, as the warnings say",
        ),
        (
            Fate::Lost,
            ["runs", "run"],
            " on spot nodes only and would be lost",
        ),
        (
            Fate::Open,
            ["is left alone", "are left alone"],
            " and nothing holds a replica on on-demand nodes",
        ),
        (Fate::Idle, ["asks", "ask"], " for no replicas"),
        (
            Fate::Unknown,
            [
                "is not certain: its manifest is",
                "are not certain: their manifests are",
            ],
            " incomplete, invalid or filled in later",
        ),
    ];
    let some = fates.into_iter().filter_map(|(fate, [one, many], rest)| {
        let count = plan.count(fate);
        (count > 0).then(|| format!("{count} {}{rest}", verb(count, one, many)))
    });
    some.collect()
}

/// What is saved, in one sentence.
pub fn saving(plan: &Plan) -> String {
    let cost = &plan.at_minimum.cost;
    let (Some(share), Some(saving)) = (cost.spot_share(), cost.saving()) else {
        return "What it saves is not known: no workload names its requests.".to_owned();
    };
    format!(
        "{} of what the pods request runs on spot nodes, which {}.",
        percent(share),
        saves(saving)
    )
}

/// `saves 24 % against running everything on on-demand nodes`
pub fn saves(saving: f64) -> String {
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

/// What the change costs against the manifests as they are now.
pub fn change(plan: &Plan) -> Option<String> {
    let cost = &plan.at_minimum.cost;
    let change = cost.change()?;
    let percent = percent(change.abs());
    let by = match change {
        change if change.abs() < 0.005 => return Some(unchanged(plan, cost)),
        change if change < 0.0 => format!("{percent} less"),
        _ => format!("{percent} more"),
    };
    let text = format!("it costs {by} than the manifests as they are now");
    Some(if plan.weights.is_money {
        let (from, to) = (cost.now * HOURS, cost.planned * HOURS);
        format!("{text}: {} a month instead of {}", money(to), money(from))
    } else {
        text
    })
}

fn unchanged(plan: &Plan, cost: &Cost) -> String {
    let text = "it costs the same as the manifests as they are now";
    if plan.weights.is_money {
        format!("{text}: {} a month", money(cost.planned * HOURS))
    } else {
        text.to_owned()
    }
}

/// How the cost is weighed and what it leaves open.
pub fn footnote(plan: &Plan) -> String {
    let ratio = percent(plan.weights.spot_price_ratio);
    let weighed = if plan.weights.is_money {
        format!(
            "at {} a core-hour and {} a GiB-hour, {HOURS:.0} hours a month",
            plan.weights.core, plan.weights.gib
        )
    } else {
        format!("a core as much as {GIB_PER_CORE} GiB of memory, as list prices have it")
    };
    let mut parts = vec![format!(
        "Cost weighs what pods request, not what they use: {weighed}; a spot node costs {ratio} of \
         an on-demand node, and what may run anywhere counts as on-demand."
    )];
    let others: Vec<_> = plan
        .at_maximum
        .room
        .worst
        .amounts
        .others()
        .map(|(name, _)| name.to_owned())
        .collect();
    if !others.is_empty() {
        let names = visible(&listed(&others));
        parts.push(format!(
            "There is no price for {names}, which the cost leaves out."
        ));
    }
    parts.extend(at_maximum(plan));
    parts.push(visible(&plan.known_by));
    parts.join(" ")
}

fn at_maximum(plan: &Plan) -> Option<String> {
    let cost = &plan.at_maximum.cost;
    let (true, Some(share), Some(saving)) = (plan.autoscaled > 0, cost.spot_share(), cost.saving())
    else {
        return None;
    };
    Some(format!(
        "The {} with an autoscaler {} at the minimum; at the maximum {} runs on spot nodes, which {}.",
        counted(plan.autoscaled, "workload"),
        verb(plan.autoscaled, "counts", "count"),
        percent(share),
        saves(saving)
    ))
}

/// What would change.
pub fn changes(plan: &Plan) -> String {
    match plan.changes() {
        0 => "Nothing would change.".to_owned(),
        1 => "The manifests of 1 workload would change.".to_owned(),
        many => format!("The manifests of {many} workloads would change."),
    }
}

/// `19 pods with 4.5 cores, 9 GiB`; only the pods where none of them names a request.
pub fn need(need: &Need) -> String {
    let pods = counted(need.pods, "pod");
    if need.amounts.cpu() == 0 && need.amounts.memory() == 0 {
        return pods;
    }
    format!("{pods} with {}", amounts(&need.amounts))
}

/// The room that on-demand nodes have to have, in one sentence.
#[cfg(feature = "cli")]
pub fn room(plan: &Plan) -> String {
    let room = &plan.at_minimum.room;
    let text = format!(
        "On-demand nodes have to hold {} in ordinary times, and {} when every spot node is lost",
        need(&room.ordinary),
        need(&room.worst)
    );
    let max = &plan.at_maximum.room;
    if max == room {
        return text + ".";
    }
    format!(
        "{text}; {} with every autoscaler at its maximum.",
        need(&max.worst)
    )
}

/// The room that buffers keep at all times, and its price. The figures of cost leave it out: it is
/// paid for whether anything flees or not.
pub fn reserved(plan: &Plan) -> Option<String> {
    let Totals { reserved, cost, .. } = &plan.at_minimum;
    if reserved.need.pods == 0 {
        return None;
    }
    let price = if plan.weights.is_money {
        format!("{} a month", money(reserved.cost * HOURS))
    } else if cost.all_on_demand > 0.0 {
        let share = percent(reserved.cost / cost.all_on_demand);
        format!("{share} of what everything on on-demand nodes would")
    } else {
        "an amount that is not known".to_owned()
    };
    Some(format!(
        "CapacityBuffers keep room for {} on on-demand nodes at all times, which costs {price}, beside the \
         figures above.",
        need(&reserved.need)
    ))
}

/// The workloads whose room is not known, by name.
pub fn unknown(plan: &Plan) -> Option<String> {
    let rows: Vec<_> = plan.unknown().collect();
    let names = rows
        .iter()
        .map(|row| format!("{} ({})", full_name(row), gaps(row)));
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| {
        format!(
            "Room unknown, so the figures above are the least, and the cost leaves them out: {}.",
            shortened(&names)
        )
    })
}

/// What a workload leaves unsaid: `main: no cpu, no memory`.
pub fn gaps(row: &Row) -> String {
    let names_nothing = row.requests.amounts.iter().next().is_none();
    if names_nothing && row.requests.unknown.len() == 2 {
        return "no requests".to_owned();
    }
    let mut gaps: Vec<String> = Vec::new();
    let mut last = None;
    for unknown in &row.requests.unknown {
        match unknown {
            Unknown::Unreadable(message) => gaps.push(message.clone()),
            Unknown::Unnamed {
                container,
                resource,
            } if last == Some(container) => {
                let gap = gaps.pop().unwrap_or_default();
                gaps.push(format!("{gap}, no {resource}"));
            }
            Unknown::Unnamed {
                container,
                resource,
            } => {
                gaps.push(format!("{container}: no {resource}"));
                last = Some(container);
            }
        }
    }
    visible(&gaps.join("; "))
}

/// Whether it fits on the nodes that are known, a sentence for each thing there is to say.
pub fn fit(plan: &Plan) -> Vec<String> {
    let Some(nodes) = &plan.nodes else {
        return Vec::new();
    };
    let mut out = vec![format!(
        "{} in {} {} {} for the workloads{}{}.",
        counted(nodes.on_demand, "on-demand node"),
        counted(nodes.zones, "zone"),
        verb(nodes.on_demand, "has", "have"),
        amounts(&nodes.free),
        beside(nodes.beside),
        match nodes.closed {
            0 => String::new(),
            closed => format!(
                "; {closed} more {} cordoned or not ready",
                verb(closed, "is", "are")
            ),
        },
    )];
    let mut cases = vec![
        ("in ordinary times", &nodes.at_minimum.ordinary),
        ("when every spot node is lost", &nodes.at_minimum.worst),
    ];
    if let Some(max) = &nodes.at_maximum {
        cases.push((
            "in ordinary times with every autoscaler at its maximum",
            &max.ordinary,
        ));
        cases.push((
            "when every spot node is lost with every autoscaler at its maximum",
            &max.worst,
        ));
    }
    out.extend(cases.into_iter().map(|(when, fit)| fits(plan, when, fit)));
    out.extend(narrow(plan, nodes));
    if !nodes.unknown.is_empty() {
        let names: Vec<_> = nodes.unknown.iter().map(|name| visible(name)).collect();
        out.push(format!(
            "The labels of {} do not tell the capacity type, so {} left out: {}.",
            counted(nodes.unknown.len() as u64, "node"),
            verb(names.len() as u64, "it is", "they are"),
            shortened(&names)
        ));
    }
    out
}

/// What has been taken off for what else is on the nodes.
fn beside(known: super::Beside) -> &'static str {
    match (known.daemon_sets, known.pods) {
        (_, true) => ", after what DaemonSets and others take",
        (true, false) => ", after what DaemonSets take",
        (false, false) => "; nothing is taken off, for no DaemonSets or other pods are known",
    }
}

fn fits(plan: &Plan, when: &str, fit: &super::Fit) -> String {
    if fit.missing.is_empty() {
        return match fit.pods {
            0 => format!("No pod needs room {when}."),
            1 => format!("By an estimate the only pod fits {when}."),
            pods => format!("By an estimate all {pods} pods fit {when}."),
        };
    }
    let missing = fit.missing.iter().map(|missing| {
        let name = full_name(&plan.rows[missing.row]);
        let why = if missing.is_kept_away {
            ", which no on-demand node admits"
        } else {
            ""
        };
        format!("{} of {} of {name}{why}", missing.pods, missing.of)
    });
    let without = fit.pods - fit.placed;
    format!(
        "By an estimate {without} of {} {} no room {when}: {}.",
        counted(fit.pods, "pod"),
        verb(without, "finds", "find"),
        shortened(&missing.collect::<Vec<_>>())
    )
}

/// Where the floors rest.
fn narrow(plan: &Plan, nodes: &super::NodeRoom) -> Option<String> {
    let several = nodes.floors.iter().filter(|(_, fitted)| fitted.placed > 1);
    let on_one = several.filter(|(_, fitted)| fitted.nodes == 1);
    let names: Vec<_> = on_one.map(|(at, _)| full_name(&plan.rows[*at])).collect();
    (!names.is_empty()).then(|| {
        let count = names.len() as u64;
        format!(
            "{} of several replicas {} on one node: {}.",
            counted(count, "floor"),
            verb(count, "rests", "rest"),
            shortened(&names)
        )
    })
}

/// Files that were left out, a sentence for each kind.
pub fn skipped(plan: &Plan) -> impl Iterator<Item = String> {
    plan.skipped
        .iter()
        .map(|left_out| format!("Left out, {}.", visible(&left_out.to_string())))
}

/// `1 warning`, `2 warnings`, without the number.
pub fn warnings_word(plan: &Plan) -> String {
    plural(plan.warnings.len() as u64, "warning")
}
