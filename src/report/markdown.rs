//! Parts of markdown, of the kind that GitHub and GitLab read.

use super::text::visible;

/// A table; the first `texts` columns are text, the others numbers.
pub fn table(
    headings: &[&str],
    texts: usize,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let rule = |(index, _): (usize, &&str)| if index < texts { "---" } else { "---:" };
    let rule: Vec<_> = headings.iter().enumerate().map(rule).collect();
    let mut lines = vec![
        format!("| {} |", headings.join(" | ")),
        format!("| {} |", rule.join(" | ")),
    ];
    lines.extend(
        rows.into_iter()
            .map(|row| format!("| {} |", row.join(" | "))),
    );
    lines.join("\n")
}

/// A part that is folded until somebody opens it.
pub fn details(summary: &str, content: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>")
}

/// A name as code, where that needs no escapes.
pub fn code(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/() :".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        format!("`{text}`")
    } else {
        escaped(text)
    }
}

/// The text as itself: no markup, no HTML, no mention of anybody, one line.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A comment within keeps it from being a mention or a reference.
            '@' | '#' => out.extend([c.to_string().as_str(), "<!-- -->"]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_manifest_stays_text() {
        assert_eq!(code("Deployment/web"), "`Deployment/web`");
        assert_eq!(code("a`b|c"), "a\\`b\\|c");
        assert_eq!(
            escaped("<b> [x](y) @team #1\nz"),
            "&lt;b&gt; \\[x\\](y) @<!-- -->team #<!-- -->1\\\\u{a}z"
        );
    }
}
