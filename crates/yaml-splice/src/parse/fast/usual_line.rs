//! The usual line: a key with a plain scalar, or a key whose value follows below.
//!
//! Nearly all lines of a manifest are like that. They are read with few instructions, eight bytes at
//! a time; every other line is read the general way. All that is read so is printable ASCII.

use std::ops::Range;

use super::bytes::{self, KEY_LENGTH};
use super::swar;

/// An entry that is a usual line.
pub(super) struct UsualEntry {
    /// The offset of the colon.
    pub colon: usize,
    /// The plain scalar after it, if there is one.
    pub value: Option<Range<usize>>,
    /// Where the next line starts.
    pub next_line: usize,
}

/// The entry whose key begins at `at`; `None` where the line is not a usual one, whatever it is.
#[inline]
pub(super) fn entry(text: &[u8], at: usize) -> Option<UsualEntry> {
    if !bytes::starts_usual_key(*text.get(at)?) {
        return None;
    }
    let colon = swar::word_end(text, at)?;
    let (separator, rest) = text.get(colon..)?.split_first_chunk::<2>()?;
    let value = match separator {
        b":\n" => None,
        b": " if bytes::starts_plain(*rest.first()?) => {
            Some(colon + 2..value_end(text, colon + 2)?)
        }
        _ => return None,
    };
    let end = value.as_ref().map_or(colon + 1, |value| value.end);
    let is_short = colon - at <= KEY_LENGTH;
    is_short.then_some(UsualEntry {
        colon,
        value,
        next_line: end + 1,
    })
}

/// The end of the plain scalar that begins at `at`, where its line ends with it.
#[inline]
pub(super) fn value_end(text: &[u8], at: usize) -> Option<usize> {
    let mut end = swar::word_end(text, at)?;
    loop {
        match text.get(end..)? {
            [b'\n', ..] => return Some(end),
            // Another word; not a comment, and not the space at the end of a line.
            [b' ', next, ..] if *next > b'#' && *next != b':' => {}
            [b':', next, ..] if !matches!(next, b' ' | b'\n' | b'\r') => {}
            _ => return None,
        }
        end = swar::word_end(text, end + 1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&str, Option<&str>, &str)> {
        let entry = entry(text.as_bytes(), 0)?;
        let value = entry.value.map(|value| &text[value]);
        Some((&text[..entry.colon], value, &text[entry.next_line..]))
    }

    #[test]
    fn usual_lines() {
        let rest = "next: line below\n";
        for (line, key, value) in [
            ("image: example/web:1.4\n", "image", Some("example/web:1.4")),
            (
                "app.kubernetes.io/name: a b\n",
                "app.kubernetes.io/name",
                Some("a b"),
            ),
            ("spec:\n", "spec", None),
        ] {
            assert_eq!(found(&format!("{line}{rest}")), Some((key, value, rest)));
        }
    }

    #[test]
    fn all_others_are_left() {
        for line in [
            "a: b # c\n",
            "a: b \n",
            "a:  b\n",
            "a: \"b\"\n",
            "a: |\n",
            "a: b: c\n",
            "a: b:\n",
            "a : b\n",
            "a:b\n",
            "a: b#c\n",
            "- a\n",
            "\"a\": b\n",
            "a: b\r\n",
            "a: -1\n",
            "a: [b]\n",
        ] {
            assert_eq!(found(&format!("{line}next: line below\n")), None, "{line}");
        }
        assert_eq!(found("a: b"), None);
    }
}
