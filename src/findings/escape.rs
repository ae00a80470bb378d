//! Making text safe to print: the one function for every form of output.

use std::borrow::Cow;

/// `text` in one line with everything visible: neither a manifest nor a configuration can move the
/// cursor, begin a line of its own, turn text around, or give a CI system a command (`##[error]`,
/// `##vso[...]`, `::error::`, which some accept behind spaces and so behind a wrapped line).
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let is_doubled = |c: char, doubled: &str| text.contains(c) && text.contains(doubled);
    if is_plain && !is_doubled('#', "##") && !is_doubled(':', "::") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) || (matches!(c, '#' | ':') && out.ends_with(c)) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Control characters, line breaks of YAML 1.1, and what changes the direction of text.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_for_a_ci_system_and_no_text_turned_around() {
        let nasty =
            "##[error]a ##vso[task.setvariable]b \u{202e}c\u{2069} \u{1b}]8;;http://x\u{7}d";
        assert_eq!(
            visible(nasty),
            "#\\u{23}[error]a #\\u{23}vso[task.setvariable]b \\u{202e}c\\u{2069} \
             \\u{1b}]8;;http://x\\u{7}d"
        );
    }
}
