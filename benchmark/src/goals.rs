//! What was aimed at, and whether it was reached: computed, never asserted.

mod with_kpt;

use crate::case::{Case, Contestant};
use crate::contest::{Entry, find, samples};
use crate::figures::{Spread, bytes, ratio};
use crate::input::{Form, Settings};
use crate::instructions::Count;
use crate::kpt::Eval;

/// One aim beside what was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// What is compared.
    pub what: String,
    /// The aim.
    pub bound: Bound,
    /// What was measured.
    pub measured: f64,
}

/// The aim, with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// At most so many, in a unit.
    AtMost(f64, &'static str),
    /// At least so many, in a unit.
    AtLeast(f64, &'static str),
}

impl Goal {
    /// Whether it was reached.
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(bound, _) => self.measured <= bound,
            Bound::AtLeast(bound, _) => self.measured >= bound,
        }
    }
}

const TIMES_CAT: &str = "times `cat`";

/// All goals for which everything was measured.
pub fn of(entries: &[Entry], evals: &[Eval], counts: &[Count]) -> Vec<Goal> {
    let mut goals: Vec<_> = counts.iter().map(instructions).collect();
    for form in Form::BLOCK {
        goals.extend(block(entries, form));
    }
    for form in Form::OTHER {
        let case = many(form);
        goals.extend(each(|settings| times_cat(entries, case, settings, 12.0)));
    }
    goals.extend(commands(entries));
    goals.extend(with_kpt::goals(evals));
    goals
}

fn many(form: Form) -> Case {
    Case {
        form,
        count: 10_000,
    }
}

/// What people write asks for less than what tools add their annotations to. Only `spread` for all
/// has a bound of its own: the strategies of the defaults write more.
fn instructions(count: &Count) -> Goal {
    let is_plain = count.case.form == Form::Plain;
    let most = match count.settings {
        Settings::Spread if is_plain => 45.0,
        _ if is_plain => 60.0,
        Settings::Spread => 60.0,
        _ => 80.0,
    };
    Goal {
        what: format!("instructions, {}", title(count.case, count.settings)),
        bound: Bound::AtMost(most, "million"),
        measured: count.millions,
    }
}

/// The commands that change nothing, beside the function on the same list.
fn commands(entries: &[Entry]) -> Vec<Goal> {
    let goal = |(command, form)| {
        let of = |contestant| samples(entries, many(form), contestant);
        let function = of(Contestant::Function(Settings::Defaults));
        let title = title(many(form), Settings::Defaults);
        Some(Goal {
            what: format!("time of `{command}`, {title}"),
            bound: Bound::AtMost(1.2, "times the function"),
            measured: ratio(of(Contestant::Command(command)), function)?,
        })
    };
    let commands = [
        ("plan", Form::Plain),
        ("check", Form::Plain),
        ("audit", Form::Snapshot),
    ];
    commands.into_iter().filter_map(goal).collect()
}

/// A goal for each of the settings that were measured.
fn each(goal: impl Fn(Settings) -> Option<Goal>) -> impl Iterator<Item = Goal> {
    Settings::ALL.into_iter().filter_map(goal)
}

fn block(entries: &[Entry], form: Form) -> Vec<Goal> {
    let few = Case { form, count: 10 };
    let many = many(form);
    let most = if form == Form::Plain { 6.0 } else { 12.0 };
    let mut goals: Vec<Goal> = each(|settings| times_cat(entries, many, settings, most)).collect();
    goals.extend(times_kyaml(entries, many));
    goals.extend(each(|settings| memory(entries, many, settings)));
    goals.extend(each(|settings| growth(entries, form, settings)));
    goals.extend(each(|settings| start(entries, few, settings)));
    goals
}

fn times_cat(entries: &[Entry], case: Case, settings: Settings, bound: f64) -> Option<Goal> {
    let function = samples(entries, case, Contestant::Function(settings));
    let cat = samples(entries, case, Contestant::Cat(settings));
    Some(Goal {
        what: format!("time, {}", title(case, settings)),
        bound: Bound::AtMost(bound, TIMES_CAT),
        measured: ratio(function, cat)?,
    })
}

fn times_kyaml(entries: &[Entry], case: Case) -> Option<Goal> {
    let kyaml = samples(entries, case, Contestant::Kyaml);
    let function = samples(entries, case, Contestant::Function(Settings::Spread));
    Some(Goal {
        what: format!("time, {}", title(case, Settings::Spread)),
        bound: Bound::AtLeast(100.0, "times as fast as kyaml"),
        measured: ratio(kyaml, function)?,
    })
}

fn memory(entries: &[Entry], case: Case, settings: Settings) -> Option<Goal> {
    let entry = find(entries, case, Contestant::Function(settings))?;
    Some(Goal {
        what: format!("peak memory, {}", title(case, settings)),
        bound: Bound::AtMost(3.0, "times the input"),
        measured: Spread::of_peak(&entry.samples)?.median / bytes(entry.input),
    })
}

fn growth(entries: &[Entry], form: Form, settings: Settings) -> Option<Goal> {
    let of = |count| {
        samples(
            entries,
            Case { form, count },
            Contestant::Function(settings),
        )
    };
    let case = Case {
        form,
        count: 100_000,
    };
    Some(Goal {
        what: format!("time, {}", title(case, settings)),
        bound: Bound::AtMost(10.5, "times that of 10,000"),
        measured: ratio(of(100_000), of(10_000))?,
    })
}

fn start(entries: &[Entry], case: Case, settings: Settings) -> Option<Goal> {
    let function = samples(entries, case, Contestant::Function(settings));
    Some(Goal {
        what: format!("time, {}", title(case, settings)),
        bound: Bound::AtMost(2.0, "ms"),
        measured: Spread::of_wall(function)?.median,
    })
}

fn title(case: Case, settings: Settings) -> String {
    let count = crate::table::count(case.count);
    format!("{count} items, {}, {}", case.form.name(), settings.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::tests::measured;

    #[test]
    fn a_goal_is_met_on_its_own_side_of_the_bound() {
        let goal = |bound, measured| Goal {
            what: String::new(),
            bound,
            measured,
        };
        assert!(goal(Bound::AtMost(4.0, ""), 4.0).is_met());
        assert!(!goal(Bound::AtMost(4.0, ""), 4.1).is_met());
        assert!(goal(Bound::AtLeast(100.0, ""), 100.0).is_met());
        assert!(!goal(Bound::AtLeast(100.0, ""), 99.0).is_met());
    }

    #[test]
    fn goals_are_computed_from_what_was_measured() {
        let case = |count| Case {
            form: Form::Plain,
            count,
        };
        let entry = |count, contestant, milliseconds: &[u64]| {
            measured(case(count), contestant, milliseconds, 25_000_000)
        };
        let (cat, function) = (
            Contestant::Cat(Settings::Spread),
            Contestant::Function(Settings::Spread),
        );
        let goals = of(
            &[
                entry(10, function, &[2, 4, 2]),
                entry(10_000, cat, &[10, 20, 10]),
                entry(10_000, function, &[30, 100, 30]),
                entry(10_000, Contestant::Kyaml, &[3_300, 10_000, 2_700]),
                entry(100_000, function, &[360, 1_300, 390]),
            ],
            &[],
            &[],
        );
        let found: Vec<(f64, bool)> = goals
            .iter()
            .map(|goal| (goal.measured, goal.is_met()))
            .collect();
        let expected = [
            (3.0, true),   // times cat
            (100.0, true), // times as fast as kyaml
            (2.5, true),   // memory for each byte of the input
            (13.0, false), // times as long for ten times the items
            (2.0, true),   // milliseconds for ten items
        ];
        assert_eq!(found.len(), expected.len(), "{goals:?}");
        for ((found, met), (expected, is_met)) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{goals:?}");
            assert_eq!(*met, is_met, "{goals:?}");
        }
    }

    #[test]
    fn what_was_not_measured_has_no_goal() {
        assert_eq!(of(&[], &[], &[]), []);
    }
}
