//! `docs/measurements/providers.md`: the defaults on nodes that are labelled and tainted as each provider does it.

use std::fmt::Write as _;

use super::{Summary, WRITTEN};
use crate::approach::DEFAULTS;
use crate::courses::Course;
use crate::guarantee::Moment;
use crate::nodes::{Labels, Layout};
use crate::record::Record;

const INTRODUCTION: &str = "\
A real control plane with three on-demand and six spot nodes, played by kwok and labelled and tainted as each provider \
does it. The configuration names the provider's preset and nothing else. Every workload goes through one life: applied, \
rolled out, every spot node lost at once, rolled out without spot, spot back, one spot node lost, every spot node drained. \
[How it is measured](../../conformance/README.md).\n";

/// What stands on the nodes, and the configuration that the function got.
struct Nodes {
    labels: Labels,
    anchor: &'static str,
    title: &'static str,
}

const PROVIDERS: [Nodes; 5] = [
    nodes(
        Labels::Karpenter,
        "karpenter",
        "Karpenter, every other on-demand node a reserved one",
    ),
    nodes(Labels::Eks, "eks", "EKS, managed node groups"),
    nodes(
        Labels::EksAndKarpenter,
        "eks-and-karpenter",
        "EKS, a managed node group for on-demand and Karpenter for spot: no key on all nodes",
    ),
    nodes(Labels::Gke, "gke", "GKE, spot nodes tainted"),
    nodes(
        Labels::Aks,
        "aks",
        "AKS, spot nodes labelled and tainted, the others neither",
    ),
];

const fn nodes(labels: Labels, anchor: &'static str, title: &'static str) -> Nodes {
    Nodes {
        labels,
        anchor,
        title,
    }
}

impl Nodes {
    /// Whether the defaults went through a life on them.
    fn are_those_of(&self, record: &Record) -> bool {
        let layout = Layout {
            labels: self.labels,
            ..Layout::new(3, 6)
        };
        record.layout == layout.name()
            && record.course == Course::Life.name()
            && record.approach == DEFAULTS
    }

    /// What the defaults did on them.
    fn records<'a>(&self, records: &'a [Record]) -> Vec<&'a Record> {
        let records = records.iter();
        records.filter(|it| self.are_those_of(it)).collect()
    }
}

/// Whether a record belongs on the page.
pub fn is_on_them(record: &Record) -> bool {
    PROVIDERS.iter().any(|nodes| nodes.are_those_of(record))
}

/// The whole page; nothing where no provider's nodes were there.
pub fn page(records: &[Record], summary: &Summary<'_>) -> Option<String> {
    let all = PROVIDERS.map(|nodes| (nodes.records(records), nodes));
    if all.iter().all(|(found, _)| found.is_empty()) {
        return None;
    }
    let mut page = format!(
        "# Nodes of every provider, measured\n\n{WRITTEN}\n{}\n{INTRODUCTION}\n",
        told(&all, summary)
    );
    page += "| nodes | floor kept at every instant | on spot, settled | Pending, settled | single replicas, fewest ready \
             while nodes come and go |\n| --- | --: | --: | --: | --: |\n";
    for (records, nodes) in &all {
        if !records.is_empty() {
            let _ = writeln!(page, "{}", in_short(records, nodes));
        }
    }
    for (records, nodes) in &all {
        if !records.is_empty() {
            let _ = write!(page, "\n## {}\n\n{}", nodes.title, workloads(records));
        }
    }
    Some(page)
}

/// Where the figures come from.
fn told(all: &[(Vec<&Record>, Nodes)], summary: &Summary<'_>) -> String {
    let count = all.iter().map(|(records, _)| records.len()).sum::<usize>();
    let broken = all.iter().flat_map(|(records, _)| records);
    let broken = broken.filter(|it| !it.broken().is_empty()).count();
    format!(
        "{count} workloads in steps, {}, Kubernetes {}; {broken} broke a promise.\n",
        summary.dates(),
        summary.versions().join(", ")
    )
}

fn in_short(records: &[&Record], nodes: &Nodes) -> String {
    let promised = records.iter().filter(|it| it.promise().is_some());
    let kept = promised.clone().filter(|it| it.broken().is_empty()).count();
    let pending: u32 = records.iter().map(|it| it.count.pending).sum();
    let single = records
        .iter()
        .filter(|it| it.case.replicas == 1 && it.moment == Moment::Nodes);
    let fewest = single.map(|it| it.availability.lowest).min();
    format!(
        "| <a id=\"{}\"></a>{} | {kept} of {} | {} | {pending} | {} |",
        nodes.anchor,
        nodes.title,
        promised.count(),
        spot_share(records),
        fewest.map_or("-".to_owned(), |fewest| fewest.to_string()),
    )
}

/// The share of the replicas that runs on spot nodes, once everything has been applied.
fn spot_share(records: &[&Record]) -> String {
    let applied = || records.iter().filter(|it| it.step == "applied");
    let spot: u32 = applied().map(|it| it.count.spot).sum();
    let ready: u32 = applied().map(|it| it.count.ready()).sum();
    if ready == 0 {
        return "-".to_owned();
    }
    format!("{:.0} %", f64::from(spot) * 100.0 / f64::from(ready))
}

fn workloads(records: &[&Record]) -> String {
    let mut cases: Vec<_> = records.iter().map(|it| it.case).collect();
    cases.dedup();
    let mut seen = Vec::new();
    let mut rows = String::from(
        "| workload | replicas | F | fewest on on-demand, at any instant | on spot, settled | fewest ready as every spot \
         node is lost | Pending, settled |\n| --- | --: | --: | --: | --: | --: | --: |\n",
    );
    for case in cases {
        let name = case.name();
        if seen.contains(&name) {
            continue;
        }
        let own: Vec<_> = records.iter().filter(|it| it.case.name() == name).collect();
        let at = |step: &str| own.iter().find(|it| it.step == step);
        let later = own.iter().filter(|it| it.moment != Moment::Arrival);
        let fewest = later.map(|it| it.minimum).min().unwrap_or_default();
        let pending: u32 = own.iter().map(|it| it.count.pending).sum();
        let _ = writeln!(
            rows,
            "| `{name}` | {} | {} | {fewest} | {} | {} | {pending} |",
            case.replicas,
            case.floor,
            at("applied").map_or(0, |it| it.count.spot),
            at("all spot nodes lost").map_or(0, |it| it.availability.lowest),
        );
        seen.push(name);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Found;
    use crate::record::tests::record;

    #[test]
    fn a_row_for_each_provider_that_was_run() {
        let mut on_gke = record();
        on_gke.layout = Layout {
            labels: Labels::Gke,
            ..Layout::new(3, 6)
        }
        .name();
        let found = Found {
            records: vec![record(), on_gke],
            ..Found::begin("1.36 defaults life 3+6 gke")
        };
        let page = page(&found.records, &Summary::of(&[&found])).unwrap_or_default();
        assert!(
            page.contains("| <a id=\"gke\"></a>GKE, spot nodes tainted | 1 of 1 |"),
            "{page}"
        );
        assert!(!page.contains("id=\"aks\""), "{page}");
    }

    #[test]
    fn nothing_where_only_the_usual_nodes_were_there() {
        let found = Found {
            records: vec![record()],
            ..Found::begin("1.36 defaults life 3+6")
        };
        assert_eq!(page(&found.records, &Summary::of(&[&found])), None);
    }
}
