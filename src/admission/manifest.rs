//! The policy and its binding as a manifest.

use std::fmt::Write as _;

use crate::config::Capacity;
use crate::krm::annotations::{POD_INDEX_LABEL, SPOT_FROM_ORDINAL};

use super::{Lift, lifts};

/// The version of `admissionregistration.k8s.io` that the manifest is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ApiVersion {
    /// Kubernetes 1.36 and newer
    #[default]
    V1,
    /// Kubernetes 1.34 and 1.35, where it has to be switched on
    V1beta1,
    /// Kubernetes 1.32 and 1.33, where it has to be switched on
    V1alpha1,
}

impl ApiVersion {
    fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V1beta1 => "v1beta1",
            Self::V1alpha1 => "v1alpha1",
        }
    }
}

/// The required terms of a pod as a path of a JSON patch.
const TERMS: &str =
    "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/";

/// The policy and its binding for the node labels of `capacity`: one pair serves every workload of
/// the cluster.
///
/// No expression can fail on a pod that matches: an error would leave the pod as it is
/// (`failurePolicy: Ignore`), and nobody would learn of it. What is no number is not compared, and
/// no term is looked into further than it goes.
pub fn manifest(capacity: &Capacity, api_version: ApiVersion) -> String {
    let (version, release) = (api_version.name(), env!("CARGO_PKG_VERSION"));
    let patches = lifts(capacity).iter().map(patch).collect::<Vec<_>>();
    let mutation = indented(&patches.join(" +\n"), 8);
    format!(
        r#"# Lifts the requirement for on-demand nodes from the members of StatefulSets that may use spot:
# spot-distribution pins every member and names in an annotation the first ordinal that is free.
# Without this policy, or where it is not bound, all members run on on-demand nodes.
apiVersion: admissionregistration.k8s.io/{version}
kind: MutatingAdmissionPolicy
metadata:
  name: spot-distribution-ordinals
  labels:
    app.kubernetes.io/name: spot-distribution
    app.kubernetes.io/version: "{release}"
spec:
  failurePolicy: Ignore
  reinvocationPolicy: Never
  matchConstraints:
    objectSelector:
      matchExpressions:
        - key: {POD_INDEX_LABEL}
          operator: Exists
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE]
        resources: [pods]
  matchConditions:
    - name: member-of-a-stateful-set
      expression: |-
        object.metadata.?ownerReferences.orValue([]).exists(owner,
          owner.kind == 'StatefulSet' && owner.apiVersion.startsWith('apps/')
            && owner.?controller.orValue(false))
    - name: placed-by-ordinal
      expression: |-
        '{SPOT_FROM_ORDINAL}' in object.metadata.?annotations.orValue({{}})
    - name: may-use-spot
      expression: |-
        object.metadata.labels['{POD_INDEX_LABEL}'].matches('^[0-9]{{1,10}}$')
          && object.metadata.annotations['{SPOT_FROM_ORDINAL}'].matches('^[0-9]{{1,10}}$')
          && int(object.metadata.labels['{POD_INDEX_LABEL}'])
            >= int(object.metadata.annotations['{SPOT_FROM_ORDINAL}'])
  variables:
    - name: terms
      expression: |-
        object.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution
          .?nodeSelectorTerms.orValue([])
  mutations:
    - patchType: JSONPatch
      jsonPatch:
        expression: |-
{mutation}
---
apiVersion: admissionregistration.k8s.io/{version}
kind: MutatingAdmissionPolicyBinding
metadata:
  name: spot-distribution-ordinals
  labels:
    app.kubernetes.io/name: spot-distribution
    app.kubernetes.io/version: "{release}"
spec:
  policyName: spot-distribution-ordinals
"#
    )
}

/// The patches that rewrite one of our expressions in every term that has it.
fn patch(lift: &Lift) -> String {
    let Lift {
        written, from_end, ..
    } = lift;
    let last = format!("size(t.matchExpressions) - {from_end}");
    let ours = format!("t.matchExpressions[{last}]");
    format!(
        "variables.terms.transformList(i, t,
  has(t.matchExpressions) && size(t.matchExpressions) >= {from_end}
    && {ours}.key == '{key}'
    && {ours}.operator == '{operator}'
    && {ours}.?values.orValue([]) == {values},
  JSONPatch{{
    op: 'replace',
    path: '{TERMS}' + string(i)
      + '/matchExpressions/' + string({last}) + '/values',
    value: {lifted}
  }})",
        key = written.key,
        operator = written.operator.name(),
        values = list(&written.values),
        lifted = list(&lift.values),
    )
}

/// A list of strings in CEL. Label values hold no quotes.
fn list(values: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("'{value}'")).collect();
    format!("[{}]", quoted.join(", "))
}

fn indented(text: &str, by: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let separator = if out.is_empty() { "" } else { "\n" };
        let _ = write!(out, "{separator}{:by$}  {line}", "");
    }
    out
}
