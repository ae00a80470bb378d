//! A whole control plane on loopback: etcd, the API server, the controllers, the scheduler, and kwok for kubelets.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::{Api, Client, Config};
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::credentials::Credentials;
use crate::extender::Extender;
use crate::process::Process;

/// How long each part may take to answer; generous, because the machine may be building something beside it.
const START: Duration = Duration::from_secs(90);
const KUBELET: &str = include_str!("kubelet.yaml");

/// Which scheduler configuration runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduler {
    /// The default configuration.
    Default,
    /// The default configuration with the `prioritize` extender added.
    Extender,
}

/// A running cluster without nodes. Everything in it ends and is deleted on drop.
pub struct Cluster {
    /// Talks to the API server as an administrator.
    pub client: Client,
    /// For example `1.36`.
    pub minor: String,
    binaries: Binaries,
    kubeconfig: PathBuf,
    scheduler: (Scheduler, Process),
    extender: Option<Extender>,
    // Dropped in this order: the programs first, then the folder they write to.
    _programs: Vec<Process>,
    folder: TempDir,
}

impl Cluster {
    /// Starts a cluster and waits until its controllers work.
    pub async fn start(binaries: &Binaries) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("conformance-").tempdir()?;
        let path = folder.path();
        let credentials = Credentials::create(path)?;
        let [etcd_port, peer_port, api_port] = free_ports()?;
        let etcd = start_etcd(binaries, path, etcd_port, peer_port)?;
        let api_server = start_api_server(binaries, path, &credentials, etcd_port, api_port)?;

        let url = format!("https://127.0.0.1:{api_port}");
        let client = connect(&url, &credentials)?;
        wait_until_ready(&client, &api_server).await?;

        let kubeconfig = credentials.write_kubeconfig(&url)?;
        let controllers = start_controllers(binaries, path, &credentials, &kubeconfig)?;
        let kwok = start_kwok(binaries, path, &kubeconfig)?;
        let scheduler = start_scheduler(binaries, path, &kubeconfig, None)?;
        wait_for_controllers(&client, &controllers).await?;
        Ok(Self {
            client,
            minor: binaries.minor.clone(),
            binaries: binaries.clone(),
            kubeconfig,
            scheduler: (Scheduler::Default, scheduler),
            extender: None,
            _programs: vec![kwok, controllers, api_server, etcd],
            folder,
        })
    }

    /// Makes sure that the scheduler runs with this configuration, restarting it when it does not.
    pub async fn use_scheduler(&mut self, wanted: Scheduler) -> Result<()> {
        if self.scheduler.0 == wanted {
            return Ok(());
        }
        if wanted == Scheduler::Extender && self.extender.is_none() {
            self.extender = Some(Extender::start(self.client.clone()).await?);
        }
        let config = match (&self.extender, wanted) {
            (Some(extender), Scheduler::Extender) => {
                Some(extender.scheduler_configuration(&self.kubeconfig))
            }
            _ => None,
        };
        let process = start_scheduler(
            &self.binaries,
            self.folder.path(),
            &self.kubeconfig,
            config.as_deref(),
        )?;
        // The old one ends here; for an instant both run, and binding a pod twice is refused by the API server.
        self.scheduler = (wanted, process);
        Ok(())
    }

    /// The file with which other programs reach the cluster as an administrator.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The version that the API server reports, for example `v1.36.3`.
    pub async fn version(&self) -> Result<String> {
        Ok(self.client.apiserver_version().await?.git_version)
    }
}

fn free_ports<const N: usize>() -> Result<[u16; N]> {
    // All are held at once, so that no two are the same.
    let held: Vec<TcpListener> = (0..N)
        .map(|_| TcpListener::bind("127.0.0.1:0"))
        .collect::<Result<_, _>>()?;
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&held) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

fn start_etcd(
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

fn start_api_server(
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
    ];
    Process::start(
        "kube-apiserver",
        &binaries.kubernetes("kube-apiserver"),
        args,
        folder,
    )
}

fn start_controllers(
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

fn start_scheduler(
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

fn start_kwok(binaries: &Binaries, folder: &Path, kubeconfig: &Path) -> Result<Process> {
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

fn connect(url: &str, credentials: &Credentials) -> Result<Client> {
    let mut config = Config::new(url.parse()?);
    config.root_cert = Some(vec![credentials.certificate()]);
    config.auth_info.token = Some(credentials.token.clone().into());
    // An eviction that a PodDisruptionBudget refuses answers 429; the drain, not the client, decides how often to ask.
    config.default_retry = false;
    Ok(Client::try_from(config)?)
}

async fn wait_until_ready(client: &Client, api_server: &Process) -> Result<()> {
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        let request = axum::http::Request::get("/readyz").body(Vec::new())?;
        if client.request_text(request).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!(
        "the API server did not become ready; its last words:\n{}",
        api_server.log_tail()
    )
}

/// The controllers have worked once when the default namespace has its service account; pods need it.
async fn wait_for_controllers(client: &Client, controllers: &Process) -> Result<()> {
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), "default");
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        if accounts
            .get_opt("default")
            .await
            .context("failed to read the default service account")?
            .is_some()
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!(
        "the controllers did not start; their last words:\n{}",
        controllers.log_tail()
    )
}
