//! The examples, rendered by the function and shown to the API server, which must have nothing to say.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use axum::http::Request;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::PostParams;
use kube::client::Body;
use kube::core::GroupVersionKind;
use kube::discovery::{self, Scope};
use kube::{Api, Client, Resource};
use serde_json::{Value, json};

use crate::{binaries, render};

/// The names of the examples that hold a workload: the others are about files for other tools.
pub fn names() -> Vec<String> {
    let folders = std::fs::read_dir(binaries::repository().join("examples"))
        .into_iter()
        .flatten()
        .flatten();
    let manifests = folders.filter(|folder| holds_workload(&folder.path().join("in")));
    let mut names: Vec<String> = manifests
        .filter_map(|folder| folder.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

fn holds_workload(folder: &Path) -> bool {
    let is_workload = |manifest: &Value| {
        matches!(
            manifest["kind"].as_str(),
            Some("Deployment" | "StatefulSet")
        )
    };
    folder.is_dir() && written(folder).is_ok_and(|manifests| manifests.iter().any(is_workload))
}

/// Renders an example and has every manifest dry-run. What the API server accepts as it was written it must accept
/// as it was rendered, without a warning.
pub async fn check(client: &Client, name: &str) -> Result<String> {
    let folder = binaries::repository().join("examples").join(name);
    let written = written(&folder.join("in"))?;
    let (mut accepted, mut refused) = (0, Vec::new());
    let rendered = rendered(&folder)?;
    for manifest in &rendered {
        let Some(complaint) = complaint(client, manifest).await? else {
            accepted += 1;
            continue;
        };
        // A patch or a file for another tool is no manifest: the API server does not take the original either.
        let Some(original) = written
            .iter()
            .find(|original| same_object(original, manifest))
        else {
            refused.push(format!(
                "{}, which the function added: {complaint}",
                title(manifest)
            ));
            continue;
        };
        if self::complaint(client, original).await?.is_none() {
            refused.push(format!("{}: {complaint}", title(manifest)));
        }
    }
    if !refused.is_empty() {
        bail!(
            "the API server took these as they were written, but not as rendered:\n{}",
            refused.join("\n")
        );
    }
    if accepted == 0 && !rendered.is_empty() {
        bail!("not one of {} manifests is complete", rendered.len());
    }
    Ok(format!(
        "{accepted} of {} manifests accepted, the others are not meant for an API server",
        rendered.len()
    ))
}

/// What the function makes of an example. An example for kustomize is rendered by kustomize, which the project's own
/// tests do: here its committed output is taken.
fn rendered(folder: &Path) -> Result<Vec<Value>> {
    let input = folder.join("in");
    if files(&input)?
        .iter()
        .any(|file| file.ends_with("kustomization.yaml"))
    {
        let outputs = files(folder)?
            .into_iter()
            .filter(|file| !file.starts_with(&input));
        return outputs
            .map(|file| read(&file))
            .collect::<Result<Vec<_>>>()
            .map(|all| all.concat());
    }
    let mut args: Vec<&OsStr> = vec!["apply".as_ref()];
    let config = [
        folder.join("config.yaml"),
        input.join("spot-distribution.yaml"),
    ];
    if let Some(config) = config.iter().find(|file| file.exists()) {
        args.extend(["--config".as_ref(), config.as_os_str()]);
    }
    args.push(input.as_os_str());
    Ok(render::parse(&render::run(&args, "")?)?
        .into_iter()
        .flat_map(items)
        .collect())
}

/// The manifests as they lie in the folder; files that another parser does not read are left out.
fn written(folder: &Path) -> Result<Vec<Value>> {
    let manifests = files(folder)?
        .into_iter()
        .filter_map(|file| read(&file).ok());
    Ok(manifests.flatten().collect())
}

fn read(file: &Path) -> Result<Vec<Value>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("failed to read {}", file.display()))?;
    Ok(render::parse(text.trim_start_matches('\u{feff}'))?
        .into_iter()
        .flat_map(items)
        .collect())
}

fn items(document: Value) -> Vec<Value> {
    match document["items"].as_array() {
        Some(items) => items.clone(),
        None => vec![document],
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path
            .extension()
            .is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|it| ending == *it))
        {
            found.push(path);
        }
    }
    Ok(found)
}

fn same_object(one: &Value, other: &Value) -> bool {
    ["/kind", "/metadata/name", "/metadata/namespace"]
        .iter()
        .all(|path| one.pointer(path) == other.pointer(path))
}

fn title(manifest: &Value) -> String {
    let text = |path: &str| {
        manifest
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or("?")
    };
    format!(
        "{} {}/{}",
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name")
    )
}

/// What the API server says to a server-side dry run with strict field validation: an error or a warning.
async fn complaint(client: &Client, manifest: &Value) -> Result<Option<String>> {
    let Some(path) = path_of(client, manifest).await? else {
        return Ok(Some("unknown kind".to_owned()));
    };
    let query = "dryRun=All&fieldManager=conformance&force=true&fieldValidation=Strict";
    let request = Request::patch(format!("{path}?{query}"))
        .header("Content-Type", "application/apply-patch+yaml")
        .body(Body::from(serde_json::to_vec(manifest)?))?;
    let response = client.send(request).await?;
    let warnings: Vec<String> = response
        .headers()
        .get_all("warning")
        .iter()
        .map(|warning| String::from_utf8_lossy(warning.as_bytes()).into_owned())
        .collect();
    if !response.status().is_success() {
        let body =
            axum::body::to_bytes(axum::body::Body::new(response.into_body()), usize::MAX).await?;
        return Ok(Some(String::from_utf8_lossy(&body).into_owned()));
    }
    Ok((!warnings.is_empty()).then(|| warnings.join("; ")))
}

/// The path of the object at the API server; nothing for a kind that it does not know. Makes its namespace.
async fn path_of(client: &Client, manifest: &Value) -> Result<Option<String>> {
    let text = |path: &str| {
        manifest
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (group, version) = text("/apiVersion")
        .split_once('/')
        .unwrap_or(("", text("/apiVersion")));
    let kind = GroupVersionKind::gvk(group, version, text("/kind"));
    let Ok((resource, capabilities)) = discovery::pinned_kind(client, &kind).await else {
        return Ok(None);
    };
    let namespace = match text("/metadata/namespace") {
        "" => "default",
        namespace => namespace,
    };
    let namespace = (capabilities.scope == Scope::Namespaced).then_some(namespace);
    if let Some(namespace) = namespace {
        make_namespace(client, namespace).await?;
    }
    let url = kube::core::DynamicObject::url_path(&resource, namespace);
    Ok(Some(format!("{url}/{}", text("/metadata/name"))))
}

async fn make_namespace(client: &Client, name: &str) -> Result<()> {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let namespace = serde_json::from_value(json!({"metadata": {"name": name}}))?;
    match namespaces.create(&PostParams::default(), &namespace).await {
        Err(kube::Error::Api(status)) if status.code != 409 => {
            bail!("failed to make namespace {name}: {status:?}")
        }
        _ => Ok(()),
    }
}
