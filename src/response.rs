//! What a run comes to: what goes to standard output, what there is to report, and whether it failed.

use yaml_splice::PatchedText;

use crate::findings::Finding;

/// The whole answer of a command or of the function.
#[derive(Debug)]
pub enum Response<'i> {
    /// Exit code 0.
    Success {
        /// The whole of standard output.
        output: PatchedText<'i>,
        /// Infos and warnings.
        findings: Vec<Finding>,
    },
    /// Exit code 1.
    Failure {
        /// What goes to standard output all the same, such as the unchanged ResourceList; `None`
        /// where nothing may be written.
        output: Option<PatchedText<'i>>,
        /// The errors, and what else there is to report.
        findings: Vec<Finding>,
    },
}

impl<'i> Response<'i> {
    /// A success that has nothing to report.
    pub fn printed(text: impl Into<std::borrow::Cow<'i, str>>) -> Self {
        let mut output = PatchedText::default();
        output.push(text);
        Self::Success {
            output,
            findings: Vec::new(),
        }
    }

    /// A failure that leaves standard output empty.
    pub fn failure(findings: Vec<Finding>) -> Self {
        Self::Failure {
            output: None,
            findings,
        }
    }

    /// A success or a failure that writes `output`.
    pub fn written(failed: bool, output: PatchedText<'i>, findings: Vec<Finding>) -> Self {
        if failed {
            let output = Some(output);
            Self::Failure { output, findings }
        } else {
            Self::Success { output, findings }
        }
    }

    /// Whether it ended with exit code 0.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success { .. })
    }

    /// What goes to standard output.
    pub fn output(&self) -> Option<&PatchedText<'i>> {
        match self {
            Self::Success { output, .. } => Some(output),
            Self::Failure { output, .. } => output.as_ref(),
        }
    }

    /// What there is to report.
    pub fn findings(&self) -> &[Finding] {
        let (Self::Success { findings, .. } | Self::Failure { findings, .. }) = self;
        findings
    }
}
