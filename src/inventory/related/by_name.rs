//! Workloads by their names: those that they have, and those that they had before.

use std::cmp::Ordering;

use crate::inventory::{Workload, WorkloadId, Workloads};
use crate::placement::WorkloadKind;
use yaml_splice::YamlError;

/// A workload's kind, name and namespace: several files may hold the same.
type Name<'d> = (WorkloadKind, &'d str, &'d str);

/// Workloads by their names, as sorted lists: they take little room, and no choice of names makes
/// them slow.
#[derive(Debug, Default)]
pub(super) struct ByName<'d> {
    current: Vec<(Name<'d>, WorkloadId)>,
    former: Vec<(Name<'d>, WorkloadId)>,
}

impl<'d> ByName<'d> {
    /// The names of `workloads`. Former names that cannot be read are left out and given to `bad`.
    pub fn of(workloads: &Workloads<'d>, mut bad: impl FnMut(&Workload<'d>, YamlError)) -> Self {
        let mut names = Self::default();
        for (id, workload) in workloads.enumerate() {
            let (kind, resource) = (workload.kind, &workload.resource);
            let entry = |name| ((kind, name, resource.effective_namespace()), id);
            names.current.push(entry(resource.name));
            match resource.former_names() {
                Ok(former) => names.former.extend(former.into_iter().map(entry)),
                Err(error) => bad(workload, error),
            }
        }
        names.current.sort_unstable();
        names.former.sort_unstable();
        names
    }

    /// The workloads that have this name in this namespace, in their order.
    pub fn current(&self, kind: WorkloadKind, name: &str, namespace: &str) -> Vec<WorkloadId> {
        alike(&self.current, |other| other.cmp(&(kind, name, namespace)))
    }

    /// Those that have it, or where there are none, those that had it before.
    pub fn current_or_former(
        &self,
        kind: WorkloadKind,
        name: &str,
        namespace: &str,
    ) -> Vec<WorkloadId> {
        let current = self.current(kind, name, namespace);
        if !current.is_empty() {
            return current;
        }
        alike(&self.former, |other| other.cmp(&(kind, name, namespace)))
    }

    /// Those that have this name in any namespace, and those that had it.
    pub fn anywhere(&self, kind: WorkloadKind, name: &str) -> Vec<WorkloadId> {
        let lists = [&self.current, &self.former];
        let found =
            lists.map(|names| alike(names, |(of, other, _)| (of, other).cmp(&(kind, name))));
        found.concat()
    }
}

/// The workloads whose names `compare` finds equal, from a sorted list.
fn alike<'d>(
    names: &[(Name<'d>, WorkloadId)],
    compare: impl Fn(Name<'d>) -> Ordering,
) -> Vec<WorkloadId> {
    let first = names.partition_point(|(name, _)| compare(*name) == Ordering::Less);
    let found = names[first..].iter();
    let found = found.take_while(|(name, _)| compare(*name) == Ordering::Equal);
    found.map(|(_, id)| *id).collect()
}
