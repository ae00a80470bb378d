//! One thing to say about one object.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::krm::Resource;
use yaml_splice::{Position, YamlError};

use super::escape::visible;
use super::{Code, ObjectRef};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// What was done or left alone.
    Info,
    /// A danger that the owner should know.
    Warning,
    /// Nothing is changed because of it; exit code 1.
    Error,
}

impl Severity {
    /// The word in results and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub code: Code,
    /// What was found or done, and why.
    pub message: Cow<'static, str>,
    /// The object, if it is about one. All that is said about a workload shares it.
    pub subject: Option<Arc<ObjectRef>>,
    /// The field path in the object.
    pub field: Option<Cow<'static, str>>,
    /// Whether a check lets it pass although its code fails one: the owner has done what the code asks for.
    pub is_accepted: bool,
}

impl Finding {
    /// An info finding.
    pub fn info(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// An error.
    pub fn error(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// The same finding, which a check lets pass where `is_accepted`.
    #[must_use]
    pub fn accepted_if(self, is_accepted: bool) -> Self {
        Self {
            is_accepted,
            ..self
        }
    }

    fn new(severity: Severity, code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            is_accepted: false,
            severity,
            code,
            message: message.into(),
            subject: None,
            field: None,
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn as_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// Whether nothing may be changed because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding with the object that it is about.
    #[must_use]
    pub fn about(self, resource: &Resource<'_>) -> Self {
        Self {
            subject: Some(Arc::new(ObjectRef::of(resource))),
            ..self
        }
    }

    /// Makes `resource` the object of all `findings`.
    pub fn all_about(findings: &mut [Self], resource: &Resource<'_>) {
        if findings.is_empty() {
            return;
        }
        let subject = Arc::new(ObjectRef::of(resource));
        for finding in findings {
            finding.subject = Some(Arc::clone(&subject));
        }
    }

    /// The finding with the field that it is about.
    #[must_use]
    pub fn at(self, field: impl Into<Cow<'static, str>>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// The error for a value that has to be read where `found`, a variable, stands at `field`.
    pub fn unresolved_variable(field: &str, found: &str, at: Position) -> Self {
        let message = format!(
            "{field}: found {found}, a variable that is filled in later: fill it in first, or set the strategy \
             of the workload to \"off\""
        );
        let finding = Self::error(Code::UnresolvedVariable, message);
        finding.located(Some(at)).at(field.to_owned())
    }

    /// One line for standard error, with everything visible.
    pub fn line(&self) -> String {
        let mut line = String::with_capacity(self.message.len() + 100);
        line.extend([self.severity.name(), "[", self.code.name(), "]"]);
        if let Some(subject) = self.subject.as_deref() {
            line.push(' ');
            line.extend(subject.parts());
            if let Some(file) = &subject.file {
                line.extend([" (", file, ")"]);
            }
        }
        line.extend([": ", &self.message]);
        match visible(&line) {
            Cow::Borrowed(_) => line,
            Cow::Owned(escaped) => escaped,
        }
    }

    /// The message followed by a place in the text.
    #[must_use]
    pub fn located(self, position: Option<Position>) -> Self {
        match position {
            Some(position) => Self {
                message: format!("{} ({position})", self.message).into(),
                ..self
            },
            None => self,
        }
    }
}

impl From<YamlError> for Finding {
    /// The error says its place itself.
    fn from(error: YamlError) -> Self {
        Self::error(Code::AmbiguousYaml, error.to_string())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_control_characters() {
        let mut finding = Finding::warning(Code::Off, "a\n::error::b\u{1b}[2J");
        finding.subject = Some(Arc::new(ObjectRef {
            api_version: "apps/v1".into(),
            kind: "Deployment".into(),
            name: "web".into(),
            namespace: Some("prod".into()),
            file: Some("web.yaml".into()),
        }));
        assert_eq!(
            finding.to_string(),
            "warning[off] Deployment/prod/web (web.yaml): a\\u{a}:\\u{3a}error:\\u{3a}b\\u{1b}[2J"
        );
    }
}
