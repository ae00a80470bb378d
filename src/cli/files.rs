//! Files and folders named on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::findings::{Code, Finding};

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

/// Reads every path: a file, a folder with all below it, or `-`.
///
/// # Errors
/// A finding for each that cannot be read.
pub fn read_paths(paths: &[PathBuf]) -> Result<Vec<Text>, Vec<Finding>> {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        let read = if path.as_os_str() == "-" {
            read_stdin()
                .map(|bytes| vec![from_stdin(bytes)])
                .map_err(|error| vec![error])
        } else if path.is_dir() {
            read_folder(path)
        } else {
            read_file(path)
                .map(|text| vec![text])
                .map_err(|error| vec![error])
        };
        match read {
            Ok(read) => texts.extend(read),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(texts)
    } else {
        Err(errors)
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

/// The manifests below `folder`, by name; hidden files and folders are left out.
fn read_folder(folder: &Path) -> Result<Vec<Text>, Vec<Finding>> {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    for entry in walk
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry))
    {
        match entry {
            Ok(entry) if entry.file_type().is_file() && is_manifest(entry.path()) => {
                match read_file(entry.path()) {
                    Ok(text) => texts.push(Text {
                        walked: true,
                        ..text
                    }),
                    Err(finding) => errors.push(finding),
                }
            }
            Ok(_) => {}
            Err(error) => errors.push(unreadable(&display(folder), &error.to_string())),
        }
    }
    if errors.is_empty() {
        Ok(texts)
    } else {
        Err(errors)
    }
}

/// The name of a path in messages.
fn display(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json"))
}

fn unreadable(name: &str, why: &str) -> Finding {
    Finding::error(Code::InvalidInput, format!("{name} cannot be read: {why}"))
}
