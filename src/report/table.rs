//! Tables and paragraphs for a terminal or a log.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};

/// How a report for a terminal is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The columns of the screen that it may take; below 64 lines may be longer.
    pub width: u16,
    /// Whether escape sequences for colours may be used.
    pub colours: bool,
}

impl Default for Style {
    /// What a file or a pipe gets: always the same.
    fn default() -> Self {
        Self {
            width: 130,
            colours: false,
        }
    }
}

/// An empty table with these headings. Those after the first `texts` are numbers; the first alone,
/// or the last where there are no numbers, gives way where the table is too wide.
pub fn new(style: Style, headings: &[&str], texts: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(style.width.max(64));
    if style.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(headings.iter().map(|heading| bold(heading, style)));
    let gap = if style.width < 90 { 1 } else { 2 };
    let flexible = if texts < headings.len() { 0 } else { texts - 1 };
    for (index, column) in table.column_iter_mut().enumerate() {
        let last = index + 1 == headings.len();
        column.set_padding((0, if last { 0 } else { gap }));
        if index >= texts {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if index != flexible {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// A cell that stands out.
pub fn bold(text: &str, style: Style) -> Cell {
    let cell = Cell::new(text);
    if style.colours {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

/// A cell in green or red.
pub fn judged(text: String, is_good: bool, style: Style) -> Cell {
    let colour = if is_good { Color::Green } else { Color::Red };
    let cell = Cell::new_owned(text);
    if style.colours { cell.fg(colour) } else { cell }
}

/// The table without blanks at the end of its lines.
pub fn trimmed(table: &Table) -> String {
    let lines = table.lines().map(|mut line| {
        line.truncate(line.trim_end().len());
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Broken between words, and within those that are longer than a line; what follows the first line
/// is indented.
pub fn wrapped(text: &str, indent: &str, width: u16) -> String {
    let width = usize::from(width);
    let lines = text.len() / width.max(1) + 1;
    let mut out = String::with_capacity(text.len() + lines * (1 + indent.len()));
    let mut column = 0;
    let limit = width.saturating_sub(indent.len()).max(1);
    for word in text.split(' ') {
        let (mut rest, mut length) = (word, word.chars().count());
        if column > 0 && column + 1 + length > width {
            out.extend(["\n", indent]);
            column = indent.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        while length > limit
            && let Some((at, _)) = rest.char_indices().nth(limit)
        {
            out.extend([&rest[..at], "\n", indent]);
            (rest, length) = (&rest[at..], length - limit);
            column = indent.len();
        }
        out.push_str(rest);
        column += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrapped("one two three", "  ", 8), "one two\n  three");
        assert_eq!(
            wrapped("a abcdefghijk b", "  ", 6),
            "a\n  abcd\n  efgh\n  ijk\n  b"
        );
    }
}
