//! Which approaches, courses and sizes are run: the matrix of the suite.

use crate::approach::{APPROACHES, Approach};
use crate::binaries::Binaries;
use crate::course::Course;
use crate::nodes::Layout;
use crate::render::Mutation;
use crate::run::Plan;
use crate::workload::{Case, Kind};

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
        match self {
            Self::Quick => [
                [(1, 1), (2, 1), (10, 2)]
                    .map(|(replicas, floor)| Case::deployment(replicas, floor)),
                [1, 3, 4].map(Case::stateful_set),
            ]
            .concat(),
            Self::Default | Self::All => [
                [(1, 1), (2, 1), (3, 1), (5, 2), (10, 2), (20, 4), (100, 20)]
                    .map(|(replicas, floor)| Case::deployment(replicas, floor))
                    .to_vec(),
                [1, 2, 3, 4, 5, 7].map(Case::stateful_set).to_vec(),
            ]
            .concat(),
        }
    }

    /// Everything to run on one version; what people do today is measured on the newest only.
    pub fn plans(self, newest: bool) -> Vec<(Course, Plan)> {
        let all = newest && self != Self::Quick;
        let wanted = |approach: &&Approach| all || approach.is_function();
        APPROACHES
            .iter()
            .filter(wanted)
            .flat_map(|approach| self.plans_of(*approach))
            .collect()
    }

    fn plans_of(self, approach: Approach) -> Vec<(Course, Plan)> {
        let sizes = sizes_of(approach, self.sizes());
        let plan = |course: Course, layout: Layout, cases: Vec<Case>| {
            (
                course,
                Plan {
                    approach,
                    layout,
                    course: course.name(),
                    cases,
                    mutation: None,
                },
            )
        };
        let mut plans: Vec<_> = Course::ALL
            .iter()
            .filter(|course| **course != Course::Adoption || approach.is_function())
            .map(|course| plan(*course, course.layout(), course.cases(&sizes)))
            .collect();
        if approach.is_function() {
            let cases = Course::Disruption.cases(&sizes);
            let to_zero = Layout {
                scales_to_zero: true,
                ..Layout::new(3, 6)
            };
            plans.push(plan(Course::LateOnDemand, to_zero, cases.clone()));
            if self != Self::Quick {
                // The same life on other nodes, with the middle sizes.
                plans.push(plan(Course::Life, Layout::new(10, 3), cases.clone()));
                plans.push(plan(
                    Course::Life,
                    Layout {
                        tainted: true,
                        ..Layout::new(3, 6)
                    },
                    cases,
                ));
            }
        }
        plans
    }

    /// The lives in which a promise is broken on purpose, with the workloads that show it.
    pub fn mutations() -> Vec<(Course, Plan)> {
        let spread = APPROACHES[4];
        let plan = |mutation: Mutation, cases: Vec<Case>| {
            let (course, layout) = (Course::Life, Layout::new(3, 6));
            (
                course,
                Plan {
                    approach: spread,
                    layout,
                    course: course.name(),
                    cases,
                    mutation: Some(mutation),
                },
            )
        };
        let deployments = vec![Case::deployment(2, 1), Case::deployment(10, 2)];
        let mut with_set = deployments.clone();
        with_set.push(Case::stateful_set(5));
        vec![
            plan(Mutation::NoTaintsPolicy, deployments),
            plan(Mutation::NoMatchLabelKeys, with_set),
        ]
    }
}

/// The strategy `spread` differs from the defaults only for Deployments with more than one replica.
fn sizes_of(approach: Approach, sizes: Vec<Case>) -> Vec<Case> {
    let differs = |case: &Case| {
        approach.name != "spread" || case.kind == Kind::Deployment && case.replicas > 1
    };
    sizes.into_iter().filter(differs).collect()
}
