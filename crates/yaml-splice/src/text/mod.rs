//! Text without structure: lines, positions for messages, and the replacement of byte ranges.

pub(crate) mod lines;
pub(crate) mod position;
pub(crate) mod splice;

/// The byte order mark.
pub const BOM: char = '\u{feff}';

/// Line breaks to readers of YAML 1.1 and text to those of 1.2 (NEL, LS, PS), and the byte order
/// mark, which some readers leave out.
pub(crate) const AMBIGUOUS_CHARACTERS: [char; 4] = ['\u{85}', '\u{2028}', '\u{2029}', BOM];
