//! `spec.replicas`, and the total that its owner asked for where another number is written.

use crate::findings::{Code, Finding};
use crate::krm::{Resource, annotations};
use yaml_splice::{Edits, Node, Value, YamlError, reconcile};

use super::count::{BadCount, nothing, number};
use super::{Mark, Pod, write::field};

const REPLICAS: [&str; 2] = ["spec", "replicas"];
const TOTAL: [&str; 3] = ["metadata", "annotations", annotations::REPLICAS];

/// The replicas of a workload as its owner wants them: a number that an earlier run wrote is traced
/// back to the total it was made from.
#[derive(Debug, Clone)]
pub struct Replicas<'d> {
    /// The owner's number; `None` where it is absent.
    pub declared: Result<Option<u32>, BadCount>,
    /// What stands in `spec.replicas`.
    written: Option<Node<'d>>,
    /// The number that it is.
    number: Option<u32>,
    /// The remembered total.
    pub total: Option<Node<'d>>,
}

impl<'d> Replicas<'d> {
    /// Reads the replicas of `resource`, to which `mark` was applied: what the function wrote
    /// (total - floor) stands for the total that it remembers, any other number is the owner's new
    /// total.
    ///
    /// # Errors
    /// A finding where the remembered total is no number, or both numbers were changed.
    pub fn read(resource: &Resource<'d>, mark: Option<&Mark>) -> Result<Self, Finding> {
        let written = resource.node.at(&REPLICAS)?;
        let declared = match written {
            Some(node) => number(node, &REPLICAS).map(Some),
            None => nothing(resource.node, &REPLICAS).map(|()| None),
        };
        let mut replicas = Self {
            number: declared.as_ref().ok().copied().flatten(),
            declared,
            written,
            total: resource.annotation_node(annotations::REPLICAS)?,
        };
        let text = resource.annotation(annotations::REPLICAS)?;
        if let (Some(mark), Some(text), Ok(Some(number))) = (mark, text, &replicas.declared) {
            replicas.declared = Ok(Some(total(*number, text, mark)?));
        }
        Ok(replicas)
    }

    /// How many the owner wants; `None` where nothing, or nothing readable, says it.
    pub fn wanted(&self) -> Option<u32> {
        self.declared.as_ref().ok().copied().flatten()
    }

    /// Takes what the function wrote beside `mark` for the total that it was made from where the annotation
    /// that remembers it is lost. Not for a workload that is autoscaled: it never had one.
    ///
    /// With `replicas=10 floor=2` in the mark, 8 means 10.
    pub fn recall_total(&mut self, mark: &Mark) {
        let is_lost = self.total.is_none() && mark.covers_sibling();
        if is_lost && self.number == mark.rest() {
            self.declared = Ok(Some(mark.replicas));
        }
    }

    /// The comment after the number, from its `#`, if there is one.
    pub fn comment(&self) -> Option<&'d str> {
        self.written?.comment_after()
    }

    /// Whether `spec.replicas` is absent.
    pub fn is_absent(&self) -> bool {
        self.declared == Ok(None)
    }
}

/// The total that is meant by `written` in `spec.replicas` and `text` in the annotation, beside `mark`.
///
/// With `replicas=10 floor=2` in the mark, 8 and "10" mean 10; 9 and "10" mean 9, a new total; 8 and
/// "8" mean 8, the one way to say a total that equals what was written.
fn total(written: u32, text: &str, mark: &Mark) -> Result<u32, Finding> {
    let field = format!("metadata.annotations[\"{}\"]", annotations::REPLICAS);
    let Ok(remembered) = text.parse::<u32>() else {
        let message = format!("{field}: found \"{text}\", expected the total number of replicas");
        return Err(Finding::error(Code::InvalidAnnotation, message).at(field));
    };
    let is_ours = mark.rest() == Some(written);
    match remembered == mark.replicas {
        true if is_ours => Ok(remembered),
        true => Ok(written),
        false if is_ours || written == remembered => Ok(remembered),
        false => {
            let message = format!(
                "{field} was changed to \"{remembered}\" and spec.replicas to {written}: write the new \
                 total into one of them"
            );
            Err(Finding::error(Code::InvalidAnnotation, message).at(field))
        }
    }
}

/// Only a number that stands there is rewritten, and only where it differs.
pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    replicas: &Replicas<'d>,
    wanted: Option<u32>,
) -> Result<(), YamlError> {
    match (replicas.written, wanted) {
        (Some(_), Some(wanted)) if replicas.number == Some(wanted) => Ok(()),
        (Some(written), Some(wanted)) => reconcile(edits, written, &Value::Int(i64::from(wanted))),
        _ => Ok(()),
    }
}

pub(super) fn write_total<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    replicas: &Replicas<'d>,
    wanted: Option<u32>,
) -> Result<(), YamlError> {
    let wanted = wanted.map(|total| Value::text(total.to_string()));
    field(edits, pod.workload, &TOTAL, replicas.total, wanted)
}
