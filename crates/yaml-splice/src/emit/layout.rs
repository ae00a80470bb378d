//! How inserted lines are laid out.

/// How inserted lines are laid out, as plain data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// `\n`, `\r\n` or `\r`.
    pub newline: &'static str,
    /// How many columns deeper a mapping in a mapping is.
    pub step: usize,
    /// How many columns deeper than its key a list's dash is: 0 or the step.
    pub dash: usize,
    /// Whether a block scalar may be the last of the lines: at the end of a text without a line
    /// break it would lose its own.
    pub terminated: bool,
}

impl Layout {
    /// The layout of lines that others follow, if `followed`.
    pub fn followed(self, followed: bool) -> Self {
        Self {
            terminated: self.terminated || followed,
            ..self
        }
    }

    /// Whether lines are laid out alike, wherever they stand.
    pub fn is_like(self, other: Self) -> bool {
        self.newline == other.newline && self.step == other.step && self.dash == other.dash
    }
}
