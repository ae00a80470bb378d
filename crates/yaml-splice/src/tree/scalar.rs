//! What a plain scalar means to go-yaml v2, the YAML reader of kubectl and the API server.

/// The value of a scalar as the API server's YAML reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~` or nothing.
    Null,
    /// A YAML 1.1 boolean: `true`, `false`, and `y`, `n`, `yes`, `no`, `on`, `off` in their spellings.
    Bool(bool),
    /// An integer in any of the notations: `10`, `010` (octal), `0x1F`, `0b11`, `0o17`, `1_000`.
    Int(i128),
    /// A number with a point or an exponent.
    Float(f64),
    /// Text.
    Text(&'a str),
}

impl Scalar<'_> {
    /// The whole number that it is, in the form of a float as well: `4.0` is `4` in the JSON that the
    /// API server gets.
    pub fn whole(&self) -> Option<i128> {
        match *self {
            Self::Int(value) => Some(value),
            // Exact: floats of that size are.
            #[expect(clippy::cast_possible_truncation)]
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Some(value as i128),
            _ => None,
        }
    }
}

/// Resolves a plain scalar by the rules of go-yaml, the reader of kubectl and of the API server.
///
/// Source: `resolve.go` of sigs.k8s.io/yaml/goyaml.v2. `y` and `n` are booleans
/// there.
pub fn resolve(plain: &str) -> Scalar<'_> {
    // Most text begins like no number and like none of the words.
    let begins = |byte: u8| byte.is_ascii_alphabetic() && !b"nNtTyYoOfF".contains(&byte);
    if plain.bytes().next().is_some_and(begins) {
        return Scalar::Text(plain);
    }
    match plain {
        _ if is_null(plain) => Scalar::Null,
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        _ => integer(plain)
            .map(Scalar::Int)
            .or_else(|| float(plain).map(Scalar::Float))
            .unwrap_or(Scalar::Text(plain)),
    }
}

/// Whether a plain scalar is `null` to that reader.
pub(crate) fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

/// An integer in Go's notation with base 0: a prefix, or a leading zero for octal.
fn integer(plain: &str) -> Option<i128> {
    if !plain.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        return None;
    }
    // Nearly every number, and what begins like one: `250m`, `25%`.
    if matches!(plain.as_bytes(), [b'1'..=b'9', ..]) && !plain.contains('_') {
        return plain.parse().ok();
    }
    let text = plain.replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((radix, lower.strip_prefix(prefix)?)))
        .unwrap_or_else(|| match lower.strip_prefix('0') {
            Some(rest) if !rest.is_empty() => (8, rest),
            _ => (10, lower.as_str()),
        });
    let signless = digits.starts_with(|c: char| c.is_ascii_alphanumeric());
    let value = i128::from_str_radix(digits, radix).ok();
    value.filter(|_| signless).map(|value| sign * value)
}

fn float(plain: &str) -> Option<f64> {
    match plain {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let is_numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE_".contains(&byte);
    let first = plain.bytes().next()?;
    let begins_number = first.is_ascii_digit() || b"+-.".contains(&first);
    if !begins_number
        || !plain.bytes().all(is_numeric)
        || !plain.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    // Behind a point Go asks for digits on both sides of each.
    if first == b'.' && !are_between_digits(plain) {
        return None;
    }
    let value = plain.replace('_', "").parse::<f64>().ok();
    // What is too large is text.
    value.filter(|value| value.is_finite())
}

/// Whether each `_` of `number` stands between digits.
fn are_between_digits(number: &str) -> bool {
    let bytes = number.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut found = number.match_indices('_');
    found.all(|(at, _)| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
}

/// Whether every reader of YAML, 1.1 or 1.2, takes `text` written plain for this very text.
///
/// Used before a value is inserted without quotes: in doubt the answer is no.
pub(crate) fn is_clearly_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let is_safe = |byte: &u8| SAFE[usize::from(*byte)];
    first.is_ascii_alphabetic() && *last != b' ' && bytes.iter().all(is_safe) && !is_special(text)
}

/// The bytes that are part of a plain scalar to every reader, wherever they follow a letter.
static SAFE: [bool; 256] = safe();

const fn safe() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b' ' | b'_' | b'.' | b'/' | b'-' | b'=' | b',' | b'(' | b')' | b'@' | b'+'
            );
        byte += 1;
    }
    table
}

/// Words that some readers take for a boolean or for null.
fn is_special(word: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let first = word.bytes().next().map(|byte| byte.to_ascii_lowercase());
    let begins_like_one = matches!(first, Some(b'y' | b'n' | b'o' | b't' | b'f'));
    begins_like_one
        && word.len() <= 5
        && WORDS
            .iter()
            .any(|special| word.eq_ignore_ascii_case(special))
}

/// Whether `plain` is text for every reader, YAML 1.1 or 1.2, and so the same as a quoted scalar.
pub(crate) fn is_text_for_all(plain: &str) -> bool {
    let Some(first) = plain.bytes().next() else {
        return false;
    };
    let numeric = first.is_ascii_digit() || b"+-.=<~".contains(&first);
    !is_special(plain)
        && (!numeric || (matches!(resolve(plain), Scalar::Text(_)) && has_letters(plain)))
}

/// Letters that no number, date or time has.
fn has_letters(plain: &str) -> bool {
    plain
        .chars()
        .any(|c| c.is_alphabetic() && !"xXoObBeEtTzZaAcCdDfFnNiI".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, value) in [
            ("10", 10),
            ("010", 8),
            ("03", 3),
            ("0", 0),
            ("-5", -5),
            ("+5", 5),
            ("0x1F", 31),
            ("0o10", 8),
            ("0b11", 3),
            ("1_000", 1000),
        ] {
            assert_eq!(resolve(text), Scalar::Int(value), "{text}");
        }
        assert_eq!(resolve("08"), Scalar::Float(8.0));
        assert_eq!(resolve("1e3"), Scalar::Float(1000.0));
        assert_eq!(resolve("3.0"), Scalar::Float(3.0));
        assert_eq!(resolve(".1_0"), Scalar::Float(0.1));
        assert_eq!(resolve("1_0.5"), Scalar::Float(10.5));
        for text in ["_1", "_", "._1", ".1_", "e1", "1e400"] {
            assert_eq!(resolve(text), Scalar::Text(text), "{text}");
        }
    }

    #[test]
    fn whole_numbers_in_the_form_of_floats() {
        for (text, value) in [
            ("4", Some(4)),
            ("4.0", Some(4)),
            ("4e0", Some(4)),
            ("4.5", None),
            ("a", None),
        ] {
            assert_eq!(resolve(text).whole(), value, "{text}");
        }
    }

    #[test]
    fn words_that_are_text_or_not() {
        assert_eq!(resolve("off"), Scalar::Bool(false));
        assert_eq!(resolve("y"), Scalar::Bool(true));
        assert_eq!(resolve("1.2.3"), Scalar::Text("1.2.3"));
        assert_eq!(resolve("--5"), Scalar::Text("--5"));
    }

    #[test]
    fn only_clearly_plain_text_goes_without_quotes() {
        for text in [
            "web",
            "spot-distribution.dev/applied",
            "strategy=floor replicas=10",
        ] {
            assert!(is_clearly_plain(text), "{text}");
        }
        for text in [
            "10",
            "on",
            "Y",
            "",
            "a: b",
            "a #b",
            "2001-01-01",
            ".inf",
            "a ",
        ] {
            assert!(!is_clearly_plain(text), "{text}");
        }
    }
}
