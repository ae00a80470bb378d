//! What a pod requires of its node.

use std::fmt;

use compact_str::CompactString;

use super::{Node, Taint};

/// What a pod requires of its node. Preferences are none of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraints {
    /// `nodeName`: the pod never passes the scheduler.
    pub node_name: Option<CompactString>,
    /// `nodeSelector`, each label as a requirement for its one value: all have to hold.
    pub selector: Vec<Requirement>,
    /// The terms of a required node affinity, of which one has to hold; `None` without one.
    pub terms: Option<Vec<Term>>,
    /// The tolerations.
    pub tolerations: Vec<Toleration>,
    /// For each volume that is bound to some nodes, the terms of its node affinity: of each volume one
    /// has to hold.
    pub volumes: Vec<Vec<Term>>,
    /// What keeps it from the places of other pods of its workload.
    pub apart: Option<Apart>,
}

/// What keeps pods of one workload apart: no two of them share a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The label whose value is the place; `None` where each node is one.
    pub label: Option<CompactString>,
    /// Whether pods of another pod template, such as a sibling's, keep apart from them as well.
    pub across_templates: bool,
    /// Those of one group keep apart, where several groups of pods are put on nodes.
    pub group: usize,
}

impl Apart {
    /// The place that `node` is, or is in; `None` where its labels name none, so that nothing keeps pods
    /// apart there.
    pub fn place<'n>(&self, node: &'n Node) -> Option<&'n str> {
        match &self.label {
            Some(label) => node.label(label),
            None => Some(&node.name),
        }
    }
}

/// A node selector term: all its requirements have to hold. An empty one matches no node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// `matchExpressions`, on labels.
    pub labels: Vec<Requirement>,
    /// `matchFields`, of which there is one: the name of the node.
    pub names: Vec<Requirement>,
}

/// One requirement of a node selector term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label.
    pub key: CompactString,
    /// The comparison.
    pub operator: Operator,
    /// What it is compared with.
    pub values: Vec<CompactString>,
}

/// The operators of a node selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values, or no label.
    NotIn,
    /// Any value.
    Exists,
    /// No label.
    DoesNotExist,
    /// A greater number.
    Gt,
    /// A smaller number.
    Lt,
}

/// A toleration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Toleration {
    /// The key; every key where it is empty.
    pub key: CompactString,
    /// Whether the value does not matter: operator `Exists`.
    pub any_value: bool,
    /// The value.
    pub value: CompactString,
    /// The effect; every effect where it is empty.
    pub effect: CompactString,
}

impl Constraints {
    /// Whether `node` admits the pod, apart from what it has room for.
    pub fn admit(&self, node: &Node) -> bool {
        let tolerated = node.taints.iter().all(|taint| self.tolerates(taint));
        tolerated && self.choose(node) && self.reach_volumes(node)
    }

    /// Whether `node` has the name and the labels that the pod requires, whatever its taints.
    pub fn choose(&self, node: &Node) -> bool {
        let is_named = self
            .node_name
            .as_ref()
            .is_none_or(|name| *name == node.name);
        let label = |own: &Requirement| own.holds(node.label(&own.key));
        is_named && self.holds(label, |own| own.holds(Some(&node.name)))
    }

    /// Whether every volume of the pod can be used on `node`.
    pub fn reach_volumes(&self, node: &Node) -> bool {
        let is_met = |term: &Term| {
            let label = |own: &Requirement| own.holds(node.label(&own.key));
            term.is_met(label, |own: &Requirement| own.holds(Some(&node.name)))
        };
        self.volumes.iter().all(|terms| terms.iter().any(is_met))
    }

    /// The first requirement that no node `meets`, of those that have to hold in any case.
    pub fn unmet(&self, meets: impl Fn(&Requirement) -> bool) -> Option<&Requirement> {
        let only_term = match self.terms.as_deref() {
            Some([term]) => Some(term),
            _ => None,
        };
        let labels = only_term.into_iter().flat_map(|term| &term.labels);
        let mut all = self.selector.iter().chain(labels);
        all.find(|own| !meets(own))
    }

    /// The same without what is required of the labels `is_left_out`.
    #[must_use]
    pub fn without(mut self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let is_kept = |own: &Requirement| !is_left_out(&own.key);
        self.selector.retain(is_kept);
        for term in self.terms.iter_mut().flatten() {
            term.labels.retain(is_kept);
        }
        let is_empty = |term: &Term| term.labels.is_empty() && term.names.is_empty();
        // A term that asked for nothing else is met by every node.
        if self.terms.iter().flatten().any(is_empty) {
            self.terms = None;
        }
        self
    }

    /// Whether a node that meets `known`, and of which nothing else is known, may admit the pod.
    pub fn may_admit(&self, known: &[Requirement]) -> bool {
        self.may_be_met(|own| own.may_hold_beside(known))
    }

    /// Whether a node may admit the pod of whose labels `possible` says which requirements they may meet.
    pub fn may_be_met(&self, possible: impl Fn(&Requirement) -> bool) -> bool {
        self.holds(possible, |_| true)
    }

    fn holds(
        &self,
        label: impl Fn(&Requirement) -> bool,
        name: impl Fn(&Requirement) -> bool,
    ) -> bool {
        let is_met = |term: &Term| term.is_met(&label, &name);
        let terms = self.terms.as_ref();
        self.selector.iter().all(&label) && terms.is_none_or(|terms| terms.iter().any(is_met))
    }

    /// Whether the pod may be put on a node with `taint`. Source: `ToleratesTaint` of
    /// `staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go`.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        !taint.keeps_pods_away() || self.tolerations.iter().any(|own| own.covers(taint))
    }
}

impl Term {
    fn is_met(
        &self,
        label: impl Fn(&Requirement) -> bool,
        name: impl Fn(&Requirement) -> bool,
    ) -> bool {
        let is_empty = self.labels.is_empty() && self.names.is_empty();
        !is_empty && self.labels.iter().all(label) && self.names.iter().all(name)
    }
}

impl Toleration {
    fn covers(&self, taint: &Taint) -> bool {
        let same_effect = self.effect.is_empty() || self.effect == taint.effect;
        let same_key = self.key.is_empty() || self.key == taint.key;
        same_effect && same_key && (self.any_value || self.value == taint.value)
    }
}

impl Requirement {
    /// Whether a node with this value of the label, or without it, meets the requirement.
    pub fn holds(&self, value: Option<&str>) -> bool {
        let is_listed = |value: &str| self.values.iter().any(|known| known == value);
        match (self.operator, value) {
            (Operator::In, value) => value.is_some_and(is_listed),
            (Operator::NotIn, value) => !value.is_some_and(is_listed),
            (Operator::Exists, value) => value.is_some(),
            (Operator::DoesNotExist, value) => value.is_none(),
            (Operator::Gt | Operator::Lt, value) => self.compares(value).unwrap_or(false),
        }
    }

    /// Whether a node that meets `known` may meet this one as well.
    pub fn may_hold_beside(&self, known: &[Self]) -> bool {
        let mut same = known.iter().filter(|known| known.key == self.key);
        same.all(|known| self.may_hold(known))
    }

    /// Whether a node that meets `known`, on the same label, may meet this one as well.
    pub fn may_hold(&self, known: &Self) -> bool {
        let excludes = |value: &CompactString| known.values.contains(value);
        match (known.operator, self.operator) {
            (Operator::In, _) => known.values.iter().any(|value| self.holds(Some(value))),
            (Operator::NotIn, Operator::In) => !self.values.iter().all(excludes),
            _ => true,
        }
    }

    fn compares(&self, value: Option<&str>) -> Option<bool> {
        let found: i64 = value?.parse().ok()?;
        let bound: i64 = self.values.first()?.parse().ok()?;
        let is_greater = self.operator == Operator::Gt;
        Some(if is_greater {
            found > bound
        } else {
            found < bound
        })
    }
}

impl fmt::Display for Requirement {
    /// `disk=ssd`, or `disk In [hdd, ssd]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            operator,
            values,
        } = self;
        match (operator, values.as_slice()) {
            (Operator::In, [value]) => write!(f, "{key}={value}"),
            (_, []) => write!(f, "{key} {operator:?}"),
            _ => write!(f, "{key} {operator:?} [{}]", values.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(operator: Operator, values: &[&str]) -> Requirement {
        let values = values.iter().map(|value| (*value).into()).collect();
        Requirement {
            key: "tier".into(),
            operator,
            values,
        }
    }

    fn node() -> Node {
        Node {
            labels: vec![("tier".into(), "7".into())],
            ..Node::named("n")
        }
    }

    #[test]
    fn every_operator() {
        use Operator::{DoesNotExist, Exists, Gt, In, Lt, NotIn};
        let cases = [
            (In, &["7", "8"][..], true, false),
            (NotIn, &["8"], true, true),
            (NotIn, &["7"], false, true),
            (Exists, &[], true, false),
            (DoesNotExist, &[], false, true),
            (Gt, &["6"], true, false),
            (Lt, &["7"], false, false),
        ];
        for (operator, values, with, without) in cases {
            let term = Term {
                labels: vec![requirement(operator, values)],
                ..Term::default()
            };
            let constraints = Constraints {
                terms: Some(vec![term]),
                ..Constraints::default()
            };
            assert_eq!(constraints.admit(&node()), with, "{operator:?} {values:?}");
            assert_eq!(
                constraints.admit(&Node::named("n")),
                without,
                "{operator:?} {values:?}"
            );
        }
    }

    #[test]
    fn one_term_is_enough_and_an_empty_one_matches_nothing() {
        let met = Term {
            labels: vec![requirement(Operator::Exists, &[])],
            ..Term::default()
        };
        let terms = |terms| Constraints {
            terms: Some(terms),
            ..Constraints::default()
        };
        assert!(terms(vec![Term::default(), met]).admit(&node()));
        assert!(!terms(vec![Term::default()]).admit(&node()));
        assert!(!terms(Vec::new()).admit(&node()));
    }

    #[test]
    fn volumes_are_bound_to_nodes() {
        let on = |value| Term {
            labels: vec![requirement(Operator::In, &[value])],
            ..Term::default()
        };
        let bound = |volumes| Constraints {
            volumes,
            ..Constraints::default()
        };
        assert!(bound(vec![vec![on("6"), on("7")]]).admit(&node()));
        assert!(!bound(vec![vec![on("7")], vec![on("6")]]).admit(&node()));
    }

    #[test]
    fn what_is_left_out_is_required_no_more() {
        let constraints = Constraints {
            selector: vec![requirement(Operator::In, &["8"])],
            terms: Some(vec![Term {
                labels: vec![requirement(Operator::In, &["8"])],
                ..Term::default()
            }]),
            ..Constraints::default()
        };
        assert!(!constraints.admit(&node()));
        let unmet = constraints.unmet(|own| own.holds(node().label(&own.key)));
        assert_eq!(unmet.map(ToString::to_string), Some("tier=8".to_owned()));
        assert!(constraints.without(|key| key == "tier").admit(&node()));
    }

    #[test]
    fn taints_keep_away_what_does_not_tolerate_them() {
        let taint = |effect: &str| Taint {
            key: "spot".into(),
            value: "true".into(),
            effect: effect.into(),
        };
        let tainted = |effect| Node {
            taints: vec![taint(effect)],
            ..node()
        };
        let none = Constraints::default();
        assert!(none.admit(&tainted("PreferNoSchedule")));
        assert!(!none.admit(&tainted("NoSchedule")) && !none.admit(&tainted("NoExecute")));
        let own = Toleration {
            key: "spot".into(),
            value: "true".into(),
            ..Toleration::default()
        };
        let tolerant = Constraints {
            tolerations: vec![own],
            ..none
        };
        assert!(tolerant.admit(&tainted("NoSchedule")));
    }
}
