//! Items as kustomize prints them: sorted keys, no comments, quotes only where they are needed.

use std::fmt::Write as _;

use serde_yaml::{Mapping, Value};

use super::Item;

/// The text of an item with the annotations that kustomize adds.
pub fn item(mut value: Value, item: &Item) -> String {
    let id = id(&value, item);
    let metadata = &mut value["metadata"];
    if metadata["annotations"].is_null() {
        metadata["annotations"] = Value::Mapping(Mapping::new());
    }
    metadata["annotations"]["kustomize.config.k8s.io/id"] = Value::String(id);
    let mut text = String::with_capacity(3000);
    mapping(&mut text, &value, 0, &["metadata", "annotations"], item);
    text
}

fn id(value: &Value, item: &Item) -> String {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
    let group = if group.is_empty() {
        String::new()
    } else {
        format!("group: {group}\n")
    };
    format!(
        "{group}kind: {kind}\nname: {}\nnamespace: {}\nversion: {version}\n",
        item.name, item.namespace
    )
}

/// The annotations that kyaml adds behind all others, with quotes of its own.
fn added(text: &mut String, indent: usize, item: &Item) {
    let (index, id) = (item.index, item.index + 1);
    let _ = write!(
        text,
        "{0:indent$}config.kubernetes.io/index: '{index}'\n\
         {0:indent$}internal.config.kubernetes.io/index: '{index}'\n\
         {0:indent$}internal.config.kubernetes.io/annotations-migration-resource-id: '{index}'\n\
         {0:indent$}internal.config.kubernetes.io/id: '{id}'\n\
         {0:indent$}config.k8s.io/id: '{id}'\n",
        ""
    );
}

/// Every entry on lines of its own, indented by `indent`; `path` leads to the annotations.
fn mapping(text: &mut String, value: &Value, indent: usize, path: &[&str], item: &Item) {
    let entries = value.as_mapping().into_iter().flatten();
    let mut entries: Vec<_> = entries
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    for (key, value) in entries {
        let rest = match path {
            [first, rest @ ..] if *first == key => Some(rest),
            _ => None,
        };
        let _ = write!(text, "{:indent$}{key}:", "");
        match value {
            Value::Mapping(inner) if !inner.is_empty() => {
                text.push('\n');
                mapping(text, value, indent + 2, rest.unwrap_or_default(), item);
                if rest.is_some_and(<[_]>::is_empty) {
                    added(text, indent + 2, item);
                }
            }
            Value::Sequence(items) if !items.is_empty() => {
                text.push('\n');
                sequence(text, items, indent, item);
            }
            _ => scalar(text, value, indent + 2),
        }
    }
}

/// Items begin below the key that they belong to.
fn sequence(text: &mut String, items: &[Value], indent: usize, item: &Item) {
    for value in items {
        let _ = write!(text, "{:indent$}-", "");
        if value.is_mapping() {
            let mut inner = String::new();
            mapping(&mut inner, value, indent + 2, &[], item);
            text.push(' ');
            text.push_str(&inner[indent + 2..]);
        } else {
            scalar(text, value, indent + 2);
        }
    }
}

fn scalar(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::String(content) if content.contains('\n') => block(text, content, indent),
        Value::String(content) => {
            let _ = writeln!(text, " {}", quoted(content));
        }
        other => {
            let json = serde_json::to_string(other).unwrap_or_default();
            let _ = writeln!(text, " {json}");
        }
    }
}

fn block(text: &mut String, content: &str, indent: usize) {
    text.push_str(if content.ends_with('\n') {
        " |\n"
    } else {
        " |-\n"
    });
    for line in content.lines() {
        let _ = match line {
            "" => writeln!(text),
            _ => writeln!(text, "{:indent$}{line}", ""),
        };
    }
}

/// Plain where that reads as the same text, in YAML 1.1 as well.
fn quoted(content: &str) -> String {
    let old_boolean = matches!(content, "y" | "n" | "yes" | "no" | "on" | "off");
    match serde_yaml::from_str(content) {
        Ok(Value::String(read)) if read == content && !old_boolean => content.to_owned(),
        Ok(Value::String(_)) | Err(_) if !old_boolean => {
            format!("'{}'", content.replace('\'', "''"))
        }
        _ => format!("\"{content}\""),
    }
}
