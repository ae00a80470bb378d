//! One item in each form.

use anyhow::Result;
use serde_yaml::Value;

use super::{Form, Item, kustomize};

/// The text of `item`, without the list around it.
pub fn item(item: &Item, form: Form) -> Result<String> {
    Ok(match form {
        Form::Plain => item.text("  ", &[]),
        Form::Kustomize => kustomize::item(value(&item.text("", &[]))?, item),
        Form::Json => serde_json::to_string(&json(item)?)?,
        Form::JsonPretty => serde_json::to_string_pretty(&json(item)?)?,
        Form::JsonItems => json_item(item)?,
        Form::Kpt | Form::Crlf | Form::Snapshot => kpt(item),
        Form::Anchors => anchored(item, &kpt(item)),
        Form::QuotedKeys => quoted(&kpt(item)),
    })
}

fn kpt(item: &Item) -> String {
    item.text("", &annotations(item))
}

/// kpt leaves the text of a `.json` file as it is, and adds its annotations in a style of its own.
fn json_item(item: &Item) -> Result<String> {
    let value = json(item)?;
    let annotations: Vec<String> = annotations(item)
        .into_iter()
        .map(|(key, value)| format!("{key}: '{value}'"))
        .collect();
    let annotations = annotations.join(", ");
    let text = serde_json::to_string(&value)?;
    let text = if value["metadata"]["annotations"].is_null() {
        let added = format!("\"metadata\":{{annotations: {{{annotations}}}, ");
        text.replacen("\"metadata\":{", &added, 1)
    } else {
        let added = format!("\"annotations\":{{{annotations}, ");
        text.replacen("\"annotations\":{", &added, 1)
    };
    Ok(text + "\n")
}

fn json(item: &Item) -> Result<Value> {
    value(&item.text("", &[]))
}

fn value(text: &str) -> Result<Value> {
    Ok(serde_yaml::from_str(text)?)
}

/// The annotations that `kpt fn render` gives to what it hands over.
fn annotations(item: &Item) -> Vec<(String, String)> {
    let path = format!("{}/{}.yaml", item.namespace, item.name);
    let id = (item.index + 1).to_string();
    [
        ("config.kubernetes.io/index", "0"),
        ("config.kubernetes.io/path", &path),
        ("internal.config.kubernetes.io/index", "0"),
        ("internal.config.kubernetes.io/package-path", "/package"),
        ("internal.config.kubernetes.io/path", &path),
        ("internal.config.kubernetes.io/seqindent", "wide"),
        (
            "internal.config.kubernetes.io/annotations-migration-resource-id",
            &item.index.to_string(),
        ),
        ("internal.config.kubernetes.io/id", &id),
        ("config.k8s.io/id", &id),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .to_vec()
}

/// The name is an anchor, and the labels are aliases of it.
fn anchored(item: &Item, text: &str) -> String {
    let (name, anchor) = (&item.name, format!("name{}", item.index));
    text.replacen(
        &format!("  name: {name}\n"),
        &format!("  name: &{anchor} {name}\n"),
        1,
    )
    .replace(&format!("app: {name}\n"), &format!("app: *{anchor}\n"))
}

fn quoted(text: &str) -> String {
    let keys = ["apiVersion", "kind", "metadata", "spec", "data"];
    keys.iter().fold(format!("\n{text}"), |text, key| {
        text.replacen(&format!("\n{key}:"), &format!("\n\"{key}\":"), 1)
    })[1..]
        .to_owned()
}
