//! Every program over every list, in turns.

use anyhow::Result;

use crate::case::{Case, Contestant};
use crate::process::{Program, Sample};
use crate::tools::{Tools, size};

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

/// Runs everything over `cases`, `rounds` times. Within a round the lists follow one another, and
/// over one list every contestant has its turn before the first has its next. Who begins changes.
/// Those that take long are left out where it is to be `quick`.
pub fn run(tools: &Tools, cases: &[Case], rounds: usize, quick: bool) -> Result<Vec<Entry>> {
    let mut groups = Vec::new();
    for &case in cases {
        eprintln!("benchmark: making {} {}", case.form.name(), case.count);
        let of_case = case.contestants(quick).into_iter();
        let group: Result<Vec<Entry>> = of_case.map(|who| entry(tools, case, who)).collect();
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
        if entry.samples.len() < entry.contestant.most_turns(entry.case) {
            entry.samples.push(entry.program.measure()?);
        }
    }
    Ok(())
}

fn entry(tools: &Tools, case: Case, contestant: Contestant) -> Result<Entry> {
    let list = tools.list(case, contestant.settings())?;
    Ok(Entry {
        case,
        contestant,
        input: size(&list)?,
        samples: Vec::new(),
        program: tools.program(case, contestant)?,
    })
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
    use crate::input::{Form, Settings};

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
    fn who_takes_long_has_few_turns() {
        let case = Case {
            form: Form::Plain,
            count: 10_000,
        };
        let mut group =
            [Contestant::Yq, Contestant::RoundTrip].map(|who| measured(case, who, &[], 0));
        for number in 0..4 {
            one_turn(&mut group, number).unwrap();
        }
        assert_eq!(group.map(|entry| entry.samples.len()), [1, 4]);
    }
}
