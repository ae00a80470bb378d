//! Collects what is wrong, then shows it in the order of the file.

use super::ConfigProblem;
use super::problem::relative;
use crate::findings::Code;
use yaml_splice::{DecodeError, Located, Node};

/// How many problems are shown at once, as many as the decoder collects.
const PROBLEM_LIMIT: usize = 100;

/// The problems of one configuration.
pub(super) struct Report<'d> {
    config: Node<'d>,
    root: String,
    decoding: Vec<ConfigProblem>,
    /// Kept by node, because a path and a position are not for free.
    found: Vec<(Node<'d>, Code, String)>,
}

impl<'d> Report<'d> {
    pub fn new(config: Node<'d>) -> Self {
        Self {
            config,
            root: config.path(),
            decoding: Vec::new(),
            found: Vec::new(),
        }
    }

    /// The configuration's own node.
    pub fn config(&self) -> Node<'d> {
        self.config
    }

    /// Adds what the decoder found.
    pub fn decoded(&mut self, errors: &[DecodeError]) {
        let problems = errors
            .iter()
            .map(|error| ConfigProblem::from_decode(error, &self.root));
        self.decoding.extend(problems);
    }

    /// Adds a problem of a value.
    pub fn add<T>(&mut self, at: &Located<T>, message: impl Into<String>) {
        self.add_at(at.node(self.config), message);
    }

    /// Adds a problem of a node.
    pub fn add_at(&mut self, node: Node<'d>, message: impl Into<String>) {
        let code = ConfigProblem::INVALID_CONFIG;
        self.found.push((node, code, message.into()));
    }

    /// Adds a strategy that a kind of workload cannot have.
    pub fn unsupported<T>(&mut self, at: &Located<T>, message: impl Into<String>) {
        let node = at.node(self.config);
        let code = ConfigProblem::UNSUPPORTED_STRATEGY;
        self.found.push((node, code, message.into()));
    }

    /// The value, or `None` with its problem added.
    pub fn check<T, U>(&mut self, at: &Located<T>, result: Result<U, String>) -> Option<U> {
        result.map_err(|message| self.add(at, message)).ok()
    }

    /// Whether something in a value could not be decoded, so that what is left of it says
    /// nothing.
    pub fn is_incomplete<T>(&self, value: &Located<T>) -> bool {
        let path = value.node(self.config).path();
        let path = relative(&path, &self.root);
        let below = |problem: &ConfigProblem| {
            let rest = problem.path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.decoding.iter().any(below)
    }

    /// How much has been found wrong.
    pub fn count(&self) -> usize {
        self.decoding.len() + self.found.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Every problem, in the order of the file; the hundred first ones if there are more.
    pub fn finish(self) -> Vec<ConfigProblem> {
        let Self {
            root,
            mut found,
            decoding: mut problems,
            ..
        } = self;
        let total = problems.len() + found.len();
        found.sort_by_key(|(node, ..)| node.range().start);
        let shown = found.into_iter().take(PROBLEM_LIMIT);
        problems.extend(shown.map(|(node, code, message)| ConfigProblem {
            code,
            path: relative(&node.path(), &root).to_owned(),
            at: Some(node.position()),
            message,
        }));
        problems.sort_by_key(|problem| problem.at);
        problems.dedup();
        if total > PROBLEM_LIMIT {
            problems.truncate(PROBLEM_LIMIT);
            problems.push(ConfigProblem {
                code: ConfigProblem::INVALID_CONFIG,
                path: String::new(),
                at: None,
                message: format!("more than {PROBLEM_LIMIT} problems, the rest is not shown"),
            });
        }
        problems
    }
}
