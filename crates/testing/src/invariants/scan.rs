//! The fast scanner: where it takes a text, it finds exactly what the full parser finds.

use yaml_splice::Stream;

/// In how many places a text is put, that of a whole text among them.
pub const PLACES: u8 = 12;

/// The law on any bytes: the first one chooses the place that the others are put in.
pub fn check(data: &[u8]) {
    if let Some((place, text)) = data.split_first()
        && let Ok(text) = std::str::from_utf8(text)
    {
        is_taken(&placed(text, place % PLACES));
    }
}

/// In how many of all places the scanner takes `text`; the law holds in each.
pub fn taken_places(text: &str) -> usize {
    (0..PLACES)
        .filter(|place| is_taken(&placed(text, *place)))
        .count()
}

/// Whether the scanner takes `text`; what it finds there is what the full parser finds.
pub fn is_taken(text: &str) -> bool {
    let found = Stream::parse_fast(text);
    let in_parts = Stream::parse_fast_in_parts(text);
    assert!(
        found == in_parts,
        "{text:?}\n{text}\nthe scanner finds\n{found:#?}\nin parts\n{in_parts:#?}"
    );
    let Some(fast) = found else {
        return false;
    };
    let full = Stream::parse_fully(text);
    assert!(
        Ok(&fast) == full.as_ref(),
        "{text:?}\n{text}\nthe scanner finds\n{fast:#?}\nthe full parser finds\n{full:#?}"
    );
    true
}

/// `text` as one or several documents, as a list, or as an item of one.
fn placed(text: &str, place: u8) -> String {
    let indent = if place.is_multiple_of(2) { "" } else { "  " };
    let item = |indents_blank| item(text, indent, indents_blank);
    match place {
        0 => text.to_owned(),
        1 => format!("---\n{text}"),
        2 => format!("a: |\n  b\n---\n{text}\n---\nc:\n"),
        3 => format!("kind: L\nitems:\n{text}\nz: 1\n"),
        4 | 5 => format!("items:\n{}", item(false)),
        6 | 7 => format!("items:\n{indent}- e: |\n{indent}    f\n{}", item(false)),
        8 | 9 => {
            let item = item(false);
            format!("items:\n{indent}- e\n{item}\n{indent}- f: g # h\nz:\n  y: 1\n")
        }
        _ => {
            let item = item(true);
            format!("items:\n{indent}- e:\n{item}\n\n# c\n{indent}- f\n---\ng: h\n")
        }
    }
}

/// `text` behind a dash at `indent`; where its blank lines are indented as well, so says the last.
fn item(text: &str, indent: &str, indents_blank: bool) -> String {
    let mut item = format!("{indent}-");
    for (index, line) in text.split('\n').enumerate() {
        if index == 0 {
            item.push(' ');
        } else {
            item.push('\n');
            if indents_blank || !line.trim_end_matches('\r').is_empty() {
                item.push_str(indent);
                item.push_str("  ");
            }
        }
        item.push_str(line);
    }
    item
}
