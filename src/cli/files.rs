//! Files named on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::findings::{Code, Finding};
use crate::krm::{LeftOutFile, NotManifest};
use crate::load::{Loaded, Text};

use super::args::InputArgs;
use super::folder::read_folder;
use super::read_stdin;

/// What the paths hold.
#[derive(Debug, Default)]
pub struct Files {
    /// What was read, in order.
    pub texts: Vec<Text>,
    /// What was found in folders and is not even read.
    pub left_out: Vec<(NotManifest, LeftOutFile)>,
    /// A finding for each that cannot be read.
    pub errors: Vec<Finding>,
    /// The file of the configuration, by its full path.
    config: Option<PathBuf>,
}

/// Reads what the arguments name.
///
/// # Errors
/// A finding for each file that cannot be read.
pub fn load(arguments: &InputArgs) -> Result<Loaded, Vec<Finding>> {
    load_paths(&arguments.paths, arguments.config.as_deref())
}

/// Reads `paths` and the file of the configuration.
///
/// # Errors
/// A finding for each file that cannot be read.
pub fn load_paths(paths: &[PathBuf], config: Option<&Path>) -> Result<Loaded, Vec<Finding>> {
    let Files {
        texts,
        left_out,
        mut errors,
        ..
    } = read_paths(paths, config);
    let config = config.map(read_file).transpose();
    let config = config.unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    if errors.is_empty() {
        Ok(Loaded {
            texts,
            left_out,
            config,
        })
    } else {
        Err(errors)
    }
}

/// Reads every path: a file, a folder with all below it, or `-`.
fn read_paths(paths: &[PathBuf], config: Option<&Path>) -> Files {
    let mut files = Files {
        config: config.and_then(|config| fs::canonicalize(config).ok()),
        ..Files::default()
    };
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
    /// Whether the file at `path` is that of the configuration.
    pub fn is_config(&self, path: &Path) -> bool {
        let config = self.config.as_deref();
        config.is_some_and(|config| {
            path.file_name() == config.file_name()
                && fs::canonicalize(path).is_ok_and(|path| path == config)
        })
    }

    /// Adds a file that is not read, and what is wrong with it.
    pub fn leave_out(&mut self, kind: NotManifest, path: &Path, why: Option<String>) {
        let name = display(path);
        self.left_out.push((kind, LeftOutFile { name, why }));
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
