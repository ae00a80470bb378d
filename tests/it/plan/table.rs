//! The table on screens of every width.

use spot_distribution::load::{Loaded, Text};
use spot_distribution::plan::{Plan, table};
use spot_distribution::report::Style;

use super::stream::stream;

/// The table of `text` in this style.
fn shown(text: &str, style: Style) -> String {
    let text = Text {
        name: None,
        bytes: text.into(),
        walked: false,
    };
    let loaded = Loaded {
        texts: vec![text],
        ..Loaded::default()
    };
    table(&Plan::make(&loaded, None, false).unwrap(), style)
}

#[test]
fn it_fits_the_screen() {
    let stream = stream();
    for width in [64, 72, 80, 89, 90, 100, 114, 115, 130] {
        let style = Style {
            width,
            colours: false,
        };
        let table = shown(&stream, style);
        let wide = table
            .lines()
            .find(|line| line.chars().count() > usize::from(width));
        assert_eq!(wide, None, "{width}");
    }
}

#[test]
fn long_names_give_way() {
    let name = "a-rather-long-name-".repeat(12);
    let text = super::workload("Deployment", "web", "  replicas: 3\n");
    let text = text.replacen("name: web", &format!("name: {}", &name[..220]), 1);
    let table = shown(&text, Style::default());
    assert!(
        table.lines().all(|line| line.chars().count() <= 130),
        "{table}"
    );
}

#[test]
fn colours_only_where_they_are_wanted() {
    let stream = stream();
    let colours = |colours| {
        let style = Style {
            colours,
            ..Style::default()
        };
        shown(&stream, style).contains('\u{1b}')
    };
    assert!(colours(true));
    assert!(!colours(false));
}
