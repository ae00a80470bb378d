//! Every program over every list, in turns.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::input::{Form, Settings};
use crate::process::{Program, Sample};

/// One that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contestant {
    /// `cat` of what the function writes with these settings.
    Cat(Settings),
    /// The function.
    Function(Settings),
    /// Every value read and printed again.
    RoundTrip,
    /// The same fields set by a function in Go on kyaml's framework.
    Kyaml,
    /// The same fields set by an expression of `yq`.
    Yq,
    /// The same fields set by kustomize's patch transformer, on the same objects as a file.
    Kustomize,
    /// A command of the program that changes nothing, over the list with the defaults.
    Command(&'static str),
}

/// A list: its form and the number of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// How it is written.
    pub form: Form,
    /// How many items it has.
    pub count: usize,
}

/// The programs, and a folder for what they read.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The function.
    pub function: PathBuf,
    /// The function on kyaml.
    pub kyaml: PathBuf,
    /// `yq`.
    pub yq: PathBuf,
    /// `kustomize`.
    pub kustomize: PathBuf,
    /// The folder of what these two are asked to do.
    pub peers: PathBuf,
    /// This program: it makes the lists, and it is the round trip.
    pub own: PathBuf,
    /// The folder.
    pub scratch: PathBuf,
}

/// What was measured of one contestant over one list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The list.
    pub case: Case,
    /// Which contestant.
    pub contestant: Contestant,
    /// The size of the list, in bytes.
    pub input: u64,
    /// One for each turn.
    pub samples: Vec<Sample>,
    program: Program,
}

impl Case {
    /// Whether `filter` names its form, its size or both.
    pub fn is_meant(self, filter: &str) -> bool {
        let (form, count) = (self.form.name(), self.count.to_string());
        let mut words = filter.split_whitespace();
        words.all(|word| word == form || word == count)
    }

    /// All of the full benchmark.
    pub fn all() -> Vec<Self> {
        let case = |form, count| Self { form, count };
        let mut cases = Vec::new();
        for count in [10, 1_000, 10_000] {
            cases.extend(Form::BLOCK.map(|form| case(form, count)));
        }
        cases.extend(Form::OTHER.map(|form| case(form, 10_000)));
        cases.extend([Form::Plain, Form::Kpt].map(|form| case(form, 100_000)));
        cases
    }

    /// Those of the quick one.
    pub fn quick() -> Vec<Self> {
        let all = Self::all().into_iter();
        all.filter(|case| case.count <= 1_000).collect()
    }

    /// The slow ones are measured only where that does not take hours.
    fn contestants(self) -> Vec<Contestant> {
        let mut contestants = vec![
            Contestant::Cat(Settings::Spread),
            Contestant::Function(Settings::Spread),
            Contestant::Cat(Settings::Defaults),
            Contestant::Function(Settings::Defaults),
        ];
        if Form::BLOCK.contains(&self.form) && self.count <= 10_000 {
            contestants.extend([Contestant::RoundTrip, Contestant::Kyaml, Contestant::Yq]);
        }
        // It compares each object with all others.
        if self.form == Form::Plain && self.count <= 1_000 {
            contestants.push(Contestant::Kustomize);
        }
        if self.form == Form::Plain && self.count == 10_000 {
            contestants.extend(["plan", "check"].map(Contestant::Command));
        }
        contestants
    }

    /// How often each is run within a round: the shortest runs vary most.
    fn turns(self) -> usize {
        if self.count <= 10 { 9 } else { 1 }
    }
}

impl Tools {
    /// The list of `case`, made where it is not there yet.
    pub fn list(&self, case: Case, settings: Settings) -> Result<PathBuf> {
        let name = format!("{}-{}-{settings:?}", case.form.name(), case.count);
        let file = self.scratch.join(name);
        if !file.exists() {
            let count = case.count.to_string();
            let settings = format!("{settings:?}").to_lowercase();
            let args = ["input", case.form.name(), &count, &settings];
            Program::new(&self.own, &args, None).write_to(&file)?;
        }
        Ok(file)
    }

    /// What the function writes for it.
    pub fn answer(&self, case: Case, settings: Settings) -> Result<PathBuf> {
        let list = self.list(case, settings)?;
        let file = list.with_extension("out");
        if !file.exists() {
            Program::new(&self.function, &[], Some(&list)).write_to(&file)?;
        }
        Ok(file)
    }

    /// `yq`, which reads `list`.
    pub fn with_yq(&self, list: &Path) -> Program {
        let expression = self.peers.join("spread.yq");
        let args = ["--from-file", &expression.to_string_lossy(), "-"];
        Program::new(&self.yq, &args, Some(list))
    }

    /// `kustomize`, which builds a folder with the objects of `case`.
    pub fn with_kustomize(&self, case: Case) -> Result<Program> {
        let folder = self.scratch.join(format!("kustomize-{}", case.count));
        let resources = folder.join("resources.yaml");
        if !resources.exists() {
            fs::create_dir_all(&folder)?;
            let name = "kustomization.yaml";
            fs::copy(self.peers.join("kustomize").join(name), folder.join(name))?;
            let count = case.count.to_string();
            Program::new(&self.own, &["resources", &count], None).write_to(&resources)?;
        }
        let args = ["build", &folder.to_string_lossy()];
        Ok(Program::new(&self.kustomize, &args, None))
    }

    fn entry(&self, case: Case, contestant: Contestant) -> Result<Entry> {
        let settings = match contestant {
            Contestant::Cat(settings) | Contestant::Function(settings) => settings,
            Contestant::Command(_) => Settings::Defaults,
            _ => Settings::Spread,
        };
        let list = self.list(case, settings)?;
        let program = match contestant {
            Contestant::Cat(_) => Program::new("cat", &[], Some(&self.answer(case, settings)?)),
            Contestant::Function(_) => Program::new(&self.function, &[], Some(&list)),
            Contestant::RoundTrip => Program::new(&self.own, &["round-trip"], Some(&list)),
            Contestant::Kyaml => Program::new(&self.kyaml, &[], Some(&list)),
            Contestant::Yq => self.with_yq(&list),
            Contestant::Kustomize => self.with_kustomize(case)?,
            // A check fails where something is not placed yet, as here.
            Contestant::Command(command) => {
                Program::new(&self.function, &[command, "-"], Some(&list)).may_fail()
            }
        };
        Ok(Entry {
            case,
            contestant,
            input: size(&list)?,
            samples: Vec::new(),
            program,
        })
    }
}

/// Runs everything over `cases`, `rounds` times. Within a round the lists follow one another, and
/// over one list every contestant has its turn before the first has its next. Who begins changes.
pub fn run(tools: &Tools, cases: &[Case], rounds: usize) -> Result<Vec<Entry>> {
    let mut groups = Vec::new();
    for &case in cases {
        eprintln!("benchmark: making {} {}", case.form.name(), case.count);
        let of_case = case.contestants().into_iter();
        let group: Result<Vec<Entry>> = of_case.map(|who| tools.entry(case, who)).collect();
        groups.push(group?);
    }
    for round in 0..rounds {
        eprintln!("benchmark: round {} of {rounds}", round + 1);
        let first = round % groups.len().max(1);
        let (later, earlier) = groups.split_at_mut(first);
        for group in earlier.iter_mut().chain(later) {
            for turn in 0..group[0].case.turns() {
                one_turn(group, round + turn)?;
            }
        }
    }
    Ok(groups.into_iter().flatten().collect())
}

fn one_turn(group: &mut [Entry], number: usize) -> Result<()> {
    let count = group.len();
    for place in 0..count {
        let entry = &mut group[(place + number) % count];
        entry.samples.push(entry.program.measure()?);
    }
    Ok(())
}

fn size(file: &Path) -> Result<u64> {
    let metadata = fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(metadata.len())
}

/// The samples of one contestant over one list; none where it was not measured.
pub fn samples(entries: &[Entry], case: Case, contestant: Contestant) -> &[Sample] {
    find(entries, case, contestant).map_or(&[], |entry| &entry.samples)
}

/// What was measured of one contestant over one list.
pub fn find(entries: &[Entry], case: Case, contestant: Contestant) -> Option<&Entry> {
    let mut entries = entries.iter();
    entries.find(|entry| entry.case == case && entry.contestant == contestant)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    /// What would have been measured: one sample for each of `milliseconds`.
    pub(crate) fn measured(
        case: Case,
        contestant: Contestant,
        milliseconds: &[u64],
        peak: u64,
    ) -> Entry {
        let sample = |&wall| Sample {
            wall: Duration::from_millis(wall),
            cpu: Duration::from_millis(wall),
            peak,
            written: 0,
        };
        Entry {
            case,
            contestant,
            input: 10_000_000,
            samples: milliseconds.iter().map(sample).collect(),
            program: Program::new("true", &[], None),
        }
    }

    #[test]
    fn every_contestant_has_its_turn_in_every_round() {
        let case = Case {
            form: Form::Kpt,
            count: 10,
        };
        let mut group = [
            Contestant::Cat(Settings::Spread),
            Contestant::Function(Settings::Spread),
            Contestant::RoundTrip,
        ]
        .map(|who| measured(case, who, &[], 0));
        for number in 0..4 {
            one_turn(&mut group, number).unwrap();
        }
        assert!(group.iter().all(|entry| entry.samples.len() == 4));
    }

    #[test]
    fn a_filter_means_a_form_a_size_or_both() {
        let case = |form, count| Case { form, count };
        assert!(case(Form::Json, 10_000).is_meant("json"));
        assert!(case(Form::Json, 10_000).is_meant("10000"));
        assert!(case(Form::Json, 10_000).is_meant("json 10000"));
        assert!(!case(Form::JsonPretty, 10_000).is_meant("json"));
        assert!(!case(Form::Json, 100_000).is_meant("json 10000"));
    }

    #[test]
    fn the_goals_have_their_lists() {
        let all = Case::all();
        for form in Form::BLOCK {
            assert!(
                [10, 1_000, 10_000].map(|count| all.contains(&Case { form, count })) == [true; 3]
            );
        }
        let of = |form, count| all.contains(&Case { form, count });
        assert!(Form::OTHER.into_iter().all(|form| of(form, 10_000)));
        assert!(of(Form::Plain, 100_000) && of(Form::Kpt, 100_000));
        assert!(Case::quick().iter().all(|case| case.count <= 1_000));
    }
}
