//! The document engine: edits never overlap, what comes out can be read, and says what was asked.

use yaml_splice::{Edits, Kind, Node, Splice, Stream, Value, YamlError, apply};

use crate::generators::list::list;
use crate::generators::mix::Mix;
use crate::generators::random::Random;

/// Edits of a generated list.
pub fn check(random: &mut Random) {
    let text = list(random, &Mix::LARGE);
    edit(&text, random);
}

/// Edits of any text: the first bytes choose the edits.
pub fn check_text(data: &[u8]) {
    let (choices, text) = data.split_at(data.len().min(16));
    if let Ok(text) = std::str::from_utf8(text) {
        edit(text, &mut Random::of(choices));
    }
}

/// Edits of `text`.
pub fn edit(text: &str, random: &mut Random) {
    let Ok(stream) = Stream::parse(text) else {
        return;
    };
    let Some(document) = stream.documents.first() else {
        return;
    };
    let mut nodes = Vec::new();
    collect(document.root(), &mut nodes);
    let mut edits = Edits::new(document);
    let mut asked = Vec::new();
    for _ in 0..=random.below(4) {
        let node = *random.pick(&nodes);
        let change = Change::pick(node, random);
        if asked
            .iter()
            .any(|(other, earlier)| collide(node, &change, *other, earlier))
        {
            continue;
        }
        if change.record(&mut edits, node).is_ok() {
            asked.push((node, change));
        }
    }
    let Ok(splices) = edits.splices() else {
        return;
    };
    let output = apply(text, splices.clone())
        .unwrap_or_else(|overlap| panic!("{overlap}: {} in\n{text}", told(&asked)));
    let output = output.to_string();
    untouched(text, &output, splices);
    let after = Stream::parse(&output)
        .unwrap_or_else(|error| panic!("{error}: {} in\n{text}\ngives\n{output}", told(&asked)));
    assert_eq!(
        after.documents.len(),
        stream.documents.len(),
        "{} in\n{text}\ngives\n{output}",
        told(&asked)
    );
    if let [(node, Change::Remove)] = asked.as_slice() {
        let mut kept = Vec::new();
        collect(after.documents[0].root(), &mut kept);
        assert!(
            kept.len() < nodes.len(),
            "{} stays in\n{text}\ngives\n{output}",
            node.path()
        );
    }
    if let [(node, change)] = asked.as_slice()
        && let Some(expected) = expected(document.root(), *node, change)
        && let Ok(found) = Value::from_node(after.documents[0].root())
    {
        let found = normal(found);
        assert!(
            found == expected,
            "{change:?} at {} of\n{text}\ngives\n{output}",
            node.path()
        );
    }
}

/// What may happen to a node.
#[derive(Debug, Clone)]
enum Change {
    Set(Value),
    Remove,
    Put(&'static str, Value),
    Append(Value),
    InsertAfter(Value),
}

fn told(asked: &[(Node<'_>, Change)]) -> String {
    let one = |(node, change): &(Node<'_>, Change)| {
        format!("{} at {}: {change:?}", node.path(), node.position())
    };
    asked.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Nothing can be asked of what goes away: neither of the node itself, nor of what is below it.
fn collide(a: Node<'_>, change: &Change, b: Node<'_>, other: &Change) -> bool {
    let below = |inner: Node<'_>, outer: Node<'_>| {
        std::iter::successors(Some(inner), |node| node.parent()).any(|node| node == outer)
    };
    let within = |inner: Node<'_>, change: &Change, outer: Node<'_>| {
        let replaced = change.replaced(outer);
        replaced.is_some_and(|replaced| below(inner, replaced))
    };
    within(b, change, a) || within(a, other, b)
}

const TEXTS: [&str; 6] = [
    "new",
    "on",
    "",
    "a: b # c",
    "two\nlines\n",
    "\u{1f600}\u{85}",
];

impl Change {
    fn pick(node: Node<'_>, random: &mut Random) -> Self {
        let value = value(random);
        match random.below(6) {
            0 if node.parent().is_some() => Self::Remove,
            1 if node.kind() == Kind::Sequence => Self::Append(value),
            2 if node
                .parent()
                .is_some_and(|parent| parent.kind() == Kind::Sequence) =>
            {
                Self::InsertAfter(value)
            }
            3 | 4 if node.kind() == Kind::Mapping => Self::Put("zz", value),
            _ => Self::Set(value),
        }
    }

    /// What stands there no longer afterwards.
    fn replaced<'d>(&self, node: Node<'d>) -> Option<Node<'d>> {
        match self {
            Self::Set(_) | Self::Remove => Some(node),
            Self::Put(key, _) => node.get(key).ok().flatten(),
            Self::Append(_) | Self::InsertAfter(_) => None,
        }
    }

    fn record<'d>(&self, edits: &mut Edits<'d>, node: Node<'d>) -> Result<(), YamlError> {
        match self {
            Self::Set(value) => edits.set(node, value.clone()),
            Self::Remove => edits.remove(node),
            Self::Put(key, value) => edits.put(node, &[key], value.clone()),
            Self::Append(value) => edits.append_item(node, value.clone()),
            Self::InsertAfter(value) => edits.insert_after(node, value),
        }
    }
}

fn value(random: &mut Random) -> Value {
    let text = |random: &mut Random| Value::Quoted((*random.pick(&TEXTS)).into());
    match random.below(4) {
        0 => Value::mapping([("in", text(random)), ("on", text(random))]),
        1 => Value::Sequence(vec![text(random), Value::mapping([("in", text(random))])]),
        _ => text(random),
    }
}

fn collect<'d>(node: Node<'d>, nodes: &mut Vec<Node<'d>>) {
    nodes.push(node);
    if node.is_alias() || nodes.len() > 10_000 {
        return;
    }
    for item in node.items() {
        collect(item, nodes);
    }
    for (_, value) in node.entries() {
        collect(value, nodes);
    }
}

/// The bytes between the splices stand in the output, in order.
fn untouched(text: &str, output: &str, mut splices: Vec<Splice>) {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let (mut done, mut rest) = (0, output);
    for Splice { range, text: new } in splices {
        let kept = &text[done..range.start];
        rest = rest.strip_prefix(kept).unwrap_or_else(|| {
            // The last line has no line break, also where it was another one before.
            let dropped = kept.strip_prefix(rest);
            let is_break = matches!(dropped, Some("\n" | "\r\n" | "\r"));
            assert!(
                is_break,
                "what is kept is the input's own: {kept:?}, {rest:?}"
            );
            ""
        });
        rest = rest.strip_prefix(new.as_str()).unwrap_or_else(|| {
            assert!(new.starts_with(rest), "what is put in is what was asked");
            ""
        });
        done = range.end;
    }
    assert!(text[done..].starts_with(rest), "the end is the input's own");
}

/// What the document says after one change; `None` where aliases make one node of several.
fn expected(root: Node<'_>, changed: Node<'_>, change: &Change) -> Option<Value> {
    Value::from_node(root).ok()?;
    let value = model(root, changed, change)?;
    Some(normal(value.unwrap_or(Value::Null)))
}

/// The value of a node with the change; `Some(None)` where it goes away.
#[allow(clippy::option_option)]
fn model(node: Node<'_>, changed: Node<'_>, change: &Change) -> Option<Option<Value>> {
    if node.is_alias() {
        return None;
    }
    if node == changed {
        match change {
            Change::Set(value) => return Some(Some(value.clone())),
            Change::Remove => return Some(None),
            _ => {}
        }
    }
    let mut value = match node.kind() {
        Kind::Scalar => Value::from_node(node).ok()?,
        Kind::Sequence => {
            let mut items = Vec::new();
            for item in node.items() {
                items.extend(model(item, changed, change)?);
                if let (true, Change::InsertAfter(value)) = (item == changed, change) {
                    items.push(value.clone());
                }
            }
            Value::Sequence(items)
        }
        Kind::Mapping => {
            let mut entries = Vec::new();
            for (key, value) in node.entries() {
                if key.text() == "<<" || key.range_with_properties() != key.range() {
                    return None;
                }
                let key = Value::from_node(key).ok()?;
                if let Some(value) = model(value, changed, change)? {
                    entries.push((key, value));
                }
            }
            Value::Mapping(entries)
        }
    };
    match change {
        Change::Append(item) if node == changed => value.push(item.clone()),
        Change::Put(key, new) if node == changed => *value.entry(key) = new.clone(),
        _ => {}
    }
    Some(Some(value))
}

/// A value without collections that have nothing in them, and with text in one spelling.
fn normal(value: Value) -> Value {
    if let Some(text) = value.as_text() {
        return Value::Quoted(text.into());
    }
    match value {
        Value::Mapping(entries) => Value::Mapping(
            entries
                .into_iter()
                .map(|(key, value)| (normal(key), normal(value)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        ),
        Value::Sequence(items) => {
            let items = items.into_iter().map(normal);
            Value::Sequence(items.filter(|item| !item.is_empty()).collect())
        }
        value => value,
    }
}
