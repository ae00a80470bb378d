//! Which strategy and share a workload gets: annotations, then the first matching rule, then the
//! defaults, field by field.

use std::collections::BTreeMap;
use std::fmt;

use super::annotations::annotation_path;
use super::support::{unfit_for_spread, unsupported};
use super::{Annotations, ConfigProblem, Policy, Rule};
use crate::krm::annotations::STRATEGY;
use crate::krm::template::has_variable;
use crate::placement::{Share, Strategy, WorkloadKind};

/// What the choice depends on.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The kind of workload.
    pub kind: WorkloadKind,
    /// Its namespace, `default` where it names none.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its own labels, not those of its pods.
    pub labels: &'a BTreeMap<String, String>,
    /// Whether it has one replica and no autoscaler.
    pub single: bool,
    /// Its settings in annotations.
    pub annotations: Annotations<'a>,
}

/// What a workload gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How its replicas are placed. A rule or an annotation may give one that divides to a
    /// single replica, the default never does.
    pub strategy: Strategy,
    /// How many of its replicas stay on on-demand nodes.
    pub share: Share,
    /// Who chose the strategy.
    pub origin: Origin,
    /// The index of the first rule that matches, even where it did not choose the strategy.
    pub rule: Option<usize>,
    /// The index of the first rule in front of that one which may match as well, once variables are filled in.
    pub possible_rule: Option<usize>,
}

/// Who chose a workload's strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An annotation on the workload.
    Annotation,
    /// The rule with this index, counted from 0 as in field paths.
    Rule(usize),
    /// The default of a single replica or of the workload's kind.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Annotation => f.write_str("annotation"),
            Self::Rule(index) => write!(f, "rule {index}"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Policy {
    /// The index of the first rule that matches the workload.
    pub fn matching_rule(&self, subject: &Subject<'_>) -> Option<usize> {
        let Subject {
            kind,
            namespace,
            name,
            labels,
            ..
        } = *subject;
        let matches = |rule: &Rule| rule.matching.matches(kind, namespace, name, labels);
        self.rules.iter().position(matches)
    }

    /// The index of the first of `rules` that may match the workload, once its variables are filled in.
    fn possible_rule(rules: &[Rule], subject: &Subject<'_>) -> Option<usize> {
        let Subject {
            kind,
            namespace,
            name,
            labels,
            ..
        } = *subject;
        let of_labels = labels.iter().flat_map(|(key, value)| [&**key, &**value]);
        let mut texts = [namespace, name].into_iter().chain(of_labels);
        if rules.is_empty() || !texts.any(has_variable) {
            return None;
        }
        let may = |rule: &Rule| rule.matching.may_match(kind, namespace, name, labels);
        rules.iter().position(may)
    }

    /// Whether a rule asks for labels: only then those of a [`Subject`] matter.
    pub fn selects_by_label(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| rule.matching.label_selector.is_some())
    }

    /// Chooses strategy and share of one workload.
    ///
    /// # Errors
    /// Every annotation with a value that is not accepted; a strategy that is not for its kind.
    pub fn choose(&self, subject: &Subject<'_>) -> Result<Choice, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let annotated = subject.annotations.read(&mut problems);
        let index = self.matching_rule(subject);
        let rule = index.map(|index| &self.rules[index]);
        let in_front = &self.rules[..index.unwrap_or(self.rules.len())];
        let default = self.of_kind(subject.kind);
        let ruled = index.zip(rule.and_then(|rule| rule.strategy));
        let (strategy, origin) = match (annotated.strategy, ruled) {
            (Some(strategy), _) => (strategy, Origin::Annotation),
            (None, Some((index, strategy))) => (strategy, Origin::Rule(index)),
            (None, None) if subject.single => (self.single_replica, Origin::Default),
            (None, None) => (default.strategy, Origin::Default),
        };
        let base = annotated.base.or(rule.and_then(|rule| rule.base));
        let ruled_percent = rule.and_then(|rule| rule.percent_above_base);
        let percent = annotated.percent_above_base.or(ruled_percent);
        let unread = subject.annotations.strategy.is_some() && annotated.strategy.is_none();
        if let Some(message) = self.unsupported(strategy, subject.kind).filter(|_| !unread) {
            problems.push(refused(strategy, subject.kind, origin, &message));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let share = Share {
            base: base.unwrap_or(default.share.base),
            percent_above_base: percent.unwrap_or(default.share.percent_above_base),
        };
        Ok(Choice {
            strategy,
            share,
            origin,
            rule: index,
            possible_rule: Self::possible_rule(in_front, subject),
        })
    }
}

impl Policy {
    /// What is wrong with `strategy` for workloads of `kind` on these nodes, if anything is.
    fn unsupported(&self, strategy: Strategy, kind: WorkloadKind) -> Option<String> {
        let by_kind = unsupported(strategy, kind).map(str::to_owned);
        by_kind.or_else(|| {
            let is_spread = strategy == Strategy::Spread;
            is_spread.then(|| unfit_for_spread(&self.capacity))?
        })
    }
}

/// The problem that `strategy` is not for workloads of `kind`.
fn refused(strategy: Strategy, kind: WorkloadKind, origin: Origin, message: &str) -> ConfigProblem {
    let (path, giver) = match origin {
        Origin::Annotation => (annotation_path(STRATEGY), "the annotation".to_owned()),
        Origin::Rule(index) => (
            format!("spec.rules[{index}].strategy"),
            format!("rule {index} of the configuration"),
        ),
        Origin::Default => (
            format!("spec.defaults.{}.strategy", default_of(kind)),
            "the default".to_owned(),
        ),
    };
    ConfigProblem {
        code: ConfigProblem::UNSUPPORTED_STRATEGY,
        path,
        at: None,
        message: format!("{giver} asks for {strategy} on a {kind}: {message}"),
    }
}

/// The field that holds the default of `kind`.
fn default_of(kind: WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::Deployment => "deployment",
        WorkloadKind::StatefulSet => "statefulSet",
    }
}
