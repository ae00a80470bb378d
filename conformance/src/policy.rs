//! The function's admission policy in a cluster: there or not, and in effect.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::core::v1::Pod;
use kube::api::PostParams;
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::nodes::Layout;
use crate::render;
use crate::workload::Case;

/// The API server takes a moment until a policy that was created or deleted shows.
const EFFECT: Duration = Duration::from_secs(240);
/// No member of a tried workload has as high an ordinal.
const HIGH: &str = "99";
const BINDING: &str = "MutatingAdmissionPolicyBinding";

/// Whether the API server knows mutating admission policies without being asked to.
pub async fn is_served(client: &Client) -> Result<bool> {
    let group = client.list_api_group_resources("admissionregistration.k8s.io/v1");
    let resources = group.await?.resources;
    Ok(resources
        .iter()
        .any(|resource| resource.name == "mutatingadmissionpolicies"))
}

/// Makes sure that the cluster has the admission policy that belongs to the function's policy, or that it has none, and that this shows.
pub async fn ensure(client: &Client, policy: &Value, wanted: bool) -> Result<()> {
    let objects = render::admission_policy(policy)?;
    if wanted {
        render::apply(client, &objects).await?;
    } else {
        render::delete(client, &objects).await?;
    }
    until_it_shows(async || Ok(lifts_pin(client, policy).await? == wanted)).await
}

/// Deletes the binding and leaves the policy, which does nothing then.
pub async fn unbind(client: &Client, policy: &Value) -> Result<()> {
    let mut objects = render::admission_policy(policy)?;
    objects.retain(|object| object["kind"] == BINDING);
    ensure!(!objects.is_empty(), "the policy has no binding");
    render::delete(client, &objects).await?;
    until_it_shows(async || Ok(!lifts_pin(client, policy).await?)).await
}

async fn until_it_shows(shows: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + EFFECT;
    while !shows().await? {
        if Instant::now() > deadline {
            bail!("the admission policy was applied or deleted, and that does not show");
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(())
}

/// Whether a member with a high ordinal comes out of admission with another node affinity than its template has.
async fn lifts_pin(client: &Client, policy: &Value) -> Result<bool> {
    let (template, admitted) = admitted(client, policy).await?;
    let affinity = |pod: &Value| pod["spec"]["affinity"]["nodeAffinity"].clone();
    Ok(affinity(&admitted) != affinity(&template))
}

/// A member with a high ordinal as its template has it, and as it comes out of admission (dry run).
async fn admitted(client: &Client, policy: &Value) -> Result<(Value, Value)> {
    let set = Case::stateful_set(3).manifest("default", "registry.invalid/app:1");
    let rendered = render::through_function(&[set], policy, &[])?;
    let template = &rendered.first().context("nothing rendered")?["spec"]["template"];
    let mut pod = template.clone();
    pod["metadata"]["generateName"] = json!("is-it-lifted-");
    pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = json!(HIGH);
    // The policy is about members of StatefulSets and nothing else.
    pod["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "tried", "controller": true,
        "uid": "00000000-0000-0000-0000-000000000000",
    }]);
    let pods: Api<Pod> = Api::namespaced(client.clone(), "default");
    let dry_run = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    let admitted = pods.create(&dry_run, &serde_json::from_value(pod)?).await?;
    Ok((template.clone(), serde_json::to_value(admitted)?))
}

/// Somebody else's policy that changes the members as well, before ours or after it: the API server calls policies in
/// the order of a Go map, another one after each change of a policy (`calculatePolicyData` in
/// k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_source.go).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbour {
    /// Adds a toleration.
    Toleration,
    /// Adds to every required term. Where it comes first, the pin is not where ours looks for it, and stays.
    Term,
}

impl Neighbour {
    fn manifests(self) -> [Value; 2] {
        let (name, expression) = match self {
            Self::Toleration => ("another-toleration", ADDS_TOLERATION),
            Self::Term => ("another-term", ADDS_TO_TERMS),
        };
        let api = "admissionregistration.k8s.io/v1";
        let pods = json!({
            "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"],
        });
        let once = format!(
            "object.metadata.?annotations.orValue({{}}).exists(key, key == '{ORDINAL}') \
             && !('{NEIGHBOUR}' in object.metadata.annotations)"
        );
        let once = json!([{"name": "a-member-once", "expression": once}]);
        let mark = format!(
            "[JSONPatch{{op: 'add', path: '/metadata/annotations/{}', value: '{name}'}}]",
            NEIGHBOUR.replace('/', "~1")
        );
        let patches = [expression.to_owned(), mark]
            .map(|patch| json!({"patchType": "JSONPatch", "jsonPatch": {"expression": patch}}));
        let policy = json!({
            "apiVersion": api, "kind": "MutatingAdmissionPolicy", "metadata": {"name": name},
            "spec": {
                "failurePolicy": "Fail",
                "reinvocationPolicy": "IfNeeded",
                "matchConstraints": {"resourceRules": [pods]},
                "matchConditions": once,
                "mutations": patches,
            },
        });
        let binding = json!({
            "apiVersion": api, "kind": BINDING, "metadata": {"name": name}, "spec": {"policyName": name},
        });
        [policy, binding]
    }
}

/// What a member carries.
const ORDINAL: &str = "spot-distribution.dev/spot-from-ordinal";
/// By this a neighbour knows that it has been there.
const NEIGHBOUR: &str = "conformance.dev/neighbour";
const ADDS_TOLERATION: &str = "[has(object.spec.tolerations) \
    ? JSONPatch{op: 'add', path: '/spec/tolerations/-', value: {'key': 'neighbour', 'operator': 'Exists'}} \
    : JSONPatch{op: 'add', path: '/spec/tolerations', value: [{'key': 'neighbour', 'operator': 'Exists'}]}]";
const ADDS_TO_TERMS: &str = "object.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution\
    .?nodeSelectorTerms.orValue([]).transformList(i, t, has(t.matchExpressions), JSONPatch{op: 'add', \
    path: '/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/' \
      + string(i) + '/matchExpressions/-', \
    value: {'key': 'kubernetes.io/os', 'operator': 'Exists'}})";

/// Puts it beside ours and waits until it shows.
pub async fn add_neighbour(client: &Client, neighbour: Neighbour) -> Result<()> {
    render::apply(client, &neighbour.manifests()).await?;
    until_it_shows(async || is_there(client).await).await
}

/// Takes it away again.
pub async fn remove_neighbour(client: &Client, neighbour: Neighbour) -> Result<()> {
    render::delete(client, &neighbour.manifests()).await?;
    until_it_shows(async || Ok(!is_there(client).await?)).await
}

async fn is_there(client: &Client) -> Result<bool> {
    let usual = Layout::new(3, 6).policy();
    let (_, admitted) = admitted(client, &usual).await?;
    Ok(admitted["metadata"]["annotations"][NEIGHBOUR].is_string())
}
