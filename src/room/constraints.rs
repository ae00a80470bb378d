//! What a pod requires of its node.

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
        let is_named = self
            .node_name
            .as_ref()
            .is_none_or(|name| *name == node.name);
        let tolerated = node.taints.iter().all(|taint| self.tolerates(taint));
        let label = |own: &Requirement| own.holds(node.label(&own.key));
        is_named && tolerated && self.holds(label, |own| own.holds(Some(&node.name)))
    }

    /// Whether a node that meets `known`, and of which nothing else is known, may admit the pod.
    pub fn may_admit(&self, known: &[Requirement]) -> bool {
        let possible = |own: &Requirement| {
            let mut same = known.iter().filter(|known| known.key == own.key);
            same.all(|known| own.may_hold(known))
        };
        self.holds(possible, |_| true)
    }

    fn holds(
        &self,
        label: impl Fn(&Requirement) -> bool,
        name: impl Fn(&Requirement) -> bool,
    ) -> bool {
        let is_met = |term: &Term| {
            let is_empty = term.labels.is_empty() && term.names.is_empty();
            !is_empty && term.labels.iter().all(&label) && term.names.iter().all(&name)
        };
        let terms = self.terms.as_ref();
        self.selector.iter().all(&label) && terms.is_none_or(|terms| terms.iter().any(is_met))
    }

    /// Whether the pod may be put on a node with `taint`. Source: `ToleratesTaint` of
    /// `staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go`.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        !taint.keeps_pods_away() || self.tolerations.iter().any(|own| own.covers(taint))
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
    pub(super) fn holds(&self, value: Option<&str>) -> bool {
        let is_listed = |value: &str| self.values.iter().any(|known| known == value);
        match (self.operator, value) {
            (Operator::In, value) => value.is_some_and(is_listed),
            (Operator::NotIn, value) => !value.is_some_and(is_listed),
            (Operator::Exists, value) => value.is_some(),
            (Operator::DoesNotExist, value) => value.is_none(),
            (Operator::Gt | Operator::Lt, value) => self.compares(value).unwrap_or(false),
        }
    }

    /// Whether a node that meets `known`, on the same label, may meet this one as well.
    fn may_hold(&self, known: &Self) -> bool {
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
