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

impl<'r> Printer<'r> {
    /// A style that `random` chooses.
    pub fn new(random: &'r mut Random) -> Self {
        let step = *random.pick(&[2, 2, 2, 3, 4]);
        let dash = if random.chance(50) { 0 } else { step };
        let comments = *random.pick(&[0, 0, 10, 30]);
        let flow = *random.pick(&[0, 0, 10, 40]);
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
        match value {
            Value::Object(entries) if !entries.is_empty() => self.mapping(entries, column),
            Value::Array(items) if !items.is_empty() => self.sequence(items, column),
            _ => format!("{}{}\n", " ".repeat(column), self.inline(value)),
        }
    }

    fn mapping(&mut self, entries: &Map<String, Value>, column: usize) -> String {
        let mut out = String::new();
        for (key, value) in entries {
            out += &self.noise(column);
            out += &" ".repeat(column);
            out += &self.key(key);
            out.push(':');
            out += &self.behind_colon(value, column);
        }
        out
    }

    fn behind_colon(&mut self, value: &Value, column: usize) -> String {
        let nested = match value {
            Value::Object(entries) => !entries.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if nested && !self.random.chance(self.flow) {
            let deeper = if value.is_array() {
                self.dash
            } else {
                self.step
            };
            let comment = self.comment_at_end();
            return format!("{comment}\n{}", self.block(value, column + deeper));
        }
        if let Value::String(text) = value
            && text.contains('\n')
            // A blank line behind it would belong to a block scalar that keeps its own.
            && (self.comments == 0 || !text.ends_with("\n\n"))
            && self.random.chance(70)
        {
            return self.literal(text, column);
        }
        if value.is_null() && self.random.chance(40) {
            return format!("{}\n", self.comment_at_end());
        }
        let gap = if self.random.chance(5) { "  " } else { " " };
        format!("{gap}{}{}\n", self.inline(value), self.comment_at_end())
    }

    /// A block scalar, with the text indented one step.
    fn literal(&mut self, text: &str, column: usize) -> String {
        let header = match (text.ends_with("\n\n"), text.ends_with('\n')) {
            (true, _) => "|+",
            (_, true) => "|",
            _ => "|-",
        };
        let mut out = format!(" {header}{}\n", self.comment_at_end());
        for line in text.split_terminator('\n') {
            if !line.is_empty() {
                out += &" ".repeat(column + self.step);
            }
            out += line;
            out.push('\n');
        }
        out
    }

    fn sequence(&mut self, items: &[Value], column: usize) -> String {
        let mut out = String::new();
        for item in items {
            out += &self.noise(column);
            let block = self.block(item, column + 2);
            let first = block.lines().next().unwrap_or_default();
            // A comment cannot stand between the dash and what follows it on the line.
            if first.trim_start().starts_with('#') || first.trim().is_empty() {
                out.extend([&*" ".repeat(column), "-\n", &block]);
            } else {
                out.extend([&*" ".repeat(column), "- ", &block[column + 2..]]);
            }
        }
        out
    }

    fn key(&mut self, key: &str) -> String {
        match self.random.below(20) {
            0 => format!("\"{key}\""),
            1 => format!("'{key}'"),
            _ => key.to_owned(),
        }
    }

    fn inline(&mut self, value: &Value) -> String {
        match value {
            Value::Null => (*self.random.pick(&["null", "~", "Null", "NULL"])).to_owned(),
            Value::Object(entries) => {
                let parts: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.key(key), self.inline(value)))
                    .collect();
                self.brackets('{', &parts, '}')
            }
            Value::Array(items) => {
                let parts: Vec<_> = items.iter().map(|item| self.inline(item)).collect();
                self.brackets('[', &parts, ']')
            }
            Value::String(text) => self.text(text),
            _ => value.to_string(),
        }
    }

    fn brackets(&mut self, open: char, parts: &[String], close: char) -> String {
        let pad = if self.random.chance(20) { " " } else { "" };
        let comma = if !parts.is_empty() && self.random.chance(10) {
            ","
        } else {
            ""
        };
        format!("{open}{pad}{}{comma}{pad}{close}", parts.join(", "))
    }

    fn text(&mut self, text: &str) -> String {
        let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "/.-".contains(c))
            && !["on", "off", "yes", "no", "true", "false", "null", "y", "n"].contains(&text);
        match self.random.below(4) {
            0 if !text.contains(['\n', '\'']) => format!("'{text}'"),
            1 | 2 if plain => text.to_owned(),
            _ => Value::from(text).to_string(),
        }
    }

    fn comment_at_end(&mut self) -> &'static str {
        if self.random.chance(self.comments) {
            let comments = [" # why", " # {a: b}", "   # replicas: 3", " #"];
            self.random.pick::<&str>(&comments)
        } else {
            ""
        }
    }

    /// Comments and blank lines between entries, also at odd columns.
    fn noise(&mut self, column: usize) -> String {
        if !self.random.chance(self.comments) {
            return String::new();
        }
        match self.random.below(4) {
            _ if column == 0 => "# at the margin\n".to_owned(),
            0 => "\n".to_owned(),
            1 => "# at the margin\n".to_owned(),
            2 => format!("{}# - name: commented-out\n", " ".repeat(column)),
            _ => format!("{}# deeper: {{}}\n\n", " ".repeat(column + 2)),
        }
    }
}
