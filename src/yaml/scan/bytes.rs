//! Which bytes mean what.

const KEY: u8 = 1;
const PLAIN: u8 = 2;
const STARTS_PLAIN: u8 = 4;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut b: u8 = 0;
    loop {
        let byte = b as usize;
        let word = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/');
        if word || b == b'-' {
            table[byte] |= KEY;
        }
        // Everything but what may end a plain scalar. Bytes of other scripts have been checked.
        if !matches!(b, b'\n' | b' ' | b':' | b'#') {
            table[byte] |= PLAIN;
        }
        if word
            || matches!(
                b,
                b'$' | b'(' | b'+' | b'<' | b'=' | b'^' | b'~' | b'\\' | b';'
            )
        {
            table[byte] |= STARTS_PLAIN;
        }
        if b == u8::MAX {
            return table;
        }
        b += 1;
    }
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// Whether a key may hold the byte.
pub(super) fn is_key(byte: u8) -> bool {
    is(byte, KEY)
}

/// Whether a plain scalar may begin with the byte, whatever follows.
pub(super) fn starts_plain(byte: u8) -> bool {
    is(byte, STARTS_PLAIN)
}

/// Whether the byte belongs to a plain scalar whatever stands around it.
pub(super) fn is_plain(byte: u8) -> bool {
    is(byte, PLAIN)
}

/// Whether `text` holds nothing but line feeds and printable ASCII.
pub(super) fn is_printable_ascii(text: &[u8]) -> bool {
    // Without an early exit inside of a block the compiler checks many bytes at a time.
    let odd = |byte: &u8| (*byte < b' ' && *byte != b'\n') || *byte > b'~';
    text.chunks(4096)
        .all(|block| !block.iter().fold(false, |found, byte| found | odd(byte)))
}

/// Whether every reader takes every character of `text` for what it is: no tabs or other controls,
/// no line separators that some take for line breaks, no byte order marks.
pub(super) fn is_plain_text(text: &str) -> bool {
    text.chars().all(|c| match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}' => true,
        _ => false,
    })
}
