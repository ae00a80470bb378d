//! Links between pages, and from pages to files, lead somewhere.

use testing::programs::installed;

use super::blocks::beside;
use super::clone;
use super::markdown;

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    if !installed(&["git"]) {
        return;
    }
    let mut problems = Vec::new();
    for page in clone::pages() {
        for (line, link) in markdown::links(&clone::read(&page)) {
            if !link.contains("://") && !leads_somewhere(&page, &link) {
                problems.push(format!("{page}:{line}: {link}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn leads_somewhere(page: &str, link: &str) -> bool {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = if path.is_empty() {
        page.to_owned()
    } else {
        beside(page, path)
    };
    let has = |anchor: &str| {
        markdown::anchors(&clone::read(&path))
            .iter()
            .any(|it| it == anchor)
    };
    clone::exists(&path) && (anchor.is_empty() || has(anchor))
}
