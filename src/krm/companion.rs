//! The objects that are made beside a workload: how each kind is known, named, and where it lies.

use yaml_splice::YamlError;

use super::annotations::{BUDGET_OF, BUFFER_OF, SIBLING_OF, SIBLING_SUFFIX};
use super::resource::{Resource, group};

/// A kind of object that is made beside a workload, follows it, and goes with its placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Companion {
    /// The second Deployment of the strategy `floor`.
    Sibling,
    /// The `PodDisruptionBudget` of `budget: floor`.
    Budget,
    /// The `CapacityBuffer` of `headroom: capacity-buffer`.
    Buffer,
}

/// What is fixed about a kind of companion.
struct Form {
    api_version: &'static str,
    kind: &'static str,
    /// The annotation that holds the name of the workload, and shows that the object is ours.
    annotation: &'static str,
    /// What its name, and that of its file, add to those of the workload.
    suffix: &'static str,
}

impl Companion {
    /// Every kind, in the order in which they stand behind their workload.
    pub const ALL: [Self; 3] = [Self::Sibling, Self::Budget, Self::Buffer];

    fn form(self) -> &'static Form {
        match self {
            Self::Sibling => &Form {
                api_version: "apps/v1",
                kind: "Deployment",
                annotation: SIBLING_OF,
                suffix: SIBLING_SUFFIX,
            },
            Self::Budget => &Form {
                api_version: "policy/v1",
                kind: "PodDisruptionBudget",
                annotation: BUDGET_OF,
                suffix: "-floor",
            },
            // Stored in this version by the Cluster Autoscaler, and the only one that Karpenter
            // serves. Source: `autoscaling.x-k8s.io_capacitybuffers.yaml` of Cluster Autoscaler
            // 1.36 and of Karpenter 1.14.0.
            Self::Buffer => &Form {
                api_version: "autoscaling.x-k8s.io/v1beta1",
                kind: "CapacityBuffer",
                annotation: BUFFER_OF,
                suffix: "-headroom",
            },
        }
    }

    /// What `resource` is the companion of, if this function made it.
    ///
    /// # Errors
    /// As [`Node::get`](yaml_splice::Node::get).
    pub fn of(resource: &Resource<'_>) -> Result<Option<Self>, YamlError> {
        for companion in Self::ALL {
            if companion.is_type_of(resource)
                && resource.annotation(companion.annotation())?.is_some()
            {
                return Ok(Some(companion));
            }
        }
        Ok(None)
    }

    /// Whether `resource` is of its API group and kind, whoever made it.
    pub fn is_type_of(self, resource: &Resource<'_>) -> bool {
        let form = self.form();
        // Most objects differ by their kind.
        resource.kind == form.kind && resource.group() == group(form.api_version)
    }

    /// Such as `policy/v1`.
    pub fn api_version(self) -> &'static str {
        self.form().api_version
    }

    /// Such as `PodDisruptionBudget`.
    pub fn kind(self) -> &'static str {
        self.form().kind
    }

    /// What it is called in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Sibling => "sibling",
            Self::Budget => "budget",
            Self::Buffer => "buffer",
        }
    }

    /// The annotation that holds the name of its workload.
    pub fn annotation(self) -> &'static str {
        self.form().annotation
    }

    /// The name of the companion of a workload called `name`.
    pub fn name(self, name: &str) -> String {
        [name, self.form().suffix].concat()
    }

    /// The name of the workload, where `name` is the name of a companion.
    pub fn name_of_workload(self, name: &str) -> Option<&str> {
        name.strip_suffix(self.form().suffix)
    }

    /// The path of its file, by that of its workload's: `apps/web.yaml` has
    /// `apps/web-on-demand.yaml`.
    pub fn path(self, path: &str) -> String {
        let stem = path
            .rsplit_once('.')
            .filter(|(_, extension)| !extension.contains('/'));
        let stem = stem.map_or(path, |(stem, _)| stem);
        [stem, &self.file_ending()].concat()
    }

    /// What the names of its files end in.
    pub fn file_ending(self) -> String {
        [self.form().suffix, ".yaml"].concat()
    }
}

/// The name of the sibling of a workload called `name`.
pub fn sibling_name(name: &str) -> String {
    Companion::Sibling.name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_workload() {
        for (path, sibling, budget) in [
            (
                "apps/web.yaml",
                "apps/web-on-demand.yaml",
                "apps/web-floor.yaml",
            ),
            (
                "apps/web.json",
                "apps/web-on-demand.yaml",
                "apps/web-floor.yaml",
            ),
            (
                "apps.d/web",
                "apps.d/web-on-demand.yaml",
                "apps.d/web-floor.yaml",
            ),
        ] {
            assert_eq!(Companion::Sibling.path(path), sibling);
            assert_eq!(Companion::Budget.path(path), budget);
        }
    }

    #[test]
    fn names_lead_back_to_the_workload() {
        for companion in Companion::ALL {
            let name = companion.name("web");
            assert_eq!(companion.name_of_workload(&name), Some("web"));
        }
    }
}
