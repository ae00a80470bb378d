//! `docs/measurements/performance.md`, written from what a run measured.

use std::fmt::Write as _;

use crate::contest::{Case, Entry};
use crate::figures::Spread;
use crate::goals;
use crate::input::Form;
use crate::instructions::Count;
use crate::kpt::Eval;
use crate::{cost, table};

/// All that a run brought.
#[derive(Debug)]
pub struct Report {
    /// Over lists.
    pub entries: Vec<Entry>,
    /// With kpt; empty where it was left out.
    pub evals: Vec<Eval>,
    /// Instructions; empty where valgrind was missing.
    pub counts: Vec<Count>,
    /// How many Deployments its package had.
    pub deployments: usize,
    /// How many rounds there were.
    pub rounds: usize,
    /// What it was measured on.
    pub machine: String,
    /// The versions of what it was compared with.
    pub versions: String,
    /// How many programs wanted to run on average, in some minutes of it.
    pub load: Option<Spread>,
    /// The peak of memory of a program that does nothing, in bytes.
    pub idle: f64,
}

impl Report {
    /// Where and when it was measured.
    pub fn conditions(&self) -> String {
        let load = self.load.map_or_else(String::new, |load| {
            format!(
                ", shared with other work: {:.1} to {:.1} programs wanted to run at a time, this one included",
                load.min, load.max
            )
        });
        format!(
            "{}{load}; {} rounds; {}",
            self.machine, self.rounds, self.versions
        )
    }

    /// The goals beside what was measured.
    pub fn goals(&self) -> String {
        format!(
            "\n## Goals\n\n{}",
            table::goals(&goals::of(&self.entries, &self.evals, &self.counts))
        )
    }

    /// The tables, one for each list, and kpt's.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        for case in self.cases() {
            let _ = write!(text, "\n## {}\n\n", self.title(case));
            text += &table::contest(&self.entries, case);
        }
        if !self.evals.is_empty() {
            let count = table::count(self.deployments);
            let _ = write!(text, "\n## `kpt fn eval` over {count} Deployments\n\n");
            text += "Each Deployment is a file of its own, and kpt changes the package in place; copying it is not \
                     measured. What the defaults add is a second file beside most of them, which kpt has to read \
                     back and to write: *the same answer at once* is a script that reads the list and prints what \
                     the function says to it, so that what remains is the function's own time.\n\n";
            text += &table::kpt(&self.evals);
        }
        text
    }

    /// The page for users: what it costs, the goals, and where the time goes.
    pub fn page(&self) -> String {
        format!(
            "# Performance\n\n\
             <!-- Written by `benchmark/run`. Change the benchmark, not this file. -->\n\n\
             What the function adds to what you run anyway, in milliseconds of one run on {}.\n\n{}\n\
             The first run of kpt writes a second file beside most Deployments, which is kpt's own work. Time grows \
             with the size of the input; the work is shared by the cores.\n{}\n{}\n\
             ## How it is measured\n\n\
             `benchmark/run` makes the input, runs every program in turns, and writes this page and \
             [every figure behind it](measurements/performance.md). Figures are medians; a ratio is the median of \
             the ratios within each turn. `cat` copies what the function writes, through the same pipe. A missed \
             goal stands here as missed.\n",
            self.conditions(),
            cost::table(&self.entries, &self.evals),
            self.goals(),
            include_str!("../profile.md").trim_end(),
        )
    }

    /// The page of all figures.
    pub fn figures(&self) -> String {
        format!(
            "# Every figure of a run of the benchmark\n\n\
             <!-- Written by `benchmark/run`. Change the benchmark, not this file. -->\n\n\
             What they come to: [performance](../performance.md).\n\n\
             * {}.\n\
             * Figures are medians. A ratio is the median of the ratios within each turn, so that a machine that \
             is busy for a while weighs on both sides.\n\
             * Every program reads a file and writes into a pipe that is emptied as fast as it is filled, as kpt \
             and kustomize do it.\n\
             * `cat` copies what the function writes with the same settings, so it moves as many bytes; that is \
             more than the input.\n\
             * Peak memory is that of the whole process; a program that does nothing shows {:.1} MB here.\n\
             * Seven Deployments, two StatefulSets and one other object (Service, ConfigMap, \
             HorizontalPodAutoscaler, PodDisruptionBudget) in ten, with comments, quotes and block scalars. \
             *plain* is as people write it, *kpt* and *kustomize* are as these hand it over, with their \
             annotations; *json-items* is what kpt makes of `.json` files.\n\
             * The kyaml function sets the same fields as `spread` for all; before anything is measured the items \
             that both write are compared. yq and kustomize give the same fields to the same items, with the same \
             values for each. serde_yaml loses comments and changes nothing.\n{}",
            self.conditions(),
            self.idle / 1e6,
            self.tables()
        )
    }

    fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = self.entries.iter().map(|entry| entry.case).collect();
        cases.dedup();
        cases
    }

    fn title(&self, case: Case) -> String {
        let form = match case.form {
            Form::Kpt => "as kpt hands it over",
            Form::Kustomize => "as kustomize hands it over",
            other => other.name(),
        };
        let of_case = self.entries.iter().find(|entry| entry.case == case);
        let size = of_case.map_or(0.0, |entry| crate::figures::bytes(entry.input) / 1e6);
        let precision = if size < 1.0 { 3 } else { 1 };
        format!(
            "{} items, {form}: {size:.precision$} MB",
            table::count(case.count)
        )
    }
}
