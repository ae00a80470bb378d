//! Quoted scalars that end on their line.

/// A quoted scalar.
pub(super) struct Quoted {
    /// Behind the closing quote.
    pub end: usize,
    /// Its text, where that is not what stands between the quotes.
    pub text: Option<String>,
}

/// The scalar in double quotes at `start`; `None` where it does not end on its line or has an
/// escape that is rarely seen.
pub(super) fn double(source: &str, start: usize) -> Option<Quoted> {
    let bytes = source.as_bytes();
    let mut text: Option<String> = None;
    let mut copied = start + 1;
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => break,
            b'\n' => return None,
            b'\\' => {
                let meaning = escape(*bytes.get(at + 1)?)?;
                let text = text.get_or_insert_default();
                text.push_str(&source[copied..at]);
                text.push(meaning);
                at += 2;
                copied = at;
            }
            _ => at += 1,
        }
    }
    if let Some(text) = &mut text {
        text.push_str(&source[copied..at]);
    }
    Some(Quoted { end: at + 1, text })
}

fn escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        b'n' => '\n',
        b't' => '\t',
        _ => return None,
    })
}

/// The scalar in single quotes at `start`; `None` where it does not end on its line.
pub(super) fn single(source: &str, start: usize) -> Option<Quoted> {
    let bytes = source.as_bytes();
    let mut at = start + 1;
    let mut doubled = false;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => {
                doubled = true;
                at += 2;
            }
            (b'\'', _) => break,
            (b'\n', _) => return None,
            _ => at += 1,
        }
    }
    let text = doubled.then(|| source[start + 1..at].replace("''", "'"));
    Some(Quoted { end: at + 1, text })
}
