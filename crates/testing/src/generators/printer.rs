//! Prints a JSON value as YAML in a random style: block or flow, quotes, comments, blank lines,
//! indentation, either list indentation, `null` in every spelling, block scalars.

use serde_json::{Map, Value};

use super::random::Random;

/// The style of one document.
pub struct Printer<'r> {
    /// Where the choices come from.
    pub random: &'r mut Random,
    /// How much deeper nested mappings stand.
    pub step: usize,
    /// How much deeper than their key lists stand.
    pub dash: usize,
    /// Comments and blank lines, in percent of the lines.
    pub comments: usize,
    /// Flow style, in percent of the collections.
    pub flow: usize,
}

/// Flow style, in percent of the collections: one of these.
pub const FLOW: [usize; 4] = [0, 0, 10, 40];

impl<'r> Printer<'r> {
    /// A style that `random` chooses.
    pub fn new(random: &'r mut Random) -> Self {
        Self::with_flow(random, &FLOW)
    }

    /// A style that `random` chooses, with one of `flow`.
    pub fn with_flow(random: &'r mut Random, flow: &[usize]) -> Self {
        let step = *random.pick(&[2, 2, 2, 3, 4]);
        let dash = if random.chance(50) { 0 } else { step };
        let comments = *random.pick(&[0, 0, 10, 30]);
        let flow = *random.pick(flow);
        Self {
            random,
            step,
            dash,
            comments,
            flow,
        }
    }

    /// `value` as lines at `column`.
    pub fn block(&mut self, value: &Value, column: usize) -> String {
        let mut out = String::with_capacity(2048);
        self.lines(&mut out, value, column);
        out
    }

    fn lines(&mut self, out: &mut String, value: &Value, column: usize) {
        match value {
            Value::Object(entries) if !entries.is_empty() => self.mapping(out, entries, column),
            Value::Array(items) if !items.is_empty() => self.sequence(out, items, column),
            _ => {
                out.push_str(blanks(column));
                self.inline(out, value);
                out.push('\n');
            }
        }
    }

    fn mapping(&mut self, out: &mut String, entries: &Map<String, Value>, column: usize) {
        for (key, value) in entries {
            self.noise(out, column);
            out.push_str(blanks(column));
            self.key(out, key);
            out.push(':');
            self.behind_colon(out, value, column);
        }
    }

    fn behind_colon(&mut self, out: &mut String, value: &Value, column: usize) {
        let deeper = match value {
            Value::Object(entries) if !entries.is_empty() => Some(self.step),
            Value::Array(items) if !items.is_empty() => Some(self.dash),
            _ => None,
        };
        if let Some(deeper) = deeper
            && !self.random.chance(self.flow)
        {
            self.end_of_line(out);
            return self.lines(out, value, column + deeper);
        }
        if let Value::String(text) = value
            && text.contains('\n')
            // A blank line behind it would belong to a block scalar that keeps its own.
            && (self.comments == 0 || !text.ends_with("\n\n"))
            && self.random.chance(70)
        {
            return self.literal(out, text, column);
        }
        if !(value.is_null() && self.random.chance(40)) {
            out.push_str(if self.random.chance(5) { "  " } else { " " });
            self.inline(out, value);
        }
        self.end_of_line(out);
    }

    /// A block scalar, with the text indented one step.
    fn literal(&mut self, out: &mut String, text: &str, column: usize) {
        out.push_str(match (text.ends_with("\n\n"), text.ends_with('\n')) {
            (true, _) => " |+",
            (_, true) => " |",
            _ => " |-",
        });
        self.end_of_line(out);
        for line in text.split_terminator('\n') {
            if !line.is_empty() {
                out.push_str(blanks(column + self.step));
            }
            out.extend([line, "\n"]);
        }
    }

    fn sequence(&mut self, out: &mut String, items: &[Value], column: usize) {
        for item in items {
            self.noise(out, column);
            let start = out.len();
            self.lines(out, item, column + "- ".len());
            let first = out[start..].lines().next().unwrap_or_default().trim_start();
            // A comment cannot stand between the dash and what follows it on the line.
            if first.starts_with('#') || first.is_empty() {
                out.insert_str(start, "-\n");
                out.insert_str(start, blanks(column));
            } else {
                out.replace_range(start + column..=start + column, "-");
            }
        }
    }

    fn key(&mut self, out: &mut String, key: &str) {
        match self.random.below(20) {
            0 => out.extend(["\"", key, "\""]),
            1 => out.extend(["'", key, "'"]),
            _ => out.push_str(key),
        }
    }

    fn inline(&mut self, out: &mut String, value: &Value) {
        match value {
            Value::Null => out.push_str(self.random.pick::<&str>(&["null", "~", "Null", "NULL"])),
            Value::Object(entries) => {
                let start = out.len();
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    self.key(out, key);
                    out.push_str(": ");
                    self.inline(out, value);
                }
                self.brackets(out, start, '{', '}');
            }
            Value::Array(items) => {
                let start = out.len();
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    self.inline(out, item);
                }
                self.brackets(out, start, '[', ']');
            }
            Value::String(text) => self.text(out, text),
            _ => *out += &value.to_string(),
        }
    }

    /// Puts what has been written since `start` in brackets.
    fn brackets(&mut self, out: &mut String, start: usize, open: char, close: char) {
        let is_empty = out.len() == start;
        let pad = if self.random.chance(20) { " " } else { "" };
        if !is_empty && self.random.chance(10) {
            out.push(',');
        }
        out.insert_str(start, pad);
        out.insert(start, open);
        out.push_str(pad);
        out.push(close);
    }

    fn text(&mut self, out: &mut String, text: &str) {
        match self.random.below(4) {
            0 if !text.contains(['\n', '\'']) => out.extend(["'", text, "'"]),
            1 | 2 if may_be_plain(text) => out.push_str(text),
            _ => *out += &Value::from(text).to_string(),
        }
    }

    /// Ends the line, at times with a comment.
    fn end_of_line(&mut self, out: &mut String) {
        if self.random.chance(self.comments) {
            let comments = [" # why", " # {a: b}", "   # replicas: 3", " #"];
            out.push_str(self.random.pick::<&str>(&comments));
        }
        out.push('\n');
    }

    /// Comments and blank lines between entries, also at odd columns.
    fn noise(&mut self, out: &mut String, column: usize) {
        if !self.random.chance(self.comments) {
            return;
        }
        match self.random.below(4) {
            _ if column == 0 => out.push_str("# at the margin\n"),
            0 => out.push('\n'),
            1 => out.push_str("# at the margin\n"),
            2 => out.extend([blanks(column), "# - name: commented-out\n"]),
            _ => out.extend([blanks(column + 2), "# deeper: {}\n\n"]),
        }
    }
}

/// So many blanks; no manifest is nested deeper.
fn blanks(count: usize) -> &'static str {
    const BLANKS: &str =
        "                                                                                ";
    &BLANKS[..count]
}

/// Whether `text` means itself without quotes.
fn may_be_plain(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-".contains(&byte);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(is_word)
        && !["on", "off", "yes", "no", "true", "false", "null", "y", "n"].contains(&text)
}
