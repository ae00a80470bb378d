//! The list around the items, as each tool writes it.

use std::io::{self, Write};

use super::{Form, Settings};

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";
const CONFIG_MAP: &str =
    "functionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: function-input\n";
const POLICY: &str = "functionConfig:
  apiVersion: spot-distribution.dev/v1alpha1
  kind: SpotDistribution
  metadata:
    annotations:
      config.kubernetes.io/function: |
        exec:
          path: spot-distribution
      config.kubernetes.io/local-config: 'true'
    name: policy
  spec:
";

/// What stands before the items.
pub fn before(out: &mut impl Write, form: Form) -> io::Result<()> {
    let text = match form {
        Form::Json => {
            r#"{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":["#.to_owned()
        }
        Form::JsonPretty | Form::Snapshot => {
            "{\n  \"apiVersion\": \"config.kubernetes.io/v1\",\n  \"kind\": \
                             \"ResourceList\",\n  \"items\": ["
                .to_owned()
        }
        Form::Crlf => HEAD.replace('\n', "\r\n"),
        _ => HEAD.to_owned(),
    };
    out.write_all(text.as_bytes())
}

/// One item in the list.
pub fn item(out: &mut impl Write, form: Form, text: &str, first: bool) -> io::Result<()> {
    let comma = if first { "" } else { "," };
    let text = match form {
        Form::Json => format!("{comma}{text}"),
        Form::JsonPretty | Form::Snapshot => {
            format!("{comma}\n    {}", text.replace('\n', "\n    "))
        }
        // People put a comment above the dash.
        Form::Plain => match text.split_once('\n') {
            Some((comment, rest)) if comment.starts_with('#') => {
                format!("  {comment}\n{}", nested("  - ", "    ", rest))
            }
            _ => nested("  - ", "    ", text),
        },
        Form::Crlf => nested("- ", "  ", text).replace('\n', "\r\n"),
        _ => nested("- ", "  ", text),
    };
    out.write_all(text.as_bytes())
}

/// What stands behind the items.
pub fn after(out: &mut impl Write, form: Form, settings: Settings) -> io::Result<()> {
    let text = match form {
        Form::Json | Form::JsonPretty | Form::Snapshot => format!(
            "],\"functionConfig\":{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\
             \"metadata\":{{\"name\":\"function-input\"}},\"data\":{}}}}}\n",
            json(settings)
        ),
        Form::Kustomize => format!("{POLICY}{}", settings.spec("    ")),
        Form::Plain => format!("{CONFIG_MAP}{}", block(settings)),
        Form::Crlf => format!("{CONFIG_MAP}{}", flow(settings)).replace('\n', "\r\n"),
        _ => format!("{CONFIG_MAP}{}", flow(settings)),
    };
    out.write_all(text.as_bytes())
}

fn json(settings: Settings) -> String {
    match settings.strategies() {
        Some([deployment, stateful_set]) => format!(
            r#"{{"deploymentStrategy":"{deployment}","statefulSetStrategy":"{stateful_set}"}}"#
        ),
        None => "{}".to_owned(),
    }
}

fn block(settings: Settings) -> String {
    match settings.strategies() {
        Some([deployment, stateful_set]) => format!(
            "  data:\n    deploymentStrategy: {deployment}\n    statefulSetStrategy: {stateful_set}\n"
        ),
        None => "  data: {}\n".to_owned(),
    }
}

fn flow(settings: Settings) -> String {
    match settings.strategies() {
        Some([deployment, stateful_set]) => format!(
            "  data: {{deploymentStrategy: {deployment}, statefulSetStrategy: {stateful_set}}}\n"
        ),
        None => "  data: {}\n".to_owned(),
    }
}

/// `text` as an item of a list: `dash` before its first line, `indent` before the others.
fn nested(dash: &str, indent: &str, text: &str) -> String {
    let mut nested = String::with_capacity(text.len() * 5 / 4);
    for (number, line) in text.lines().enumerate() {
        if number == 0 {
            nested += dash;
        } else if !line.is_empty() {
            nested += indent;
        }
        nested += line;
        nested.push('\n');
    }
    nested
}
