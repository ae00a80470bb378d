//! Manifests through the function and into the cluster.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::approach::spot_toleration;
use crate::binaries;
use crate::nodes::Layout;

/// A promise taken out of the rendered manifests on purpose, to see that a test notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// `nodeTaintsPolicy: Honor` is left out.
    NoTaintsPolicy,
    /// `matchLabelKeys` is left out.
    NoMatchLabelKeys,
}

impl Mutation {
    /// What `CONFORMANCE_BREAK` names: a field to leave out in every test, which must then fail.
    pub fn from_environment() -> Result<Option<Self>> {
        let Ok(wanted) = std::env::var("CONFORMANCE_BREAK") else {
            return Ok(None);
        };
        let known = [Self::NoTaintsPolicy, Self::NoMatchLabelKeys];
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

/// Pipes manifests through `spot-distribution apply -`, configured for these nodes.
pub fn through_function(manifests: &[Value], layout: Layout) -> Result<Vec<Value>> {
    let tolerations = if layout.tainted {
        json!([spot_toleration()])
    } else {
        json!([])
    };
    let config = json!({
        "apiVersion": "spot-distribution.dev/v1alpha1",
        "kind": "SpotDistribution",
        "metadata": {"name": "policy"},
        "spec": {"spotTolerations": tolerations, "onDemandScalesToZero": layout.scales_to_zero},
    });
    let mut config_file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    config_file.write_all(serde_yaml::to_string(&config)?.as_bytes())?;
    let args = [
        "apply".as_ref(),
        "--config".as_ref(),
        config_file.path().as_os_str(),
        "-".as_ref(),
    ];
    parse(&run(&args, &stream(manifests)?)?)
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
pub fn run(args: &[&std::ffi::OsStr], input: &str) -> Result<String> {
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
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "the function failed ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Reads a stream of YAML documents as `kubectl` does: with merge keys resolved.
pub fn parse(text: &str) -> Result<Vec<Value>> {
    let mut manifests = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut document = serde_yaml::Value::deserialize(document)?;
        document.apply_merge()?;
        if !document.is_null() {
            manifests.push(serde_json::to_value(document)?);
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

/// The API for an object of a type that is only known at run time; its plural is the usual one.
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
    let namespace = object.metadata.namespace.as_deref().unwrap_or("default");
    Ok((
        name,
        Api::namespaced_with(client.clone(), namespace, &resource),
    ))
}
