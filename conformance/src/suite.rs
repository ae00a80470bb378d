//! Which approaches, courses and sizes are run: the matrix of the suite.

use crate::approach::{APPROACHES, Approach, DEFAULTS, SPREAD};
use crate::binaries::Binaries;
use crate::courses::Course;
use crate::karpenter::Pools;
use crate::night::Trace;
use crate::nodes::{Labels, Layout};
use crate::render::Mutation;
use crate::run::Plan;
use crate::workload::Case;

/// Of the night that the suite makes.
const SEED: u64 = 3;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The function on the newest version with a few sizes.
    Quick,
    /// Everything on the newest version.
    Default,
    /// Everything on every version.
    All,
}

/// A course of events and what goes through it.
pub type Planned = (Course, Plan);

impl Extent {
    /// From the environment variable that `conformance/run` sets; a plain `cargo test` is quick.
    pub fn from_environment() -> Self {
        match std::env::var("CONFORMANCE_EXTENT").as_deref() {
            Ok("default") => Self::Default,
            Ok("all") => Self::All,
            _ => Self::Quick,
        }
    }

    /// The versions to run on.
    pub fn versions(self) -> Vec<Binaries> {
        let mut available = Binaries::available();
        if self != Self::All {
            available.truncate(1);
        }
        available
    }

    fn sizes(self) -> Vec<Case> {
        let (deployments, sets): (&[(u32, u32)], &[u32]) = match self {
            Self::Quick => (&[(1, 1), (2, 1), (10, 2)], &[1, 3, 5]),
            Self::Default | Self::All => (
                &[(1, 1), (2, 1), (3, 1), (5, 2), (10, 2), (20, 4), (100, 20)],
                &[1, 2, 3, 4, 5, 6, 7, 15],
            ),
        };
        let deployments = deployments
            .iter()
            .map(|(replicas, floor)| Case::deployment(*replicas, *floor));
        let sets = sets.iter().map(|members| Case::stateful_set(*members));
        deployments.chain(sets).collect()
    }

    /// Everything to run on one version; what people do today is measured on the newest only, and so is what does
    /// not depend on the version of Kubernetes.
    pub fn plans(self, newest: bool) -> Vec<Planned> {
        let others_too = newest && self != Self::Quick;
        let mut plans = Vec::new();
        // The longest first.
        if newest {
            plans.extend(self.market());
        }
        for approach in APPROACHES {
            if others_too || approach.is_function() {
                plans.extend(self.courses(approach, newest));
            }
        }
        if newest {
            plans.extend(self.other_nodes());
        }
        plans
    }

    /// Every course on the usual nodes. Only the newest version serves the admission policy.
    fn courses(self, approach: Approach, newest: bool) -> Vec<Planned> {
        let sizes = self.sizes();
        let wanted = |course: &Course| {
            !course.is_market()
                && (approach.is_function() || !course.is_about_the_function())
                && (!approach.budget || course.is_about_budgets())
                && (!approach.is_simple_strategy()
                    || matches!(course, Course::Interrupted | Course::AdoptionInterrupted))
                && (approach == DEFAULTS && newest || *course != Course::FailSafe)
                && (self != Self::Quick || approach == DEFAULTS || course.is_quick())
        };
        let courses = Course::ALL.into_iter().filter(wanted);
        courses
            .map(|course| plan(approach, course, course.layout(), course.cases(&sizes)))
            .filter(|(_, plan)| !plan.cases.is_empty())
            .collect()
    }

    /// The function's defaults on nodes of every provider, on tainted nodes, and where one kind is scarce.
    fn other_nodes(self) -> Vec<Planned> {
        let cases = Course::Disruption.cases(&Self::Quick.sizes());
        let of = |course, layout| plan(DEFAULTS, course, layout, cases.clone());
        let tainted = Layout {
            tainted: true,
            ..Layout::new(3, 6)
        };
        let one_zone = Layout {
            on_demand_zones: 1,
            ..Layout::new(1, 6)
        };
        let volumes = Course::Volumes.cases(&self.sizes());
        let mut plans = vec![plan(DEFAULTS, Course::Volumes, one_zone, volumes)];
        if self == Self::Quick {
            return plans;
        }
        plans.push(of(Course::Life, Layout::new(10, 3)));
        plans.push(of(Course::Life, tainted));
        let providers = [
            Labels::Karpenter,
            Labels::Eks,
            Labels::EksAndKarpenter,
            Labels::Gke,
            Labels::Aks,
        ];
        plans.extend(providers.map(|labels| {
            let layout = Layout {
                labels,
                ..Layout::new(3, 6)
            };
            of(Course::Life, layout)
        }));
        plans
    }

    /// With Karpenter.
    fn market(self) -> Vec<Planned> {
        let of = |approach, course: Course, pools| {
            // Every workload for every approach, so that prices and spot shares can be compared.
            plan_all(approach, course, Layout::bought(pools), course.cases(&[]))
        };
        if self == Self::Quick {
            return vec![of(DEFAULTS, Course::MarketStart, Pools::One)];
        }
        let pools = [Pools::ByWeight, Pools::TaintedSpot, Pools::Reserved];
        let all = |course: Course| {
            let on_one = APPROACHES.map(|approach| of(approach, course, Pools::One));
            on_one
                .into_iter()
                .chain(pools.map(|pools| of(DEFAULTS, course, pools)))
        };
        Course::MARKET.into_iter().flat_map(all).collect()
    }

    /// The nights to replay: the measured ones where they are at hand, and one that the suite makes.
    pub fn nights(self) -> Vec<Trace> {
        let days = match self {
            Self::Quick => 1,
            Self::Default | Self::All => 3,
        };
        let measured = match Trace::measured() {
            Ok(_) if self == Self::Quick => Vec::new(),
            Ok(measured) => measured,
            Err(error) => {
                eprintln!("conformance: the measured nights cannot be read: {error:#}");
                Vec::new()
            }
        };
        let measured = measured.into_iter().map(|it| it.first_days(days));
        measured.chain([Trace::made(SEED, days)]).collect()
    }

    /// The lives in which a promise is broken on purpose, with the workloads that show it.
    pub fn mutations() -> Vec<Planned> {
        let broken = |mutation: Mutation, cases: Vec<Case>| {
            let (course, mut plan) = plan(SPREAD, Course::Life, Layout::new(3, 6), cases);
            plan.mutation = Some(mutation);
            (course, plan)
        };
        let deployments = vec![Case::deployment(2, 1), Case::deployment(10, 2)];
        let mut with_set = deployments.clone();
        with_set.push(Case::stateful_set(5));
        vec![
            broken(Mutation::NoTaintsPolicy, deployments.clone()),
            broken(Mutation::NoMatchLabelKeys, with_set),
            broken(Mutation::NoPod, deployments),
        ]
    }
}

impl Course {
    /// Whether a budget makes a difference in it: something is drained.
    fn is_about_budgets(self) -> bool {
        matches!(self, Self::Life | Self::Upgrade)
    }

    /// Whether CI has time for it with every approach of the function.
    fn is_quick(self) -> bool {
        matches!(self, Self::Life | Self::Policy | Self::Upgrade)
    }
}

/// One plan, with the workloads for which the approach does anything of its own.
fn plan(approach: Approach, course: Course, layout: Layout, mut cases: Vec<Case>) -> Planned {
    cases.retain(|case| approach.differs_for(case));
    plan_all(approach, course, layout, cases)
}

/// One plan with all of these workloads.
fn plan_all(approach: Approach, course: Course, layout: Layout, cases: Vec<Case>) -> Planned {
    let plan = Plan {
        approach,
        layout,
        course: course.name(),
        cases,
        mutation: None,
    };
    (course, plan)
}
