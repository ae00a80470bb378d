//! What a pod asks for, out of its manifest.

use yaml_splice::{Node, YamlError};

use super::{Amounts, Container, PodResources, Quantity, Role};

/// What the pod spec `pod` asks for.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn pod_resources(pod: Node<'_>) -> Result<PodResources, YamlError> {
    let keys = ["initContainers", "containers", "overhead", "resources"];
    let [init, regular, overhead, resources] = pod.pick(keys)?;
    let mut bad = Vec::new();
    let mut containers = Vec::new();
    for (list, role) in [(init, Role::Init), (regular, Role::Regular)] {
        for node in list.into_iter().flat_map(Node::items) {
            containers.push(container(node, role, &mut bad)?);
        }
    }
    let [requests, limits] = pick(resources, ["requests", "limits"])?;
    Ok(PodResources {
        containers,
        overhead: amounts(overhead, &mut bad)?,
        pod_requests: amounts(requests, &mut bad)?,
        pod_limits: amounts(limits, &mut bad)?,
        unreadable: bad,
    })
}

/// The quantities of the mapping at `path`, such as `status.allocatable` of a node. What is no
/// quantity is left out.
///
/// # Errors
/// Where YAML makes a field ambiguous.
pub fn amounts_at(node: Node<'_>, path: &[&str]) -> Result<Amounts, YamlError> {
    amounts(node.at(path)?, &mut Vec::new())
}

fn container(node: Node<'_>, role: Role, bad: &mut Vec<String>) -> Result<Container, YamlError> {
    let [name, restart, resources] = node.pick(["name", "restartPolicy", "resources"])?;
    let restarts = restart.is_some_and(|policy| policy.text() == "Always");
    let [limits, own] = pick(resources, ["limits", "requests"])?;
    let mut requests = amounts(limits, bad)?;
    requests.replace(&amounts(own, bad)?);
    Ok(Container {
        name: name.map_or("", Node::text).into(),
        role: match role {
            Role::Init if restarts => Role::Sidecar,
            role => role,
        },
        requests,
    })
}

/// What stands under `keys` in `mapping`, if that is there.
fn pick<'d>(
    mapping: Option<Node<'d>>,
    keys: [&str; 2],
) -> Result<[Option<Node<'d>>; 2], YamlError> {
    mapping.map_or(Ok([None; 2]), |mapping| mapping.pick(keys))
}

fn amounts(mapping: Option<Node<'_>>, bad: &mut Vec<String>) -> Result<Amounts, YamlError> {
    let mut found = Amounts::default();
    let Some(mapping) = mapping else {
        return Ok(found);
    };
    for (name, value) in mapping.merged_entries()? {
        match value.text().parse::<Quantity>() {
            Ok(quantity) => found.set(name, quantity),
            Err(_) if value.is_null() => {}
            Err(error) => bad.push(format!("{}: {error}", value.path())),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use yaml_splice::Stream;

    use super::*;
    use crate::requests::{PodRequests, Unknown};

    fn request(text: &str) -> PodRequests {
        let stream = Stream::parse(text).unwrap();
        let pod = stream.documents[0].root();
        pod_resources(pod).unwrap().request()
    }

    #[test]
    fn requests_limits_sidecars_and_the_pod_as_a_whole() {
        let found = request(
            "initContainers:\n\
             - {name: proxy, restartPolicy: Always, resources: {requests: {cpu: 50m, memory: 64Mi}}}\n\
             - {name: setup, resources: {requests: {cpu: 2}}}\n\
             containers:\n\
             - {name: web, resources: {requests: {cpu: 0.2}, limits: {cpu: 1, memory: 128Mi, example.com/tpu: 4}}}\n\
             overhead: {cpu: 10m}\n",
        );
        // cpu: max(200 + 50, 2000 + 50) + 10; memory: 64 + 128 MiB; devices from the limit.
        let expected = [("cpu", 2060), ("example.com/tpu", 4), ("memory", 192 << 20)];
        let expected = Amounts::from_iter(expected);
        assert_eq!(
            found,
            PodRequests {
                amounts: expected,
                unknown: Vec::new()
            }
        );
    }

    #[test]
    fn a_variable_is_unknown() {
        let found = request(
            "containers: [{name: web, resources: {requests: {cpu: '${CPU}', memory: 1Gi}}}]",
        );
        assert!(
            matches!(&found.unknown[..], [
            Unknown::Unnamed { resource: "cpu", .. },
            Unknown::Unreadable(message),
        ] if message.contains("${CPU}")),
            "{found:?}"
        );
    }
}
