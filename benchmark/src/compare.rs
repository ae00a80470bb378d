//! Whether two lists hold the same items, so that programs are compared that do the same.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_yaml::Value;

/// Fails where the items of two lists differ in more than what tools note for themselves.
pub fn run(one: &Path, other: &Path) -> Result<()> {
    let (ours, theirs) = (items(one)?, items(other)?);
    ensure!(!ours.is_empty(), "{} has no items", one.display());
    ensure!(
        ours.len() == theirs.len(),
        "{} items, and {}",
        ours.len(),
        theirs.len()
    );
    for (ours, theirs) in ours.iter().zip(&theirs) {
        if ours != theirs {
            bail!(
                "these are not the same:\n{}\n{}",
                serde_yaml::to_string(ours)?,
                serde_yaml::to_string(theirs)?
            );
        }
    }
    Ok(())
}

/// The items of a list, or the documents of a file, without what tools note for themselves.
pub fn items(file: &Path) -> Result<Vec<Value>> {
    let open = File::open(file).with_context(|| format!("reading {}", file.display()))?;
    let documents = serde_yaml::Deserializer::from_reader(BufReader::new(open));
    let documents: Result<Vec<Value>, _> = documents.map(Value::deserialize).collect();
    let mut items = match documents?.as_slice() {
        [list] if list["kind"] == "ResourceList" => {
            list["items"].as_sequence().cloned().unwrap_or_default()
        }
        documents => documents.to_vec(),
    };
    items.iter_mut().for_each(drop_notes);
    Ok(items)
}

/// kyaml gives every item annotations of its own where it has none.
fn drop_notes(item: &mut Value) {
    let Some(Value::Mapping(metadata)) = item.get_mut("metadata") else {
        return;
    };
    if let Some(Value::Mapping(annotations)) = metadata.get_mut("annotations") {
        annotations.retain(|key, _| {
            let key = key.as_str().unwrap_or_default();
            !key.contains("config.kubernetes.io/") && !key.starts_with("config.k8s.io/")
        });
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_tools_make_no_difference_and_fields_do() {
        let folder = tempfile::tempdir().unwrap();
        let list = |name: &str, annotations: &str, replicas: u32| {
            let file = folder.path().join(name);
            let text = format!(
                "kind: ResourceList\nitems:\n- {{metadata: {{name: a{annotations}}}, spec: {{replicas: {replicas}}}}}\n"
            );
            std::fs::write(&file, text).unwrap();
            file
        };
        let plain = list("plain", "", 1);
        let noted = list(
            "noted",
            ", annotations: {config.kubernetes.io/index: '0'}",
            1,
        );
        let other = list("other", "", 2);
        run(&plain, &noted).unwrap();
        assert!(run(&plain, &other).is_err());
        let document = folder.path().join("document");
        std::fs::write(&document, "---\nmetadata: {name: a}\nspec: {replicas: 1}\n").unwrap();
        run(&plain, &document).unwrap();
    }
}
