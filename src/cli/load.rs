//! What `apply`, `plan` and `check` read: files, folders and standard input, and the policy.

use crate::config::{ConfigProblem, Policy};
use crate::findings::{Code, Finding};
use crate::krm::{Input, ResourceList, Source, annotations};
use crate::parse::{bad_item, parse, text};
use crate::run;
use yaml_splice::{Document, Kind, Stream};

use super::args::InputArgs;
use super::files::{Text, read_file, read_paths};

/// All bytes that a command reads.
#[derive(Debug)]
pub struct Loaded {
    /// What the paths name, in their order.
    pub texts: Vec<Text>,
    /// The file of `--config`.
    pub config: Option<Text>,
}

impl Loaded {
    /// Reads what the arguments name.
    ///
    /// # Errors
    /// A finding for each file that cannot be read.
    pub fn read(arguments: &InputArgs) -> Result<Self, Vec<Finding>> {
        let texts = read_paths(&arguments.paths);
        let config = arguments.config.as_deref().map(read_file).transpose();
        match (texts, config) {
            (Ok(texts), Ok(config)) => Ok(Self { texts, config }),
            (texts, config) => {
                let errors = texts.err().into_iter().flatten().chain(config.err());
                Err(errors.collect())
            }
        }
    }
}

/// The parsed texts, and the files that are left out because they are not manifests.
///
/// # Errors
/// A finding for each text that is not YAML.
pub fn sources(loaded: &Loaded) -> Result<(Vec<Source<'_>>, Vec<String>), Vec<Finding>> {
    let (mut sources, mut skipped, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for Text {
        name,
        bytes,
        walked,
    } in &loaded.texts
    {
        match text(bytes).and_then(parse) {
            Ok(stream) if *walked && is_something_else(&stream) => skipped.extend(name.clone()),
            Ok(stream) => sources.push(Source {
                file: name.clone(),
                stream,
            }),
            Err(finding) => errors.push(in_file(finding, name.as_deref())),
        }
    }
    if errors.is_empty() {
        Ok((sources, skipped))
    } else {
        Err(errors)
    }
}

/// Whether the documents of a file, of which there is at least one, are all something other than
/// Kubernetes objects, such as the values of a Helm chart, a list of patches, or a kustomization
/// that names neither apiVersion nor kind.
fn is_something_else(stream: &Stream<'_>) -> bool {
    let mut documents = stream
        .documents
        .iter()
        .filter(|document| !document.is_empty());
    let is_object = |document: &Document<'_>| {
        let has = |key| {
            document
                .root()
                .get_non_null(key)
                .map(|value| value.is_some())
        };
        // What cannot be read is left to whoever reads it for good.
        document.root().kind() == Kind::Mapping
            && has("apiVersion").unwrap_or(true)
            && has("kind").unwrap_or(true)
    };
    let first = documents.next();
    first.is_some_and(|first| !is_object(first) && !documents.any(is_object))
}

/// Every object of the sources, of which there is at least one.
///
/// # Errors
/// A finding for each item that is not an object.
pub fn input<'d>(sources: &'d [Source<'d>]) -> Result<Input<'d>, Vec<Finding>> {
    let input = Input::read(sources).map_err(|errors| {
        let name = |source: usize| sources[source].file.as_deref();
        errors
            .iter()
            .map(|(source, error)| in_file(bad_item(error), name(*source)))
            .collect::<Vec<_>>()
    })?;
    if input.resources.is_empty() {
        let message = "the input holds not a single resource, expected Kubernetes manifests";
        return Err(vec![Finding::error(Code::InvalidInput, message)]);
    }
    Ok(input)
}

/// The policy of `--config`, else the functionConfig of a ResourceList, else the defaults.
///
/// # Errors
/// Every problem of the configuration, and a policy among the manifests that nobody named: with the
/// defaults in its place every decision might be wrong.
pub fn policy(sources: &[Source<'_>], config: Option<&Text>) -> Result<Policy, Vec<Finding>> {
    if let Some(Text { name, bytes, .. }) = config {
        let file = name.as_deref();
        let stream = text(bytes)
            .and_then(parse)
            .map_err(|finding| vec![in_file(finding, file)])?;
        let root = only_document(&stream).map_err(|finding| vec![in_file(finding, file)])?;
        return Policy::read(Some(root.root())).map_err(|found| problems(found, file));
    }
    if let Some(source) = sources.iter().find(|source| holds_a_policy(source)) {
        let message = "this is a configuration; name it with --config, or leave it out";
        let finding = Finding::error(Code::InvalidInput, message);
        return Err(vec![in_file(finding, source.file.as_deref())]);
    }
    let mut lists = sources
        .iter()
        .filter_map(|source| ResourceList::read(&source.stream).ok());
    let config = lists.find_map(|list| list.function_config);
    Policy::read(config).map_err(|found| problems(found, None))
}

fn problems(problems: Vec<ConfigProblem>, file: Option<&str>) -> Vec<Finding> {
    let findings = problems.into_iter().map(run::problem);
    findings.map(|finding| in_file(finding, file)).collect()
}

/// An empty or cut off file must not pass for the defaults.
fn only_document<'a, 'd>(stream: &'a Stream<'d>) -> Result<&'a Document<'d>, Finding> {
    let mut documents = stream
        .documents
        .iter()
        .filter(|document| !document.is_empty());
    let message = match (documents.next(), documents.next()) {
        (Some(document), None) => return Ok(document),
        (None, _) => "the configuration is empty; leave out --config for the defaults",
        (Some(_), Some(_)) => "the configuration has several documents, expected one",
    };
    Err(Finding::error(Code::InvalidConfig, message))
}

fn holds_a_policy(source: &Source<'_>) -> bool {
    source.stream.documents.iter().any(|document| {
        let version = document.root().get_non_null("apiVersion").ok().flatten();
        version.is_some_and(|version| version.text().starts_with(annotations::PREFIX))
    })
}

fn in_file(finding: Finding, file: Option<&str>) -> Finding {
    match file {
        Some(file) => Finding {
            message: format!("{file}: {}", finding.message),
            ..finding
        },
        None => finding,
    }
}
