//! Writes block style that is nasty and valid.

/// How deep collections in a generated text are nested at most.
const DEPTH: usize = 12;

/// Writes a text as its choices say; where they end, the shortest way to the end.
pub(super) struct Writer {
    choices: std::vec::IntoIter<u16>,
    text: String,
    /// Whether there may be something that only the full parser understands.
    is_exotic: bool,
    /// How many anchors there are, and how many of them aliases can no longer name.
    anchors: [usize; 2],
}

impl Writer {
    /// The text that `choices` say; where `is_exotic`, with items that are handed over.
    pub fn text(choices: Vec<u16>, is_exotic: bool) -> String {
        let mut writer = Self {
            choices: choices.into_iter(),
            text: String::new(),
            is_exotic: false,
            anchors: [0; 2],
        };
        for document in 0..=writer.below(3) {
            writer.noise();
            if document > 0 || writer.below(2) == 1 {
                writer.text.push_str("---\n");
            }
            writer.noise();
            if writer.below(8) == 7 {
                let column = writer.below(3);
                writer.indent(column);
                writer.flow(0, 8);
                writer.end_of_line();
                writer.noise();
                // Nothing may follow it in its document.
                writer.text.push_str("---\n");
            }
            writer.mapping(0, 0);
            // Items of the outermost list are handed over each by itself.
            writer.is_exotic = is_exotic;
            writer.text.push_str("items:\n");
            let column = writer.below(3);
            writer.list(column, 1);
            writer.is_exotic = false;
        }
        writer.text
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.choices.next().unwrap_or(0)) % limit
    }

    fn pick(&mut self, from: &[&str]) {
        let index = self.below(from.len());
        self.text.push_str(from[index]);
    }

    fn indent(&mut self, column: usize) {
        self.text.extend(std::iter::repeat_n(' ', column));
    }

    /// Lines that mean nothing.
    fn noise(&mut self) {
        for _ in 0..self.below(8).saturating_sub(5) {
            let column = self.below(12);
            self.indent(column);
            self.pick(&["\n", "# c: d\n", "#\n", "# - \"é'{[|\n", "#--- a\n"]);
        }
    }

    fn end_of_line(&mut self) {
        self.pick(&["\n", "\n", "\n", "  \n", " # c\n", "   #: \"\n"]);
    }

    fn key(&mut self) {
        if self.below(40) == 39 {
            let length = 990 + self.below(20);
            self.text.extend(std::iter::repeat_n('k', length));
        } else if self.below(8) == 7 {
            self.pick(&[
                "\"a\"",
                "'it''s'",
                "\"\"",
                "\"b: #\\t\"",
                "' - '",
                "\"é\"",
                "\"<<\"",
            ]);
        } else {
            self.pick(&[
                "a",
                "bc",
                "k8s.io/d-e",
                "1",
                "null",
                "true",
                "x-",
                "y_.",
                "0x1F",
            ]);
        }
        self.text.push(':');
    }

    /// The entries of a mapping whose first key stands where the text ends, or on a new line.
    fn mapping(&mut self, column: usize, depth: usize) {
        for entry in 0..=self.below(4) {
            if depth == 0 {
                self.anchors[1] = self.anchors[0];
            }
            let is_behind_dash = entry == 0 && !self.text.is_empty() && !self.text.ends_with('\n');
            if !is_behind_dash {
                self.noise();
                self.indent(column);
            }
            self.key();
            self.value(column, depth, 0);
        }
    }

    fn list(&mut self, column: usize, depth: usize) {
        for _ in 0..=self.below(4) {
            if depth == 1 {
                self.anchors[1] = self.anchors[0];
            }
            self.noise();
            self.indent(column);
            self.text.push('-');
            if depth < DEPTH && self.below(2) == 1 {
                let spaces = 1 + self.below(3);
                self.indent(spaces);
                self.mapping(column + 1 + spaces, depth + 1);
            } else {
                self.value(column, depth, 1);
            }
        }
    }

    /// What stands behind a key, or behind a dash, below which a list has to stand `deeper`.
    fn value(&mut self, column: usize, depth: usize, deeper: usize) {
        let below = column + 1 + self.below(5);
        let choice = self.below(12);
        if self.below(8) == 7 && matches!(choice, 2..=5 | 10..) {
            self.anchor();
        }
        match choice {
            // A dash with nothing behind it is not for the scanner.
            1 if deeper == 0 => self.end_of_line(),
            2 => self.literal(below),
            3 if depth < DEPTH => {
                self.end_of_line();
                self.mapping(below, depth + 1);
            }
            4 if depth < DEPTH => {
                self.end_of_line();
                let column = column + deeper + self.below(4);
                self.list(column, depth + 1);
            }
            5 => {
                self.text.push(' ');
                self.flow(column + 1, 4);
                self.end_of_line();
            }
            7 => self.alias(),
            6 if self.is_exotic => self.exotic(below),
            _ => self.scalar(),
        }
    }

    fn anchor(&mut self) {
        self.pick(&[" &n", "  &n"]);
        self.text += &self.anchors[0].to_string();
        self.anchors[0] += 1;
    }

    fn alias(&mut self) {
        let [all, unknown] = self.anchors;
        if all == unknown {
            return self.scalar();
        }
        let name = unknown + self.below(all - unknown);
        self.pick(&[" *n", "   *n"]);
        self.text += &name.to_string();
        self.end_of_line();
    }

    fn scalar(&mut self) {
        self.pick(&[" ", " ", "   "]);
        self.pick(&[
            "x",
            "y z",
            "-1",
            "--v",
            "a:b",
            "a#b",
            "$(X)",
            "é",
            "\"\"",
            "''",
            "\"q: # \"",
            "'it''s'",
            "\"\\\"\\n\\\\\"",
            "'\"'",
            "\"'\"",
            "~",
            "null",
            "\\n",
            "a,b]}",
            "-:-",
            "<<",
            "=",
            "(x)",
            "1e3",
            "^a&b*c!d",
        ]);
        self.end_of_line();
    }

    fn literal(&mut self, column: usize) {
        self.pick(&[" |", " |-", "  |"]);
        self.end_of_line();
        for _ in 0..self.below(4).saturating_sub(2) {
            let spaces = self.below(column + 1);
            self.indent(spaces);
            self.text.push('\n');
        }
        self.indent(column);
        self.text.push_str("t\n");
        for _ in 0..self.below(5) {
            let deeper = self.below(4);
            self.indent(column + deeper);
            self.pick(&[
                "u\n",
                "\n",
                "# no comment\n",
                "- a: 'b\n",
                "---\n",
                "\u{a0}v w  \n",
            ]);
        }
    }

    /// A collection in brackets, whose further lines stand at `column` or deeper.
    fn flow(&mut self, column: usize, depth: usize) {
        let is_mapping = self.below(2) == 1;
        self.text.push(if is_mapping { '{' } else { '[' });
        self.gap(column);
        for entry in 0..self.below(5) {
            if entry > 0 {
                self.gap(column);
                self.text.push(',');
                self.gap(column);
            }
            if is_mapping {
                self.flow_key(column);
            }
            if depth > 0 && self.below(4) == 3 {
                self.flow(column, depth - 1);
            } else {
                self.flow_scalar();
            }
        }
        self.gap(column);
        self.text.push(if is_mapping { '}' } else { ']' });
    }

    /// What may stand between two things in brackets.
    fn gap(&mut self, column: usize) {
        match self.below(8) {
            1..4 => self.text.push(' '),
            4 => self.text.push_str("   "),
            5 => {
                self.pick(&["\n", " \n", "\n\n", "\n \n"]);
                let column = column + self.below(4);
                self.indent(column);
            }
            _ => {}
        }
    }

    fn flow_key(&mut self, column: usize) {
        let is_long = self.below(40) == 39;
        let is_quoted = self.below(2) == 1;
        if is_long {
            let length = 990 + self.below(20);
            let quote = if is_quoted { "\"" } else { "" };
            self.text += quote;
            self.text.extend(std::iter::repeat_n('k', length));
            self.text += quote;
        } else if is_quoted {
            self.pick(&["\"b c\"", "'d'", "\"\"", "\"e\\u0041\"", "'f'': '"]);
        } else {
            self.pick(&["a", "e-f/g", "-1", "true", "1+2"]);
        }
        self.text.push(':');
        if !is_quoted {
            self.pick(&[" ", "\n"]);
            if self.text.ends_with('\n') {
                self.indent(column);
            }
        }
        self.gap(column);
    }

    fn flow_scalar(&mut self) {
        self.pick(&[
            "x",
            "1",
            "-1.5e+10",
            "-x",
            "null",
            "a-b",
            "\"]\"",
            "'}'",
            "\"\"",
            "\": #\"",
            "\"\\u003c\\u00e9\\u0000\"",
            "\"\\/\\b\\f\\r\\t\"",
            "'it''s'",
            "\"é\\n\"",
        ]);
    }

    /// A value that only the full parser understands, its further lines at `column`.
    fn exotic(&mut self, column: usize) {
        let lines: &[&str] = match self.below(9) {
            0 => &[" >\n", "a\n", " b\n", "c\n"],
            1 => &[" \"a\n", "b\n", "c\"\n"],
            2 => &[" a\n", "b\n", "c # d\n"],
            3 => &[" !!str 1\n"],
            4 => &[" &x\n", "a: *x\n"],
            5 => &[" {a: [b,\n", "c], d,\n", "e:}\n"],
            6 => &["\n", "? a\n", ": b\n", "? c\n"],
            7 => &[" !t # c\n", "- - a\n", "-\n", "- {}\n"],
            _ => &["\t'a' # b\n", "# c\n"],
        };
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.blank_lines();
                self.indent(column);
            }
            self.text.push_str(line);
        }
    }

    /// Blank lines, which mean something in some scalars.
    fn blank_lines(&mut self) {
        if self.below(5) == 4 {
            self.pick(&["\n", "  \n", "\n\n"]);
        }
    }
}
