//! Files of a folder that hold nothing to be applied.

use std::fmt;

/// How many files are named.
const NAMED: usize = 10;

/// What a file is instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NotManifest {
    /// A part of a Helm chart.
    Chart,
    /// A patch that a kustomization names.
    Patch,
    /// Objects of Kubernetes' form without a name or of a kind that no cluster serves, or no objects at all:
    /// values, kustomizations, configuration of tools.
    Configuration,
    /// A template that has not been rendered.
    Template,
    /// A link to a folder.
    FolderLink,
    /// Text that is not YAML, or not even text, and what may not be read.
    Unreadable,
    /// A link that leads nowhere.
    DeadLink,
}

impl NotManifest {
    /// One word, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chart => "chart",
            Self::Patch => "patch",
            Self::Configuration => "configuration",
            Self::Template => "template",
            Self::FolderLink => "folder-link",
            Self::Unreadable => "unreadable",
            Self::DeadLink => "dead-link",
        }
    }

    /// In words, and what to do about it.
    fn what(self) -> &'static str {
        match self {
            Self::Chart => "Helm chart, to be rendered first (helm template)",
            Self::Patch => "patches of a kustomization, to be built first (kustomize build)",
            Self::Configuration => "no objects to be applied",
            Self::Template => "templates that have not been rendered",
            Self::Unreadable => "not readable as YAML",
            Self::FolderLink => "links to folders, which are not followed",
            Self::DeadLink => "links that lead nowhere",
        }
    }

    /// Whether a manifest may be missing where such a file is left out.
    pub fn may_be_a_manifest(self) -> bool {
        matches!(self, Self::Template | Self::Unreadable | Self::DeadLink)
    }
}

/// A file that is left out; of a chart its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutFile {
    /// Its name.
    pub name: String,
    /// What is wrong with it, if anything is.
    pub why: Option<String>,
}

/// All files of one kind that are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What they are.
    pub kind: NotManifest,
    /// Which, in the order of the folder.
    pub files: Vec<LeftOutFile>,
}

impl LeftOut {
    /// `files` by their kind.
    pub fn grouped(files: impl IntoIterator<Item = (NotManifest, LeftOutFile)>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (kind, file) in files {
            match groups.iter_mut().find(|group| group.kind == kind) {
                Some(group) => group.files.push(file),
                None => groups.push(Self {
                    kind,
                    files: vec![file],
                }),
            }
        }
        groups.sort_by_key(|group| group.kind);
        groups
    }

    /// Whether `file` is one of them.
    pub fn names(&self, file: Option<&str>) -> bool {
        let mut names = self.files.iter().map(|file| &*file.name);
        names.any(|name| Some(name) == file)
    }

    /// The groups of the same kind as one.
    pub fn merged(groups: Vec<Self>) -> Vec<Self> {
        let files = groups.into_iter().flat_map(|group| {
            let kind = group.kind;
            group.files.into_iter().map(move |file| (kind, file))
        });
        Self::grouped(files)
    }
}

/// One line: what they are, and the first of them by name.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.kind.what())?;
        for (index, file) in self.files.iter().take(NAMED).enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(&file.name)?;
            if let Some(why) = &file.why {
                write!(f, " ({why})")?;
            }
        }
        match self.files.len().checked_sub(NAMED) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_for_each_kind() {
        let file = |name: &str| LeftOutFile {
            name: name.to_owned(),
            why: None,
        };
        let values = (0..12).map(|index| file(&format!("values-{index}")));
        let values = values.map(|file| (NotManifest::Configuration, file));
        let chart = (NotManifest::Chart, file("chart"));
        let lines: Vec<_> = LeftOut::grouped(values.chain([chart]))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "Helm chart, to be rendered first (helm template): chart",
                "no objects to be applied: values-0, values-1, values-2, values-3, values-4, \
                 values-5, values-6, values-7, values-8, values-9 and 2 more",
            ]
        );
    }
}
