//! Small manifests, and a look at what became of them.

use serde_json::Value;

/// A Deployment that is spread over several lines, with a comment.
pub fn deployment(name: &str, replicas: u32) -> String {
    format!(
        "\
# {name} of the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {replicas} # on a Monday
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
      - name: {name}
        image: shop/{name}
"
    )
}

/// An autoscaler of the Deployment `name`.
pub fn autoscaler(name: &str, min: u32) -> String {
    format!(
        "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {name}
  minReplicas: {min}
  maxReplicas: 40
"
    )
}

/// The documents of a stream, by kind, namespace and name, so that their order does not matter.
pub fn documents(stream: &str) -> Vec<Value> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(stream);
    let mut documents: Vec<_> = documents
        .map(|document| Value::deserialize(document).unwrap())
        .filter(|document| !document.is_null())
        .collect();
    documents.sort_by_key(|document| {
        let field = |path| document.pointer(path).map(ToString::to_string);
        ["/kind", "/metadata/namespace", "/metadata/name"].map(field)
    });
    documents
}

/// The replicas of the workload `name`.
pub fn replicas(stream: &str, name: &str) -> u64 {
    let documents = documents(stream);
    let found = documents
        .iter()
        .filter(|document| document["spec"].get("template").is_some())
        .find(|document| document["metadata"]["name"] == name)
        .unwrap_or_else(|| panic!("no workload {name} in\n{stream}"));
    found["spec"]["replicas"].as_u64().unwrap()
}
