//! Files named on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::findings::{Code, Finding};
use crate::krm::{LeftOutFile, NotManifest};

use super::folder::read_folder;
use super::read_stdin;

/// What was read, and where.
#[derive(Debug)]
pub struct Text {
    /// The file; `None` for standard input.
    pub name: Option<String>,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether nobody named the file: it was found in a folder.
    pub walked: bool,
}

/// What the paths hold.
#[derive(Debug, Default)]
pub struct Files {
    /// What was read, in order.
    pub texts: Vec<Text>,
    /// What was found in folders and is not even read.
    pub left_out: Vec<(NotManifest, LeftOutFile)>,
    /// A finding for each that cannot be read.
    pub errors: Vec<Finding>,
}

/// Reads every path: a file, a folder with all below it, or `-`.
pub fn read_paths(paths: &[PathBuf]) -> Files {
    let mut files = Files::default();
    for path in paths {
        if path.as_os_str() == "-" {
            files.add(read_stdin().map(from_stdin));
        } else if path.is_dir() {
            read_folder(path, &mut files);
        } else {
            files.add(read_file(path));
        }
    }
    files
}

impl Files {
    /// Adds a file that is not read.
    pub fn leave_out(&mut self, kind: NotManifest, path: &Path) {
        let name = display(path);
        self.left_out.push((kind, LeftOutFile { name, why: None }));
    }

    /// Adds one text.
    pub fn add(&mut self, read: Result<Text, Finding>) {
        match read {
            Ok(text) => self.texts.push(text),
            Err(finding) => self.errors.push(finding),
        }
    }
}

fn from_stdin(bytes: Vec<u8>) -> Text {
    Text {
        name: None,
        bytes,
        walked: false,
    }
}

/// Reads one file.
///
/// # Errors
/// A finding where it cannot be read.
pub fn read_file(path: &Path) -> Result<Text, Finding> {
    let name = display(path);
    match fs::read(path) {
        Ok(bytes) => Ok(Text {
            name: Some(name),
            bytes,
            walked: false,
        }),
        Err(error) => Err(unreadable(&name, &error.to_string())),
    }
}

/// The name of a path in messages.
pub fn display(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The finding for a file that is there and cannot be read.
pub fn unreadable(name: &str, why: &str) -> Finding {
    Finding::error(Code::InvalidInput, format!("{name} cannot be read: {why}"))
}
