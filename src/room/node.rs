//! A node and what it has.

use compact_str::CompactString;

use crate::requests::Amounts;

/// The label with the zone of a node.
const ZONE: &str = "topology.kubernetes.io/zone";

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// The name.
    pub name: CompactString,
    /// The labels.
    pub labels: Vec<(CompactString, CompactString)>,
    /// The taints.
    pub taints: Vec<Taint>,
    /// `status.allocatable`, pods among it.
    pub allocatable: Amounts,
    /// Whether pods can be put there: it is ready and not cordoned.
    pub is_schedulable: bool,
}

/// A taint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taint {
    /// The key.
    pub key: CompactString,
    /// The value, which may be empty.
    pub value: CompactString,
    /// `NoSchedule`, `NoExecute` or `PreferNoSchedule`.
    pub effect: CompactString,
}

impl Taint {
    /// Whether it is more than a preference.
    pub fn keeps_pods_away(&self) -> bool {
        matches!(self.effect.as_str(), "NoSchedule" | "NoExecute")
    }
}

impl Node {
    /// A node of that name without labels and without room.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The label `key`.
    pub fn label(&self, key: &str) -> Option<&str> {
        let found = self.labels.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The zone, where its labels name one.
    pub fn zone(&self) -> Option<&str> {
        self.label(ZONE)
    }
}
