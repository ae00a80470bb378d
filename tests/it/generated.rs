//! Tables and lists of the docs that are made from the code, each between two comments with its name.

use std::fs;
use std::path::Path;

/// Holds the page at `path` to `tables`, each a name and its text; `UPDATE_DOCS=1` writes them.
pub fn hold(path: &str, tables: &[(&str, String)]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut page = fs::read_to_string(&file).unwrap();
    for (name, table) in tables {
        page = with_table(&page, name, table);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap();
    assert!(written == page, "{path}: run this test with UPDATE_DOCS=1");
}

fn with_table(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}\n{table}\n{end}{after}")
}
