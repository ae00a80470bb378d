//! The name of a file in a unified diff.

use std::fmt::Write as _;

use crate::findings::is_invisible;

/// `path` as Git writes it: in quotes and with escapes where something in it could end the line or move the
/// cursor, or is a quote or a backslash; with a tab behind it where a space would end the name for `patch`.
///
/// Source: `quote_c_style_counted` in Git's `quote.c`, `fn_out_consume` in its `diff.c`.
pub(super) fn patch_name(path: &str) -> String {
    let is_plain = |c: char| !is_invisible(c) && !matches!(c, '"' | '\\');
    let mut name = if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        quoted(path)
    };
    if name.contains(' ') {
        name.push('\t');
    }
    name
}

fn quoted(path: &str) -> String {
    let mut name = String::from('"');
    for c in path.chars() {
        match c {
            '"' | '\\' => name.extend(['\\', c]),
            '\n' => name.push_str("\\n"),
            '\r' => name.push_str("\\r"),
            '\t' => name.push_str("\\t"),
            c if is_invisible(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(name, "\\{byte:03o}");
                }
            }
            c => name.push(c),
        }
    }
    name.push('"');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_git_writes_it() {
        for (path, expected) in [
            ("a/web.yaml", "a/web.yaml"),
            ("a/\u{fc}.yaml", "a/\u{fc}.yaml"),
            ("a/b c.yaml", "a/b c.yaml\t"),
            ("a/b\n--- c.yaml", "\"a/b\\n--- c.yaml\"\t"),
            ("a/\u{1b}[2J\t\r.yaml", "\"a/\\033[2J\\t\\r.yaml\""),
            ("a/\u{202e}b.yaml", "\"a/\\342\\200\\256b.yaml\""),
            ("a/\"b\"\\.yaml", "\"a/\\\"b\\\"\\\\.yaml\""),
        ] {
            assert_eq!(patch_name(path), expected, "{path:?}");
        }
    }
}
