//! The scheduler's rule for the request of one pod.

use compact_str::CompactString;

use super::Amounts;

/// When a container runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As long as the pod.
    Regular,
    /// A restartable init container: it starts before the next one and runs as long as the pod.
    Sidecar,
    /// One after the other, each to its end, before the regular ones start.
    Init,
}

/// What one container asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// The name.
    pub name: CompactString,
    /// When it runs.
    pub role: Role,
    /// Its requests; where it names none, its limits, as the API server fills them in.
    pub requests: Amounts,
}

/// What one pod asks for, as its manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PodResources {
    /// Its containers. Init containers and sidecars come first, in their order.
    pub containers: Vec<Container>,
    /// What the runtime class needs beside the containers.
    pub overhead: Amounts,
    /// `spec.resources.requests` of the pod: for all its containers together.
    pub pod_requests: Amounts,
    /// `spec.resources.limits` of the pod.
    pub pod_limits: Amounts,
    /// Quantities that cannot be read, such as a variable that is filled in later.
    pub unreadable: Vec<String>,
}

/// What the scheduler reserves for one pod.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PodRequests {
    /// The amounts, as far as they are known.
    pub amounts: Amounts,
    /// What could not be counted.
    pub unknown: Vec<Unknown>,
}

/// What could not be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// A container that names no request for a resource that every container uses.
    Unnamed {
        /// The container.
        container: CompactString,
        /// `cpu` or `memory`.
        resource: &'static str,
    },
    /// A text that is no quantity, with the field.
    Unreadable(String),
}

impl PodRequests {
    /// Whether every container that keeps running names its requests for cpu and memory.
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty()
    }
}

impl PodResources {
    /// The request of the pod:
    ///
    /// ```text
    /// running = sum of containers + sum of sidecars
    /// init    = for each init container: itself + the sidecars before it; the greatest of them
    /// request = max(running, init), replaced by what the pod names as a whole, + overhead
    ///
    /// containers of 200m and 100m; a sidecar of 50m, then an init container of 500m:
    ///   running = 200 + 100 + 50 = 350, init = 500 + 50 = 550, request = 550m
    /// ```
    ///
    /// Source: `PodRequests` and `AggregateContainerRequests` of
    /// `staging/src/k8s.io/component-helpers/resource/helpers.go` in Kubernetes 1.36.3.
    pub fn request(&self) -> PodRequests {
        let own = self.pod_level();
        let mut amounts = self.of_containers();
        amounts.replace(&own);
        amounts.add(&self.overhead);
        let unreadable = self.unreadable.iter().cloned().map(Unknown::Unreadable);
        let unknown = self.unnamed(&own).into_iter().chain(unreadable);
        PodRequests {
            unknown: unknown.collect(),
            amounts,
        }
    }

    fn of_containers(&self) -> Amounts {
        let (mut running, mut sidecars, mut init) = <(Amounts, Amounts, Amounts)>::default();
        for Container { role, requests, .. } in &self.containers {
            match role {
                Role::Regular => running.add(requests),
                Role::Sidecar => {
                    running.add(requests);
                    sidecars.add(requests);
                    init.raise_to(&sidecars);
                }
                Role::Init => {
                    let mut own = sidecars.clone();
                    own.add(requests);
                    init.raise_to(&own);
                }
            }
        }
        running.raise_to(&init);
        running
    }

    /// What the pod names as a whole. A limit without a request stands for the request where no
    /// container names one.
    ///
    /// Source: `defaultPodRequests` of `pkg/apis/core/v1/defaults.go`, and
    /// `IsSupportedPodLevelResource` of the component helpers.
    fn pod_level(&self) -> Amounts {
        let supported =
            |name: &str| matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
        let is_named = |name: &str| self.containers.iter().any(|own| own.requests.names(name));
        let mut own = self
            .pod_limits
            .only(|name| supported(name) && !is_named(name));
        own.replace(&self.pod_requests.only(supported));
        own
    }

    /// What containers that keep running leave unsaid. An init container that names nothing is
    /// covered by the others in practice, and is no gap.
    fn unnamed(&self, pod_level: &Amounts) -> Vec<Unknown> {
        let running = self.containers.iter().filter(|own| own.role != Role::Init);
        let gaps = running.flat_map(|own| ["cpu", "memory"].map(|resource| (own, resource)));
        let gaps = gaps
            .filter(|(own, resource)| !own.requests.names(resource) && !pod_level.names(resource));
        let gaps = gaps.map(|(own, resource)| Unknown::Unnamed {
            container: own.name.clone(),
            resource,
        });
        gaps.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(name: &str, role: Role, requests: &[(&'static str, u64)]) -> Container {
        let requests = requests.iter().copied().collect();
        Container {
            name: name.into(),
            role,
            requests,
        }
    }

    fn pod(containers: &[Container]) -> PodResources {
        PodResources {
            containers: containers.to_vec(),
            ..PodResources::default()
        }
    }

    #[test]
    fn the_example_of_the_formula() {
        let pod = pod(&[
            container("proxy", Role::Sidecar, &[("cpu", 50), ("memory", 10)]),
            container("migrate", Role::Init, &[("cpu", 500)]),
            container("web", Role::Regular, &[("cpu", 200), ("memory", 30)]),
            container("log", Role::Regular, &[("cpu", 100), ("memory", 20)]),
        ]);
        let request = pod.request();
        // Memory: running 30 + 20 + 10 = 60, init 10.
        let expected = Amounts::from_iter([("cpu", 550), ("memory", 60)]);
        assert_eq!(
            request,
            PodRequests {
                amounts: expected,
                unknown: Vec::new()
            }
        );
    }

    #[test]
    fn a_sidecar_counts_only_for_the_init_containers_behind_it() {
        let before = container("first", Role::Init, &[("cpu", 500)]);
        let sidecar = container("proxy", Role::Sidecar, &[("cpu", 200)]);
        let main = container("web", Role::Regular, &[("cpu", 100)]);
        let cpu = |containers: &[Container]| pod(containers).request().amounts.cpu();
        assert_eq!(cpu(&[before.clone(), sidecar.clone(), main.clone()]), 500);
        assert_eq!(cpu(&[sidecar, before, main]), 700);
    }

    #[test]
    fn overhead_comes_on_top_of_what_the_pod_names_as_a_whole() {
        let gpu = [("cpu", 100), ("nvidia.com/gpu", 1)];
        let pod = PodResources {
            overhead: Amounts::from_iter([("cpu", 50), ("memory", 8)]),
            pod_requests: Amounts::from_iter([("cpu", 1000)]),
            pod_limits: Amounts::from_iter([("cpu", 2000), ("memory", 64)]),
            ..pod(&[
                container("a", Role::Regular, &gpu),
                container("b", Role::Regular, &[]),
            ])
        };
        let expected = [("cpu", 1050), ("memory", 72), ("nvidia.com/gpu", 1)];
        let expected = Amounts::from_iter(expected);
        assert_eq!(
            pod.request(),
            PodRequests {
                amounts: expected,
                unknown: Vec::new()
            }
        );
    }

    #[test]
    fn what_is_not_named_is_said() {
        let containers = [
            container("setup", Role::Init, &[]),
            container("web", Role::Regular, &[("cpu", 100)]),
            container("log", Role::Sidecar, &[("memory", 0), ("cpu", 0)]),
        ];
        let unknown = pod(&containers).request().unknown;
        let web = Unknown::Unnamed {
            container: "web".into(),
            resource: "memory",
        };
        assert_eq!(unknown, [web]);
    }
}
