//! What generated lists are made of.

use super::printer::FLOW;

/// How much of each there is.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    /// How many workloads: one of these.
    pub workloads: &'static [usize],
    /// An autoscaler, and in the same way a config map, in percent of the workloads.
    pub beside: usize,
    /// Containers with arguments and variables, in percent.
    pub arguments: usize,
    /// Items written as JSON, in percent.
    pub json: usize,
    /// Flow style in other items, in percent of their collections: one of these for each item.
    pub flow: &'static [usize],
    /// Lists with a few bytes changed, in percent.
    pub broken: usize,
}

impl Mix {
    /// Lists in which much meets: for tests that try each list once.
    pub const LARGE: Self = Self {
        workloads: &[1, 1, 1, 2, 2, 4],
        beside: 25,
        arguments: 100,
        json: 15,
        flow: &FLOW,
        broken: 40,
    };

    /// Lists that are tried thousands of times in a second, by a fuzzer that puts together what it has
    /// met alone: mostly one workload in block style, which is what the fast parser takes.
    pub const SMALL: Self = Self {
        workloads: &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
        beside: 6,
        arguments: 10,
        json: 1,
        flow: &[0, 0, 0, 5],
        broken: 2,
    };
}
