//! One object that cannot be decided about never stops the rest of a plan or a check.

use crate::config::Policy;
use crate::findings::{Code, Finding, ObjectRef};
use crate::inventory::{Inventory, Neighbourhood};
use crate::krm::{Input, LeftOut, Resource, Source};
use crate::run::{Assessments, Outcome, assess, enforce};
use yaml_splice::Node;

use super::Loaded;
use super::loaded::input_without;

/// What was decided about an input.
pub struct Decided<'d> {
    /// The facts.
    pub inventory: Inventory<'d>,
    /// The decisions.
    pub assessments: Assessments,
    /// What follows.
    pub outcome: Outcome,
    /// The errors about objects that nothing could be decided about.
    pub set_aside: Vec<Finding>,
}

/// Decides about `sources` without the objects that have a variable where something has to be read,
/// and, in folders, without those that cannot be read.
///
/// # Errors
/// Every other error.
pub fn decide<'d>(
    loaded: &Loaded,
    sources: &'d [Source<'d>],
    left_out: &[LeftOut],
    policy: &Policy,
) -> Result<Decided<'d>, Vec<Finding>> {
    let mut gone = Gone::default();
    loop {
        let is_walked = |file: Option<&str>| loaded.is_walked(file);
        let mut input = input_without(is_walked, sources, left_out)?;
        let targets = gone.take_from(&mut input);
        let (decided, errors) = attempt(input, policy);
        let errors = errors.into_iter();
        let (errors, rest): (Vec<_>, Vec<_>) = errors.partition(|error| may_go(loaded, error));
        match decided {
            Some((inventory, assessments, outcome)) if errors.is_empty() => {
                return Ok(Decided {
                    inventory,
                    assessments,
                    outcome,
                    set_aside: gone.errors.into_iter().chain(targets).collect(),
                });
            }
            // What is said again about an object that is gone would be said for ever.
            _ if errors.iter().all(|error| gone.errors.contains(error)) => {
                return Err(rest.into_iter().chain(errors).collect());
            }
            _ => gone.errors.extend(errors),
        }
    }
}

/// Whether the rest goes on without the object that `error` is about.
fn may_go(loaded: &Loaded, error: &Finding) -> bool {
    let Some(subject) = &error.subject else {
        return false;
    };
    let is_walked = || loaded.is_walked(subject.file.as_deref());
    match error.code {
        Code::UnresolvedVariable => true,
        Code::AmbiguousYaml | Code::InvalidManifest | Code::InvalidReplicas => is_walked(),
        _ => false,
    }
}

type Run<'d> = (Inventory<'d>, Assessments, Outcome);

/// What a run comes to, and its errors.
fn attempt<'d>(input: Input<'d>, policy: &Policy) -> (Option<Run<'d>>, Vec<Finding>) {
    let inventory = match Inventory::read(input) {
        Ok(inventory) => inventory,
        Err(findings) => return (None, findings),
    };
    match assess(&inventory, policy) {
        Ok(assessments) => {
            let outcome = enforce(&inventory, &assessments, policy);
            let errors = outcome.findings.iter().filter(|it| it.is_error());
            let errors = errors.cloned().collect();
            (Some((inventory, assessments, outcome)), errors)
        }
        Err(findings) => (None, findings),
    }
}

/// The objects that are set aside.
#[derive(Default)]
struct Gone {
    errors: Vec<Finding>,
}

impl Gone {
    /// Removes them from `input`, and what an autoscaler among them would scale: nobody knows how far.
    /// Returns a finding for each of the latter.
    fn take_from(&self, input: &mut Input<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.errors.is_empty() {
            return found;
        }
        let is_gone = |resource: &Resource<'_>| {
            let subject = ObjectRef::of(resource);
            let errors = self.errors.iter();
            let mut subjects = errors.filter_map(|error| error.subject.as_deref());
            subjects.any(|gone| *gone == subject)
        };
        let all = input.resources.iter();
        let targets = all
            .filter(|resource| is_gone(resource))
            .filter_map(Target::of);
        let targets: Vec<_> = targets.collect();
        input.resources.retain(|resource| {
            if is_gone(resource) {
                return false;
            }
            let target = targets.iter().find(|target| target.is(resource));
            found.extend(target.map(|target| target.finding(resource)));
            target.is_none()
        });
        found
    }
}

/// What an autoscaler scales.
struct Target<'d> {
    autoscaler: &'d str,
    namespace: Option<&'d str>,
    kind: &'d str,
    name: &'d str,
}

impl<'d> Target<'d> {
    fn of(resource: &Resource<'d>) -> Option<Self> {
        let field = |key| resource.node.at(&["spec", "scaleTargetRef", key]);
        let field = |key| field(key).ok().flatten().map(Node::text);
        Some(Self {
            autoscaler: resource.kind,
            namespace: resource.namespace,
            kind: field("kind").unwrap_or("Deployment"),
            name: field("name")?,
        })
    }

    /// Where one of the two names no namespace, or one that is filled in later, they may lie in the same.
    fn is(&self, resource: &Resource<'_>) -> bool {
        let near = Neighbourhood::of(self.namespace, resource.namespace);
        (self.kind, self.name) == (resource.kind, resource.name) && near != Neighbourhood::Apart
    }

    fn finding(&self, resource: &Resource<'_>) -> Finding {
        let message = format!(
            "left out: how far its {} scales it is filled in later",
            self.autoscaler
        );
        Finding::error(Code::UnresolvedVariable, message).about(resource)
    }
}
