//! Rules: the exceptions from the defaults.

use std::collections::BTreeMap;

use kube_core::{Expression, Selector, SelectorExt};

use super::Glob;
use crate::krm::template::has_variable;
use crate::placement::{Base, Strategy, WorkloadKind};

/// An exception from the defaults; what it leaves open falls back to them, field by field.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The workloads that it is for.
    pub matching: Match,
    /// Their strategy.
    pub strategy: Option<Strategy>,
    /// The count of their on-demand replicas that comes first.
    pub base: Option<Base>,
    /// How much of the replicas above the base stays on-demand too, 0 to 100 percent.
    pub percent_above_base: Option<u8>,
}

/// The workloads that a rule is for: every condition must hold, `None` always does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Match {
    /// One of these kinds.
    pub kinds: Option<Vec<WorkloadKind>>,
    /// A namespace that one of these matches.
    pub namespaces: Option<Vec<Glob>>,
    /// A name that one of these matches.
    pub names: Option<Vec<Glob>>,
    /// Labels of the workload's own that this selects.
    pub label_selector: Option<Selector>,
}

impl Match {
    /// Whether every condition holds; a workload without labels has an empty map.
    pub fn matches(
        &self,
        kind: WorkloadKind,
        namespace: &str,
        name: &str,
        labels: &BTreeMap<String, String>,
    ) -> bool {
        let selector = self.label_selector.as_ref();
        self.is_for(kind, [namespace, name], Glob::matches)
            && selector.is_none_or(|selector| selector.matches(labels))
    }

    /// Whether every condition may come to hold, depending on what variables in the names and the labels
    /// become.
    pub fn may_match(
        &self,
        kind: WorkloadKind,
        namespace: &str,
        name: &str,
        labels: &BTreeMap<String, String>,
    ) -> bool {
        let expressions = self.label_selector.clone().into_iter().flatten();
        let mut expressions = expressions.map(|own| own.matches(labels) || is_open(&own, labels));
        self.is_for(kind, [namespace, name], Glob::may_match)
            && expressions.all(|may_hold| may_hold)
    }

    /// Whether the kind is among these, and a pattern for each `accepts` the namespace and the name.
    fn is_for(
        &self,
        kind: WorkloadKind,
        [namespace, name]: [&str; 2],
        accepts: impl Fn(&Glob, &str) -> bool,
    ) -> bool {
        let any = |globs: &Option<Vec<Glob>>, text| {
            let globs = globs.as_ref();
            globs.is_none_or(|globs| globs.iter().any(|glob| accepts(glob, text)))
        };
        let kinds = self.kinds.as_ref();
        kinds.is_none_or(|kinds| kinds.contains(&kind))
            && any(&self.namespaces, namespace)
            && any(&self.names, name)
    }
}

/// Whether a variable stands in the label that `expression` asks for, or in the key of any.
fn is_open(expression: &Expression, labels: &BTreeMap<String, String>) -> bool {
    use Expression::{DoesNotExist, Equal, Exists, In, NotEqual, NotIn};
    let (In(key, _)
    | NotIn(key, _)
    | Equal(key, _)
    | NotEqual(key, _)
    | Exists(key)
    | DoesNotExist(key)) = expression;
    let mut labels = labels.iter();
    labels.any(|(own, value)| has_variable(own) || (own == key && has_variable(value)))
}
