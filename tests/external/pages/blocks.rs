//! What is done with each code block of a page.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::clone;
use super::markdown::{self, Block, Named};

/// One code block.
#[derive(Debug)]
pub enum Step {
    Commands {
        line: usize,
        script: String,
    },
    /// What the commands before it print.
    Output {
        line: usize,
        language: String,
        text: String,
    },
    /// A file to write.
    File {
        path: String,
        text: String,
    },
    /// A part of a file of the project, whose path starts at the project's root.
    Excerpt {
        line: usize,
        path: String,
        text: String,
    },
    /// YAML or indented text that shows what something looks like.
    Snippet,
    NotRun,
}

/// The steps of a page.
///
/// # Errors
/// Every block of which the page does not say what it is.
pub fn steps(page: &str) -> Result<Vec<Step>, Vec<String>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut problems = Vec::new();
    for block in markdown::blocks(&clone::read(page)) {
        let after_commands = matches!(steps.last(), Some(Step::Commands { .. }));
        match step(page, block, after_commands) {
            Ok(step) => steps.push(step),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(steps)
    } else {
        Err(problems)
    }
}

fn step(page: &str, block: Block, after_commands: bool) -> Result<Step, String> {
    let Block {
        language,
        text,
        line,
        lead,
    } = block;
    if lead.untested {
        return Ok(Step::NotRun);
    }
    let named = lead.names.filter(|_| lead.text.ends_with(':'));
    if let Some(Named::Link(link)) = named {
        let path = beside(page, &link);
        return Ok(Step::Excerpt { line, path, text });
    }
    if language == "sh" {
        return Ok(Step::Commands { line, script: text });
    }
    if after_commands && lead.text.is_empty() {
        return Ok(Step::Output {
            line,
            language,
            text,
        });
    }
    match named {
        Some(Named::Code(path)) => Ok(Step::File { path, text }),
        // A formula, or what a line looks like: indented, never a command.
        None if language.is_empty() => Ok(Step::Snippet),
        _ if language == "yaml" => match is_yaml(&text) {
            Ok(()) => Ok(Step::Snippet),
            Err(error) => Err(format!("{page}:{line}: {error}")),
        },
        _ => Err(format!(
            "{page}:{line}: nothing says what this block is, see tests/external/pages/mod.rs"
        )),
    }
}

fn is_yaml(text: &str) -> Result<(), serde_yaml::Error> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    documents.try_for_each(|document| IgnoredAny::deserialize(document).map(drop))
}

/// The path from the root of what the page links to.
pub fn beside(page: &str, link: &str) -> String {
    let folder = Path::new(page).parent().unwrap();
    let mut path: Vec<&str> = folder.iter().map(|part| part.to_str().unwrap()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(
                path.pop()
                    .unwrap_or_else(|| panic!("{page}: {link} leaves the project")),
            ),
            "." => {}
            _ => path.push(part),
        }
    }
    path.join("/")
}
