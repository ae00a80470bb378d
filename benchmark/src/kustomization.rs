//! Folders that kustomize builds: the objects of a list, alone or with something that places them.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Result, ensure};
use serde_yaml::{Mapping, Value};

use crate::case::{Build, Case};
use crate::compare;
use crate::input::{Form, Settings};
use crate::tools::Tools;

/// Those that write what the function writes with `spread` for all.
pub const PLACING: [Build; 2] = [Build::Patches, Build::Function(Settings::Spread)];

/// The order stays that of the list.
const HEAD: &str = "resources: [resources.yaml]\nsortOptions: {order: fifo}\n";

/// The folder of `count` objects for `build`, made where it is not there yet.
pub fn folder(tools: &Tools, count: usize, build: Build) -> Result<String> {
    let folder = tools.scratch.join(format!("kustomize-{count}-{build:?}"));
    let path = folder.to_string_lossy().into_owned();
    if folder.exists() {
        return Ok(path);
    }
    fs::create_dir_all(&folder)?;
    let resources = folder.join("resources.yaml");
    tools.make(&["resources", &count.to_string()], &resources)?;
    let more = match build {
        Build::Alone => "",
        Build::Patches => {
            patches(tools, count, &folder.join("patches.yaml"))?;
            "patches: [{path: patches.yaml}]\n"
        }
        Build::Function(settings) => {
            transformer(tools, settings, &folder)?;
            "transformers: [transformer.yaml]\n"
        }
    };
    fs::write(folder.join("kustomization.yaml"), format!("{HEAD}{more}"))?;
    Ok(path)
}

/// One patch for each workload that the function changes. They are made beforehand, and kustomize
/// decides nothing, in its favour.
fn patches(tools: &Tools, count: usize, file: &Path) -> Result<()> {
    let case = Case {
        form: Form::Plain,
        count,
    };
    let answer = tools.answer(case, Settings::Spread)?;
    tools.make(&["patches", &answer.to_string_lossy()], file)
}

fn transformer(tools: &Tools, settings: Settings, folder: &Path) -> Result<()> {
    // kustomize starts what lies beside the policy.
    fs::copy(&tools.function, folder.join("function"))?;
    let text = format!(
        "apiVersion: spot-distribution.dev/v1alpha1\n\
         kind: SpotDistribution\n\
         metadata:\n\
         \u{20} name: policy\n\
         \u{20} annotations:\n\
         \u{20}   config.kubernetes.io/function: |\n\
         \u{20}     exec:\n\
         \u{20}       path: ./function\n\
         spec:\n{}",
        settings.spec("  ")
    );
    Ok(fs::write(folder.join("transformer.yaml"), text)?)
}

/// Prints the patches that make the items of `answer`, which the function wrote, from the objects.
pub fn write_patches(out: &mut impl Write, answer: &Path) -> Result<()> {
    let placed = compare::items(answer)?;
    let patches: Vec<Value> = placed.iter().filter_map(patch).collect();
    ensure!(!patches.is_empty(), "{} places nothing", answer.display());
    for patch in patches {
        write!(out, "---\n{}", serde_yaml::to_string(&patch)?)?;
    }
    Ok(())
}

/// What the function has set in `item`; `None` where it has set nothing.
fn patch(item: &Value) -> Option<Value> {
    let annotations = ["metadata", "annotations"];
    at(item, &annotations)?.get("spot-distribution.dev/applied")?;
    let mut patch = Value::Mapping(Mapping::new());
    let fields: [&[&str]; 8] = [
        &["apiVersion"],
        &["kind"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &annotations,
        &["spec", "template", "metadata", "annotations"],
        &["spec", "template", "spec", "affinity"],
        &["spec", "template", "spec", "topologySpreadConstraints"],
    ];
    for path in fields {
        if let Some(value) = at(item, path) {
            set(&mut patch, path, value.clone());
        }
    }
    Some(patch)
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn set(value: &mut Value, path: &[&str], new: Value) {
    match path {
        [] => *value = new,
        [key, rest @ ..] => {
            if value[*key].is_null() {
                value[*key] = Value::Mapping(Mapping::new());
            }
            set(&mut value[*key], rest, new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_has_what_was_placed_and_nothing_else() {
        let read = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
        let item = read(
            "kind: Deployment\n\
             metadata: {name: web, annotations: {spot-distribution.dev/applied: strategy=spread}}\n\
             spec: {replicas: 2, template: {spec: {affinity: {a: 1}, containers: []}}}\n",
        );
        let expected = read(
            "kind: Deployment\n\
             metadata: {name: web, annotations: {spot-distribution.dev/applied: strategy=spread}}\n\
             spec: {template: {spec: {affinity: {a: 1}}}}\n",
        );
        assert_eq!(patch(&item), Some(expected));
        assert_eq!(patch(&read("kind: Service\nmetadata: {name: web}\n")), None);
    }
}
