//! What a course of events can do to the workloads of a run.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use crate::guarantee::Guarantee;
use crate::nodes::Capacity;
use crate::render;
use crate::run::{Plan, Run};
use crate::workload::{Case, Kind};
use crate::{crowd, volumes};

/// What a sibling is known by.
const SIBLING: &str = "spot-distribution.dev/sibling-of";
/// How long the played kubelet takes to start a pod.
const STARTS_IN: &str = "conformance.dev/starts-in";
/// The annotation by which an owner leaves the policy.
const STRATEGY: &str = "spot-distribution.dev/strategy";

impl Run {
    /// Renders what Git holds and applies it.
    pub async fn apply(&mut self) -> Result<()> {
        let manifests = self.rendered()?;
        render::apply(&self.client, &manifests).await
    }

    /// The way without a gap: the siblings first, and the rest once they are ready.
    pub async fn apply_siblings_first(&mut self) -> Result<()> {
        self.apply_siblings().await?;
        self.settle().await?;
        self.apply().await
    }

    /// Applies the siblings alone. Where no workload gets one there is nothing to apply first, and the function says so.
    pub async fn apply_siblings(&mut self) -> Result<()> {
        let (written, policy) = (self.written(), self.plan.policy());
        let rendered = render::through_function(&written, &policy, &[])?;
        let is_sibling =
            |manifest: &Value| manifest["metadata"]["annotations"][SIBLING].is_string();
        if !rendered.iter().any(is_sibling) {
            return Ok(());
        }
        let siblings = render::through_function(&written, &policy, &["--siblings"])?;
        render::apply(&self.client, &siblings).await
    }

    /// Applies what Git holds without asking the function.
    pub async fn apply_as_written(&mut self) -> Result<()> {
        render::apply(&self.client, &self.written()).await
    }

    /// Every owner leaves the policy: what the function had written is removed, and the siblings are deleted once
    /// the originals run in full.
    pub async fn leave(&mut self) -> Result<()> {
        let mut written = self.written();
        let before = self.rendered()?;
        for manifest in &mut written {
            manifest["metadata"]["annotations"][STRATEGY] = json!("off");
        }
        let manifests = render::through_function(&written, &self.plan.policy(), &[])?;
        render::apply(&self.client, &manifests).await?;
        // Not yet: until then the siblings carry their part.
        self.settle().await?;
        let is_left_over = |manifest: &&Value| {
            !manifests
                .iter()
                .any(|one| one["kind"] == manifest["kind"] && name_of(one) == name_of(manifest))
        };
        let siblings: Vec<Value> = before.iter().filter(is_left_over).cloned().collect();
        render::delete(&self.client, &siblings).await
    }

    fn rendered(&mut self) -> Result<Vec<Value>> {
        let mut manifests = self.written();
        if self.plan.approach.is_function() {
            manifests = render::through_function(&manifests, &self.plan.policy(), &[])?;
            let reported = self.reported(&manifests)?;
            self.guarantees.extend(reported);
        }
        if let Some(mutation) = self.plan.mutation {
            for manifest in &mut manifests {
                mutation.apply(manifest);
            }
        }
        Ok(manifests)
    }

    /// A StatefulSet of three under this name, as the function renders it.
    pub fn set_of_three(&self, name: &'static str) -> Result<Value> {
        let case = Case {
            named: Some(name),
            ..Case::stateful_set(3)
        };
        let written = case.manifest(&self.namespace, &self.image_name());
        let rendered = render::through_function(&[written], &self.plan.policy(), &[])?;
        rendered.into_iter().next().context("nothing was rendered")
    }

    fn written(&self) -> Vec<Value> {
        let Plan {
            approach,
            layout,
            cases,
            ..
        } = &self.plan;
        let image = self.image_name();
        let manifest = |case: &Case| {
            let mut workload = approach.write(case, &self.namespace, &image, layout);
            if self.starts_slowly {
                workload["spec"]["template"]["metadata"]["annotations"][STARTS_IN] = json!("3s");
            }
            std::iter::once(workload).chain(case.autoscaler(&self.namespace))
        };
        cases.iter().flat_map(manifest).collect()
    }

    /// The image that Git holds now.
    pub fn image_name(&self) -> String {
        format!("registry.invalid/app:{}", self.image)
    }

    fn reported(&self, rendered: &[Value]) -> Result<HashMap<String, Guarantee>> {
        let guarantee = |case: &Case| {
            let is_it = |manifest: &&Value| {
                name_of(manifest) == Some(case.name().as_str())
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

    /// Lets the rollouts of every StatefulSet stop below this ordinal, until it is lowered.
    pub async fn hold_rollouts(&self, ordinal: impl Fn(&Case) -> u32) -> Result<()> {
        let sets: Api<StatefulSet> = Api::namespaced(self.client.clone(), &self.namespace);
        let cases = self.plan.cases.iter();
        for case in cases.filter(|case| case.kind == Kind::StatefulSet) {
            let partition = json!({"rollingUpdate": {"partition": ordinal(case)}});
            let patch = Patch::Merge(json!({"spec": {"updateStrategy": partition}}));
            sets.patch(&case.name(), &PatchParams::default(), &patch)
                .await?;
        }
        Ok(())
    }

    /// Sets the replicas of every workload that `wanted` names through the scale subresource, as an autoscaler does.
    pub async fn scale(&mut self, wanted: impl Fn(&Case) -> Option<u32>) -> Result<()> {
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
        let sets: Api<StatefulSet> = Api::namespaced(self.client.clone(), &self.namespace);
        for case in &self.plan.cases {
            let Some(replicas) = wanted(case) else {
                continue;
            };
            let patch = Patch::Merge(json!({"spec": {"replicas": replicas}}));
            let (name, params) = (case.name(), PatchParams::default());
            match case.kind {
                Kind::Deployment => drop(deployments.patch_scale(&name, &params, &patch).await?),
                Kind::StatefulSet => drop(sets.patch_scale(&name, &params, &patch).await?),
            }
        }
        Ok(())
    }

    /// Waits until every autoscaler has brought its workload to the minimum, at its first look after 15 seconds.
    pub async fn wait_for_autoscalers(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(240);
        for case in self.plan.cases.iter().filter(|case| case.autoscaled) {
            while self.replicas(case).await? != Some(i32::try_from(case.replicas)?) {
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

    async fn replicas(&self, case: &Case) -> Result<Option<i32>> {
        let name = case.name();
        let scale = match case.kind {
            Kind::Deployment => {
                let api: Api<Deployment> = Api::namespaced(self.client.clone(), &self.namespace);
                api.get_scale(&name).await?
            }
            Kind::StatefulSet => {
                let api: Api<StatefulSet> = Api::namespaced(self.client.clone(), &self.namespace);
                api.get_scale(&name).await?
            }
        };
        Ok(scale.spec.and_then(|spec| spec.replicas))
    }

    /// Puts a PodDisruptionBudget beside every workload with more than one replica.
    pub async fn protect(&mut self) -> Result<()> {
        let several = self.plan.cases.iter().filter(|case| case.replicas > 1);
        let budgets: Vec<Value> = several
            .map(|case| case.disruption_budget(&self.namespace))
            .collect();
        render::apply(&self.client, &budgets).await
    }

    /// Makes the volumes that the workloads with volumes may claim.
    pub async fn provide_volumes(&mut self) -> Result<()> {
        let members = self.plan.cases.iter().filter(|case| case.volumes);
        let members = members.map(|case| case.replicas).sum();
        render::apply(&self.client, &volumes::zonal(&self.namespace, members)).await
    }

    /// Puts pods of somebody else on the nodes of this capacity: `replicas` pods of `cpu` each.
    pub async fn crowd(&mut self, capacity: Capacity, replicas: usize, cpu: &str) -> Result<()> {
        let crowd = crowd::manifest(&self.namespace, &self.plan.layout, capacity, replicas, cpu);
        render::apply(&self.client, &[crowd]).await?;
        self.settle().await
    }

    /// The crowd goes again.
    pub async fn disperse(&mut self, capacity: Capacity) -> Result<()> {
        let crowd = crowd::manifest(&self.namespace, &self.plan.layout, capacity, 0, "0");
        render::delete(&self.client, &[crowd]).await
    }
}

fn name_of(manifest: &Value) -> Option<&str> {
    manifest["metadata"]["name"].as_str()
}
