//! How nodes are written.

/// How a node is written: an alias, a scalar in one of five styles, or a collection as lines or in
/// brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    BlockMapping,
    FlowMapping,
    BlockSequence,
    FlowSequence,
    Alias,
}

impl NodeStyle {
    /// The style with this number, the one that it is as an integer.
    #[inline]
    pub fn of_number(number: u32) -> Self {
        match number {
            0 => Self::Plain,
            1 => Self::SingleQuoted,
            2 => Self::DoubleQuoted,
            3 => Self::Literal,
            4 => Self::Folded,
            5 => Self::BlockMapping,
            6 => Self::FlowMapping,
            7 => Self::BlockSequence,
            8 => Self::FlowSequence,
            _ => Self::Alias,
        }
    }

    /// A collection without brackets, over lines.
    pub fn is_block_collection(self) -> bool {
        matches!(self, Self::BlockMapping | Self::BlockSequence)
    }

    /// A collection in brackets.
    pub fn is_flow_collection(self) -> bool {
        matches!(self, Self::FlowMapping | Self::FlowSequence)
    }

    pub fn is_mapping(self) -> bool {
        matches!(self, Self::BlockMapping | Self::FlowMapping)
    }

    pub fn is_sequence(self) -> bool {
        matches!(self, Self::BlockSequence | Self::FlowSequence)
    }

    pub fn is_block_scalar(self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }

    /// The part of `written`, a scalar's source, that is its value as it stands, if the value needs
    /// no decoding: no escape, no fold, no indentation.
    pub fn verbatim(self, written: &str) -> Option<&str> {
        match self {
            Self::Plain if written.is_empty() => Some("~"),
            Self::Plain => Some(written),
            Self::SingleQuoted | Self::DoubleQuoted => {
                written.get(1..written.len().checked_sub(1)?)
            }
            _ => None,
        }
    }
}
