//! Text that is not UTF-8: its encoding is recognised and named, and nothing is written.

use std::fs;

use super::{WEB, command, failure};

fn utf16(order: fn(u16) -> [u8; 2], mark: &str) -> Vec<u8> {
    let text = format!("{mark}{WEB}");
    text.encode_utf16().flat_map(order).collect()
}

fn utf32(order: fn(u32) -> [u8; 4], mark: &str) -> Vec<u8> {
    let text = format!("{mark}{WEB}");
    text.chars().map(u32::from).flat_map(order).collect()
}

/// Every encoding, with what has to be said about it.
fn encoded() -> Vec<(Vec<u8>, &'static str)> {
    let mut all = Vec::new();
    for mark in ["", "\u{feff}"] {
        all.push((utf16(u16::to_le_bytes, mark), "UTF-16LE"));
        all.push((utf16(u16::to_be_bytes, mark), "UTF-16BE"));
        all.push((utf32(u32::to_le_bytes, mark), "UTF-32LE"));
        all.push((utf32(u32::to_be_bytes, mark), "UTF-32BE"));
    }
    let latin = WEB.replace("shop/web", "L\u{e4}den");
    let latin = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
    all.push((
        latin.collect(),
        "line 14 holds the byte 0xE4, which is \u{e4} in ISO-8859-1",
    ));
    all.push((
        format!("{WEB}# ").bytes().chain([0x81]).collect(),
        "line 15 holds the byte 0x81",
    ));
    all
}

#[test]
fn other_encodings_are_named() {
    for (bytes, expected) in encoded() {
        for arguments in [&["apply", "-"][..], &["plan", "-"], &["check", "-"], &[]] {
            let output = command()
                .args(arguments)
                .write_stdin(bytes.clone())
                .output();
            let message = failure(&output.unwrap());
            assert!(message.contains(expected), "{arguments:?}: {message}");
        }
    }
}

#[test]
fn a_file_of_a_folder_is_named_with_its_encoding() {
    for other in ["other.yaml", "other.json"] {
        named_with_its_encoding(other);
    }
}

fn named_with_its_encoding(other: &str) {
    for (bytes, expected) in encoded() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("web.yaml"), WEB).unwrap();
        fs::write(folder.path().join(other), bytes).unwrap();
        let run = |name: &str| {
            let mut command = command();
            command
                .current_dir(folder.path())
                .args([name, "."])
                .output()
                .unwrap()
        };
        let plan = run("plan");
        let shown = String::from_utf8_lossy(&plan.stdout).into_owned();
        let shown: Vec<_> = shown.split_whitespace().collect();
        let shown = shown.join(" ");
        assert_eq!(plan.status.code(), Some(0), "{shown}");
        assert!(shown.contains("Deployment/web"), "{shown}");
        assert!(shown.contains(other), "{shown}");
        assert!(shown.contains(expected), "{shown}");
        let message = failure(&run("apply"));
        assert!(
            message.contains(other) && message.contains(expected),
            "{message}"
        );
    }
}

#[test]
fn a_byte_order_mark_of_utf_8_stays() {
    let input = format!("\u{feff}{}", WEB.replace("replicas: 10", "replicas: 0"));
    let assert = command()
        .args(["apply", "-"])
        .write_stdin(input.clone())
        .assert();
    assert.success().stdout(input);
}
