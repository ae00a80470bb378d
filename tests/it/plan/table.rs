//! The table on screens of every width.

use spot_distribution::config::Policy;
use spot_distribution::inventory::Inventory;
use spot_distribution::krm::{Input, Source};
use spot_distribution::plan::{Plan, table};
use spot_distribution::report::Style;
use spot_distribution::run::{assess, enforce};
use yaml_splice::Stream;

use super::stream::stream;

/// The table of `text` in this style.
fn shown(text: &str, style: Style) -> String {
    let stream = Stream::parse(text).unwrap();
    let sources = [Source { file: None, stream }];
    let policy = Policy::default();
    let inventory = Inventory::read(Input::read(&sources).unwrap()).unwrap();
    let assessments = assess(&inventory, &policy).unwrap();
    let outcome = enforce(&inventory, &assessments, &policy);
    let plan = Plan::of(&inventory, &assessments, &outcome, &policy).unwrap();
    table(&plan, style)
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
