//! One approach, one node layout, one set of workloads: what a course of events acts on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::approach::{Approach, Placement};
use crate::audit::{self, Audited};
use crate::census::Census;
use crate::cluster::Cluster;
use crate::guarantee::{Guarantee, Moment};
use crate::karpenter::Karpenter;
use crate::nodes::{Fleet, Layout};
use crate::policy;
use crate::record::{Availability, Expect, Record};
use crate::render::{self, Mutation};
use crate::settle::settle;
use crate::workload::Case;

static NAMESPACES: AtomicU32 = AtomicU32::new(0);

/// What is to be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How pods are placed.
    pub approach: Approach,
    /// The nodes at the start; a course may change them.
    pub layout: Layout,
    /// Name of the course of events, for the records.
    pub course: &'static str,
    /// The workloads, side by side.
    pub cases: Vec<Case>,
    /// A promise to break on purpose.
    pub mutation: Option<Mutation>,
}

impl Plan {
    /// The function's configuration.
    pub fn policy(&self) -> Value {
        let mut policy = self.layout.policy();
        if self.approach.placement == Placement::Strategy("spread") {
            policy["spec"]["capacity"] = self.layout.labels.two_domains();
        }
        if self.approach.budget {
            policy["spec"]["budget"] = json!("floor");
        }
        policy
    }
}

/// A plan in progress on a cluster.
pub struct Run {
    /// What is being run.
    pub plan: Plan,
    /// The nodes.
    pub fleet: Fleet,
    /// What buys the nodes, if they are not simply there.
    pub karpenter: Option<Karpenter>,
    /// What was measured so far.
    pub records: Vec<Record>,
    /// Who runs where.
    pub census: Census,
    pub(crate) client: Client,
    pub(crate) namespace: String,
    pub(crate) image: u32,
    /// Whether pods take seconds to start, as they do in life, so that there is a middle of a rollout.
    pub(crate) starts_slowly: bool,
    pub(crate) guarantees: HashMap<String, Guarantee>,
    /// Whether the function's admission policy is in the cluster.
    policy: bool,
    version: String,
}

impl Run {
    /// Prepares a namespace without workloads and a cluster without nodes.
    pub async fn start(cluster: &mut Cluster, plan: Plan) -> Result<Self> {
        cluster.use_scheduler(plan.approach.scheduler).await?;
        let client = cluster.client.clone();
        let namespace = format!("run-{}", NAMESPACES.fetch_add(1, Ordering::Relaxed));
        create_namespace(&client, &namespace, None).await?;
        let karpenter = match plan.layout.pools {
            Some(pools) => Some(cluster.start_karpenter(pools, &namespace).await?),
            None => None,
        };
        let mut run = Self {
            fleet: Fleet::new(client.clone(), &namespace, plan.layout),
            karpenter,
            records: Vec::new(),
            version: cluster.version().await?,
            census: Census::start(client.clone(), &namespace),
            image: 1,
            starts_slowly: false,
            guarantees: HashMap::new(),
            policy: false,
            client,
            namespace,
            plan,
        };
        run.set_policy(run.plan.approach.policy).await?;
        Ok(run)
    }

    /// Makes sure that the function's admission policy is in the cluster, or is not. Clusters that do not serve such
    /// policies have none.
    pub async fn set_policy(&mut self, wanted: bool) -> Result<()> {
        if self.plan.approach.is_function() && policy::is_served(&self.client).await? {
            policy::ensure(&self.client, &self.plan.policy(), wanted).await?;
            self.policy = wanted;
        }
        Ok(())
    }

    /// Whether the function's admission policy is in the cluster and in force.
    pub fn has_policy(&self) -> bool {
        self.policy
    }

    /// Takes the binding of the admission policy away and leaves the policy.
    pub async fn unbind_policy(&mut self) -> Result<()> {
        policy::unbind(&self.client, &self.plan.policy()).await?;
        self.policy = false;
        Ok(())
    }

    /// Does something, waits until everything has settled, and writes down what it did to every workload.
    pub async fn step<F>(
        &mut self,
        step: &'static str,
        moment: Moment,
        expect: Expect,
        action: F,
    ) -> Result<()>
    where
        F: AsyncFnOnce(&mut Self) -> Result<()>,
    {
        self.census.begin();
        action(self)
            .await
            .with_context(|| format!("failed at the step {step:?}"))?;
        self.settle()
            .await
            .with_context(|| format!("after {step:?}"))?;
        let audit = self.audit().await?;
        for case in self.plan.cases.clone() {
            let audited = audit.get(&case.name()).copied();
            self.write_down(step, (moment, expect), case, audited);
        }
        Ok(())
    }

    /// What the function's `audit` says of a snapshot during which nothing moved.
    async fn audit(&self) -> Result<HashMap<String, Audited>> {
        for _ in 0..10 {
            let (.., before) = self.census.activity();
            let mut snapshot = audit::snapshot(&self.client, &self.namespace).await?;
            if self.plan.mutation == Some(Mutation::NoPod) {
                render::leave_out_pod(&mut snapshot);
            }
            let audit = audit::audit(&snapshot, &self.plan.policy())?;
            if self.census.activity().3 == before {
                return Ok(audit);
            }
            self.settle().await?;
        }
        bail!("{} did not stay as it was for a snapshot", self.namespace)
    }

    /// Waits until nothing moves any more.
    pub async fn settle(&self) -> Result<()> {
        let settled = settle(
            &self.client,
            &self.namespace,
            &self.census,
            self.karpenter.as_ref(),
        );
        settled.await
    }

    /// Waits for an instant in the middle of something.
    pub async fn until(&self, what: &str, reached: impl Fn(&Census) -> bool) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(600);
        while !reached(&self.census) {
            ensure!(Instant::now() < deadline, "{what} did not come");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    fn write_down(
        &mut self,
        step: &str,
        (moment, expect): (Moment, Expect),
        case: Case,
        audit: Option<Audited>,
    ) {
        let name = case.name();
        let count = self.census.count(&name);
        let (history, now) = (self.census.history(&name), Instant::now());
        let wanted = f64::from(case.replicas);
        let missing = |ready: u32| (wanted - f64::from(ready)).max(0.0);
        let availability = Availability {
            lowest: history.lowest(super::census::history::Count::ready),
            missing_seconds: history.seconds(now, |count| missing(count.ready())),
            pending_seconds: history.seconds(now, |count| f64::from(count.pending)),
        };
        let minimum = match moment {
            Moment::Arrival | Moment::Adoption => count.on_demand,
            _ => history.lowest(|count| count.on_demand),
        };
        let guarantee = self.guarantees.get(&name).cloned();
        self.records.push(Record {
            version: self.version.clone(),
            approach: self.plan.approach,
            layout: self.plan.layout.name(),
            course: self.plan.course.to_owned(),
            step: step.to_owned(),
            audit,
            guarantee: guarantee.map(|guarantee| guarantee.with_policy(self.policy)),
            case,
            count,
            minimum,
            availability,
            nodes: self.census.nodes(),
            moment,
            expect,
        });
    }

    /// Empties the cluster again and hands over the records.
    pub async fn finish(self) -> Result<Vec<Record>> {
        let (delete, all) = (DeleteParams::background(), ListParams::default());
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let sets: Api<StatefulSet> = Api::namespaced(self.client.clone(), &self.namespace);
        deployments.delete_collection(&delete, &all).await?;
        sets.delete_collection(&delete, &all).await?;
        let deadline = Instant::now() + Duration::from_secs(300);
        while self.census.activity().0 > 0 {
            if Instant::now() > deadline {
                bail!("the pods of {} did not go", self.namespace);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.fleet.clear().await?;
        Ok(self.records)
    }
}

/// Makes a namespace, whose pods run on the nodes of one fleet if so wanted. A pod is refused until the controllers
/// have made the namespace's service account.
pub(crate) async fn create_namespace(
    client: &Client,
    name: &str,
    node_selector: Option<String>,
) -> Result<()> {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let mut namespace = json!({"metadata": {"name": name}});
    if let Some(selector) = node_selector {
        namespace["metadata"]["annotations"]["scheduler.alpha.kubernetes.io/node-selector"] =
            json!(selector);
    }
    let namespace = serde_json::from_value(namespace)?;
    namespaces
        .create(&PostParams::default(), &namespace)
        .await?;
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), name);
    let deadline = Instant::now() + Duration::from_secs(240);
    while accounts.get_opt("default").await?.is_none() {
        if Instant::now() > deadline {
            bail!("namespace {name} got no service account");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
