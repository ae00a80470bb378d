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

/// Whether nothing of `text` has to change: it is printable ASCII without two signs of a command together.
fn is_visible(text: &[u8]) -> bool {
    let Some((last, bytes)) = text.split_last() else {
        return true;
    };
    let next = &text[1..];
    // Sixteen bytes at a time, at the end with some of those before them.
    let ends = match (bytes.last_chunk::<16>(), next.last_chunk::<16>()) {
        (Some(end), Some(next)) => are_visible(end, next),
        _ => are_visible(bytes, next),
    };
    let chunks = bytes.as_chunks::<16>().0.iter();
    let mut chunks = chunks.zip(next.as_chunks::<16>().0);
    are_visible(&[*last], &[0]) && ends && chunks.all(|(chunk, next)| are_visible(chunk, next))
}

/// Whether each of `bytes` is, in front of the one of `next`.
fn are_visible(bytes: &[u8], next: &[u8]) -> bool {
    let is_doubled = |byte: &u8, next: &u8| (byte == next) & matches!(byte, b'#' | b':');
    let pairs = bytes.iter().zip(next);
    pairs.fold(true, |all, (byte, next)| {
        all & matches!(byte, b' '..=b'~') & !is_doubled(byte, next)
    })
}

/// Control characters, spaces other than the usual one, line breaks of YAML 1.1, and what changes the
/// direction of text.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{200b}' | '\u{feff}')
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

    #[test]
    fn what_is_visible_does_not_depend_on_where_it_stands() {
        for length in 0..40 {
            for at in 0..=length {
                for (nasty, is_visible) in [("::", false), ("\u{7f}", false), (":#:", true)] {
                    let text = format!("{}{nasty}{}", "a".repeat(at), "b".repeat(length - at));
                    assert_eq!(visible(&text) == text, is_visible, "{text:?}");
                }
            }
        }
    }
}
