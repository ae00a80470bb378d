//! Where the programs under test are.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The folder with the control plane: what `conformance/build-cluster` printed.
const CLUSTER: &str = "CONFORMANCE_CLUSTER";
/// Overrides the cache that `conformance/build-cluster` builds into.
const CACHE: &str = "SPOT_DISTRIBUTION_CONFORMANCE_CACHE";
/// The function's binary, when it is not the workspace's release build.
const FUNCTION: &str = "SPOT_DISTRIBUTION";
/// Set to 1 by `conformance/run`: what is missing fails instead of skipping.
const REQUIRED: &str = "CONFORMANCE_REQUIRED";

/// Whether something missing is a failure rather than a reason to skip.
pub fn required() -> bool {
    std::env::var_os(REQUIRED).is_some_and(|value| value == "1")
}

/// The binaries of one Kubernetes minor version with the programs around it.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// For example `1.36`.
    pub minor: String,
    folder: PathBuf,
}

impl Binaries {
    /// The minor versions whose control plane is in the cache, newest first.
    pub fn available() -> Vec<Self> {
        let Some(folder) = cluster_folder() else {
            return Vec::new();
        };
        let mut found: Vec<Self> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                entry
                    .file_name()
                    .to_str()?
                    .strip_prefix("kubernetes-")
                    .map(str::to_owned)
            })
            .map(|minor| Self {
                minor,
                folder: folder.clone(),
            })
            .filter(Self::complete)
            .collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.minor_number()));
        found
    }

    fn minor_number(&self) -> u32 {
        self.minor
            .rsplit('.')
            .next()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    }

    fn complete(&self) -> bool {
        let kubernetes = [
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
        ];
        self.etcd().exists()
            && self.karpenter().exists()
            && self.kwok().exists()
            && kubernetes.iter().all(|name| self.kubernetes(name).exists())
    }

    /// The etcd server.
    pub fn etcd(&self) -> PathBuf {
        self.folder.join("etcd/etcd")
    }

    /// kwok, which plays the kubelets.
    pub fn kwok(&self) -> PathBuf {
        self.folder.join("kwok/kwok")
    }

    /// Karpenter with its kwok provider.
    pub fn karpenter(&self) -> PathBuf {
        self.folder.join("karpenter/karpenter")
    }

    /// The definitions of Karpenter's resources.
    pub fn karpenter_definitions(&self) -> PathBuf {
        self.folder.join("karpenter/crds")
    }

    /// A component of the control plane, such as `kube-scheduler`.
    pub fn kubernetes(&self, component: &str) -> PathBuf {
        self.folder
            .join(format!("kubernetes-{}", self.minor))
            .join(component)
    }
}

fn cluster_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let in_cache = |cache: PathBuf| cache.join("spot-distribution/conformance");
    set(CLUSTER).or_else(|| {
        set(CACHE)
            .or_else(|| set("XDG_CACHE_HOME").map(in_cache))
            .or_else(|| set("HOME").map(|home| in_cache(home.join(".cache"))))
            .map(|cache| cache.join("current"))
    })
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The function's binary.
pub fn function() -> Result<PathBuf> {
    let path = match std::env::var_os(FUNCTION) {
        Some(path) => PathBuf::from(path),
        None => repository().join("target/release/spot-distribution"),
    };
    if !path.exists() {
        bail!(
            "{} is not there: run `cargo build --release` first, or set {FUNCTION}",
            path.display()
        );
    }
    Ok(path)
}
