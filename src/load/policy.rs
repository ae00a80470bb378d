//! The policy of a run.

use crate::config::{ConfigProblem, Policy};
use crate::findings::{Code, Finding};
use crate::krm::{ResourceList, Source, annotations};
use crate::parse::{parse, text};
use crate::run;
use yaml_splice::{Document, Node, Stream};

use super::loaded::in_file;
use super::{Loaded, Text};

impl Loaded {
    /// The policy of `--config`, else the functionConfig of a ResourceList, else the defaults. That of a
    /// ResourceList which was found in a folder counts only where it is surely meant: there it may be an input
    /// that another function is tested with.
    ///
    /// # Errors
    /// Every problem of the configuration, and a policy among the manifests that nobody named: with the
    /// defaults in its place every decision might be wrong.
    pub fn policy(&self, sources: &[Source<'_>]) -> Result<Policy, Vec<Finding>> {
        if let Some(config) = &self.config {
            return configured(config);
        }
        if let Some(source) = sources.iter().find(|it| holds_a_policy(&it.stream)) {
            let message = "this is a configuration; name it with --config, or leave it out";
            let finding = Finding::error(Code::InvalidInput, message);
            return Err(vec![in_file(finding, source.file.as_deref())]);
        }
        let mut configs = sources.iter().filter_map(|source| {
            let config = ResourceList::read(&source.stream).ok()?.function_config?;
            let file = source.file.as_deref();
            let is_meant = is_policy(config) || !self.is_walked(file);
            is_meant.then_some((config, file))
        });
        let (config, file) = configs.next().unzip();
        Policy::read(config).map_err(|found| problems(found, file.flatten()))
    }
}

/// The policy that `config` holds.
fn configured(Text { name, bytes, .. }: &Text) -> Result<Policy, Vec<Finding>> {
    let file = name.as_deref();
    let stream = text(bytes)
        .and_then(parse)
        .map_err(|finding| vec![in_file(finding, file)])?;
    let root = only_document(&stream).map_err(|finding| vec![in_file(finding, file)])?;
    Policy::read(Some(root.root())).map_err(|found| problems(found, file))
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

/// Whether a document of `stream` is a configuration of ours.
pub(super) fn holds_a_policy(stream: &Stream<'_>) -> bool {
    let mut documents = stream.documents.iter();
    documents.any(|document| is_policy(document.root()))
}

/// Whether `node` says that it is a configuration of ours.
fn is_policy(node: Node<'_>) -> bool {
    let version = node.get_non_null("apiVersion").ok().flatten();
    version.is_some_and(|version| version.text().starts_with(annotations::PREFIX))
}
