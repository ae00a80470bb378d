//! Flags and help.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::admission::ApiVersion;
use crate::findings::Code;

/// Keeps enough replicas on on-demand nodes to survive the loss of every spot node
#[derive(Debug, Parser)]
#[command(name = "spot-distribution", version, after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
#[command(long_about = LONG_ABOUT)]
pub struct Cli {
    /// The command; without one: the KRM function
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read plain manifests and write them with the policy applied
    #[command(after_long_help = APPLY_LONG_HELP)]
    Apply(ApplyArgs),
    /// Show what would be decided, what survives and what it saves; write nothing
    #[command(after_long_help = PLAN_LONG_HELP)]
    Plan(PlanArgs),
    /// Fail when a workload does not carry its placement; write nothing
    #[command(after_long_help = CHECK_LONG_HELP)]
    Check(InputArgs),
    /// Say what the code of a result means and what to do about it
    #[command(after_long_help = EXPLAIN_LONG_HELP)]
    Explain(ExplainArgs),
    /// Say whether the floors of a cluster hold now, and what a loss of its spot nodes would move
    #[command(after_long_help = AUDIT_LONG_HELP)]
    Audit(AuditArgs),
    /// Print the admission policy that the strategy ordinals needs in the cluster
    #[command(after_long_help = ADMISSION_POLICY_LONG_HELP)]
    AdmissionPolicy(AdmissionPolicyArgs),
    /// Print the schema of the configuration, for editors and catalogs
    #[command(after_long_help = SCHEMA_LONG_HELP)]
    Schema(SchemaArgs),
}

/// The arguments of `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Write the siblings alone, to be applied and waited for before the rest
    #[arg(long)]
    pub siblings: bool,
    /// What is read.
    #[command(flatten)]
    pub input: InputArgs,
}

/// The arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The format of the plan
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Format,
    /// Add the unified diff of what would change
    #[arg(long)]
    pub diff: bool,
    /// Say whether it fits on the nodes of FILE, the output of kubectl get nodes -o json or yaml
    #[arg(long, value_name = "FILE")]
    pub nodes: Option<PathBuf>,
    /// What is read.
    #[command(flatten)]
    pub input: InputArgs,
}

/// The arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The format of the audit
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Format,
    /// What is read.
    #[command(flatten)]
    pub input: InputArgs,
}

/// The format of a plan or an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For a terminal or a log
    #[default]
    Table,
    /// For a comment on a pull request
    Markdown,
    /// For other programs
    Json,
    /// A page to look at, in one file
    Html,
}

/// What is read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// The configuration: a SpotDistribution or a flat ConfigMap; without it the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Files, folders (walked for .yaml, .yml and .json), or - for standard input
    #[arg(value_name = "FILE|DIR|-", default_value = "-")]
    pub paths: Vec<PathBuf>,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code, such as pdb-blocks-drain; without one: the list of all codes
    #[arg(value_name = "CODE", value_parser = codes())]
    pub code: Option<Code>,
}

/// Reads a code by its name; a wrong one is answered with the closest.
fn codes() -> impl TypedValueParser<Value = Code> {
    let names = Code::ALL.iter().map(|code| code.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Code>())
}

/// The arguments of `admission-policy`.
#[derive(Debug, Args)]
pub struct AdmissionPolicyArgs {
    /// The configuration: a SpotDistribution or a flat ConfigMap; without it the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The version of admissionregistration.k8s.io
    #[arg(long, value_name = "VERSION", value_enum, default_value_t)]
    pub api_version: ApiVersion,
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema
    #[arg(value_name = "FORM", value_enum, default_value_t = SchemaForm::JsonSchema)]
    pub form: SchemaForm,
}

/// The forms of the schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SchemaForm {
    /// A JSON Schema, for completion and checks in editors
    JsonSchema,
    /// A KRMFunctionDefinition with an OpenAPI schema, for catalogs of functions
    KrmFunctionDefinition,
}

const PLAN_LONG_HELP: &str = "\
Examples:
  spot-distribution plan deploy/
  kustomize build overlays/production | spot-distribution plan --config policy.yaml -
  spot-distribution plan -o markdown --diff deploy/ > comment.md
  spot-distribution plan -o html deploy/ > plan.html
  kubectl get nodes -o json | spot-distribution plan --nodes - deploy/

survive: the replicas that certainly outlive the loss of every spot node; those that do where \
the preference for on-demand nodes has held follow as soft. cores, GiB: what on-demand nodes have to \
hold in ordinary times / when every spot node is lost, by what the pods request. cost: relative to \
all on on-demand nodes. Of an autoscaled workload, figures are given at its minimum and maximum, and \
room at its minimum. Node objects in the input count as --nodes does. Colours appear on a terminal \
only, and not where NO_COLOR is set.";

const CHECK_LONG_HELP: &str = "\
Examples:
  spot-distribution check --config policy.yaml deploy/
  kustomize build overlays/production | spot-distribution check -

Standard output has one line for each workload that does not carry the placement that the policy \
asks for; errors and warnings go to standard error. Exit code 0: every workload carries it, and there \
is no error. Exit code 1: anything else.";

const AUDIT_LONG_HELP: &str = "\
Examples:
  kubectl get nodes,pods,deployments,statefulsets,replicasets,hpa,pdb -A -o json | \
spot-distribution audit
  spot-distribution audit --config policy.yaml -o html cluster.json > audit.html

promised: the strategy and the floor that the mark on the live object promises. on-demand, spot, \
elsewhere: ready replicas by the capacity type of their node. What would have to move, and whether it \
fits, is an estimate: it knows requests, selectors, required node affinity and taints. Exit code 0: \
every promised floor holds. Exit code 1: one does not, or the input is unusable.";

const LONG_ABOUT: &str = "\
Keeps enough replicas on on-demand nodes to survive the loss of every spot node.

Without a command it is a KRM function: it reads a ResourceList on standard input, decides for \
each Deployment and StatefulSet how many replicas must stay on on-demand nodes, writes that into \
the manifests as ordinary Kubernetes fields, and returns the ResourceList on standard output. \
Every byte that needs no change stays as it is.";

const AFTER_HELP: &str = "\
Without a command: reads a ResourceList on standard input (kpt, kustomize, Config Sync).
Exit codes: 0 done, 1 an error or unusable input, 2 a wrong command line.
More: spot-distribution --help";

const AFTER_LONG_HELP: &str = "\
Examples:
  spot-distribution plan deploy/
  spot-distribution check deploy/
  kustomize build . | spot-distribution apply -
  kpt fn eval --exec spot-distribution
  kpt fn eval --exec spot-distribution -- deploymentOnDemandBase=2
  kpt fn source my-package | spot-distribution | kpt fn sink rendered

A workload chooses for itself with annotations:
  spot-distribution.dev/strategy: on-demand | prefer-on-demand | floor | ordinals | spread | spot | off
  spot-distribution.dev/on-demand-base: a count, majority or majority+1
  spot-distribution.dev/on-demand-percent-above-base: 0 to 100

Exit codes:
  0  done
  1  an error result, a failed check, or unusable input or configuration; nothing is changed
  2  a wrong command line";

const APPLY_LONG_HELP: &str = "\
Examples:
  kustomize build overlays/production | spot-distribution apply --config policy.yaml - | kubectl apply -f -
  spot-distribution apply deploy/
  spot-distribution apply --siblings deploy/ | kubectl apply -f -

With --siblings the output holds the second Deployments alone: apply them, wait until they are ready \
(kubectl rollout status), then apply the whole output, so that no replica is missing in between.

The output is the same stream with the policy applied. Files in a folder that hold no Kubernetes \
object are left out, with a warning. Where anything is wrong, nothing is written \
and the exit code is 1. An input without a single resource is an error.";

const EXPLAIN_LONG_HELP: &str = "\
Examples:
  spot-distribution explain
  spot-distribution explain pdb-blocks-drain";

const ADMISSION_POLICY_LONG_HELP: &str = "\
Once per cluster: it serves the StatefulSets of every namespace. Without it they are safe, and all
of their members run on on-demand nodes. It acts on pods that are created from then on.

Examples:
  spot-distribution admission-policy | kubectl apply -f -
  spot-distribution admission-policy --config policy.yaml > base/admission-policy.yaml
  kubectl get mutatingadmissionpolicies,mutatingadmissionpolicybindings
";

const SCHEMA_LONG_HELP: &str = "\
Examples:
  spot-distribution schema > spot-distribution.schema.json
  spot-distribution schema krm-function-definition

Completion in editors with the YAML language server: put the schema beside the configuration, and on \
the configuration's first line
  # yaml-language-server: $schema=spot-distribution.schema.json";
