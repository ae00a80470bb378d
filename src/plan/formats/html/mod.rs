//! The plan as one HTML page that needs neither network nor script.

mod bars;
mod page;
mod rows;

use crate::findings::visible;
use crate::plan::Plan;

/// The plan as a page.
pub fn html(plan: &Plan) -> String {
    page::page(plan)
}

/// The text as itself within an element or a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        push(&mut out, c);
    }
    out
}

/// As [`escaped`], with its line breaks.
fn escaped_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(escaped).collect();
    lines.join("\n")
}

fn push(out: &mut String, c: char) {
    match c {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
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
