//! All texts of a run: which of them hold objects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::findings::{Code, Finding};
use crate::krm::{Input, LeftOut, LeftOutFile, NotManifest, Source};
use crate::parse::{bad_item, parse, text};
use yaml_splice::Stream;

use super::Text;
use super::kustomization::{named, normal};
use super::not_manifest::{holds_other_objects, instead};
use super::policy::holds_a_policy;

/// What is said of a file of which a part is left out.
const REST: &str = "its other objects are read";

/// All texts that a run decides about.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What the paths name, in their order.
    pub texts: Vec<Text>,
    /// What was found in folders and is not even read.
    pub left_out: Vec<(NotManifest, LeftOutFile)>,
    /// The configuration, such as the file of `--config`.
    pub config: Option<Text>,
}

impl Loaded {
    /// Whether nobody named the file: it was found in a folder.
    pub fn is_walked(&self, file: Option<&str>) -> bool {
        let mut walked = self.texts.iter().filter(|text| text.walked);
        file.is_some() && walked.any(|text| text.name.as_deref() == file)
    }

    /// As [`Loaded::sources`], where a file of a folder that holds something else beside objects is read
    /// for those: what else it holds is left out, by its first problem.
    ///
    /// # Errors
    /// As [`Loaded::sources`].
    pub fn readable_sources(&self) -> Result<(Vec<Source<'_>>, Vec<LeftOut>), Vec<Finding>> {
        let (mut sources, mut left_out) = self.parsed(true)?;
        // Of a file that somebody named every problem is an error, which whoever decides finds.
        if self.texts.iter().any(|text| text.walked) {
            left_out.push(self.leave_out_unreadable(&mut sources, &left_out));
        }
        Ok((sources, LeftOut::merged(left_out)))
    }

    /// Takes the files that hold nothing but what cannot be read from `sources`, and names them and those of
    /// which a part cannot be read, each with its first problem.
    fn leave_out_unreadable(&self, sources: &mut Vec<Source<'_>>, left_out: &[LeftOut]) -> LeftOut {
        let (input, errors) = Input::read_lossy(sources);
        let read: BTreeSet<_> = input.resources.iter().map(|it| it.place.source).collect();
        let mut problems = BTreeMap::new();
        for (source, error) in errors {
            let file = sources[source].file.as_deref();
            let is_named = left_out.iter().any(|group| group.names(file));
            if self.is_walked(file) && !is_named {
                let problem = problems.entry(source);
                problem.or_insert_with(|| bad_item(&error).message.into_owned());
            }
        }
        let files = problems.iter().map(|(source, problem)| LeftOutFile {
            name: sources[*source].file.clone().unwrap_or_default(),
            why: Some(if read.contains(source) {
                format!("{problem}; {REST}")
            } else {
                problem.clone()
            }),
        });
        let left_out = LeftOut {
            kind: NotManifest::Unreadable,
            files: files.collect(),
        };
        let mut index = 0;
        sources.retain(|_| {
            index += 1;
            read.contains(&(index - 1)) || !problems.contains_key(&(index - 1))
        });
        left_out
    }

    /// The parsed texts, and the files of folders that are left out.
    ///
    /// # Errors
    /// A finding for each text that is named, or given on standard input, and is not YAML.
    pub fn sources(&self) -> Result<(Vec<Source<'_>>, Vec<LeftOut>), Vec<Finding>> {
        self.parsed(false)
    }

    /// The same; with `rest`, of a file that holds a template the other objects are read.
    fn parsed(&self, rest: bool) -> Result<(Vec<Source<'_>>, Vec<LeftOut>), Vec<Finding>> {
        let parsed = self.texts.iter().map(|file| {
            let stream = text(&file.bytes).and_then(parse);
            (file, stream)
        });
        let parsed: Vec<_> = parsed.collect();
        let named = named_by_kustomizations(&parsed);
        let (mut sources, mut errors) = (Vec::new(), Vec::new());
        let mut left_out = self.left_out.clone();
        for (file, stream) in parsed {
            let kind = self.kind_of(file, &stream, &named);
            if let Some(kind) = kind {
                let is_template = kind == NotManifest::Template;
                let has_objects = is_template && stream.as_ref().is_ok_and(holds_other_objects);
                let has_rest = rest && has_objects;
                // A chart is named as a whole.
                if !is_template || has_objects || !self.is_in_chart(file) {
                    left_out.push((kind, left_out_file(file, kind, &stream, has_rest)));
                }
                if !has_rest {
                    continue;
                }
            }
            let file = file.name.clone();
            match stream {
                Ok(stream) => sources.push(Source { file, stream }),
                Err(finding) => errors.push(in_file(finding, file.as_deref())),
            }
        }
        if errors.is_empty() {
            Ok((sources, LeftOut::grouped(left_out)))
        } else {
            Err(errors)
        }
    }

    /// What a file that nobody named is instead of a manifest, if it is something else.
    fn kind_of(
        &self,
        file: &Text,
        stream: &Result<Stream<'_>, Finding>,
        named: &BTreeMap<PathBuf, NotManifest>,
    ) -> Option<NotManifest> {
        let name = file.name.as_deref().filter(|_| file.walked)?;
        // Where another is the configuration, it is that of somebody else; else nobody said whose it is.
        if self.config.is_none() && stream.as_ref().is_ok_and(holds_a_policy) {
            return None;
        }
        let path = Path::new(name);
        let named = named.get(&normal(path)).copied();
        named.or_else(|| instead(path, stream, &file.bytes))
    }

    /// Whether the file lies in the folder of a chart, at any depth: templates may be read from there.
    fn is_in_chart(&self, file: &Text) -> bool {
        let mut charts = self.left_out.iter();
        let path = file.name.as_deref().map(Path::new);
        charts.any(|(kind, chart)| {
            let is_chart = *kind == NotManifest::Chart;
            is_chart && path.is_some_and(|path| path.starts_with(&chart.name))
        })
    }
}

fn left_out_file(
    file: &Text,
    kind: NotManifest,
    stream: &Result<Stream<'_>, Finding>,
    has_rest: bool,
) -> LeftOutFile {
    let problem = stream.as_ref().err();
    let problem = problem.filter(|_| kind == NotManifest::Unreadable);
    let problem = problem.map(|finding| finding.message.to_string());
    LeftOutFile {
        name: file.name.clone().unwrap_or_default(),
        why: problem.or_else(|| has_rest.then(|| REST.to_owned())),
    }
}

/// A file, and what came of it.
type Parsed<'t> = (&'t Text, Result<Stream<'t>, Finding>);

/// What kustomizations name that is none of their resources.
fn named_by_kustomizations(parsed: &[Parsed<'_>]) -> BTreeMap<PathBuf, NotManifest> {
    let streams = parsed.iter().filter_map(|(file, stream)| {
        let name = file.name.as_deref().filter(|_| file.walked)?;
        Some((Path::new(name), stream.as_ref().ok()?))
    });
    let all = streams.flat_map(|(file, stream)| named(file, stream));
    let (others, resources): (Vec<_>, Vec<_>) = all.partition(|(_, kind)| kind.is_some());
    let resources: BTreeSet<_> = resources.into_iter().map(|(path, _)| path).collect();
    let others = others.into_iter();
    let others = others.filter_map(|(path, kind)| Some((path, kind?)));
    others
        .filter(|(path, _)| !resources.contains(path))
        .collect()
}

/// Every object of the sources, of which there is at least one.
///
/// # Errors
/// A finding for each item that is not an object, and where there is none, with what was left out.
pub fn input<'d>(
    sources: &'d [Source<'d>],
    left_out: &[LeftOut],
) -> Result<Input<'d>, Vec<Finding>> {
    input_without(|_| false, sources, left_out)
}

/// As [`input`], without the items of `tolerated` files that are not objects.
///
/// # Errors
/// As [`input`].
pub(super) fn input_without<'d>(
    tolerated: impl Fn(Option<&str>) -> bool,
    sources: &'d [Source<'d>],
    left_out: &[LeftOut],
) -> Result<Input<'d>, Vec<Finding>> {
    let (input, errors) = Input::read_lossy(sources);
    let errors = errors.iter().map(|(source, error)| {
        let file = sources[*source].file.as_deref();
        (file, error)
    });
    let errors = errors.filter(|(file, _)| !tolerated(*file));
    let errors: Vec<_> = errors
        .map(|(file, error)| in_file(bad_item(error), file))
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    if input.resources.is_empty() {
        let instead: Vec<_> = left_out.iter().map(|group| format!("; {group}")).collect();
        let message = format!(
            "the input holds not a single resource, expected Kubernetes manifests{}",
            instead.concat()
        );
        return Err(vec![Finding::error(Code::InvalidInput, message)]);
    }
    Ok(input)
}

pub(super) fn in_file(finding: Finding, file: Option<&str>) -> Finding {
    match file {
        Some(file) => Finding {
            message: format!("{file}: {}", finding.message).into(),
            ..finding
        },
        None => finding,
    }
}
