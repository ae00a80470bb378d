//! The annotations by which tools order what they apply: a workload behind its sibling, so that it
//! gives up no replica before the sibling's are ready.
//!
//! Source: "Sync Phases and Waves" of Argo CD; `config.kubernetes.io/depends-on` in
//! `pkg/object/dependson` of cli-utils, which kpt live and Config Sync use.

use std::fmt;

use crate::krm::annotations::{DEPENDS_ON, SYNC_WAVE};
use crate::krm::{Resource, sibling_name};
use yaml_splice::{Edits, Node, Scalar, Value, YamlError};

use super::Mark;

/// What stands in the mark about the order: `sync-wave=none` or the owner's wave, and
/// `depends-on=apps/namespaces/shop/Deployment/web-on-demand`, the dependency that was added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderMark {
    /// The owner's wave where one above it was written; 0 where there was none.
    pub wave: Option<OwnersWave>,
    /// The dependency that was added to the owner's.
    pub dependency: Option<String>,
}

/// The wave that a workload had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnersWave {
    /// None was given, which counts as 0.
    Absent,
    /// This one.
    Given(i32),
}

impl OwnersWave {
    fn number(self) -> i32 {
        match self {
            Self::Absent => 0,
            Self::Given(wave) => wave,
        }
    }
}

impl OrderMark {
    /// Reads one word of a mark; `None` where it is none of these.
    pub fn read(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "sync-wave" if value == "none" => self.wave = Some(OwnersWave::Absent),
            "sync-wave" => self.wave = Some(OwnersWave::Given(value.parse().ok()?)),
            "depends-on" => self.dependency = Some(value.to_owned()),
            _ => return None,
        }
        Some(())
    }
}

impl fmt::Display for OrderMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wave {
            Some(OwnersWave::Absent) => f.write_str(" sync-wave=none")?,
            Some(OwnersWave::Given(wave)) => write!(f, " sync-wave={wave}")?,
            None => {}
        }
        match &self.dependency {
            Some(dependency) => write!(f, " depends-on={dependency}"),
            None => Ok(()),
        }
    }
}

/// The annotations of one workload as its owner wrote them.
#[derive(Debug, Clone)]
pub struct Order<'d> {
    wave: Annotation<'d>,
    dependencies: Annotation<'d>,
    /// What names the sibling in a list of dependencies; `None` where the namespace is not known.
    sibling: Option<String>,
}

/// One annotation: where it stands, and what of it is the owner's.
#[derive(Debug, Clone)]
struct Annotation<'d> {
    key: &'static str,
    found: Option<Node<'d>>,
    owners: Option<String>,
}

impl<'d> Order<'d> {
    /// Reads the annotations of `resource`, to which `mark` was applied.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn read(resource: &Resource<'d>, mark: Option<&Mark>) -> Result<Self, YamlError> {
        let written = mark.map(|mark| mark.order.clone()).unwrap_or_default();
        let found = |key| resource.annotation_node(key);
        let (wave, list) = (found(SYNC_WAVE)?, found(DEPENDS_ON)?);
        let sibling = resource.namespace.map(|namespace| {
            let name = sibling_name(resource.name);
            format!("apps/namespaces/{namespace}/Deployment/{name}")
        });
        Ok(Self {
            wave: Annotation {
                key: SYNC_WAVE,
                found: wave,
                owners: wave.and_then(|node| owners_wave(node.text(), written.wave)),
            },
            dependencies: Annotation {
                key: DEPENDS_ON,
                found: list,
                owners: list
                    .and_then(|node| owners_list(node.text(), written.dependency.as_deref())),
            },
            sibling,
        })
    }

    /// What puts the workload behind its sibling. A wave that is no number stays as it is.
    pub fn behind_sibling(&self) -> OrderMark {
        let wave = match self.wave.owners.as_deref().map(str::parse) {
            None => Some(OwnersWave::Absent),
            Some(Ok(wave)) if wave < i32::MAX => Some(OwnersWave::Given(wave)),
            Some(_) => None,
        };
        OrderMark {
            wave,
            dependency: self.sibling.clone(),
        }
    }

    /// Gives `copy`, the annotations of a new object, what the owner wrote into the original's.
    pub fn restore_in(&self, copy: &mut Value) {
        for annotation in [&self.wave, &self.dependencies] {
            match &annotation.owners {
                Some(text) if annotation.found.is_some_and(|node| node.text() == text) => {}
                Some(text) => *copy.entry(annotation.key) = Value::text(text),
                None => drop(copy.take(annotation.key)),
            }
        }
    }

    /// Brings the annotations of `workload` to what `wanted` says; by default to the owner's.
    pub(super) fn write(
        &self,
        edits: &mut Edits<'d>,
        workload: Node<'d>,
        wanted: &OrderMark,
    ) -> Result<(), YamlError> {
        let wave = wanted.wave.map(|wave| (wave.number() + 1).to_string());
        self.wave.write(edits, workload, wave)?;
        let list = wanted.dependency.as_ref().map(|added| {
            let owners = self.dependencies.owners.iter().map(String::as_str);
            owners.chain([added.as_str()]).collect::<Vec<_>>().join(",")
        });
        self.dependencies.write(edits, workload, list)
    }
}

/// With `sync-wave=5` in the mark, 6 is ours and means 5; any other number is the owner's new wave.
fn owners_wave(text: &str, written: Option<OwnersWave>) -> Option<String> {
    let is_ours = written.is_some_and(|own| text.parse() == Ok(own.number() + 1));
    match written.filter(|_| is_ours) {
        Some(OwnersWave::Absent) => None,
        Some(OwnersWave::Given(wave)) => Some(wave.to_string()),
        None => Some(text.to_owned()),
    }
}

/// The list without the dependency that was added.
fn owners_list(text: &str, added: Option<&str>) -> Option<String> {
    let Some(added) = added else {
        return Some(text.to_owned());
    };
    if text == added {
        return None;
    }
    let owners = text.strip_suffix(added).and_then(|it| it.strip_suffix(','));
    let without = || {
        let items = text.split(',').filter(|item| item.trim() != added);
        items.collect::<Vec<_>>().join(",")
    };
    let owners = owners.map_or_else(without, str::to_owned);
    Some(owners)
}

impl<'d> Annotation<'d> {
    /// Writes `wanted`, or what the owner wrote.
    fn write(
        &self,
        edits: &mut Edits<'d>,
        workload: Node<'d>,
        wanted: Option<String>,
    ) -> Result<(), YamlError> {
        match (self.found, wanted.or_else(|| self.owners.clone())) {
            (Some(found), Some(text)) if found.text() == text => Ok(()),
            (Some(found), Some(text)) => edits.set(found, written_like(found, &text)),
            (Some(found), None) => edits.remove(found),
            (None, Some(text)) => {
                let path = ["metadata", "annotations", self.key];
                edits.put(workload, &path, Value::text(text))
            }
            (None, None) => Ok(()),
        }
    }
}

/// `text` in the quotes of `node`, so that the owner's comes back as it was written.
fn written_like(node: Node<'_>, text: &str) -> Value {
    let quote = node.written().chars().next();
    match quote.filter(|quote| matches!(quote, '"' | '\'')) {
        Some(quote) if !text.contains([quote, '\\']) => {
            Value::Raw(format!("{quote}{text}{quote}").into())
        }
        None if matches!(node.scalar(), Some(Scalar::Int(_))) => Value::Raw(text.into()),
        _ => Value::text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_wave_is_told_from_ours() {
        use OwnersWave::{Absent, Given};
        for (text, written, owners) in [
            ("5", None, Some("5")),
            ("1", Some(Absent), None),
            ("2", Some(Absent), Some("2")),
            ("6", Some(Given(5)), Some("5")),
            ("5", Some(Given(5)), Some("5")),
            ("0", Some(Given(-1)), Some("-1")),
            ("first", None, Some("first")),
        ] {
            assert_eq!(owners_wave(text, written).as_deref(), owners, "{text}");
        }
    }

    #[test]
    fn the_owners_dependencies_are_what_was_not_added() {
        for (text, added, owners) in [
            ("a", None, Some("a")),
            ("x", Some("x"), None),
            ("a, b,x", Some("x"), Some("a, b")),
            ("a,x,b", Some("x"), Some("a,b")),
            ("a", Some("x"), Some("a")),
        ] {
            assert_eq!(owners_list(text, added).as_deref(), owners, "{text}");
        }
    }
}
