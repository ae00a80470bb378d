//! Workloads whose selector also selects the pods of another one.

use std::collections::HashMap;

use super::{Inventory, WorkloadId};

impl Inventory<'_> {
    /// By workload, the first other one in its namespace of which its selector selects the pods.
    ///
    /// Controllers tell such pods apart by their owner, a `PodDisruptionBudget` does not: a pod that
    /// two of them select cannot be evicted at all. Source: `getPodDisruptionBudgets` and its caller in
    /// Kubernetes' `pkg/registry/core/pod/storage/eviction.go`.
    pub fn shared_pods(&self) -> HashMap<WorkloadId, WorkloadId> {
        let mut labelled: HashMap<(&str, &str, &str), Vec<WorkloadId>> = HashMap::new();
        for (id, workload) in self.workloads.enumerate() {
            let namespace = workload.resource.effective_namespace();
            for (key, value) in workload.pod_label_pairs() {
                let same = labelled.entry((namespace, key, value));
                same.or_default().push(id);
            }
        }
        let workloads = self.workloads.enumerate();
        workloads
            .filter_map(|(id, workload)| {
                let namespace = workload.resource.effective_namespace();
                let labels = workload.pod_label_pairs().into_iter();
                let alike = labels.filter(|(key, _)| workload.selects_by_label(key));
                let alike = alike.filter_map(|(key, value)| labelled.get(&(namespace, key, value)));
                let fewest = alike.min_by_key(|alike| alike.len())?;
                let mut others = fewest.iter().filter(|other| **other != id);
                let shared = others.find(|other| self.selects(id, **other))?;
                Some((id, *shared))
            })
            .collect()
    }

    /// Whether the selector of one workload selects the pods of another one, which does not stand in
    /// a second file under the same name.
    fn selects(&self, id: WorkloadId, other: WorkloadId) -> bool {
        let (workload, other) = (&self.workloads[id], &self.workloads[other]);
        let is_namesake =
            (workload.kind, workload.resource.name) == (other.kind, other.resource.name);
        !is_namesake && workload.selects_pods_of(other)
    }
}
