//! The exit codes, which scripts rest on.

use std::process::ExitCode;

/// How the command ends. Other codes are reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Success,
    /// 1: an error result, a failed check, or unusable input or configuration.
    Failure,
    /// 2: a wrong command line.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::from(0),
            Exit::Failure => Self::from(1),
            Exit::Usage => Self::from(2),
        }
    }
}
