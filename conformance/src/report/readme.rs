//! `docs/measurements/README.md`: which pages there are, and how much stands behind each.

use std::fmt::Write as _;

use super::{Results, Summary, WRITTEN};
use crate::found::Found;

/// What is not run.
const CLUSTER_AUTOSCALER: &str = "\
Cluster Autoscaler does not run here, because its module (`k8s.io/autoscaler/cluster-autoscaler`) is not to be had from \
the public Go module proxy: what these docs say about it (it simulates the scheduler's filters and ignores preferences) \
is derived from [its FAQ](https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md), and is not \
measured.\n";

/// The whole page. `others`: pages that were not made here, by file name and heading.
pub fn page(results: &Results<'_>, others: &[(String, String)]) -> String {
    let mut page = format!(
        "# Measurements\n\n{WRITTEN}\n\
         Written by [the conformance suite](../../conformance/README.md) from what it saw on a real control plane.\n\n\
         | page | tests | promises checked | broken | Kubernetes | date | minutes |\n\
         | --- | --: | --: | --: | --- | --- | --: |\n"
    );
    for (title, found) in [
        (
            "[Guarantees](guarantees.md): every course of events, what people do today and each strategy, on nodes that \
             exist from the start; [step by step](guarantees-steps.md)",
            &results.fixed,
        ),
        (
            "[Nodes of every provider](providers.md): the defaults on nodes labelled and tainted as each provider does it",
            &results.on_provider_nodes(),
        ),
        (
            "[Karpenter](karpenter.md): the real Karpenter buys, consolidates and expires the nodes, for what people do today \
             and each strategy; [step by step](karpenter-steps.md)",
            &results.bought,
        ),
        (
            "[Nights of a spot pool](night.md): nodes come and go for days; availability against cost",
            &results.nights,
        ),
        ("all, side by side", &results.all()),
    ] {
        page += &row(title, found);
    }
    if !others.is_empty() {
        page += "\nMeasured otherwise or at another time, as each page says:\n\n";
    }
    for (name, heading) in others {
        let _ = writeln!(page, "* [{heading}]({name})");
    }
    let _ = writeln!(
        page,
        "\nMinutes are those during which at least one of the page's tests ran; tests run side by side, and beside \
         those of other pages, here on {} processors.\n",
        std::thread::available_parallelism().map_or(1, usize::from),
    );
    page + CLUSTER_AUTOSCALER
}

fn row(title: &str, found: &[&Found]) -> String {
    let summary = Summary::of(found);
    let mut row = String::new();
    if summary.tests() > 0 {
        let _ = writeln!(
            row,
            "| {title} | {} | {} | {} | {} | {} | {:.0} |",
            summary.tests(),
            summary.checked(),
            summary.broken().len(),
            summary.versions().join(", "),
            summary.dates(),
            summary.minutes(),
        );
    }
    row
}
