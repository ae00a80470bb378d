//! What a test found, in a file of its own: the pages are made of the files of several runs.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::night::Outcome;
use crate::record::Record;

/// Names the folder of these files.
pub const FOLDER: &str = "CONFORMANCE_RECORDS";

/// One test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// The test's name.
    pub test: String,
    /// The day on which it ran.
    pub date: String,
    /// When it began, in seconds since 1970.
    pub began: u64,
    /// How many seconds it took.
    pub seconds: f64,
    /// Why it came to no end, if so.
    pub failure: Option<String>,
    /// What it measured.
    pub records: Vec<Record>,
    /// The night that it replayed, by approach.
    pub nights: Vec<Outcome>,
}

impl Found {
    /// Begins now.
    pub fn begin(test: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            test: test.to_owned(),
            date: std::env::var("CONFORMANCE_DATE").unwrap_or_else(|_| "an unknown day".to_owned()),
            began: now.unwrap_or_default().as_secs(),
            seconds: 0.0,
            failure: None,
            records: Vec::new(),
            nights: Vec::new(),
        }
    }

    /// Writes it into the folder, in place of what an earlier run of the same test found.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.json", file_stem(&self.test)));
        let text = serde_json::to_string(self)?;
        std::fs::write(&path, text)
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(())
    }

    /// Everything in the folder, by the names of the tests.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        let files = std::fs::read_dir(folder)
            .with_context(|| format!("{}: no records", folder.display()))?;
        for file in files {
            let path = file?.path();
            let one: Self = serde_json::from_str(&std::fs::read_to_string(&path)?)
                .with_context(|| format!("{} holds no records", path.display()))?;
            found.push(one);
        }
        found.sort_by(|one, other| one.test.cmp(&other.test));
        Ok(found)
    }
}

fn file_stem(test: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
    test.chars()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut found = Found::begin("1.36 defaults life 3+6");
        found.records.push(record::tests::record());
        found.write(folder.path()).unwrap();
        found.seconds = 2.0;
        found.write(folder.path()).unwrap();
        let read = Found::read_all(folder.path()).unwrap();
        assert_eq!(read.len(), 1);
        assert!((read[0].seconds - 2.0).abs() < 1e-9);
        assert_eq!(read[0].records[0].case, found.records[0].case);
        assert_eq!(read[0].records[0].approach, found.records[0].approach);
    }
}
