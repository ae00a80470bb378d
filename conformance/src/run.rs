//! One approach, one node layout, one set of workloads: what a course of events acts on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::approach::Approach;
use crate::census::Census;
use crate::cluster::Cluster;
use crate::guarantee::{Guarantee, Moment};
use crate::nodes::{CAPACITY, Fleet, Layout};
use crate::record::{Expect, Record};
use crate::render::{self, Mutation};
use crate::settle::settle;
use crate::workload::{Case, Kind};

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

/// A plan in progress on a cluster.
pub struct Run {
    /// What is being run.
    pub plan: Plan,
    /// The nodes.
    pub fleet: Fleet,
    /// What was measured so far.
    pub records: Vec<Record>,
    client: Client,
    version: String,
    namespace: String,
    census: Census,
    image: u32,
    guarantees: HashMap<String, Guarantee>,
}

impl Run {
    /// Prepares a namespace without workloads and a cluster without nodes.
    pub async fn start(cluster: &mut Cluster, plan: Plan) -> Result<Self> {
        cluster.use_scheduler(plan.approach.scheduler).await?;
        let client = cluster.client.clone();
        let namespace = format!("run-{}", NAMESPACES.fetch_add(1, Ordering::Relaxed));
        create_namespace(&client, &namespace).await?;
        Ok(Self {
            fleet: Fleet::new(client.clone(), plan.layout),
            records: Vec::new(),
            version: cluster.version().await?,
            census: Census::start(client.clone(), &namespace),
            image: 1,
            guarantees: HashMap::new(),
            client,
            namespace,
            plan,
        })
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
        settle(&self.client, &self.namespace, &self.census)
            .await
            .with_context(|| format!("after {step:?}"))?;
        for case in self.plan.cases.clone() {
            self.write_down(step, moment, expect, case);
        }
        Ok(())
    }

    fn write_down(&mut self, step: &'static str, moment: Moment, expect: Expect, case: Case) {
        let name = case.name();
        let count = self.census.count(&name);
        let minimum = match moment {
            Moment::Arrival => count.on_demand,
            _ => self.census.minimum(&name),
        };
        self.records.push(Record {
            version: self.version.clone(),
            approach: self.plan.approach,
            layout: self.plan.layout.name(),
            course: self.plan.course,
            step,
            guarantee: self.guarantees.get(&name).cloned(),
            case,
            count,
            minimum,
            moment,
            expect,
        });
    }

    /// Renders what Git holds and applies it.
    pub async fn apply(&mut self) -> Result<()> {
        let mut manifests = self.written();
        if self.plan.approach.is_function() {
            manifests = render::through_function(&manifests, self.plan.layout)?;
            self.guarantees = self.reported(&manifests)?;
        }
        if let Some(mutation) = self.plan.mutation {
            for manifest in &mut manifests {
                mutation.apply(manifest);
            }
        }
        render::apply(&self.client, &manifests).await
    }

    /// Applies what Git holds without asking the function.
    pub async fn apply_as_written(&mut self) -> Result<()> {
        render::apply(&self.client, &self.written()).await
    }

    fn written(&self) -> Vec<Value> {
        let Plan {
            approach,
            layout,
            cases,
            ..
        } = &self.plan;
        let manifest = |case: &Case| {
            let workload = approach.write(case, &self.namespace, self.image, layout.tainted);
            std::iter::once(workload).chain(case.autoscaler(&self.namespace))
        };
        cases.iter().flat_map(manifest).collect()
    }

    fn reported(&self, rendered: &[Value]) -> Result<HashMap<String, Guarantee>> {
        let guarantee = |case: &Case| {
            let is_it = |manifest: &&Value| {
                manifest["metadata"]["name"] == case.name().as_str()
                    && manifest["kind"] == format!("{:?}", case.kind)
            };
            let workload = rendered
                .iter()
                .find(is_it)
                .with_context(|| format!("{} was not rendered", case.name()))?;
            Ok((case.name(), Guarantee::of(workload)?))
        };
        self.plan.cases.iter().map(guarantee).collect()
    }

    /// A new image for every workload.
    pub async fn rollout(&mut self) -> Result<()> {
        self.image += 1;
        self.apply().await
    }

    /// Sets the replicas of every Deployment through the scale subresource, as an autoscaler does.
    pub async fn scale(&mut self, replicas: u32) -> Result<()> {
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let patch = Patch::Merge(json!({"spec": {"replicas": replicas}}));
        for case in self
            .plan
            .cases
            .iter()
            .filter(|case| case.kind == Kind::Deployment)
        {
            deployments
                .patch_scale(&case.name(), &PatchParams::default(), &patch)
                .await?;
        }
        Ok(())
    }

    /// Waits until every autoscaler has brought its workload to the minimum, at its first look after 15 seconds.
    pub async fn wait_for_autoscalers(&mut self) -> Result<()> {
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let deadline = Instant::now() + Duration::from_secs(60);
        for case in self.plan.cases.iter().filter(|case| case.autoscaled) {
            while deployments
                .get_scale(&case.name())
                .await?
                .spec
                .and_then(|spec| spec.replicas)
                != Some(i32::try_from(case.replicas)?)
            {
                ensure!(
                    Instant::now() < deadline,
                    "no autoscaler looked at {}",
                    case.name()
                );
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Ok(())
    }

    /// Puts a PodDisruptionBudget beside every workload with more than one replica.
    pub async fn protect(&mut self) -> Result<()> {
        let several = self.plan.cases.iter().filter(|case| case.replicas > 1);
        let budgets: Vec<Value> = several
            .map(|case| case.disruption_budget(&self.namespace))
            .collect();
        render::apply(&self.client, &budgets).await
    }

    /// Puts pods of somebody else on the nodes of this capacity: `replicas` pods of `cpu` each.
    pub async fn crowd(&mut self, capacity: &str, replicas: usize, cpu: &str) -> Result<()> {
        let name = format!("{capacity}-crowd");
        let labels = json!({"app": name});
        let pod = json!({
            "nodeSelector": {CAPACITY: capacity},
            "containers": [{
                "name": "app", "image": "registry.invalid/other:1", "resources": {"requests": {"cpu": cpu}},
            }],
        });
        let crowd = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        });
        render::apply(&self.client, &[crowd]).await?;
        settle(&self.client, &self.namespace, &self.census).await
    }

    /// Empties the cluster again and hands over the records.
    pub async fn finish(mut self) -> Result<Vec<Record>> {
        let (delete, all) = (DeleteParams::background(), ListParams::default());
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let sets: Api<StatefulSet> = Api::namespaced(self.client.clone(), &self.namespace);
        deployments.delete_collection(&delete, &all).await?;
        sets.delete_collection(&delete, &all).await?;
        let deadline = Instant::now() + Duration::from_secs(60);
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

/// A pod is refused until the controllers have made the namespace's service account.
async fn create_namespace(client: &Client, name: &str) -> Result<()> {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let namespace = serde_json::from_value(json!({"metadata": {"name": name}}))?;
    namespaces
        .create(&PostParams::default(), &namespace)
        .await?;
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), name);
    let deadline = Instant::now() + Duration::from_secs(30);
    while accounts.get_opt("default").await?.is_none() {
        if Instant::now() > deadline {
            bail!("namespace {name} got no service account");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
