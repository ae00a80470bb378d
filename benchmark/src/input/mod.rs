//! The input that the benchmark makes for itself: the same bytes each time.

mod disguise;
mod frame;
mod items;
mod kustomize;
mod settings;
mod snapshot;

use std::io::{self, Write};

use clap::ValueEnum;

pub use items::{Item, Kind};
pub use settings::Settings;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// As people write it: comments, indented lists, both kinds of quotes.
    Plain,
    /// As kpt hands it over: the files' own text, lists not indented, annotations for itself.
    Kpt,
    /// As kustomize hands it over: sorted, without comments.
    Kustomize,
    /// JSON in one line.
    Json,
    /// JSON, indented.
    JsonPretty,
    /// As kpt hands over `.json` files: an item is a line.
    JsonItems,
    /// As `kpt`, with an anchor and its aliases in each item.
    Anchors,
    /// As `kpt`, with quotes around the keys of each item.
    QuotedKeys,
    /// As `kpt`, with the line ends of Windows.
    Crlf,
    /// Other objects: those of a cluster, as kubectl prints them.
    Snapshot,
}

impl Form {
    /// The forms that a render meets every day.
    pub const BLOCK: [Self; 3] = [Self::Plain, Self::Kpt, Self::Kustomize];
    /// The others.
    pub const OTHER: [Self; 6] = [
        Self::Json,
        Self::JsonPretty,
        Self::JsonItems,
        Self::Anchors,
        Self::QuotedKeys,
        Self::Crlf,
    ];

    /// The name on the command line and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Kpt => "kpt",
            Self::Kustomize => "kustomize",
            Self::Json => "json",
            Self::JsonPretty => "json-pretty",
            Self::JsonItems => "json-items",
            Self::Anchors => "anchors",
            Self::QuotedKeys => "quoted-keys",
            Self::Crlf => "crlf",
            Self::Snapshot => "snapshot",
        }
    }
}

/// Writes a list of `count` items.
pub fn write(out: &mut impl Write, form: Form, count: usize, settings: Settings) -> io::Result<()> {
    frame::before(out, form)?;
    for index in 0..count {
        let item = Item::new(index);
        let text = match form {
            Form::Snapshot => serde_json::to_string_pretty(&snapshot::object(index))?,
            _ => disguise::item(&item, form).map_err(io::Error::other)?,
        };
        frame::item(out, form, &text, index == 0)?;
    }
    frame::after(out, form, settings)
}

/// Writes the same objects as people write them, as documents of one file.
pub fn write_documents(out: &mut impl Write, count: usize) -> io::Result<()> {
    for index in 0..count {
        let item = Item::new(index);
        let text = disguise::item(&item, Form::Plain).map_err(io::Error::other)?;
        write!(out, "---\n{text}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_yaml::Value;

    use super::*;

    const ALL: [Form; 9] = [
        Form::Plain,
        Form::Kpt,
        Form::Kustomize,
        Form::Json,
        Form::JsonPretty,
        Form::JsonItems,
        Form::Anchors,
        Form::QuotedKeys,
        Form::Crlf,
    ];

    fn text(form: Form, count: usize) -> String {
        let mut out = Vec::new();
        write(&mut out, form, count, Settings::Spread).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The items without annotations: tools add theirs.
    fn items(text: &str) -> Vec<Value> {
        let list: Value = serde_yaml::from_str(text).unwrap();
        let mut items = list["items"].as_sequence().unwrap().clone();
        for item in &mut items {
            item["metadata"]
                .as_mapping_mut()
                .unwrap()
                .remove("annotations");
        }
        items
    }

    #[test]
    fn every_form_says_the_same() {
        let plain = items(&text(Form::Plain, 40));
        for form in ALL {
            assert_eq!(items(&text(form, 40)), plain, "{form:?}");
        }
    }

    #[test]
    fn the_mix_and_the_size_are_the_promised_ones() {
        let plain = text(Form::Plain, 1000);
        assert!(
            (1_300_000..1_500_000).contains(&plain.len()),
            "{}",
            plain.len()
        );
        let count = |kind: &str| plain.matches(&format!("\n    kind: {kind}\n")).count();
        assert_eq!(count("Deployment"), 700);
        assert_eq!(count("StatefulSet"), 200);
        assert_eq!(count("Service"), 50);
    }

    #[test]
    fn names_of_anchors_are_used() {
        let anchors = text(Form::Anchors, 20);
        assert!(anchors.matches(": &").count() >= 18, "{anchors}");
        assert!(anchors.matches(": *").count() >= 18 * 3, "{anchors}");
    }

    #[test]
    fn windows_line_ends_are_everywhere() {
        let crlf = text(Form::Crlf, 20);
        assert_eq!(crlf.matches('\n').count(), crlf.matches("\r\n").count());
    }
}
