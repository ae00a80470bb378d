//! Bytes as text and text as YAML; what is wrong with either is a finding.

use std::borrow::Cow;

use yaml_splice::{Stream, YamlError};

use crate::findings::{Code, Finding};
use crate::krm::{ResourceError, template};

/// The input as text.
///
/// # Errors
/// A finding that names the encoding, or the line with the first byte that is not UTF-8.
pub fn text(input: &[u8]) -> Result<&str, Finding> {
    if let Some(encoding) = other_encoding(input) {
        let message = format!(
            "the input is {encoding}, expected UTF-8: convert it first, such as with iconv -f {encoding} -t UTF-8"
        );
        return Err(Finding::error(Code::InvalidInput, message));
    }
    std::str::from_utf8(input).map_err(|error| {
        let at = error.valid_up_to();
        let line = input[..at].split(|&byte| byte == b'\n').count();
        let byte = input.get(at).copied().unwrap_or_default();
        let latin = as_latin(byte);
        let message =
            format!("the input is not UTF-8: line {line} holds the byte 0x{byte:02X}{latin}");
        Finding::error(Code::InvalidInput, message)
    })
}

/// The encoding that a byte order mark names, or that shows in the zero bytes of the first
/// characters, which in YAML and JSON are ASCII. Source: section 5.2 of YAML 1.2.2.
fn other_encoding(input: &[u8]) -> Option<&'static str> {
    match *input {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=0xff, ..] => Some("UTF-32BE"),
        [0xff, 0xfe, 0, 0, ..] | [1..=0xff, 0, 0, 0, ..] => Some("UTF-32LE"),
        [0xfe, 0xff, ..] | [0, 1..=0xff, ..] => Some("UTF-16BE"),
        [0xff, 0xfe, ..] | [1..=0xff, 0, ..] => Some("UTF-16LE"),
        _ => None,
    }
}

/// What `byte` is in the encoding that most text of one byte a character is in.
fn as_latin(byte: u8) -> String {
    if byte < 0xa0 {
        return String::new();
    }
    format!(
        ", which is {} in ISO-8859-1; if that is its encoding, convert it first, such as with iconv -f \
         ISO-8859-1 -t UTF-8",
        char::from(byte)
    )
}

/// The text as YAML.
///
/// # Errors
/// A finding with line and column, which says where a template has not been rendered.
pub fn parse(text: &str) -> Result<Stream<'_>, Finding> {
    Stream::parse(text).map_err(|error| syntax(text, &error))
}

/// What the parser says of a second document that follows the first without a `---`.
const NO_SEPARATOR: &str = "did not find expected <document start>";

/// What to do then.
const SEPARATE: &str = "; put --- on a line of its own between two documents";

fn syntax(text: &str, error: &YamlError) -> Finding {
    let hint: Cow<'_, str> = if template::breaks(text, error) {
        "; this looks like a template: render it first".into()
    } else if let Some((line, space)) = odd_space(text, error) {
        let code = u32::from(space);
        format!("; line {line} holds U+{code:04X}, a white space that is none in YAML").into()
    } else if error.to_string().ends_with(NO_SEPARATOR) {
        SEPARATE.into()
    } else {
        "".into()
    };
    Finding::error(Code::InvalidInput, format!("{error}{hint}"))
}

/// A character that nobody sees, on the line that `error` names or the one above it, whose key it may have
/// moved: what is copied from a web page has such spaces.
fn odd_space(text: &str, error: &YamlError) -> Option<(usize, char)> {
    let last = error.position()?.line;
    let is_odd = |c: &char| !c.is_ascii() && (c.is_whitespace() || *c == '\u{200b}');
    let lines = text.lines().zip(1..=last).skip(last.saturating_sub(2));
    let odd = lines.filter_map(|(line, number)| Some((number, line.chars().find(is_odd)?)));
    odd.last()
}

/// The finding for an item that is not an object.
pub fn bad_item(error: &ResourceError) -> Finding {
    let (code, hint) = match error {
        ResourceError::Yaml(YamlError::DuplicateKey { key, .. }) if is_of_every_object(key) => {
            (Code::AmbiguousYaml, SEPARATE)
        }
        ResourceError::Yaml(_) => (Code::AmbiguousYaml, ""),
        _ => (Code::InvalidInput, ""),
    };
    Finding::error(code, format!("{error}{hint}"))
}

/// Whether every object has the field `key`: twice in one mapping they are mostly two objects.
fn is_of_every_object(key: &str) -> bool {
    matches!(key, "apiVersion" | "kind")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_that_are_none_are_named() {
        for (text, hint) in [
            (
                "a:\n\u{a0} b: 2\n  c: 3\n",
                "; line 2 holds U+00A0, a white space that is none in YAML",
            ),
            (
                "a: 1\u{2028}b: 2\n",
                "; line 1 holds U+2028, a white space that is none in YAML",
            ),
            (
                "a: 1\n\u{85}\n",
                "; line 2 holds U+0085, a white space that is none in YAML",
            ),
            ("# \u{a0}\na: 1\nb: 2\nc: [\n", ""),
        ] {
            let finding = parse(text).unwrap_err();
            let error = Stream::parse(text).unwrap_err().to_string();
            assert_eq!(finding.message.strip_prefix(&error), Some(hint), "{text:?}");
        }
    }

    #[test]
    fn encodings_are_named() {
        let utf16 = |text: &str, bom: bool, order: fn(u16) -> [u8; 2]| {
            let mark = bom.then_some('\u{feff}' as u16);
            let units = mark.into_iter().chain(text.encode_utf16());
            units.flat_map(order).collect::<Vec<_>>()
        };
        for bom in [false, true] {
            let little = utf16("kind: List\n", bom, u16::to_le_bytes);
            assert_eq!(other_encoding(&little), Some("UTF-16LE"));
            let big = utf16("kind: List\n", bom, u16::to_be_bytes);
            assert_eq!(other_encoding(&big), Some("UTF-16BE"));
        }
        assert_eq!(other_encoding(b"k\0\0\0i\0\0\0"), Some("UTF-32LE"));
        assert_eq!(other_encoding(b"\0\0\0k\0\0\0i"), Some("UTF-32BE"));
        assert_eq!(other_encoding("\u{feff}kind".as_bytes()), None);
        assert_eq!(other_encoding(b""), None);
        assert_eq!(other_encoding(b"a"), None);
    }
}
