//! The goals of `kpt fn eval`.

use super::{Bound, Goal};
use crate::figures::ratio;
use crate::input::Settings;
use crate::kpt::{self, Eval, Function, Package};

/// Those for which everything was measured.
pub fn goals(evals: &[Eval]) -> Vec<Goal> {
    let pairs = Settings::MAIN.into_iter().flat_map(|settings| {
        let (placed, ours) = (Package::Placed(settings), Function::Ours(settings));
        let settings_name = settings.name();
        [
            (
                placed,
                ours,
                Function::Cat,
                format!("{settings_name}, nothing to change"),
                "% more than `cat`",
            ),
            (
                Package::Fresh,
                ours,
                Function::Cat,
                format!("{settings_name}, first run"),
                "% more than `cat`",
            ),
            (
                Package::Fresh,
                ours,
                Function::Answer(settings),
                format!("{settings_name}, first run"),
                "% more than the same answer at once",
            ),
        ]
    });
    let goal = |(package, ours, other, what, unit)| {
        let ours = kpt::samples(evals, package, ours);
        let other = kpt::samples(evals, package, other);
        Some(Goal {
            what: format!("`kpt fn eval`, {what}"),
            bound: Bound::AtMost(5.0, unit),
            measured: (ratio(ours, other)? - 1.0) * 100.0,
        })
    };
    pairs.filter_map(goal).collect()
}
