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
    /// The owner's wave where one above it was written.
    pub wave: Option<OwnersWave>,
    /// The dependency that was added to the owner's.
    pub dependency: Option<String>,
}

/// The wave that a workload had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnersWave {
    /// None was given, which counts as 0.
    Absent,
    /// This one, as it was written: `3`, `+3`, `03`.
    Given(String),
}

impl OwnersWave {
    /// The wave that `text` says; `None` where there is none above it. Argo CD reads a number as Go's
    /// `strconv.Atoi` does, and takes what is none for 0.
    fn read(text: &str) -> Option<Self> {
        let wave = text.parse::<i32>().ok()?;
        (wave < i32::MAX).then(|| Self::Given(text.to_owned()))
    }

    /// The wave above.
    fn raised(&self) -> i64 {
        let wave = match self {
            Self::Absent => 0,
            Self::Given(text) => text.parse::<i32>().map_or(0, i64::from),
        };
        wave + 1
    }
}

impl OrderMark {
    /// Reads one word of a mark; `None` where it is none of these.
    pub fn read(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "sync-wave" if value == "none" => self.wave = Some(OwnersWave::Absent),
            "sync-wave" => self.wave = Some(OwnersWave::read(value)?),
            "depends-on" => self.dependency = Some(value.to_owned()),
            _ => return None,
        }
        Some(())
    }

    /// Reads a word that goes on with the dependency: a namespace that is filled in later may hold spaces
    /// (`{{ .namespace }}`). It stands in the mark as in the annotation, so that both are filled in alike.
    pub fn go_on(&mut self, word: &str) -> Option<()> {
        let dependency = self.dependency.as_mut()?;
        dependency.extend([" ", word]);
        Some(())
    }
}

impl fmt::Display for OrderMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wave {
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
    /// Whether the workload was ordered while its namespace was not known, and the API server may have set
    /// it since.
    gained_namespace: bool,
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
        let is_of_cluster = resource.node.at(&["metadata", "uid"])?.is_some();
        let may_be_set = is_of_cluster || resource.namespace == Some("default");
        Ok(Self {
            gained_namespace: may_be_set && written.wave.is_some() && written.dependency.is_none(),
            wave: Annotation {
                key: SYNC_WAVE,
                found: wave,
                owners: wave.and_then(|node| owners_wave(node.text(), written.wave.as_ref())),
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

    /// What puts the workload behind its sibling, as far as the owner's annotations can be added to.
    pub fn behind_sibling(&self) -> OrderMark {
        let wave = match &self.wave.owners {
            None => Some(OwnersWave::Absent),
            Some(text) if self.wave.may_be_added_to() => OwnersWave::read(text),
            Some(_) => None,
        };
        let dependency = match &self.dependencies.owners {
            Some(list)
                if !self.dependencies.may_be_added_to()
                    || !is_list(list)
                    || self.names_sibling(list) =>
            {
                None
            }
            _ => self.sibling.clone(),
        };
        OrderMark { wave, dependency }
    }

    /// The same for an object that may be one of a cluster: there it has a namespace that it may not have
    /// had where it was written.
    pub fn behind_sibling_in_cluster(&self) -> OrderMark {
        let mut order = self.behind_sibling();
        if self.gained_namespace {
            order.dependency = None;
        }
        order
    }

    /// The owner's annotations that nothing can be added to, so that nothing waits for the sibling, each
    /// with what it says.
    pub fn obstacles(&self) -> Vec<(&'static str, &str)> {
        let OrderMark { wave, dependency } = self.behind_sibling();
        let owners = self.dependencies.owners.as_deref().unwrap_or_default();
        let is_apart =
            self.sibling.is_some() && dependency.is_none() && !self.names_sibling(owners);
        let obstacles = [
            wave.is_none().then_some(&self.wave),
            is_apart.then_some(&self.dependencies),
        ];
        let obstacles = obstacles.into_iter().flatten();
        obstacles
            .map(|annotation| {
                (
                    annotation.key,
                    annotation.owners.as_deref().unwrap_or_default(),
                )
            })
            .collect()
    }

    /// Whether the owner's `list` names the sibling already.
    fn names_sibling(&self, list: &str) -> bool {
        let sibling = self.sibling.as_deref();
        sibling.is_some_and(|sibling| list.split(',').any(|item| item.trim() == sibling))
    }

    /// Gives `copy`, the annotations of a new object, what the owner wrote into the original's. A key
    /// without a value is none, and no sibling waits for itself.
    pub fn restore_in(&self, copy: &mut Value) {
        for annotation in [&self.wave, &self.dependencies] {
            match (annotation.found, &annotation.owners) {
                (Some(found), Some(text)) if found.text() == text => {}
                (Some(found), Some(text)) => {
                    *copy.entry(annotation.key) = written_like(found, text);
                }
                _ => drop(copy.take(annotation.key)),
            }
        }
        if let Some(list) = &self.dependencies.owners
            && self.names_sibling(list)
        {
            match owners_list(list, self.sibling.as_deref()) {
                Some(others) => *copy.entry(DEPENDS_ON) = Value::text(others),
                None => drop(copy.take(DEPENDS_ON)),
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
        let wave = wanted.wave.as_ref();
        let wave = wave.map(|wave| wave.raised().to_string());
        self.wave.write(edits, workload, wave)?;
        let list = wanted.dependency.as_ref().map(|added| {
            let owners = self.dependencies.owners.iter().map(String::as_str);
            owners.chain([added.as_str()]).collect::<Vec<_>>().join(",")
        });
        self.dependencies.write(edits, workload, list)
    }
}

/// With `sync-wave=5` in the mark, 6 is ours and means 5; any other number is the owner's new wave.
fn owners_wave(text: &str, written: Option<&OwnersWave>) -> Option<String> {
    let is_ours = |own: &&OwnersWave| text.parse() == Ok(own.raised());
    match written.filter(is_ours) {
        Some(OwnersWave::Absent) => None,
        Some(OwnersWave::Given(wave)) => Some(wave.clone()),
        None => Some(text.to_owned()),
    }
}

/// Whether `text` is a list of objects as cli-utils reads it: `group/kind/name` in the cluster,
/// `group/namespaces/namespace/kind/name` in a namespace. Source: `pkg/object/dependson/strings.go`.
fn is_list(text: &str) -> bool {
    text.split(',')
        .all(|item| matches!(item.trim().split('/').count(), 3 | 5))
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
    /// Whether something of ours can be added to it, or is in it already, however a printer has laid it out since.
    fn may_be_added_to(&self) -> bool {
        let text = self.found.map(Node::text);
        self.is_plain() || text != self.owners.as_deref()
    }

    /// Whether it is written on its line with nothing but quotes around it, so that its owner's text comes
    /// back as it was.
    fn is_plain(&self) -> bool {
        self.found.is_none_or(|found| {
            let written = found.written();
            let inner =
                quote(found).and_then(|quote| written.strip_prefix(quote)?.strip_suffix(quote));
            !is_tagged(found) && inner.unwrap_or(written) == found.text()
        })
    }

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
    match quote(node) {
        Some(quote) if !text.contains([quote, '\\']) => {
            Value::Raw(format!("{quote}{text}{quote}").into())
        }
        None if matches!(node.scalar(), Some(Scalar::Int(_))) => Value::Raw(text.into()),
        _ => Value::text(text),
    }
}

/// Whether `node` has a tag of its own.
fn is_tagged(node: Node<'_>) -> bool {
    matches!(Value::from_node(node), Ok(Value::Raw(text)) if text.starts_with('!'))
}

/// The quotes around `node`, if there are any.
fn quote(node: Node<'_>) -> Option<char> {
    let first = node.written().chars().next();
    first.filter(|first| matches!(first, '"' | '\''))
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
            ("6", Some(Given("5".to_owned())), Some("5")),
            ("5", Some(Given("5".to_owned())), Some("5")),
            ("0", Some(Given("-1".to_owned())), Some("-1")),
            ("3", Some(Given("+2".to_owned())), Some("+2")),
            ("4", Some(Given("03".to_owned())), Some("03")),
            ("first", None, Some("first")),
        ] {
            let found = owners_wave(text, written.as_ref());
            assert_eq!(found.as_deref(), owners, "{text}");
        }
    }

    #[test]
    fn what_a_wave_can_be_raised_from() {
        for (text, raised) in [
            ("0", Some(1)),
            ("-1", Some(0)),
            ("+2", Some(3)),
            ("03", Some(4)),
            ("2147483646", Some(2_147_483_647)),
            ("2147483647", None),
            ("9223372036854775807", None),
            ("", None),
            (" 3", None),
            ("first", None),
        ] {
            let wave = OwnersWave::read(text);
            assert_eq!(wave.map(|wave| wave.raised()), raised, "{text}");
        }
    }

    #[test]
    fn what_a_dependency_can_be_added_to() {
        for (text, is_one) in [
            ("apps/namespaces/shop/StatefulSet/db", true),
            (
                "/namespaces/shop/ConfigMap/a, rbac.authorization.k8s.io/ClusterRole/b",
                true,
            ),
            ("", false),
            ("db", false),
            ("apps/namespaces/shop/StatefulSet/db,", false),
        ] {
            assert_eq!(is_list(text), is_one, "{text}");
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
