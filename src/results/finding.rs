//! One thing to say about one object.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use compact_str::CompactString;

use crate::krm::Resource;
use yaml_splice::{Position, YamlError};

/// Stable names of everything that is reported, in `tags.code`.
pub mod codes {
    /// The workload was placed, or its placement was updated.
    pub const PLACED: &str = "placed";
    /// What an earlier run had added was taken back.
    pub const TAKEN_BACK: &str = "taken-back";
    /// Left alone because the strategy is `off`.
    pub const OFF: &str = "off";
    /// Left alone because it asks for no replicas.
    pub const NO_REPLICAS: &str = "no-replicas";
    /// Left alone because its autoscaler may scale it to zero.
    pub const SCALES_TO_ZERO: &str = "scales-to-zero";
    /// Left alone because the namespace is excluded.
    pub const EXCLUDED_NAMESPACE: &str = "excluded-namespace";
    /// Left alone because it is a patch or an incomplete manifest.
    pub const PARTIAL_MANIFEST: &str = "partial-manifest";
    /// Left alone because the API server makes its name.
    pub const GENERATED_NAME: &str = "generated-name";
    /// Left alone because the user's own constraint stands.
    pub const ALREADY_CONSTRAINED: &str = "already-constrained";
    /// `spread` with F > R/2: a part of the floor is a preference.
    pub const FLOOR_IS_SOFT: &str = "floor-is-soft";

    /// `replicas` is absent and no autoscaler is in the input.
    pub const REPLICAS_UNKNOWN: &str = "replicas-unknown";
    /// `spread` on an autoscaled workload.
    pub const AUTOSCALED_SPREAD: &str = "autoscaled-spread";
    /// A budget that allows no disruption.
    pub const PDB_BLOCKS_DRAIN: &str = "pdb-blocks-drain";
    /// A grace period longer than the reclaim notice.
    pub const GRACE_EXCEEDS_NOTICE: &str = "grace-exceeds-notice";
    /// A Recreate Deployment stops every replica at each rollout.
    pub const RECREATE_INTERRUPTS: &str = "recreate-interrupts";
    /// Two Deployments would mount a volume that one node can mount.
    pub const SHARED_VOLUME: &str = "shared-volume";
    /// Another scheduler decides.
    pub const OTHER_SCHEDULER: &str = "other-scheduler";
    /// A rule that matched nothing.
    pub const RULE_UNUSED: &str = "rule-unused";
    /// A workload of an API version that is no longer served.
    pub const UNSUPPORTED_API_VERSION: &str = "unsupported-api-version";
    /// The selector does not match the template's labels.
    pub const SELECTOR_MISMATCH: &str = "selector-mismatch";
    /// A sibling whose original is not in the input.
    pub const SIBLING_ORPHANED: &str = "sibling-orphaned";

    /// The configuration is wrong.
    pub const INVALID_CONFIG: &str = "invalid-config";
    /// An annotation is wrong.
    pub const INVALID_ANNOTATION: &str = "invalid-annotation";
    /// The kind cannot have the strategy.
    pub const UNSUPPORTED_STRATEGY: &str = "unsupported-strategy";
    /// The sibling's name belongs to another object.
    pub const NAME_TAKEN: &str = "name-taken";
    /// The sibling's name would be longer than Kubernetes allows.
    pub const NAME_TOO_LONG: &str = "name-too-long";
    /// A replica count that Kubernetes rejects.
    pub const INVALID_REPLICAS: &str = "invalid-replicas";
    /// A field that Kubernetes rejects and that had to be read.
    pub const INVALID_MANIFEST: &str = "invalid-manifest";
    /// YAML that makes an edit ambiguous.
    pub const AMBIGUOUS_YAML: &str = "ambiguous-yaml";
    /// Input that is not a list of Kubernetes objects.
    pub const INVALID_INPUT: &str = "invalid-input";
    /// A file in a folder that holds no Kubernetes object.
    pub const NOT_A_MANIFEST: &str = "not-a-manifest";
    /// In check mode: the workload does not carry its placement.
    pub const NOT_PLACED: &str = "not-placed";
}

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

/// The object that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Such as `apps/v1`.
    pub api_version: CompactString,
    /// Such as `Deployment`.
    pub kind: CompactString,
    /// The name.
    pub name: CompactString,
    /// The namespace, if the object names one.
    pub namespace: Option<CompactString>,
    /// The file it came from.
    pub file: Option<CompactString>,
}

impl Subject {
    /// Names `resource`.
    pub fn of(resource: &Resource<'_>) -> Self {
        Self {
            api_version: resource.api_version.into(),
            kind: resource.kind.into(),
            name: resource.name.into(),
            namespace: resource.namespace.map(CompactString::from),
            file: resource.file.map(CompactString::from),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// One of [`codes`].
    pub code: &'static str,
    /// What was found or done, and why.
    pub message: String,
    /// The object, if it is about one.
    pub subject: Option<Subject>,
    /// The field path in the object.
    pub field: Option<String>,
}

impl Finding {
    /// An info finding.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            subject: None,
            field: None,
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
            subject: Some(Subject::of(resource)),
            ..self
        }
    }

    /// The finding with the field that it is about.
    #[must_use]
    pub fn at(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// The message followed by a place in the text.
    #[must_use]
    pub fn located(self, position: Option<Position>) -> Self {
        match position {
            Some(position) => Self {
                message: format!("{} ({position})", self.message),
                ..self
            },
            None => self,
        }
    }
}

impl From<YamlError> for Finding {
    /// The error says its place itself.
    fn from(error: YamlError) -> Self {
        Self::error(codes::AMBIGUOUS_YAML, error.to_string())
    }
}

/// One line for standard error, with everything visible.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = format!("{}[{}]", self.severity.name(), self.code);
        if let Some(subject) = &self.subject {
            write!(line, " {subject}")?;
            if let Some(file) = &subject.file {
                write!(line, " ({file})")?;
            }
        }
        write!(line, ": {}", self.message)?;
        f.write_str(&visible(&line))
    }
}

/// `text` in one line with everything visible: neither a manifest nor a configuration can move the
/// cursor, begin a line of its own, turn text around, or give a CI system a command (`##[error]`,
/// `##vso[...]`; those that begin with `::` have to begin the line).
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    // Hardly any text has even one of them, and one is found faster than two.
    if is_plain && !(text.contains('#') && text.contains("##")) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) || (c == '#' && out.ends_with('#')) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Control characters, line breaks of YAML 1.1, and what changes the direction of text.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_control_characters() {
        let mut finding = Finding::warning(codes::OFF, "a\n::error::b\u{1b}[2J");
        finding.subject = Some(Subject {
            api_version: "apps/v1".into(),
            kind: "Deployment".into(),
            name: "web".into(),
            namespace: Some("prod".into()),
            file: Some("web.yaml".into()),
        });
        assert_eq!(
            finding.to_string(),
            "warning[off] Deployment/prod/web (web.yaml): a\\u{a}::error::b\\u{1b}[2J"
        );
    }

    #[test]
    fn no_command_for_a_ci_system_and_no_text_turned_around() {
        let nasty =
            "##[error]a ##vso[task.setvariable]b \u{202e}c\u{2069} \u{1b}]8;;http://x\u{7}d";
        assert_eq!(
            visible(nasty),
            "#\\u{23}[error]a #\\u{23}vso[task.setvariable]b \\u{202e}c\\u{2069} \
             \\u{1b}]8;;http://x\\u{7}d"
        );
    }
}
