//! The programs of the control plane and how each is started.

use std::path::Path;

use anyhow::Result;

use crate::binaries::Binaries;
use crate::credentials::Credentials;
use crate::process::Process;

const KUBELET: &str = include_str!("kubelet.yaml");

/// Where the API server keeps everything.
pub fn start_etcd(
    binaries: &Binaries,
    folder: &Path,
    client_port: u16,
    peer_port: u16,
) -> Result<Process> {
    let client = format!("http://127.0.0.1:{client_port}");
    let peer = format!("http://127.0.0.1:{peer_port}");
    let args = [
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        // The data is thrown away with the cluster.
        "--unsafe-no-fsync=true".to_owned(),
        "--log-level=warn".to_owned(),
    ];
    Process::start("etcd", &binaries.etcd(), args, folder)
}

/// The API server.
pub fn start_api_server(
    binaries: &Binaries,
    folder: &Path,
    credentials: &Credentials,
    etcd_port: u16,
    port: u16,
) -> Result<Process> {
    let args = [
        format!("--etcd-servers=http://127.0.0.1:{etcd_port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--advertise-address=127.0.0.1".to_owned(),
        "--endpoint-reconciler-type=none".to_owned(),
        format!("--secure-port={port}"),
        format!("--tls-cert-file={}", credentials.path("server.crt")),
        format!("--tls-private-key-file={}", credentials.path("server.key")),
        format!("--token-auth-file={}", credentials.path("tokens.csv")),
        "--authorization-mode=RBAC".to_owned(),
        "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
        format!(
            "--service-account-signing-key-file={}",
            credentials.path("accounts.key")
        ),
        format!(
            "--service-account-key-file={}",
            credentials.path("accounts.pub")
        ),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        // Lets a namespace have nodes of its own, so that several approaches can be run side by side.
        "--enable-admission-plugins=PodNodeSelector".to_owned(),
    ];
    Process::start(
        "kube-apiserver",
        &binaries.kubernetes("kube-apiserver"),
        args,
        folder,
    )
}

/// The controllers of Kubernetes itself.
pub fn start_controllers(
    binaries: &Binaries,
    folder: &Path,
    credentials: &Credentials,
    kubeconfig: &Path,
) -> Result<Process> {
    let args = [
        format!("--kubeconfig={}", kubeconfig.display()),
        format!(
            "--service-account-private-key-file={}",
            credentials.path("accounts.key")
        ),
        "--leader-elect=false".to_owned(),
        "--secure-port=0".to_owned(),
        // A busy machine may renew the leases of the fake nodes late; that must not look like a lost node.
        "--node-monitor-grace-period=1h".to_owned(),
        // Faster, not different: the default of 20 requests a second would make 100 replicas take minutes.
        "--kube-api-qps=500".to_owned(),
        "--kube-api-burst=1000".to_owned(),
    ];
    Process::start(
        "kube-controller-manager",
        &binaries.kubernetes("kube-controller-manager"),
        args,
        folder,
    )
}

/// The scheduler, with its default configuration or the one given.
pub fn start_scheduler(
    binaries: &Binaries,
    folder: &Path,
    kubeconfig: &Path,
    config: Option<&str>,
) -> Result<Process> {
    let mut args = vec![
        "--leader-elect=false".to_owned(),
        "--secure-port=0".to_owned(),
    ];
    if let Some(text) = config {
        let file = folder.join("scheduler.yaml");
        std::fs::write(&file, text)?;
        args.push(format!("--config={}", file.display()));
    } else {
        args.push(format!("--kubeconfig={}", kubeconfig.display()));
    }
    Process::start(
        "kube-scheduler",
        &binaries.kubernetes("kube-scheduler"),
        args,
        folder,
    )
}

/// Plays the kubelet of every node.
pub fn start_kwok(binaries: &Binaries, folder: &Path, kubeconfig: &Path) -> Result<Process> {
    let stages = folder.join("kubelet.yaml");
    std::fs::write(&stages, KUBELET)?;
    let args = [
        format!("--config={}", stages.display()),
        format!("--kubeconfig={}", kubeconfig.display()),
        "--manage-all-nodes=true".to_owned(),
        "--node-lease-duration-seconds=40".to_owned(),
        "--cidr=10.64.0.1/12".to_owned(),
    ];
    Process::start("kwok", &binaries.kwok(), args, folder)
}
