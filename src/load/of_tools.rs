//! Objects that have the form of Kubernetes' own and that tools read from files: no cluster serves their kinds.

use crate::krm::{TypeMeta, annotations};

/// Their API groups: those of kustomize (`builtin` is that of its generators and transformers), of skaffold
/// and Carvel, of what makes clusters, of tests, and of what describes software or plugins.
const GROUPS: [&str; 16] = [
    "builtin",
    "kustomize.config.k8s.io",
    "skaffold",
    "kapp.k14s.io",
    "kbld.k14s.io",
    "vendir.k14s.io",
    "ctlptl.dev",
    "eksctl.io",
    "k0sctl.k0sproject.io",
    "k3d.io",
    "kind.x-k8s.io",
    "chainsaw.kyverno.io",
    "cli.kyverno.io",
    "kuttl.dev",
    "backstage.io",
    "krew.googlecontainertools.github.com",
];

/// Whether a cluster would refuse an object of this type, which a tool reads, be it this program.
pub fn is_of_a_tool(types: TypeMeta<'_>) -> bool {
    let version = types.api_version;
    let group = version.split_once('/').map_or(version, |(group, _)| group);
    GROUPS.contains(&group) || version.starts_with(annotations::PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_group_alone() {
        let is_one = |api_version| {
            is_of_a_tool(TypeMeta {
                api_version,
                kind: "Config",
            })
        };
        for version in [
            "skaffold/v4beta11",
            "builtin",
            "kustomize.config.k8s.io/v1beta1",
        ] {
            assert!(is_one(version), "{version}");
        }
        // A mistyped group is for kubectl to refuse.
        for version in [
            "v1",
            "app/v1",
            "kustomize.toolkit.fluxcd.io/v1",
            "x.skaffold/v1",
        ] {
            assert!(!is_one(version), "{version}");
        }
    }
}
