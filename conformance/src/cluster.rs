//! A whole control plane on loopback: etcd, the API server, the controllers, the scheduler, and kwok for kubelets.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::{Api, Client, Config};
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::components::{
    start_api_server, start_controllers, start_etcd, start_kwok, start_scheduler,
};
use crate::credentials::Credentials;
use crate::departures::Departures;
use crate::extender::Extender;
use crate::karpenter::{Karpenter, Pools};
use crate::process::Process;

/// How long each part may take to answer; generous, because the machine may be building something beside it.
const START: Duration = Duration::from_secs(300);

/// The scheduler that asks the extender, where it runs beside the usual one.
pub const WITH_EXTENDER: &str = "with-extender";

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
    _departures: Departures,
    // Dropped in this order: the programs first, then the folder they write to.
    programs: Vec<Process>,
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
            _departures: Departures::start(client.clone()),
            client,
            minor: binaries.minor.clone(),
            binaries: binaries.clone(),
            kubeconfig,
            scheduler: (Scheduler::Default, scheduler),
            extender: None,
            programs: vec![kwok, controllers, api_server, etcd],
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
                Some(extender.scheduler_configuration(&self.kubeconfig, "default-scheduler"))
            }
            _ => None,
        };
        let process = self.start_scheduler(config.as_deref())?;
        // The old one ends here; for an instant both run, and binding a pod twice is refused by the API server.
        self.scheduler = (wanted, process);
        Ok(())
    }

    /// The file with which other programs reach the cluster as an administrator.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    fn start_scheduler(&self, config: Option<&str>) -> Result<Process> {
        let folder = self.folder.path();
        start_scheduler(&self.binaries, folder, &self.kubeconfig, config)
    }

    /// Starts a scheduler with the extender beside the usual one, for pods that name it.
    pub async fn add_scheduler_with_extender(&mut self) -> Result<()> {
        let extender = Extender::start(self.client.clone()).await?;
        let config = extender.scheduler_configuration(&self.kubeconfig, WITH_EXTENDER);
        let process = self.start_scheduler(Some(&config))?;
        self.extender = Some(extender);
        self.programs.insert(0, process);
        Ok(())
    }

    /// Starts Karpenter, which buys nodes for the fleet from these pools.
    pub async fn start_karpenter(&self, pools: Pools, fleet: &str) -> Result<Karpenter> {
        let files = (self.kubeconfig.clone(), self.folder.path().to_owned());
        Karpenter::start(&self.client, &self.binaries, files, pools, fleet).await
    }

    /// The version that the API server reports, for example `v1.36.3`.
    pub async fn version(&self) -> Result<String> {
        Ok(self.client.apiserver_version().await?.git_version)
    }
}

/// Ports of loopback that nobody listens on.
pub fn free_ports<const N: usize>() -> Result<[u16; N]> {
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
