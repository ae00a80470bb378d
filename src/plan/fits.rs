//! How many pods of the plan find room on nodes.

use crate::placement::Strategy;
use crate::requests::Amounts;
use crate::room::{Demand, Fitted, Node, Toleration, fit};

use super::{Figures, Row};

/// Whether the plan fits, in ordinary times and when every spot node is gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fits {
    /// In ordinary times.
    pub ordinary: Fit,
    /// When every spot node is gone.
    pub worst: Fit,
}

/// How many pods find room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fit {
    /// Pods that need room.
    pub pods: u64,
    /// Those that find it.
    pub placed: u64,
    /// The workloads of which some find none.
    pub missing: Vec<Missing>,
}

/// Pods of one workload that find no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The index of the row.
    pub row: usize,
    /// How many find none.
    pub pods: u64,
    /// Of how many.
    pub of: u64,
    /// Whether selectors, affinity or taints keep them away from every on-demand node.
    pub is_kept_away: bool,
}

/// The pods of the plan and the on-demand nodes that they may go to.
#[derive(Debug)]
pub(super) struct Pods<'p> {
    /// The nodes.
    pub nodes: &'p [Node],
    /// What is left on each of them.
    pub free: &'p [Amounts],
    /// The workloads.
    pub rows: &'p [Row],
    /// What pods that are pinned to on-demand nodes tolerate beside their own tolerations.
    pub tolerations: Vec<Toleration>,
}

/// Pods of one workload that need room.
struct Group {
    row: usize,
    count: u64,
    is_pinned: bool,
}

impl Pods<'_> {
    /// Whether they fit at these of their figures; and by the index of the row, where those went
    /// that stay on on-demand nodes in ordinary times.
    pub fn fits(&self, figures: impl Fn(&Row) -> Figures) -> (Fits, Vec<(usize, Fitted)>) {
        let staying = self.groups(|row| (figures(row).on_demand.into(), is_pinned(row)));
        let moving = self.groups(|row| {
            let figures = figures(row);
            let moved = row.moved(figures);
            (moved.saturating_sub(figures.on_demand.into()), false)
        });
        let fitted = self.fit(&staying);
        let ordinary = tally(&staying, &fitted);
        let floors = staying.iter().map(|group| group.row).zip(fitted);
        let floors = floors.collect();
        let all: Vec<_> = staying.into_iter().chain(moving).collect();
        let worst = tally(&all, &self.fit(&all));
        (Fits { ordinary, worst }, floors)
    }

    fn groups(&self, of: impl Fn(&Row) -> (u64, bool)) -> Vec<Group> {
        let groups = self.rows.iter().enumerate().map(|(row, workload)| {
            let (count, is_pinned) = of(workload);
            Group {
                row,
                count,
                is_pinned,
            }
        });
        groups.filter(|group| group.count > 0).collect()
    }

    fn fit(&self, groups: &[Group]) -> Vec<Fitted> {
        let demands = groups.iter().enumerate().map(|(at, group)| {
            let row = &self.rows[group.row];
            let mut constraints = row.constraints.clone();
            if let Some(apart) = &mut constraints.apart {
                let is_shared = apart.across_templates;
                apart.group = if is_shared {
                    group.row
                } else {
                    self.rows.len() + at
                };
            }
            if group.is_pinned {
                constraints.tolerations.extend(self.tolerations.clone());
            }
            Demand {
                requests: row.requests.amounts.clone(),
                count: group.count,
                constraints,
            }
        });
        let demands: Vec<_> = demands.collect();
        fit(self.nodes, &mut self.free.to_vec(), &demands)
    }
}

/// Whether its pods on on-demand nodes are pinned there, and so get what pinned pods get.
fn is_pinned(row: &Row) -> bool {
    let pins = [Strategy::OnDemand, Strategy::Floor, Strategy::Ordinals];
    row.strategy()
        .is_some_and(|strategy| pins.contains(&strategy))
}

/// Adds up the groups; those of one workload count together.
fn tally(groups: &[Group], fitted: &[Fitted]) -> Fit {
    let mut found = Fit::default();
    for (Group { row, count, .. }, fitted) in groups.iter().zip(fitted) {
        found.pods += count;
        found.placed += fitted.placed;
        if fitted.placed < *count {
            found.missing.push(Missing {
                row: *row,
                pods: count - fitted.placed,
                of: *count,
                is_kept_away: fitted.admitting == 0,
            });
        }
    }
    // Of a workload that is counted twice, the part that stays and the part that moves.
    let total = |row: usize| {
        let own = groups.iter().filter(|group| group.row == row);
        own.map(|group| group.count).sum()
    };
    found.missing.sort_by_key(|missing| missing.row);
    found.missing.dedup_by(|next, kept| {
        let is_same = next.row == kept.row;
        if is_same {
            kept.pods += next.pods;
            kept.is_kept_away |= next.is_kept_away;
        }
        is_same
    });
    for missing in &mut found.missing {
        missing.of = total(missing.row);
    }
    found
}
