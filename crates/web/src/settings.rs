//! Single settings of a configuration: read for the controls of the page, and written by them.

use serde::Deserialize;
use yaml_splice::{Document, Edits, Node, Stream, Value, YamlError, apply};

/// A configuration that sets nothing.
const BLANK: &str = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata:\n  name: policy\n";

/// Which settings to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// The configuration in YAML.
    pub config: String,
    /// The path of each setting below the root.
    pub paths: Vec<Vec<String>>,
}

/// One setting, and what it shall be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The configuration in YAML.
    pub config: String,
    /// The path of the setting below the root.
    pub path: Vec<String>,
    /// Its value; the default where it is missing.
    pub value: Option<String>,
}

/// The value at each path as it is written; `None` where there is none.
///
/// # Errors
/// Where the configuration is not YAML.
pub fn read(Read { config, paths }: &Read) -> Result<Vec<Option<String>>, String> {
    let stream = Stream::parse(config).map_err(|error| words(&error))?;
    let root = only(&stream).map(Document::root);
    let value = |path: &Vec<String>| -> Result<_, YamlError> {
        let node = root.map(|root| root.at(&parts(path))).transpose()?;
        let node = node.flatten().filter(|node| !node.is_null());
        Ok(node.map(|node| node.text().to_owned()))
    };
    let values = paths.iter().map(value);
    values
        .collect::<Result<_, _>>()
        .map_err(|error| words(&error))
}

/// The configuration with the change.
///
/// # Errors
/// Where the configuration is not YAML, or has no safe place for the change.
pub fn change(change: &Change) -> Result<String, String> {
    let config = if change.config.trim().is_empty() {
        BLANK
    } else {
        &change.config
    };
    let stream = Stream::parse(config).map_err(|error| words(&error))?;
    let Some(document) = only(&stream) else {
        return Err("the configuration has several documents, expected one".to_owned());
    };
    let mut edits = Edits::new(document);
    record(&mut edits, document.root(), change).map_err(|error| words(&error))?;
    let splices = edits.splices().map_err(|error| words(&error))?;
    let changed = apply(config, splices).map_err(|overlap| overlap.to_string())?;
    Ok(changed.to_string())
}

fn record<'d>(
    edits: &mut Edits<'d>,
    root: Node<'d>,
    Change { path, value, .. }: &Change,
) -> Result<(), YamlError> {
    let path = parts(path);
    match (value, root.at(&path)?) {
        (Some(value), _) => edits.put(root, &path, typed(value)),
        (None, Some(node)) => edits.remove(node),
        (None, None) => Ok(()),
    }
}

/// The one document that is not empty.
fn only<'a, 's>(stream: &'a Stream<'s>) -> Option<&'a Document<'s>> {
    let documents = stream.documents.iter();
    let mut documents = documents.filter(|document| !document.is_empty());
    documents.next().filter(|_| documents.next().is_none())
}

/// A count as a number, everything else as text.
fn typed(value: &str) -> Value {
    value
        .parse()
        .map_or_else(|_| Value::text(value), Value::Int)
}

fn parts(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

fn words(error: &YamlError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(config: &str, path: &[&str], value: Option<&str>) -> String {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        let (config, value) = (config.to_owned(), value.map(str::to_owned));
        change(&Change {
            config,
            path,
            value,
        })
        .unwrap()
    }

    #[test]
    fn a_setting_comes_and_goes_and_the_rest_stays() {
        let base = ["spec", "defaults", "deployment", "onDemand", "base"];
        let provider = ["spec", "capacity", "provider"];
        let one = changed("", &base, Some("2"));
        let two = changed(&one, &provider, Some("gke"));
        assert_eq!(
            two,
            format!(
                "{BLANK}spec:\n  defaults:\n    deployment:\n      onDemand:\n        base: 2\n  \
                 capacity:\n    provider: gke\n"
            )
        );
        let paths = [&base[..], &provider[..], &["spec", "mode"]];
        let paths = paths.map(|path| path.iter().map(|part| (*part).to_owned()).collect());
        let asked = Read {
            config: two.clone(),
            paths: paths.to_vec(),
        };
        let values = [Some("2".to_owned()), Some("gke".to_owned()), None];
        assert_eq!(read(&asked), Ok(values.to_vec()));
        assert_eq!(changed(&two, &provider, None), one);
        assert_eq!(changed(&one, &base, None), BLANK);
    }

    #[test]
    fn comments_stay() {
        let config = "spec: # ours\n  capacity: {provider: eks} # for now\n";
        let provider = ["spec", "capacity", "provider"];
        assert_eq!(
            changed(config, &provider, Some("aks")),
            "spec: # ours\n  capacity: {provider: aks} # for now\n"
        );
    }
}
