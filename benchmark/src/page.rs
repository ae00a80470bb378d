//! `docs/measurements/performance.md`, written from what a run measured.

use std::fmt::Write as _;

use crate::case::Case;
use crate::contest::Entry;
use crate::figures::Spread;
use crate::input::Form;
use crate::instructions::Count;
use crate::kpt::Eval;
use crate::profile::{self, Profile};
use crate::{cost, goals, table};

/// All that a run brought.
#[derive(Debug)]
pub struct Report {
    /// Over lists.
    pub entries: Vec<Entry>,
    /// With kpt; empty where it was left out.
    pub evals: Vec<Eval>,
    /// Instructions; empty where valgrind was missing.
    pub counts: Vec<Count>,
    /// Those of the phases; empty where another build was measured.
    pub profiles: Vec<Profile>,
    /// How many Deployments kpt's package had.
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
    /// What it was measured on.
    fn conditions(&self) -> String {
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

    /// The page: what it adds to what people run, the goals where they are wanted, where the time goes,
    /// how all that was measured, and every figure.
    pub fn text(&self, goals: bool) -> String {
        let goals = if goals { self.goals() } else { String::new() };
        format!(
            "# Performance\n\n\
             <!-- Written by `benchmark/run`. Change the benchmark, not this file. -->\n\n\
             What the function adds to what you run anyway:\n\n{}\n\
             kustomize has to hand the objects over and to read the answer, which is most of what it takes longer. \
             kpt runs `cat` where it does not run the function; its first run also writes a second file beside most \
             Deployments: [below](#kpt-fn-eval). `check`, `plan` and `audit` are processes of their own.\n{goals}{}{}{}",
            cost::table(&self.entries, &self.evals, self.deployments),
            self.profile(),
            self.method(),
            self.tables()
        )
    }

    fn goals(&self) -> String {
        let mut text = String::from("\n## Goals\n\n");
        if self.counts.is_empty() {
            text += "Instructions were not counted: that needs valgrind.\n\n";
        }
        text + &table::goals(&goals::of(&self.entries, &self.evals, &self.counts))
    }

    /// Where the instructions go.
    fn profile(&self) -> String {
        match (self.profiles.is_empty(), self.counts.first()) {
            (false, Some(count)) => format!(
                "\n## Where it goes\n\n{}",
                profile::text(&self.profiles, count.case)
            ),
            _ => String::new(),
        }
    }

    fn method(&self) -> String {
        format!(
            "\n## How it is measured\n\n\
             `benchmark/run` makes the input, measures whole processes from start to end in one run, in turns, and \
             writes this page.\n\n\
             * {}.\n\
             * Figures are medians. A ratio is the median of the ratios within each turn, so that a machine that \
             is busy for a while weighs on both sides.\n\
             * Every program reads a file and writes into a pipe that is emptied as fast as it is filled, as kpt \
             and kustomize do it. kustomize reads a folder with the same objects in one file.\n\
             * `cat` copies what the function writes with the same settings, so it moves as many bytes; that is \
             more than the input.\n\
             * Peak memory is that of the whole process; a program that does nothing shows {:.1} MB here.\n\
             * Seven Deployments, two StatefulSets and one other object (Service, ConfigMap, \
             HorizontalPodAutoscaler, PodDisruptionBudget) in ten, with comments, quotes and block scalars. \
             *plain* is as people write it, *kpt* and *kustomize* are as these hand it over, with their \
             annotations; *json-items* is what kpt makes of `.json` files. *snapshot* is what `audit` reads: a node, \
             three Deployments, their ReplicaSets and thirteen pods in twenty objects.\n\
             * The defaults are `floor` for Deployments and `ordinals` for StatefulSets; where only one of the two \
             is named, `spread` is the other.\n\
             * The kyaml function, `yq` and kustomize set the same fields as `spread` for all; before anything is \
             measured the items that they write are compared with those of the function. kustomize decides nothing: \
             it gets a patch for each workload. serde_yaml loses comments and changes nothing.\n\
             * What takes many seconds has fewer turns: `yq` and kustomize 27 over 10 items, kyaml 5 over 10,000, `yq` 3 over 1,000 and 1 over \
             10,000, kustomize 3 over 1,000 and 1 where it runs the function, `kpt fn eval` 5. The time of kustomize \
             grows with the square of the objects, so 10,000 are left out.\n\
             * Instructions are counted by callgrind, on every thread. A phase is what a run that ends behind it \
             takes more than one that ends before it.\n",
            self.conditions(),
            self.idle / 1e6
        )
    }

    /// The tables, one for each list, and kpt's.
    fn tables(&self) -> String {
        let mut text = String::new();
        for case in self.cases() {
            let _ = write!(text, "\n## {}\n\n", self.title(case));
            text += &table::contest(&self.entries, case);
        }
        if !self.evals.is_empty() {
            let count = table::count(self.deployments);
            text += "\n## `kpt fn eval`\n\n";
            let _ = write!(
                text,
                "Over {count} Deployments. Each is a file of its own, and kpt changes the package in place; \
                 copying it is not measured. What the defaults add is a second file beside most of them, which kpt \
                 has to read back and to write: *the same answer at once* is a script that reads the list and prints \
                 what the function says to it, so that what remains is the function's own time.\n\n"
            );
            text += &table::kpt(&self.evals);
        }
        text
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
