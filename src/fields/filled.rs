//! What stood without a value (`annotations:`, `affinity: ~`, `"tolerations": []`) before an edit
//! filled it. The mark names it, so that taking everything back leaves it as it was.

use std::fmt;

use crate::krm::Resource;
use crate::krm::annotations::{APPLIED, REPLICAS};
use yaml_splice::{Edits, Node, YamlError};

use super::{Owned, Pod};

/// A field that was filled: `spec.template.spec.affinity`, or with the spelling of what stood there
/// `spec.template.spec.affinity:~`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filled {
    /// The field below the workload.
    path: String,
    /// What stood behind the key, with its colon.
    spelling: String,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match self.spelling.strip_prefix(':') {
            Some("") => Ok(()),
            Some(value) => write!(f, ":{}", Escaped(value.strip_prefix(' ').unwrap_or(value))),
            None => f.write_str(":"),
        }
    }
}

impl Filled {
    /// Reads one word of the mark; `None` where it is none.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let (path, spelling) = match word.split_once(':') {
            None => (word, ":".to_owned()),
            Some((path, "")) => (path, String::new()),
            Some((path, value)) => (path, format!(": {}", unescaped(value)?)),
        };
        let path = path.to_owned();
        Some(Self { path, spelling })
    }

    fn find<'d>(&self, workload: Node<'d>) -> Result<Option<Node<'d>>, YamlError> {
        let mut node = workload;
        for step in steps(&self.path) {
            let found = match step {
                Step::Key(key) => node.get_non_null(key)?,
                Step::Item(index) => node.items().nth(index),
            };
            match found {
                Some(below) => node = below,
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }
}

/// One step of a path as [`Node::path`] writes it.
enum Step<'p> {
    /// `spec`, or `["example.com/a"]`
    Key(&'p str),
    /// `[2]`
    Item(usize),
}

fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let mut rest = path;
    std::iter::from_fn(move || {
        let (step, behind) = step(rest)?;
        rest = behind.strip_prefix('.').unwrap_or(behind);
        Some(step)
    })
}

/// The first step of `path`, and what is behind it; `None` at the end, and where it is no path.
fn step(path: &str) -> Option<(Step<'_>, &str)> {
    if let Some(quoted) = path.strip_prefix("[\"") {
        let (key, behind) = quoted.split_once("\"]")?;
        return Some((Step::Key(key), behind));
    }
    if let Some(bracket) = path.strip_prefix('[') {
        let (index, behind) = bracket.split_once(']')?;
        return Some((Step::Item(index.parse().ok()?), behind));
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (key, behind) = path.split_at(end);
    (!key.is_empty()).then_some((Step::Key(key), behind))
}

/// What of `filled` still stands in `resource`.
pub(super) fn find<'d>(
    filled: &[Filled],
    resource: &Resource<'d>,
) -> Result<Vec<(Filled, Node<'d>)>, YamlError> {
    let mut found = Vec::new();
    for filled in filled {
        let node = filled.find(resource.node)?;
        found.extend(node.map(|node| (filled.clone(), node)));
    }
    Ok(found)
}

/// Lets what was filled stand without a value again where it is emptied.
pub(super) fn restore<'d>(edits: &mut Edits<'d>, owned: &Owned<'d>) {
    for (filled, node) in &owned.filled {
        edits.restore_when_emptied(*node, &filled.spelling);
    }
}

/// What is filled once `edits` and the mark are written.
pub(super) fn after<'d>(
    edits: &Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    total: Option<u32>,
) -> Result<Vec<Filled>, YamlError> {
    let stays = |(_, node): &&(Filled, Node<'d>)| !edits.empties(*node);
    let before = owned.filled.iter().filter(stays);
    let mut all: Vec<_> = before.map(|(filled, _)| filled.clone()).collect();
    let named = |(node, spelling): (Node<'d>, String)| Filled {
        path: node.path_below(pod.workload),
        spelling,
    };
    all.extend(edits.filled().map(named));
    // The mark itself goes there, and the total.
    let keys = [Some(APPLIED), total.and(Some(REPLICAS))];
    for node in annotations(pod.workload, keys)? {
        all.extend(
            node.spelling_of_nothing()
                .map(|spelling| named((node, spelling))),
        );
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// The annotations of `workload`, and those under `keys`.
fn annotations<'d>(
    workload: Node<'d>,
    keys: [Option<&str>; 2],
) -> Result<Vec<Node<'d>>, YamlError> {
    let Some(annotations) = workload
        .get("metadata")?
        .map(|node| node.get("annotations"))
    else {
        return Ok(Vec::new());
    };
    let Some(annotations) = annotations? else {
        return Ok(Vec::new());
    };
    let mut found = vec![annotations];
    for key in keys.into_iter().flatten() {
        found.extend(annotations.get(key)?);
    }
    Ok(found)
}

/// Text without what separates the words of a mark.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_ascii_graphic() && !matches!(c, '%' | ',') {
                write!(f, "{c}")?;
            } else {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    write!(f, "%{byte:02X}")?;
                }
            }
        }
        Ok(())
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
