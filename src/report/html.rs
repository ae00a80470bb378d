//! The frame of a page that needs neither network nor script.

use std::fmt::Write as _;

use super::text::visible;

/// The style of every page.
pub const CSS: &str = include_str!("page.css");

/// The page with that title and content.
pub fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<main>\n{content}</main>\n</body>\n</html>\n"
    )
}

/// Figures that catch the eye, each with its meaning. Both are HTML already.
pub fn tiles<'t>(tiles: impl IntoIterator<Item = (String, &'t str)>) -> String {
    let mut out = String::from("<div class=\"tiles\">");
    for (figure, meaning) in tiles {
        let _ = write!(
            out,
            "<div class=\"tile\"><b>{figure}</b><span>{meaning}</span></div>"
        );
    }
    out.push_str("</div>\n");
    out
}

/// A table of which the first column names the row. Everything is HTML already.
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::from("<div class=\"scroll\"><table>\n<thead><tr>");
    for heading in headings {
        let _ = write!(out, "<th scope=\"col\">{heading}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let mut cells = row.into_iter();
        let name = cells.next().unwrap_or_default();
        let cells = cells.map(|cell| format!("<td>{cell}</td>"));
        let cells = cells.collect::<Vec<_>>().concat();
        let _ = writeln!(out, "<tr><th scope=\"row\">{name}</th>{cells}</tr>");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// The text as itself within an element or a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// As [`escaped`], with its line breaks.
pub fn escaped_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(escaped).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_manifest_stays_text() {
        assert_eq!(
            escaped("<b a=\"1\" c='2'>&\n\u{7}"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{a}\\u{7}"
        );
        assert_eq!(escaped_lines("-a\n+<b>\n"), "-a\n+&lt;b&gt;");
    }
}
