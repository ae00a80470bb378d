//! One test per Kubernetes version, approach and course of events.
//!
//! The tests have names such as `1.36 floor life 3+6`, and are chosen by a part of a name as usual.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Result, anyhow};
use conformance::binaries::{self, Binaries};
use conformance::cluster::Cluster;
use conformance::courses::Course;
use conformance::examples;
use conformance::found::{self, Found};
use conformance::night::{self, Outcome, Trace};
use conformance::record::Record;
use conformance::render::Mutation;
use conformance::run::{Plan, Run};
use conformance::suite::Extent;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many tests run at once. Most of them are patient: nearly all of their time goes by waiting.
const AT_ONCE: usize = 10;

/// How many of them may work. With more, two cores take as long for all of them, and each takes longer.
const AT_WORK: usize = 4;

/// What the tests share: clusters that are free, and where to write what was measured.
struct Lab {
    runtime: Runtime,
    clusters: Mutex<Vec<Cluster>>,
    /// For the tests that work more than they wait.
    turns: Semaphore,
    records: Option<PathBuf>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lab {
    /// Waits until a test that works may begin; the next may when what is returned is dropped.
    fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.runtime.block_on(self.turns.acquire()).ok()
    }

    /// A free cluster of the version. If all that is free is of another version, one of those ends: it is not needed
    /// any more, because the tests go from version to version.
    fn free_cluster(&self, minor: &str) -> Option<Cluster> {
        let mut clusters = lock(&self.clusters);
        let index = clusters.iter().position(|cluster| cluster.minor == minor);
        let cluster = index.map(|index| clusters.swap_remove(index));
        if cluster.is_none() {
            clusters.pop();
        }
        cluster
    }

    /// Uses a free cluster of the version, or starts one. It is free again only when nothing failed on it.
    fn with_cluster<T>(
        &self,
        binaries: &Binaries,
        work: impl AsyncFnOnce(&mut Cluster) -> Result<T>,
    ) -> Result<T> {
        let free = self.free_cluster(&binaries.minor);
        self.runtime.block_on(async {
            let mut cluster = match free {
                Some(cluster) => cluster,
                None => Cluster::start(binaries).await?,
            };
            let result = work(&mut cluster).await?;
            lock(&self.clusters).push(cluster);
            Ok(result)
        })
    }

    fn run(&self, binaries: &Binaries, course: Course, plan: Plan) -> Result<Vec<Record>> {
        if course.is_market() {
            // Karpenter's resources and what it left stay in the cluster, which is not used again.
            return self.runtime.block_on(async {
                let mut cluster = Cluster::start(binaries).await?;
                let mut run = Run::start(&mut cluster, plan).await?;
                course.happen(&mut run).await?;
                Ok(run.records)
            });
        }
        self.with_cluster(binaries, async |cluster| {
            let mut run = Run::start(cluster, plan).await?;
            course.happen(&mut run).await?;
            run.finish().await
        })
    }

    /// Does the work of a test and writes down what it found, also when it came to no end.
    fn write_down(
        &self,
        test: &str,
        work: impl FnOnce(&mut Found) -> Result<()>,
    ) -> Result<Found, Failed> {
        let (mut found, began) = (Found::begin(test), Instant::now());
        let done = work(&mut found);
        found.seconds = began.elapsed().as_secs_f64();
        found.failure = done.as_ref().err().map(|error| format!("{error:#}"));
        if let Some(folder) = &self.records {
            found.write(folder).map_err(failed)?;
        }
        done.map(|()| found).map_err(failed)
    }

    /// Runs, writes down what was measured, and fails with every broken promise.
    fn check(
        &self,
        test: &str,
        binaries: &Binaries,
        course: Course,
        plan: Plan,
    ) -> Result<(), Failed> {
        let _turn = if course.is_patient() {
            None
        } else {
            self.turn()
        };
        let found = self.write_down(test, |found| {
            found.records = self.run(binaries, course, plan)?;
            Ok(())
        })?;
        if std::env::var_os("CONFORMANCE_VERBOSE").is_some() {
            for record in &found.records {
                println!("{record}");
            }
        }
        let broken = found.records.iter().flat_map(Record::broken);
        none(&broken.collect::<Vec<_>>())
    }

    /// Shows a rendered example to the API server.
    fn check_example(&self, binaries: &Binaries, example: &str) -> Result<(), Failed> {
        let said = self.with_cluster(binaries, async |cluster| {
            examples::check(&cluster.client, example).await
        });
        println!("example {example}: {}", said.map_err(failed)?);
        Ok(())
    }

    /// Replays a night, and fails when the function's workloads did not serve for an instant.
    fn replay(&self, test: &str, binaries: &Binaries, trace: &Trace) -> Result<(), Failed> {
        let _turn = self.turn();
        let found = self.write_down(test, |found| {
            found.nights = self.runtime.block_on(async {
                let mut cluster = Cluster::start(binaries).await?;
                night::replay(&mut cluster, trace).await
            })?;
            Ok(())
        })?;
        for outcome in &found.nights {
            println!("{outcome}");
        }
        let broken = found.nights.iter().flat_map(Outcome::broken);
        none(&broken.collect::<Vec<_>>())
    }

    /// Runs with a promise broken on purpose, and fails when nothing noticed.
    fn check_mutation(
        &self,
        binaries: &Binaries,
        course: Course,
        plan: Plan,
    ) -> Result<(), Failed> {
        let _turn = self.turn();
        let records = self.run(binaries, course, plan).map_err(failed)?;
        let broken: Vec<String> = records.iter().flat_map(Record::broken).collect();
        if broken.is_empty() {
            return Err("nothing noticed that the field is missing".into());
        }
        println!("noticed as it should be:\n  {}", broken.join("\n  "));
        Ok(())
    }
}

fn none(broken: &[String]) -> Result<(), Failed> {
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n").into())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: anyhow::Error) -> Failed {
    format!("{error:#}").into()
}

fn name(binaries: &Binaries, course: Course, plan: &Plan) -> String {
    format!(
        "{} {} {} {}",
        binaries.minor,
        plan.approach.name,
        course.name(),
        plan.layout.name()
    )
}

/// The tests.
#[derive(Default)]
struct Trials {
    /// Those that work.
    working: Vec<Trial>,
    /// Those that wait nearly all the time.
    patient: Vec<Trial>,
}

fn trials(lab: &'static Lab, extent: Extent, broken_on_purpose: Option<Mutation>) -> Trials {
    let mut trials = Trials::default();
    let no_function = binaries::function().is_err() && !binaries::required();
    for (index, version) in extent.versions().into_iter().enumerate() {
        // First, because they are the longest: none is left to run alone at the end.
        let nights = if index == 0 {
            extent.nights()
        } else {
            Vec::new()
        };
        for trace in nights {
            let name = format!("{} night {}", version.minor, trace.name);
            let (test, binaries) = (name.clone(), version.clone());
            let trial = Trial::test(name, move || lab.replay(&test, &binaries, &trace));
            trials.working.push(trial.with_ignored_flag(no_function));
        }
        for (course, mut plan) in extent.plans(index == 0) {
            plan.mutation = broken_on_purpose;
            let (binaries, skip) = (version.clone(), no_function && plan.approach.is_function());
            let test = name(&version, course, &plan);
            let trial = Trial::test(test.clone(), move || {
                lab.check(&test, &binaries, course, plan)
            });
            let list = if course.is_patient() {
                &mut trials.patient
            } else {
                &mut trials.working
            };
            list.push(trial.with_ignored_flag(skip));
        }
        for (course, plan) in Extent::mutations() {
            let mutation = plan.mutation.map(Mutation::field).unwrap_or_default();
            let name = format!("{} without {mutation} is noticed", version.minor);
            let binaries = version.clone();
            let trial = Trial::test(name, move || lab.check_mutation(&binaries, course, plan));
            trials.working.push(trial.with_ignored_flag(no_function));
        }
        for example in examples::names() {
            let (name, binaries) = (
                format!("{} example {example}", version.minor),
                version.clone(),
            );
            let trial = Trial::test(name, move || lab.check_example(&binaries, &example));
            trials.working.push(trial.with_ignored_flag(no_function));
        }
    }
    trials
}

/// The patient tests stand evenly between those that work, so that neither are left at the end.
fn side_by_side(Trials { working, patient }: Trials) -> Vec<Trial> {
    let (works, waits) = (working.len(), patient.len());
    let (mut working, mut patient) = (working.into_iter(), patient.into_iter());
    let next = |index: usize| {
        let waiting_by_then = |index: usize| index * waits / (works + waits);
        if waiting_by_then(index + 1) > waiting_by_then(index) {
            patient.next()
        } else {
            working.next()
        }
    };
    (0..works + waits).filter_map(next).collect()
}

fn main() -> Result<std::process::ExitCode> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(AT_ONCE));
    let extent = Extent::from_environment();
    if extent.versions().is_empty() {
        if binaries::required() {
            return Err(anyhow!(
                "the control plane is not built: run conformance/build-cluster"
            ));
        }
        eprintln!(
            "conformance: skipped, because the control plane is not built: run conformance/build-cluster"
        );
    }
    if binaries::function().is_err() {
        eprintln!(
            "conformance: the function is not built (cargo build --release); its tests are skipped"
        );
    }
    let broken_on_purpose = Mutation::from_environment()?;
    let lab: &'static Lab = Box::leak(Box::new(Lab {
        runtime: Runtime::new()?,
        clusters: Mutex::default(),
        turns: Semaphore::new(AT_WORK),
        records: std::env::var_os(found::FOLDER).map(PathBuf::from),
    }));
    let conclusion = libtest_mimic::run(
        &arguments,
        side_by_side(trials(lab, extent, broken_on_purpose)),
    );
    lock(&lab.clusters).clear();
    Ok(conclusion.exit_code())
}
