//! What the page shows.

use serde::Serialize;
use spot_distribution::findings::{Finding, visible};
use spot_distribution::plan::{FileDiff, Fragments, Plan, fragments};

use crate::request::Request;

/// The plan, or why there is none.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// The plan as HTML.
    pub plan: String,
    /// The diff of every file as HTML; empty where nothing would change.
    pub changes: String,
    /// The same for `patch` and `git apply`.
    pub patch: String,
    /// What is wrong; there is a plan where nothing is.
    pub errors: Vec<Problem>,
}

/// One problem.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// Its code.
    pub code: &'static str,
    /// The object and its file, if it is about one.
    pub about: String,
    /// The file of the object, if it is about one.
    pub file: Option<String>,
    /// What is wrong, and where.
    pub message: String,
}

/// The plan of `request`.
pub fn of(request: &Request) -> Answer {
    match Plan::make(&request.loaded(), None, true) {
        Ok(made) => shown(&made),
        Err(findings) => Answer {
            errors: findings.iter().map(problem).collect(),
            ..Answer::default()
        },
    }
}

fn shown(made: &Plan) -> Answer {
    let Fragments { plan, changes } = fragments(made);
    Answer {
        plan,
        changes,
        patch: patch(made.diffs.as_deref().unwrap_or_default()),
        errors: Vec::new(),
    }
}

fn patch(diffs: &[FileDiff]) -> String {
    diffs.iter().map(|diff| diff.text.as_str()).collect()
}

fn problem(finding: &Finding) -> Problem {
    let subject = finding.subject.as_ref();
    Problem {
        code: finding.code.name(),
        about: subject.map_or_else(String::new, |subject| {
            visible(&subject.to_string()).into_owned()
        }),
        file: subject.and_then(|subject| subject.file.as_ref().map(ToString::to_string)),
        message: visible(&finding.message).into_owned(),
    }
}
