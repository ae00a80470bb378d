//! Manifests through the function and into the cluster.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use kube::api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client};
use serde::Deserialize;
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::binaries;

/// A promise taken out of the rendered manifests on purpose, to see that a test notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// `nodeTaintsPolicy: Honor` is left out.
    NoTaintsPolicy,
    /// `matchLabelKeys` is left out.
    NoMatchLabelKeys,
    /// A pod is left out of the snapshots that `audit` reads.
    NoPod,
}

impl Mutation {
    /// What `CONFORMANCE_BREAK` names: a field to leave out in every test, which must then fail.
    pub fn from_environment() -> Result<Option<Self>> {
        let Ok(wanted) = std::env::var("CONFORMANCE_BREAK") else {
            return Ok(None);
        };
        let known = [Self::NoTaintsPolicy, Self::NoMatchLabelKeys, Self::NoPod];
        let found = known
            .into_iter()
            .find(|mutation| mutation.field() == wanted);
        found
            .map(Some)
            .with_context(|| format!("CONFORMANCE_BREAK={wanted}: no such field to leave out"))
    }

    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::NoTaintsPolicy => "nodeTaintsPolicy",
            Self::NoMatchLabelKeys => "matchLabelKeys",
            Self::NoPod => "pod",
        }
    }

    /// Takes the field out of every topology spread constraint.
    pub fn apply(self, manifest: &mut Value) {
        let constraints = &mut manifest["spec"]["template"]["spec"]["topologySpreadConstraints"];
        for constraint in constraints.as_array_mut().into_iter().flatten() {
            if let Some(fields) = constraint.as_object_mut() {
                fields.remove(self.field());
            }
        }
    }
}

/// Takes the last pod out of a snapshot.
pub fn leave_out_pod(snapshot: &mut Value) {
    if let Some(items) = snapshot["items"].as_array_mut() {
        let last = items.iter().rposition(|item| item["kind"] == "Pod");
        last.map(|last| items.remove(last));
    }
}

/// Pipes manifests through `spot-distribution apply -` with this policy and maybe more flags.
pub fn through_function(manifests: &[Value], policy: &Value, more: &[&str]) -> Result<Vec<Value>> {
    let config = configuration(policy)?;
    let mut args: Vec<&OsStr> = vec!["apply".as_ref()];
    args.extend(more.iter().map(|arg| OsStr::new(*arg)));
    args.extend(["--config".as_ref(), config.path().as_os_str(), "-".as_ref()]);
    parse(&run(&args, &stream(manifests)?)?)
}

/// The admission policy that belongs to the function's policy, and its binding.
pub fn admission_policy(policy: &Value) -> Result<Vec<Value>> {
    let config = configuration(policy)?;
    let args = [
        "admission-policy".as_ref(),
        "--config".as_ref(),
        config.path().as_os_str(),
    ];
    parse(&run(&args, "")?)
}

/// A configuration in a file, as the function reads it.
pub fn configuration(policy: &Value) -> Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    file.write_all(serde_yaml::to_string(policy)?.as_bytes())?;
    Ok(file)
}

/// Manifests as a stream of YAML documents.
fn stream(manifests: &[Value]) -> Result<String> {
    let documents: Vec<String> = manifests
        .iter()
        .map(serde_yaml::to_string)
        .collect::<Result<_, _>>()?;
    Ok(documents.join("---\n"))
}

/// Runs the function and returns its standard output.
pub fn run(args: &[&OsStr], input: &str) -> Result<String> {
    let output = output(args, input)?;
    if !output.status.success() {
        bail!(
            "the function failed ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs the function, whatever its exit code.
pub fn output(args: &[&OsStr], input: &str) -> Result<Output> {
    let mut child = Command::new(binaries::function()?)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // The function reads everything before it writes anything, so this cannot block on its output.
    child
        .stdin
        .take()
        .context("no pipe to the function")?
        .write_all(input.as_bytes())?;
    Ok(child.wait_with_output()?)
}

/// Reads a stream of YAML documents as `kubectl` does: with merge keys resolved.
pub fn parse(text: &str) -> Result<Vec<Value>> {
    let mut manifests = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut document = serde_yaml::Value::deserialize(document)?;
        document.apply_merge()?;
        let object: Value = serde_json::to_value(document)?;
        match &object["items"] {
            // A list stands for its items.
            Value::Array(items) if object["kind"] == "List" => {
                manifests.extend(items.iter().cloned());
            }
            _ if object.is_null() => {}
            _ => manifests.push(object),
        }
    }
    Ok(manifests)
}

/// Applies manifests with server-side apply, as a GitOps controller does.
pub async fn apply(client: &Client, manifests: &[Value]) -> Result<()> {
    let params = PatchParams::apply("gitops").force();
    for manifest in manifests {
        let object: DynamicObject = serde_json::from_value(manifest.clone())?;
        let (name, api) = dynamic_api(client, &object, manifest)?;
        let patched = api.patch(&name, &params, &Patch::Apply(&object)).await;
        patched.with_context(|| format!("the API server refused {name}:\n{manifest:#}"))?;
    }
    Ok(())
}

/// Deletes what the manifests name; what is not there is no error.
pub async fn delete(client: &Client, manifests: &[Value]) -> Result<()> {
    for manifest in manifests {
        let object: DynamicObject = serde_json::from_value(manifest.clone())?;
        let (name, api) = dynamic_api(client, &object, manifest)?;
        match api.delete(&name, &DeleteParams::background()).await {
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            other => drop(other.with_context(|| format!("failed to delete {name}"))?),
        }
    }
    Ok(())
}

/// The API for an object of a type that is only known at run time; its plural is the usual one, and what has no
/// namespace belongs to the cluster.
fn dynamic_api(
    client: &Client,
    object: &DynamicObject,
    manifest: &Value,
) -> Result<(String, Api<DynamicObject>)> {
    let types = object
        .types
        .as_ref()
        .with_context(|| format!("no apiVersion or kind in {manifest}"))?;
    let resource = ApiResource::from_gvk(&GroupVersionKind::try_from(types)?);
    let name = object.metadata.name.clone().context("no name")?;
    let api = match object.metadata.namespace.as_deref() {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    };
    Ok((name, api))
}
