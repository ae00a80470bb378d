//! The room that pods need on on-demand nodes.

use crate::requests::Amounts;

/// Pods and what they request together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Need {
    /// How many.
    pub pods: u64,
    /// What they request, as far as it is known.
    pub amounts: Amounts,
}

/// The room that has to exist on on-demand nodes.
///
/// ```text
/// ordinary = on-demand replicas * request        F = 2 of R = 10 pods of 500m:  1 core
/// worst    = all replicas * request              every spot node is gone:       5 cores
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Room {
    /// In ordinary times.
    pub ordinary: Need,
    /// When every spot node is gone and everything that may run on on-demand nodes does.
    pub worst: Need,
}

impl Need {
    /// Adds that many pods which request `request` each.
    pub fn add(&mut self, request: &Amounts, pods: u64) {
        self.pods += pods;
        self.amounts.add_times(request, pods);
    }
}

impl Room {
    /// Adds the room for pods that request `request` each: `ordinary` and `worst` of them.
    pub fn add(&mut self, request: &Amounts, ordinary: u64, worst: u64) {
        self.ordinary.add(request, ordinary);
        self.worst.add(request, worst);
    }
}
