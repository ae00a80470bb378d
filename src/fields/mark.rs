//! The mark: what an earlier run applied to a workload, readable by people and by the next run.

use std::fmt::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use crate::config::Capacity;
use crate::findings::{Code, Finding};
use crate::krm::{Resource, annotations};
use crate::placement::{CapacityType, Strategy};
use yaml_splice::{Edits, Node, Value, YamlError};

use super::{Filled, OrderMark, Owned, Pod, Sharpness, SoftSpread, mark_capacity, write::field};

const PATH: [&str; 3] = ["metadata", "annotations", annotations::APPLIED];

/// What stands in `spot-distribution.dev/applied`:
///
/// ```text
/// strategy=spread replicas=10 floor=2 soft-spread=zone,hostname tolerations=spot:NoSchedule
/// ```
///
/// Strategy, replicas and floor are always there; the rest only where it was added, or differs
/// from the default. `filled` names the fields that stood without a value, which are left so when what
/// was added goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The strategy.
    pub strategy: Strategy,
    /// The replicas that were decided about: the total, or an autoscaler's minimum.
    pub replicas: u32,
    /// How many of them stay on on-demand nodes.
    pub floor: u32,
    /// The node label that the placement was written with.
    pub capacity: Arc<Capacity>,
    /// The topologies whose default soft spreading was put back.
    pub soft_spread: Vec<SoftSpread>,
    /// The tolerations that were added.
    pub tolerations: Vec<String>,
    /// The priority class that was set.
    pub priority_class: Option<String>,
    /// The keys of the annotations that were added to the pod template.
    pub pod_annotations: Vec<String>,
    /// What was written into the annotations that order the workload behind its sibling.
    pub order: OrderMark,
    /// What stood without a value and was filled.
    pub filled: Vec<Filled>,
}

impl Mark {
    /// Whether a requirement for on-demand nodes may have been written: all replicas stay there, or
    /// the admission policy lifts it for some.
    pub fn covers_requirement(&self) -> bool {
        let divides = self.strategy.divides() && self.floor == self.replicas;
        self.strategy == Strategy::OnDemand || divides || self.covers_ordinals()
    }

    /// Whether a topology spread over the capacity key may have been written.
    pub fn covers_spread(&self) -> bool {
        self.strategy == Strategy::Spread && self.floor > 0
    }

    /// Whether members may have been placed by their ordinal.
    pub fn covers_ordinals(&self) -> bool {
        self.strategy == Strategy::Ordinals && self.floor > 0
    }

    /// Whether a sibling may hold the floor.
    pub fn covers_sibling(&self) -> bool {
        self.strategy == Strategy::Floor && (1..self.replicas).contains(&self.floor)
    }

    /// What a workload keeps of its replicas beside a sibling: R - F.
    pub fn rest(&self) -> Option<u32> {
        self.replicas.checked_sub(self.floor)
    }

    /// The types of nodes of which one may have been written as preferred. Which one `spread` prefers
    /// depends on the replicas from which its floor was computed, which the mark does not say.
    pub fn preferred(&self) -> &'static [CapacityType] {
        use CapacityType::{OnDemand, Spot};
        match self.strategy {
            Strategy::PreferOnDemand => &[OnDemand],
            Strategy::Spread => &[OnDemand, Spot],
            Strategy::Floor | Strategy::Ordinals | Strategy::Spot => &[Spot],
            Strategy::OnDemand | Strategy::Off => &[],
        }
    }

    /// How sharply pods were spread over nodes and zones.
    pub fn sharpness(&self) -> Sharpness {
        match self.strategy {
            Strategy::Ordinals => Sharpness::Even,
            _ => Sharpness::Default,
        }
    }

    /// What was applied to `resource`.
    ///
    /// # Errors
    /// A finding for a mark that this function did not write.
    pub fn read(resource: &Resource<'_>) -> Result<Option<Self>, Finding> {
        let Some(text) = resource.annotation(annotations::APPLIED)? else {
            return Ok(None);
        };
        let field = format!("metadata.annotations[\"{}\"]", annotations::APPLIED);
        let bad = |error: BadMark| {
            Finding::error(Code::InvalidAnnotation, format!("{field}: {error}")).at(field.clone())
        };
        text.parse().map(Some).map_err(bad)
    }
}

/// The annotation that holds the mark.
pub(super) fn find<'d>(resource: &Resource<'d>) -> Result<Option<Node<'d>>, YamlError> {
    resource.annotation_node(annotations::APPLIED)
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    wanted: Option<&Mark>,
) -> Result<(), YamlError> {
    let wanted = wanted.map(|mark| {
        // Room for all of it, so that it does not grow piece by piece; writing to a String cannot fail.
        let mut text = String::with_capacity(128);
        let _ = write!(text, "{mark}");
        Value::text(text)
    });
    field(edits, pod.workload, &PATH, owned.mark, wanted)
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strategy=")?;
        f.write_str(self.strategy.name())?;
        write!(f, " replicas={} floor={}", self.replicas, self.floor)?;
        mark_capacity::write(f, &self.capacity)?;
        let soft_spread = self.soft_spread.iter().map(|soft| soft.name());
        listed(f, " soft-spread=", soft_spread)?;
        let tolerations = self.tolerations.iter().map(String::as_str);
        listed(f, " tolerations=", tolerations)?;
        if let Some(class) = &self.priority_class {
            write!(f, " priority-class={class}")?;
        }
        let annotations = self.pod_annotations.iter().map(String::as_str);
        listed(f, " pod-annotations=", annotations)?;
        self.order.fmt(f)?;
        listed(f, " filled=", self.filled.iter())
    }
}

/// `words` with commas between them, behind `name`; nothing where there are none.
fn listed(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    words: impl Iterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (index, word) in words.enumerate() {
        f.write_str(if index == 0 { name } else { "," })?;
        word.fmt(f)?;
    }
    Ok(())
}

/// A mark that this function did not write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a mark that this function writes, such as \"strategy=floor replicas=10 floor=2\"; restore it, or remove it with what it covers"
)]
pub struct BadMark(pub String);

impl FromStr for Mark {
    type Err = BadMark;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| BadMark(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Mark> {
    let mut words = text.split(' ');
    let mut required = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
    let mut mark = Mark {
        strategy: required("strategy")?.parse().ok()?,
        replicas: required("replicas")?.parse().ok()?,
        floor: required("floor")?.parse().ok()?,
        capacity: Arc::default(),
        soft_spread: Vec::new(),
        tolerations: Vec::new(),
        priority_class: None,
        pod_annotations: Vec::new(),
        order: OrderMark::default(),
        filled: Vec::new(),
    };
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            mark.order.go_on(word)?;
            continue;
        };
        match name {
            "capacity" => mark.capacity = mark_capacity::labelled(value)?.into(),
            "spot" => mark.capacity = mark_capacity::every_other(value)?.into(),
            "soft-spread" => {
                mark.soft_spread = value.split(',').map(soft).collect::<Option<_>>()?;
            }
            "tolerations" => mark.tolerations = value.split(',').map(str::to_owned).collect(),
            "pod-annotations" => {
                mark.pod_annotations = value.split(',').map(str::to_owned).collect();
            }
            "filled" => {
                mark.filled = value.split(',').map(Filled::parse).collect::<Option<_>>()?;
            }
            "priority-class" => mark.priority_class = Some(value.to_owned()),
            _ => match mark.order.read(name, value) {
                Some(()) => {}
                None => mark.order.go_on(word)?,
            },
        }
    }
    Some(mark)
}

fn soft(name: &str) -> Option<SoftSpread> {
    SoftSpread::ALL
        .into_iter()
        .find(|spread| spread.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back() {
        for text in [
            "strategy=floor replicas=10 floor=2",
            "strategy=spread replicas=10 floor=2 capacity=karpenter.sh/capacity-type:on-demand:spot",
            "strategy=on-demand replicas=3 floor=3 capacity=karpenter.sh/capacity-type:on-demand,reserved:spot",
            "strategy=floor replicas=3 floor=1 spot=eks.amazonaws.com/capacityType:SPOT;karpenter.sh/capacity-type:spot",
            "strategy=spread replicas=3 floor=2 soft-spread=zone,hostname \
             tolerations=spot=true:NoSchedule,:NoExecute@30 priority-class=high \
             pod-annotations=karpenter.sh/do-not-disrupt,example.com/a",
            "strategy=floor replicas=3 floor=1 sync-wave=none \
             depends-on=apps/namespaces/shop/Deployment/web-on-demand",
            "strategy=floor replicas=3 floor=1 sync-wave=-2",
            "strategy=floor replicas=3 floor=1 sync-wave=none \
             depends-on=apps/namespaces/{{ .a  .b=c }}/Deployment/web-on-demand filled=metadata.annotations",
            "strategy=spot replicas=3 floor=0 filled=metadata.annotations,spec.template.spec.affinity:~,\
             spec.template.spec.tolerations:[],spec.template.spec.topologySpreadConstraints:%20%20null",
        ] {
            let mark: Mark = text.parse().unwrap();
            assert_eq!(mark.to_string(), text);
        }
    }

    #[test]
    fn what_it_did_not_write_is_refused() {
        for text in [
            "",
            "spread",
            "strategy=spread replicas=x floor=1",
            "strategy=floor replicas=2 floor=1 x",
        ] {
            assert_eq!(text.parse::<Mark>(), Err(BadMark(text.to_owned())));
        }
    }
}
