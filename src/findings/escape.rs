//! Making text safe to print: the one function for every form of output.

use std::borrow::Cow;

/// `text` in one line with everything visible: neither a manifest nor a configuration can move the
/// cursor, begin a line of its own, turn text around, or give a CI system a command (`##[error]`,
/// `##vso[...]`, `::error::`, which some accept behind spaces and so behind a wrapped line).
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_visible(text.as_bytes()) {
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

/// Whether nothing of `text` has to change. Without an early exit many bytes are checked at a time.
fn is_visible(text: &[u8]) -> bool {
    let is_plain = |plain, byte: &u8| plain & matches!(byte, b' '..=b'~');
    let is_doubled = |(one, next): (&u8, &u8)| (one == next) & matches!(one, b'#' | b':');
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    text.iter().fold(true, is_plain) && !pairs.fold(false, |found, pair| found | is_doubled(pair))
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
