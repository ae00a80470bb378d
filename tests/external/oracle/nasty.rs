//! Every nasty scalar as a value, an item, a key, an annotation and a label, in every layout.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::{Ran, problems, run};
use super::generated::is_long;
use super::readers::{Reader, available};
use super::scalars::{PLAIN, STRANGE, TEXTS, WRITTEN};

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:";

/// The byte order mark.
const MARK: char = '\u{feff}';

/// Where a scalar stands, as a line of a Deployment in block style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Value,
    Item,
    Key,
    Annotation,
    AnnotationKey,
    Label,
    LabelKey,
}

const PLACES: [Place; 7] = [
    Place::Value,
    Place::Item,
    Place::Key,
    Place::Annotation,
    Place::AnnotationKey,
    Place::Label,
    Place::LabelKey,
];

/// How the list and its items are written.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Block,
    FlowItem,
    FlowList,
    Json,
}

const LAYOUTS: [Layout; 4] = [
    Layout::Block,
    Layout::FlowItem,
    Layout::FlowList,
    Layout::Json,
];

#[test]
fn nasty_scalars_mean_what_they_meant() {
    if !available() {
        return;
    }
    let mut pairs = Vec::new();
    let mut refused = Vec::new();
    let every = if is_long() { 1 } else { 5 };
    let mut count = 0;
    for scalar in spellings() {
        for (place, layout) in combinations() {
            count += 1;
            if count % every != 0 {
                continue;
            }
            let Some(input) = list(&scalar, place, layout) else {
                continue;
            };
            let title = format!("{scalar:?} as {place:?} in {layout:?}");
            match run(&title, &input) {
                Ran::Changed(pair) => pairs.push(pair),
                Ran::Refused(messages) => refused.push((title, input, messages)),
            }
        }
    }
    let (found, siblings) = problems(&pairs);
    let few: Vec<_> = found.iter().take(400).map(String::as_str).collect();
    assert!(
        few.is_empty(),
        "{} problems\n\n{}",
        found.len(),
        few.join("\n\n")
    );
    assert!(siblings > 2000, "only {siblings} siblings compared");
    refusals(&refused);
}

/// What the function refuses and kubectl takes: what is written, and why it is refused.
const REFUSED: [(&str, &str); 1] = [
    // The same key as the one beside it to kubectl, and another one to kustomize.
    ("!custom a", "duplicate key \"a\""),
];

/// What we refuse kubectl refuses as well, but for what is listed.
fn refusals(refused: &[(String, String, String)]) {
    let inputs: Vec<_> = refused.iter().map(|(_, input, _)| input.clone()).collect();
    let meanings = Reader::Kubectl.read(&inputs);
    let taken = refused.iter().zip(meanings);
    let taken = taken.filter(|(_, meaning)| meaning.is_ok());
    let mut found = BTreeSet::new();
    for ((title, _, messages), _) in taken {
        let listed = REFUSED.into_iter().find(|(scalar, why)| {
            title.starts_with(&format!("{scalar:?} as ")) && messages.contains(why)
        });
        assert!(listed.is_some(), "only we refuse {title}: {messages}");
        found.extend(listed);
    }
    if is_long() {
        assert_eq!(found, BTreeSet::from(REFUSED), "listed, and yet taken");
    }
}

fn combinations() -> impl Iterator<Item = (Place, Layout)> {
    let layouts = |place| LAYOUTS.into_iter().map(move |layout| (place, layout));
    PLACES.into_iter().flat_map(layouts)
}

/// Every scalar in every way of writing it.
fn spellings() -> Vec<String> {
    let mut spellings: Vec<_> = WRITTEN.into_iter().map(str::to_owned).collect();
    for plain in PLAIN {
        spellings.extend([
            plain.to_owned(),
            format!("'{plain}'"),
            format!("\"{plain}\""),
        ]);
    }
    for text in TEXTS.into_iter().chain(STRANGE) {
        // A byte order mark is only tried as an escape: the function does not move one, see marks.rs.
        spellings.push(Value::from(text).to_string().replace(MARK, "\\ufeff"));
        if !text.contains(|c: char| c.is_control() || c == MARK) {
            spellings.push(format!("'{}'", text.replace('\'', "''")));
        }
    }
    spellings.push(format!("\"{}\"", "long ".repeat(20_000)));
    spellings
}

/// A list with a Deployment that has the scalar at `place`; `None` where it cannot be written so.
fn list(scalar: &str, place: Place, layout: Layout) -> Option<String> {
    let is_key = matches!(place, Place::Key | Place::AnnotationKey | Place::LabelKey);
    let single_line = !scalar.contains('\n');
    match layout {
        Layout::Block => Some(format!("{HEAD}\n{}", block(scalar, place))),
        Layout::Json if !scalar.starts_with('"') || !single_line => None,
        _ if !single_line || (is_key && !scalar.starts_with('"') && layout_is_json(layout)) => None,
        Layout::FlowItem => Some(format!("{HEAD}\n- {}\n", flow(scalar, place))),
        Layout::FlowList => Some(format!("{HEAD} [{}]\n", flow(scalar, place))),
        Layout::Json => {
            let item = json(&flow(scalar, place))?;
            Some(format!("{HEAD} [{item}]\n"))
        }
    }
}

fn layout_is_json(layout: Layout) -> bool {
    matches!(layout, Layout::Json)
}

fn block(scalar: &str, place: Place) -> String {
    let at = |wanted: Place, column: usize| {
        if wanted != place {
            return String::new();
        }
        let spaces = " ".repeat(column);
        let deeper = format!("\n{spaces}  ");
        let scalar = scalar.replace("\n>>", &deeper);
        match place {
            Place::Value | Place::Annotation | Place::Label => format!("{spaces}it: {scalar}\n"),
            Place::Item => format!("{spaces}- {scalar}\n"),
            _ if scalar.contains('\n') || scalar.len() > 1000 => {
                format!("{spaces}? {scalar}\n{spaces}: it\n")
            }
            _ => format!("{spaces}{scalar} : it\n"),
        }
    };
    format!(
        "- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    annotations:
      team: a
{}{}  spec:
    replicas: 10
    selector: {{matchLabels: {{app: web}}}}
    template:
      metadata:
        labels:
          app: web
{}{}      spec:
        containers:
        - name: web
          x-map:
            a: b
{}{}          args:
          - a
{}",
        at(Place::Annotation, 6),
        at(Place::AnnotationKey, 6),
        at(Place::Label, 10),
        at(Place::LabelKey, 10),
        at(Place::Value, 12),
        at(Place::Key, 12),
        at(Place::Item, 10),
    )
}

fn flow(scalar: &str, place: Place) -> String {
    let at = |wanted: Place| {
        if wanted != place {
            return String::new();
        }
        match place {
            Place::Value | Place::Annotation | Place::Label => format!(", it: {scalar} "),
            Place::Item => format!(", {scalar} "),
            _ if scalar.len() > 1000 => format!(", ? {scalar} : it"),
            _ => format!(", {scalar} : it"),
        }
    };
    format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, annotations: {{team: a{}{}}}}}, \
         spec: {{replicas: 10, selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: \
         {{app: web{}{}}}}}, spec: {{containers: [{{name: web, x-map: {{a: b{}{}}}, args: [a{}]}}]}}}}}}}}",
        at(Place::Annotation),
        at(Place::AnnotationKey),
        at(Place::Label),
        at(Place::LabelKey),
        at(Place::Value),
        at(Place::Key),
        at(Place::Item),
    )
}

/// The same as JSON; the scalar keeps its spelling where JSON has it.
fn json(flow: &str) -> Option<String> {
    let value: serde_yaml::Value = serde_yaml::from_str(flow).ok()?;
    let text = serde_json::to_string(&value).ok()?;
    Some(text.replace(MARK, "\\ufeff"))
}
